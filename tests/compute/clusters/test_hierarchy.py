"""The hierarchy equals HDBSCAN's where the graph is complete, and holds on odd data."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from projector.compute.clusters.choice import Partition, partitions
from projector.compute.clusters.find import Found, find_clusters
from projector.compute.clusters.hierarchy import Dendrogram, build_dendrogram, condensed
from projector.compute.neighbors.search import find_neighbors
from projector.typing import Vectors


def blobs(seed: int, n: int = 120, noise: int = 50) -> Vectors:
    rng = np.random.default_rng(seed)
    parts = [rng.normal(size=(n, 3)) * s + rng.normal(size=3) * 4 for s in (0.3, 0.5, 0.7, 1.0)]
    return np.concatenate([*parts, rng.uniform(-8, 8, (noise, 3))]).astype(np.float32)


def tree_of(vectors: Vectors, k: int, min_samples: int = 5) -> Dendrogram:
    return build_dendrogram(vectors, find_neighbors(vectors, k), min_samples)


def finest(vectors: Vectors, k: int, least: int, min_samples: int = 5) -> Partition:
    return partitions(tree_of(vectors, k, min_samples), least, 1)[-1]


def found_in(vectors: Vectors, least: int, levels: int = 3, k: int = 15) -> Found:
    graph = find_neighbors(vectors, min(k, len(vectors) - 1))
    samples = min(5, graph.k + 1)
    return find_clusters(
        vectors, graph, min_cluster_size=least, min_samples=samples, n_levels=levels
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_complete_graph_gives_hdbscans_clusters(seed: int) -> None:
    vectors = blobs(seed)
    ours = finest(vectors, len(vectors) - 1, 15, 8).labels
    theirs = HDBSCAN(min_cluster_size=15, min_samples=8, copy=True).fit(vectors).labels_
    # A point at whose distance two clusters meet is between them; theirs gives it to the one
    # that comes first.
    differ = np.flatnonzero((ours < 0) != (theirs < 0))
    assert len(differ) <= 0.01 * len(vectors)
    assert (ours[differ] < 0).all()
    both = (ours >= 0) & (theirs >= 0)
    assert adjusted_rand_score(ours[both], theirs[both]) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_the_spanning_tree_of_a_complete_graph_is_the_shortest(seed: int) -> None:
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import cdist

    vectors = blobs(seed, n=40, noise=20)
    distances = cdist(vectors, vectors)
    core = np.sort(distances, axis=1)[:, 4]
    reach = np.maximum(distances, np.maximum(core[:, None], core[None, :]))
    np.fill_diagonal(reach, 0)
    shortest = float(minimum_spanning_tree(reach).sum())
    assert tree_of(vectors, len(vectors) - 1).distances.sum() == pytest.approx(shortest, rel=1e-5)


def test_a_sparse_graph_finds_nearly_the_same() -> None:
    vectors = blobs(1)
    whole, sparse = finest(vectors, len(vectors) - 1, 15), finest(vectors, 15, 15)
    assert adjusted_rand_score(whole.labels, sparse.labels) > 0.95


def planted(seed: int) -> tuple[Vectors, NDArray[np.int64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    above = rng.normal(size=(5, 16)) * 10
    inside = np.repeat(above, 4, axis=0) + rng.normal(size=(20, 16)) * 2.5
    small = rng.integers(0, 20, 3000)
    vectors = inside[small] + rng.normal(size=(3000, 16)) * 0.5
    return vectors.astype(np.float32), small, small // 4


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_hierarchy_is_found_level_by_level(seed: int) -> None:
    vectors, small, large = planted(seed)
    found = found_in(vectors, 40)
    scores = [
        [adjusted_rand_score(level.labels, truth) for level in found.levels]
        for truth in (large, small)
    ]
    assert max(scores[0]) >= 0.95
    assert max(scores[1]) >= 0.95
    # The coarser truth is at the coarser level, and every part of it is joined to its parent.
    assert int(np.argmax(scores[0])) < int(np.argmax(scores[1]))
    # The parts of the graph were joined in the right order: no edge of it connects them.
    assert found.n_parts >= 5


@pytest.mark.parametrize("seed", range(4))
def test_levels_are_nested(seed: int) -> None:
    found = found_in(np.concatenate([planted(seed)[0], planted(seed + 9)[0] * 0.5]), 6, levels=5)
    assert len(found.levels) > 1
    for level, finer, parents in zip(
        found.levels[:-1], found.levels[1:], found.parents[1:], strict=True
    ):
        assert level.min_cluster_size > finer.min_cluster_size
        for cluster, parent in enumerate(parents):
            assert set(level.labels[finer.labels == cluster].tolist()) == {int(parent)}


def test_clusters_are_numbered_by_size_and_large_enough() -> None:
    for level in found_in(blobs(3), 12).levels:
        sizes = np.bincount(level.labels[level.labels >= 0])
        assert (np.diff(sizes) <= 0).all()
        assert sizes.min() >= level.min_cluster_size


def test_noise_stays_noise() -> None:
    rng = np.random.default_rng(0)
    dense = rng.normal(size=(4, 8))[rng.integers(0, 4, 800)] * 8 + rng.normal(size=(800, 8)) * 0.2
    around = rng.uniform(-25, 25, (200, 8))
    labels = found_in(np.concatenate([dense, around]).astype(np.float32), 30).levels[-1].labels
    assert (labels[:800] >= 0).mean() > 0.95
    assert (labels[800:] < 0).mean() > 0.9


def test_one_cloud_has_no_parts() -> None:
    vectors = np.random.default_rng(0).normal(size=(400, 6)).astype(np.float32)
    level = found_in(vectors, 60, levels=1).levels[-1]
    assert level.n_clusters <= 2
    assert (level.labels < 0).mean() > 0.3


def test_equal_points_are_one_cluster() -> None:
    found = found_in(np.ones((300, 4), np.float32), 20)
    assert (found.levels[-1].labels == 0).all()
    assert len(found.levels) == 1


def test_duplicates_are_clusters_where_they_are_enough() -> None:
    places = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    which = np.repeat(np.arange(7), 100)
    found = found_in(places[which], 40, levels=1)
    assert adjusted_rand_score(found.levels[-1].labels, which) == 1.0


@pytest.mark.parametrize("n_points", [2, 3, 5])
def test_a_few_points_are_noise(n_points: int) -> None:
    vectors = np.arange(n_points * 2, dtype=np.float32).reshape(-1, 2)
    found = found_in(vectors, 6)
    assert len(found.levels) == 1
    assert (found.levels[-1].labels == -1).all()


def test_scale_and_order_change_nothing() -> None:
    vectors = blobs(2)
    mixed = np.random.default_rng(1).permutation(len(vectors))
    one = finest(vectors, 15, 15).labels
    other = finest((vectors * 1024)[mixed], 15, 15).labels
    assert adjusted_rand_score(one[mixed], other) == 1.0
    assert ((one[mixed] < 0) == (other < 0)).all()


def test_the_same_bytes_on_any_number_of_threads() -> None:
    vectors, _, _ = planted(4)
    graph = find_neighbors(vectors, 15)
    before = numba.get_num_threads()
    seen = []
    try:
        for n_threads in (1, before):
            numba.set_num_threads(n_threads)
            tree = build_dendrogram(vectors, graph, 5)
            seen.append([tree.distances.tobytes(), tree.leaves.tobytes()])
    finally:
        numba.set_num_threads(before)
    assert seen[0] == seen[1]


def test_every_point_is_below_the_first_cluster_once() -> None:
    tree = tree_of(blobs(5), 15)
    assert sorted(tree.leaves.tolist()) == list(range(tree.n_points))
    clusters = condensed(tree, 10)
    for cluster in range(1, len(clusters.node)):
        points = tree.points_below(int(clusters.node[cluster]))
        above = tree.points_below(int(clusters.node[clusters.parent[cluster]]))
        assert set(points.tolist()) < set(above.tolist())
        assert clusters.birth[cluster] >= clusters.birth[clusters.parent[cluster]]


def test_central_points_are_inside_and_near_the_middle() -> None:
    vectors, _, _ = planted(1)
    found = found_in(vectors, 40)
    level, central = found.levels[-1], found.central[-1]
    for cluster, rows in enumerate(central):
        inside = vectors[level.labels == cluster]
        away = np.linalg.norm(inside - inside.mean(axis=0), axis=1)
        of_first = np.linalg.norm(vectors[rows[0]] - inside.mean(axis=0))
        assert set(level.labels[rows].tolist()) == {cluster}
        assert (away < of_first).mean() < 0.5
    assert found.degree.sum() == 15 * len(vectors)
