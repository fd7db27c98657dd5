"""The kernels of t-SNE and UMAP for one and for many dimensions do as those for two and three."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from projector.compute.supervision import supervise_by_numbers
from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors

RNG = np.random.default_rng(0)


def joint_of(n_points: int) -> csr_matrix:
    dense = RNG.random((n_points, n_points)) * (RNG.random((n_points, n_points)) < 0.2)
    dense = dense + dense.T
    np.fill_diagonal(dense, 0)
    return csr_matrix(dense / dense.sum(), dtype=np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("n_components", [1, 2, 5])
def test_the_gradient_of_tsne(n_components: int) -> None:
    from projector.compute.tsne.wide_kernels import attract_in_any, repel_in_any

    joint = joint_of(40)
    places = RNG.normal(size=(40, n_components)).astype(np.float32)
    apart = places[:, None].astype(float) - places[None]
    inverse = 1 / (1 + (apart**2).sum(axis=2))
    pull, push = np.empty_like(places), np.empty_like(places)
    sums = np.empty(40)
    starts, ends = joint.indptr.astype(np.int64), joint.indices.astype(np.int32)
    attract_in_any(places, 0, starts, ends, joint.data, pull)
    repel_in_any(places, push, sums)
    wanted = (joint.toarray() * inverse)[:, :, None] * apart
    np.testing.assert_allclose(pull, wanted.sum(axis=1), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(push, (inverse[:, :, None] ** 2 * apart).sum(axis=1), rtol=1e-3)
    np.testing.assert_allclose(sums, inverse.sum(axis=1) - 1, rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("n_components", [2, 3])
def test_a_step_of_umap(n_components: int) -> None:
    from projector.compute.umap.forces import force_tables
    from projector.compute.umap.layout import move_points
    from projector.compute.umap.wide_layout import move_points_in_any

    joint = joint_of(40)
    places = (RNG.normal(size=(40, n_components)) * 5).astype(np.float32)
    order, bounds = np.arange(40, dtype=np.int32), np.array([0, 13, 40])
    rates = (joint.data / joint.data.max()).astype(np.float32)
    edges: Any = (order, bounds, joint.indptr.astype(np.int64), joint.indices.astype(np.int32))
    found = [places.copy(), places.copy()]
    forces, axes = force_tables(1.6, 0.9, 1.0), tuple(range(n_components))
    moves: list[Any] = [move_points, move_points_in_any]
    for move, into in zip(moves, found, strict=True):
        move(into, into.copy(), 0, 4, *edges, rates, *forces, 5, 1.0, 1, 2**32 - 1, axes)
    assert not np.allclose(found[0], places, atol=1e-2)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-3, atol=1e-3)


def graph() -> Neighbors:
    indices = np.array([[1, 2], [0, 2], [0, 1], [0, 1]], np.int32)
    distances = np.array([[1, 2], [1, 2], [2, 2], [3, 4]], np.float32)
    return Neighbors(indices, distances, "euclidean", 1.0, True, ())


def test_numbers_move_neighbors_the_more_the_more_they_differ() -> None:
    numbers = np.array([[0.0], [0.1], [9.0], [np.nan]], np.float32)
    found = supervise_by_numbers(graph(), numbers, weight=1)
    assert found.distances[0, 0] < 1.2, "a small difference moves a neighbor little"
    assert found.distances[0, 1] == pytest.approx(20), "a large one moves it ten times as far"
    np.testing.assert_array_equal(found.distances[3], [3, 4])
    np.testing.assert_array_equal(
        supervise_by_numbers(graph(), numbers, weight=0).distances, graph().distances
    )
    same = np.ones((4, 1), np.float32)
    np.testing.assert_array_equal(
        supervise_by_numbers(graph(), same, weight=1).distances, graph().distances
    )


def test_numbers_of_other_points_and_other_weights_are_refused() -> None:
    with pytest.raises(ShapeError, match="3 targets for 4 points"):
        supervise_by_numbers(graph(), np.ones((3, 1), np.float32))
    with pytest.raises(ParameterError, match="from 0 to 1"):
        supervise_by_numbers(graph(), np.ones((4, 1), np.float32), weight=2)
