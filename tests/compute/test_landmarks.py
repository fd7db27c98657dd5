"""Points that were not laid out are placed among those that were, none is dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS, MethodInput
from projector.compute.landmarks import place_among, project_landmarks
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.metrics import METRICS
from projector.compute.neighbors.query import nearest_to
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.errors import ParameterError, ShapeError
from projector.model.parameters import resolve
from projector.model.progress import Progress
from projector.typing import Metric


def clusters(n_points: int = 900) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(5, 10)) * 6
    drawn = centers[np.arange(n_points) % 5] + rng.normal(size=(n_points, 10))
    return drawn.astype(np.float32)


@pytest.mark.parametrize("metric", METRICS)
def test_neighbors_among_others_are_those_of_single_queries(metric: Metric) -> None:
    vectors = clusters()
    if metric == "haversine":
        vectors = np.ascontiguousarray(vectors[:, :2] / 20)
    vectors[3] = 0
    search = Search(prepare(vectors[:600], metric))
    indices, ranks = search.of_queries(vectors[600:], 8)
    distances = search.space.distances(ranks)
    for at in (0, 50, 299):
        near, far = nearest_to(vectors[:600], vectors[600 + at], 8, metric=metric)
        np.testing.assert_array_equal(indices[at], near)
        np.testing.assert_allclose(distances[at], far, rtol=1e-4, atol=1e-6)


def test_a_zero_query_under_cosine_has_neighbors_too() -> None:
    search = Search(prepare(clusters(), "cosine"))
    indices, ranks = search.of_queries(np.zeros((1, 10), np.float32), 5)
    assert indices.tolist() == [[0, 1, 2, 3, 4]]
    assert search.space.distances(ranks).tolist() == [[1.0] * 5]


def test_a_duplicate_lies_where_its_landmark_does() -> None:
    vectors = clusters(100)
    positions = np.random.default_rng(1).normal(size=(100, 2)).astype(np.float32)
    np.testing.assert_allclose(place_among(vectors, vectors, positions), positions, atol=1e-6)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan", "canberra"])
def test_fitted_points_lie_where_they_were_alone_and_among_others(metric: Metric) -> None:
    rng = np.random.default_rng(2)
    vectors = (1e-6 * rng.normal(size=(900, 12))).astype(np.float32)
    vectors[::2] = 1000 + rng.normal(size=(450, 12))
    vectors[7] = 1e30
    positions = rng.normal(size=(900, 2)).astype(np.float32)
    whole = place_among(vectors, vectors, positions, metric=metric)
    apart = np.abs(whole - positions).max(axis=1)
    assert (apart < 1e-6).all()
    for some in (slice(0, 50), slice(3, 4), slice(100, 800)):
        part = place_among(vectors[some], vectors, positions, metric=metric)
        np.testing.assert_array_equal(part, whole[some])


def test_each_of_many_duplicates_lies_in_the_middle_of_all() -> None:
    kinds = np.arange(200) % 4
    vectors = clusters(4)[kinds]
    positions = np.random.default_rng(3).normal(size=(200, 2)).astype(np.float32)
    placed = place_among(vectors, vectors, positions)
    for kind in range(4):
        middle = positions[kinds == kind].mean(axis=0, dtype=np.float64)
        np.testing.assert_allclose(placed[kinds == kind], middle[None].repeat(50, 0), atol=1e-6)


@pytest.mark.parametrize("name", ["tsne", "umap", "pca"])
def test_all_points_come_into_their_clusters(name: str, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", clusters())
    vectors = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    method = METHODS[name]
    params = resolve(method.parameters, {"n_components": 2}, owner=name)
    seen: list[Progress] = []
    inputs = MethodInput(vectors, params, progress=seen.append)
    outcome = project_landmarks(method, inputs, n_landmarks=300)
    assert outcome.positions.shape == (900, 2)
    near = find_neighbors(outcome.positions, 5).indices
    # All are, over ten seeds.
    assert (near % 5 == np.arange(900)[:, None] % 5).mean() > 0.97
    assert outcome.details["landmarks"] == 300
    assert "300 of 900 points were laid out" in str(outcome.details["warnings"])
    assert all(each.positions is None or each.positions.shape == (900, 2) for each in seen)


def test_enough_landmarks_are_all_points() -> None:
    method = METHODS["pca"]
    params = resolve(method.parameters, {}, owner="pca")
    outcome = project_landmarks(method, MethodInput(clusters(50), params), n_landmarks=50)
    assert "landmarks" not in outcome.details


def test_what_does_not_fit_is_refused() -> None:
    method = METHODS["pca"]
    params = resolve(method.parameters, {}, owner="pca")
    with pytest.raises(ParameterError, match="at least 2"):
        project_landmarks(method, MethodInput(clusters(50), params), n_landmarks=1)
    with pytest.raises(ShapeError, match="one position for each landmark"):
        place_among(clusters(5), clusters(4), np.zeros((3, 2), np.float32))
