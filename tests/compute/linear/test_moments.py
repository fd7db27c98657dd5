"""Moments of pieces against one pass over all vectors in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.compute.linear.components import EXACT_LIMIT, principal_components
from projector.compute.linear.decomposition import POWER_PASSES
from projector.compute.linear.moments import (
    Moments,
    components_by_power,
    components_from,
    first_basis,
    next_basis,
    power_sums,
)
from projector.errors import Cancelled, ShapeError
from projector.typing import AnyArray


def in_pieces(vectors: AnyArray, cuts: list[int]) -> Moments:
    total = Moments.none(vectors.shape[1])
    for piece in np.split(vectors, cuts):
        total = total + Moments.of(piece)
    return total


@given(
    cuts=st.lists(st.integers(0, 300), max_size=6),
    seed=st.integers(0, 1000),
    offset=st.sampled_from([0.0, 3.0, 1e4]),
)
def test_pieces_have_the_moments_of_the_whole(cuts: list[int], seed: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(300, 7)) * [1, 2, 3, 4, 5, 6, 7] + offset).astype(np.float32)
    found = in_pieces(vectors, sorted(cuts))
    wide = vectors.astype(np.float64)
    centered = wide - wide.mean(axis=0)
    assert found.n_points == 300
    np.testing.assert_allclose(found.mean, wide.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.scatter, centered.T @ centered, rtol=1e-9, atol=1e-6)


def test_rows_with_nan_and_infinity_are_left_out_and_counted(rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(200, 5)).astype(np.float32)
    vectors[3, 2], vectors[150, 0], vectors[151] = np.nan, np.inf, -np.inf
    finite = np.isfinite(vectors).all(axis=1)
    found = in_pieces(vectors, [100, 150, 152])
    expected = in_pieces(vectors[finite], [])
    assert (found.n_points, found.n_left_out) == (197, 3)
    np.testing.assert_allclose(found.scatter, expected.scatter, rtol=1e-12)


def test_components_are_those_of_all_vectors_at_once(rng: np.random.Generator) -> None:
    vectors = (rng.normal(size=(5000, 24)) @ rng.normal(size=(24, 24)) + 100).astype(np.float32)
    found = components_from(in_pieces(vectors, [17, 1200, 3999]), 6)
    centered = vectors - vectors.mean(axis=0, dtype=np.float64)
    values, directions = np.linalg.eigh(centered.T @ centered / 4999)
    np.testing.assert_allclose(found.explained_variance, values[::-1], rtol=1e-9)
    exact = directions[:, ::-1][:, :6].T
    assert np.abs(np.abs(np.einsum("ij,ij->i", exact, found.components)) - 1).max() < 1e-6
    one = principal_components(vectors, 6)
    np.testing.assert_allclose(found.components, one.components, atol=1e-6)
    np.testing.assert_allclose(found.total_variance, one.total_variance, rtol=1e-6)


@pytest.mark.parametrize("size", [1e-25, 1e25])
def test_numbers_whose_squares_leave_float32_are_scaled(
    rng: np.random.Generator, size: float
) -> None:
    vectors = (rng.normal(size=(400, 6)) * size).astype(np.float32)
    found, one = components_from(Moments.of(vectors), 2), principal_components(vectors, 2)
    assert found.scale == one.scale != 1
    np.testing.assert_allclose(
        found.scores(vectors), one.scores(vectors), rtol=1e-3, atol=size / 1e4
    )


def test_rows_are_reported_by_the_block_and_may_end_the_work(rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(9_000, 300)).astype(np.float32)
    vectors[5] = np.nan
    counted: list[int] = []
    whole_of = Moments.of(vectors, done=counted.append)
    assert sum(counted) == 9_000
    assert len(counted) > 2
    np.testing.assert_array_equal(whole_of.scatter, Moments.of(vectors).scatter)
    counted.clear()
    power_sums(vectors, whole_of.mean, first_basis(300, 2, 0), done=counted.append)
    assert sum(counted) == 9_000
    assert len(counted) > 2

    def give_up(count: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Moments.of(vectors, done=give_up)


def test_no_finite_vector_is_an_error() -> None:
    with pytest.raises(ShapeError, match="Every vector contains NaN"):
        components_from(Moments.of(np.full((3, 2), np.nan, np.float32)), 2)


def test_many_dimensions_take_power_passes(rng: np.random.Generator) -> None:
    n_dims = EXACT_LIMIT + 4
    hidden = rng.normal(size=(600, 3)) * [30, 20, 10]
    vectors = (hidden @ rng.normal(size=(3, n_dims)) + rng.normal(size=(600, n_dims)) + 2).astype(
        np.float32
    )
    pieces = np.split(vectors, [100, 333])
    moments = sum((Moments.of(each) for each in pieces), start=Moments.none(n_dims))
    assert moments.scatter.shape == (n_dims,)
    directions = first_basis(n_dims, 3, 0)
    for number in range(POWER_PASSES):
        power = sum(power_sums(each, moments.mean, directions) for each in pieces)
        if number + 1 < POWER_PASSES:
            directions = next_basis(np.asarray(power))
    found = components_by_power(moments, directions, np.asarray(power), 3)
    one = principal_components(vectors, 3)  # by the inner products of the points, exact
    assert not found.exact
    np.testing.assert_allclose(found.explained_variance, one.explained_variance[:3], rtol=1e-5)
    np.testing.assert_allclose(found.components, one.components, atol=1e-5)
    np.testing.assert_allclose(found.total_variance, one.total_variance, rtol=1e-6)
