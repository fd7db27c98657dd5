"""Neighbors are the true ones, in order, under the metric that was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import haversine_distances

from projector.compute.neighbors import cells
from projector.compute.neighbors import search as room
from projector.compute.neighbors.metrics import ANGULAR, DIRECT, METRICS
from projector.compute.neighbors.query import nearest_to
from projector.compute.neighbors.search import find_neighbors
from projector.errors import Cancelled, ParameterError, ShapeError
from projector.model.progress import Progress
from projector.typing import Metric


def cloud(n_points: int, n_dims: int, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n_points, n_dims)) + 3).astype(np.float32)


def cloud_under(metric: Metric, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Numbers as the metric takes them; two angles for haversine."""
    if metric != "haversine":
        return cloud(*shape)
    spread = np.random.default_rng(0).random((shape[0], 2)) - 0.5
    return np.asarray(spread * [np.pi, 4 * np.pi], np.float32)


def all_distances(vectors: NDArray[np.float32], metric: Metric) -> NDArray[np.float64]:
    """The textbook's formulas in float64."""
    x = vectors.astype(np.float64)
    if metric == "inner_product":
        return -(x @ x.T)
    if metric == "haversine":
        return np.asarray(haversine_distances(x))
    if metric in DIRECT:
        name: Any = metric
        return np.asarray(cdist(x, x, name))
    if metric == "correlation":
        x = x - x.mean(axis=1, keepdims=True)
    if metric in ANGULAR:
        lengths = np.linalg.norm(x, axis=1)
        is_zero = lengths == 0
        unit = x / np.where(is_zero, 1, lengths)[:, None]
        found = 1 - unit @ unit.T
        found[np.ix_(is_zero, is_zero)] = 0
        return np.asarray(found)
    difference = x[:, None, :] - x[None, :, :]
    if metric == "manhattan":
        return np.asarray(np.abs(difference).sum(axis=2))
    return np.asarray(np.sqrt((difference**2).sum(axis=2)))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", [(300, 7), (700, 40), (5, 2), (2, 3), (1200, 2)])
def test_distances_are_the_textbooks(metric: Metric, shape: tuple[int, int]) -> None:
    vectors = cloud_under(metric, shape)
    k = min(12, shape[0] - 1)
    found = find_neighbors(vectors, k, metric=metric)
    expected = all_distances(vectors, metric)
    np.fill_diagonal(expected, np.inf)
    scale = np.abs(expected[np.isfinite(expected)]).max()
    np.testing.assert_allclose(
        found.distances, np.sort(expected, axis=1)[:, :k], rtol=1e-5, atol=1e-6 * scale
    )
    own = np.take_along_axis(expected, found.indices.astype(np.intp), axis=1)
    np.testing.assert_allclose(found.distances, own, rtol=1e-5, atol=1e-6 * scale)
    assert found.exact
    assert found.recall == 1.0


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(2, 30), st.integers(1, 4)),
        elements=st.integers(-3, 3).map(float),
    ),
    st.sampled_from(["euclidean", "manhattan", "inner_product", "chebyshev", "hamming", "jaccard"]),
)
@settings(deadline=None, max_examples=60)
def test_ties_go_by_index_and_nobody_is_its_own_neighbor(
    vectors: NDArray[np.float32], metric: Metric
) -> None:
    k = min(5, len(vectors) - 1)
    found = find_neighbors(vectors, k, metric=metric)
    expected = all_distances(vectors, metric).astype(np.float32)
    np.fill_diagonal(expected, np.inf)
    order = np.argsort(expected, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(found.indices, order)


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(2, 12), st.integers(1, 3)),
        elements=st.floats(allow_nan=False, allow_infinity=False, width=32),
    ),
    st.sampled_from([each for each in METRICS if each != "haversine"]),
)
@settings(deadline=None, max_examples=150)
def test_any_finite_numbers_give_each_point_others(
    vectors: NDArray[np.float32], metric: Metric
) -> None:
    k = len(vectors) - 1
    found = find_neighbors(vectors, k, metric=metric)
    everyone = np.arange(len(vectors))
    both = np.sort(np.hstack([found.indices, everyone[:, None]]), axis=1)
    np.testing.assert_array_equal(both, np.broadcast_to(everyone, both.shape))
    assert not np.isnan(found.distances).any()


@pytest.mark.parametrize("metric", [each for each in METRICS if each != "inner_product"])
def test_duplicates_are_neighbors_at_distance_zero(metric: Metric) -> None:
    vectors = np.concatenate([cloud_under(metric, (200, 16))] * 3)
    if metric == "jaccard":
        # Each with other places that are not 0.
        vectors = np.concatenate([(np.arange(200)[:, None] + 1) >> np.arange(16) & 1] * 3)
        vectors = vectors.astype(np.float32)
    found = find_neighbors(vectors, 4, metric=metric)
    point = np.arange(600)
    twins = np.sort(np.stack([(point + 200) % 600, (point + 400) % 600], axis=1), axis=1)
    np.testing.assert_array_equal(found.indices[:, :2], twins)
    assert (found.distances[:, :2] == 0).all()
    assert (found.distances[:, 2:] > 0).all()


@pytest.mark.parametrize("metric", METRICS)
def test_a_crowd_of_duplicates_goes_by_index(metric: Metric) -> None:
    vectors = np.tile(cloud_under(metric, (1, 24)), (400, 1))
    found = find_neighbors(vectors, 3, metric=metric)
    np.testing.assert_array_equal(found.indices[5:], np.tile([0, 1, 2], (395, 1)))
    np.testing.assert_array_equal(found.indices[1], [0, 2, 3])
    assert metric == "inner_product" or (found.distances == 0).all()


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev"])
def test_the_points_of_a_grid_tie_by_index_in_a_picture_too(metric: Metric) -> None:
    x, y = np.meshgrid(np.arange(40), np.arange(30))
    vectors = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    vectors[600:700] = vectors[0]
    found = find_neighbors(vectors, 6, metric=metric)
    expected = all_distances(vectors, metric).astype(np.float32)
    np.fill_diagonal(expected, np.inf)
    np.testing.assert_array_equal(found.indices, np.argsort(expected, axis=1, kind="stable")[:, :6])


def test_a_tight_cluster_far_from_the_origin_is_told_apart() -> None:
    """The matrix product alone would round these distances to nothing."""
    vectors = (cloud(300, 8) * np.float32(1e-3) + np.float32(50)).astype(np.float32)
    vectors[150:] -= np.float32(100)
    found = find_neighbors(vectors, 5)
    expected = all_distances(vectors, "euclidean")
    np.fill_diagonal(expected, np.inf)
    np.testing.assert_allclose(found.distances, np.sort(expected, axis=1)[:, :5], rtol=1e-3)


def test_zero_vectors_under_cosine_are_placed_and_reported() -> None:
    vectors = cloud(50, 5)
    vectors[[3, 9]] = 0
    found = find_neighbors(vectors, 2, metric="cosine")
    assert found.indices[3, 0] == 9
    np.testing.assert_allclose(found.distances[3], [0, 1], atol=1e-6)
    assert "2 vectors are zero" in found.warnings[0]


@pytest.mark.parametrize("k", [-1, 10, 11])
def test_k_out_of_range_is_refused(k: int) -> None:
    with pytest.raises(ParameterError, match="k must be from 0 to 9"):
        find_neighbors(cloud(10, 3), k)


def test_one_point_has_no_neighbors() -> None:
    assert find_neighbors(cloud(1, 3), 0).indices.shape == (1, 0)


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(ParameterError, match="'euclidean', 'cosine'"):
        find_neighbors(cloud(10, 3), 2, metric="minkowski")  # type: ignore[arg-type]


def test_cancelled_in_progress_stops_the_search() -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_neighbors(cloud(100, 3), 2, progress=stop)


@pytest.mark.parametrize(
    "metric",
    [
        *("euclidean", "cosine", "manhattan", "canberra"),
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in ("correlation", "chebyshev", "braycurtis", "hamming", "jaccard")
        ),
    ],
)
def test_the_approximate_search_reports_its_recall(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(40, 16)) * 4
    vectors = (centers[rng.integers(40, size=9000)] + rng.normal(size=(9000, 16))).astype("f4")
    if metric in ("hamming", "jaccard"):
        # Whole numbers, of which a fifth is 0.
        vectors = np.maximum(0, np.rint(vectors / 2) + 2)
    truth = find_neighbors(vectors, 10, metric=metric)
    monkeypatch.setattr(room, "EXACT_POINTS", 100)
    monkeypatch.setattr(room, "EXACT_WORK", 0)
    found = find_neighbors(vectors, 10, metric=metric)
    limit = truth.distances[:, -1:] * (1 + 1e-5)
    recall = (found.distances <= limit).mean()

    assert not found.exact
    # All of them, over ten draws and all metrics.
    assert recall > 0.95
    assert abs(found.recall - recall) < 0.02
    assert "of the true ones were found" in found.warnings[-1]
    assert (found.indices != np.arange(9000)[:, None]).all()
    assert (np.diff(found.distances, axis=1) >= 0).all()
    again = find_neighbors(vectors, 10, metric=metric)
    np.testing.assert_array_equal(found.indices, again.indices)


def test_scattered_points_between_clusters_find_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts: mixtures of a few topics, so that the neighbors of one lie in many cells."""
    rng = np.random.default_rng(3)
    topics = rng.normal(size=(60, 48))
    shares = rng.exponential(size=(12_000, 60)) ** 4
    vectors = (shares @ topics + 3 * rng.normal(size=(12_000, 48))).astype(np.float32)
    truth = find_neighbors(vectors, 14, metric="cosine")
    monkeypatch.setattr(room, "EXACT_POINTS", 100)
    monkeypatch.setattr(room, "EXACT_WORK", 0)
    found = find_neighbors(vectors, 14, metric="cosine")
    # From 0.991 to 0.995 over ten draws.
    assert (found.distances <= truth.distances[:, -1:] * (1 + 1e-5)).mean() > 0.95


def test_more_neighbors_than_cells_hold_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = cloud(400, 6)
    monkeypatch.setattr(room, "EXACT_POINTS", 100)
    monkeypatch.setattr(room, "EXACT_WORK", 0)
    monkeypatch.setattr(cells, "CELL_SIZE", 10)
    found = find_neighbors(vectors, 390)
    both = np.sort(np.hstack([found.indices, np.arange(400)[:, None]]), axis=1)
    assert (np.diff(both, axis=1) > 0).all()
    assert (np.diff(found.distances, axis=1) >= 0).all()


@pytest.mark.parametrize("metric", METRICS)
def test_one_query_gives_what_the_graph_holds(metric: Metric) -> None:
    vectors = cloud_under(metric, (400, 12))
    vectors[7] = 0
    graph = find_neighbors(vectors, 9, metric=metric)
    for point in (0, 7, 399):
        indices, distances = nearest_to(vectors, vectors[point], 9, metric=metric, exclude=point)
        if metric not in ANGULAR or point != 7:  # all are as far from zero as rounding has it
            np.testing.assert_array_equal(indices, graph.indices[point])
        np.testing.assert_allclose(distances, graph.distances[point], rtol=1e-5, atol=1e-6)


def test_a_query_excludes_several_points_and_returns_what_is_left() -> None:
    indices, _ = nearest_to(
        cloud(6, 2), np.zeros(2, np.float32), 50, metric="euclidean", exclude=[0, 5]
    )
    assert sorted(indices) == [1, 2, 3, 4]


def test_a_query_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ShapeError, match="3 numbers"):
        nearest_to(cloud(6, 3), np.zeros(2, np.float32), 1, metric="cosine")
