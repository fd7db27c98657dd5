"""Parts of a graph are joined where they are nearest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from projector.compute.clusters.hierarchy import build_dendrogram
from projector.compute.clusters.joining import nearest_pairs
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.typing import Metric


def test_two_parts_are_joined_by_near_points() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 300, 2))
    vectors = np.concatenate([one, other + np.array([20, 0])]).astype(np.float32)
    graph = find_neighbors(vectors, 10)
    part = np.repeat(np.arange(2), 300).astype(np.int32)
    starts, ends, distances = nearest_pairs(prepare(vectors, "euclidean"), part, graph.indices)
    assert (part[starts] != part[ends]).all()
    shortest = cdist(vectors[:300], vectors[300:]).min()
    assert distances.min() == pytest.approx(shortest, rel=0.02)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_far_parts_are_joined_after_near_ones(metric: Metric) -> None:
    rng = np.random.default_rng(1)
    middles = np.array([[9, 0, 1], [9, 3, 1], [-9, 1, 8], [-9, 1, 11]], float)
    vectors = (middles.repeat(60, axis=0) + rng.normal(size=(240, 3)) * 0.05).astype(np.float32)
    tree = build_dendrogram(vectors, find_neighbors(vectors, 8, metric=metric), 3)
    last = tree.points_below(int(tree.left[-1]))
    assert sorted({int(point) // 120 for point in last}) in ([0], [1])
    assert len(last) == 120
    assert tree.n_parts == 4


def test_thousands_of_parts_become_one_tree() -> None:
    rng = np.random.default_rng(2)
    places = rng.normal(size=(1500, 3)).astype(np.float32)
    vectors = places.repeat(4, axis=0)
    tree = build_dendrogram(vectors, find_neighbors(vectors, 2), 2)
    assert tree.n_parts == 1500
    assert len(tree.distances) == len(vectors) - 1
    assert np.count_nonzero(tree.distances == 0) == 3 * 1500
    # The joins are hardly longer than those of all points' own tree.
    from scipy.sparse.csgraph import minimum_spanning_tree

    shortest = float(minimum_spanning_tree(cdist(places, places)).sum())
    assert tree.distances.sum() < 1.1 * shortest
