"""Nearest points to other vectors: exact, by cells, and odd rows among them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from projector.compute.neighbors import others
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.others import nearest_to_others
from projector.compute.neighbors.space import prepare
from projector.typing import Metric, Vectors


def clouds(n: int, seed: int) -> Vectors:
    middles = np.random.default_rng(0).normal(size=(30, 8)) * 6
    rng = np.random.default_rng(seed)
    return (middles[rng.integers(0, 30, n)] + rng.normal(size=(n, 8))).astype(np.float32)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "correlation", "manhattan"])
def test_few_are_compared_with_all(metric: Metric) -> None:
    points, vectors = clouds(400, 1), clouds(90, 2)
    found = nearest_to_others(points, vectors, 5, metric=metric)
    search = Search(prepare(points, metric))
    indices, ranks = search.of_queries(vectors, 5)
    assert (found.indices == indices).all()
    assert (found.distances == search.space.distances(ranks)).all()
    assert found.recall == 1


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "correlation"])
def test_cells_find_most_of_the_nearest(metric: Metric, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(others, "EXACT_WORK", 0)
    points, vectors = clouds(20_000, 1), clouds(3000, 2)
    found = nearest_to_others(points, vectors, 5, metric=metric)
    search = Search(prepare(points, metric))
    true = search.space.distances(search.of_queries(vectors, 5)[1])
    assert (found.distances <= true[:, -1:]).mean() > 0.97
    assert found.recall > 0.9
    # What is found has its exact distance.
    ranks = search.space.ranks(search.space.queries(vectors), found.indices)
    assert (found.distances == search.space.distances(ranks)).all()
    assert (np.diff(found.distances, axis=1) >= 0).all()
    again = nearest_to_others(points, vectors, 5, metric=metric)
    assert (again.indices == found.indices).all()


def test_vectors_far_out_are_compared_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(others, "EXACT_WORK", 0)
    points, vectors = clouds(20_000, 1), clouds(50, 2)
    vectors[7] = 1e30
    found = nearest_to_others(points, vectors, 3)
    true = Search(prepare(points, "euclidean")).of_queries(vectors[7:8], 3)[0]
    assert (found.indices[7] == true[0]).all()


def test_sparse_vectors_are_compared_as_they_are() -> None:
    points, vectors = clouds(200, 1), clouds(20, 2)
    points[points < 0], vectors[vectors < 0] = 0, 0
    dense = nearest_to_others(points, vectors, 4)
    from projector.model.dataset import Dataset

    held = [Dataset(csr_array(each)).vectors for each in (points, vectors)]
    found = nearest_to_others(held[0], held[1], 4)
    assert (found.indices == dense.indices).all()
