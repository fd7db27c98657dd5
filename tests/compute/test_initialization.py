"""Layouts start where they are told to, whatever is missing and however large the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.compute.initialization import completed, former_positions, start_positions
from projector.errors import ParameterError
from projector.model.progress import ignore_progress
from projector.typing import Positions


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n_missing=st.integers(0, 29),
    odd=st.sampled_from([np.nan, np.inf, -np.inf]),
    exponent=st.integers(-40, 37),
)
def test_given_positions_keep_their_shape(
    seed: int, n_missing: int, odd: float, exponent: int
) -> None:
    rng = np.random.default_rng(seed)
    plain = rng.normal(size=(30, 2))
    initial = (plain * 10.0**exponent).astype(np.float32)
    missing = rng.permutation(30)[:n_missing]
    initial[missing, rng.integers(0, 2, n_missing)] = odd
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = former_positions(initial, 30, 3, extent=10.0, random_state=0)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 11
    placed = np.setdiff1d(np.arange(30), missing)
    if len(placed) > 2 and exponent > -36:
        expected = plain[placed] - plain[placed].mean(axis=0)
        got = found[placed, :2] - found[placed, :2].mean(axis=0)
        scale = (got * expected).sum() / (expected**2).sum()
        np.testing.assert_allclose(got, scale * expected, atol=2e-3)


def test_a_point_without_a_place_starts_among_its_neighbors() -> None:
    initial = np.array([[0, 0], [10, 0], [np.nan, 0], [20, 0], [np.inf, 1]], np.float32)
    neighbors = np.array([[1, 2], [0, 2], [1, 3], [1, 2], [2, 2]])
    found, added = completed(initial, neighbors)
    assert added.tolist() == [False, False, True, False, True]
    assert found[2].tolist() == [15, 0]
    assert found[4].tolist() == [10, 0]  # no neighbor has a place: the middle of all
    assert np.isnan(initial[2, 0])
    assert completed(found)[0] is found
    with pytest.raises(ParameterError, match="all NaN"):
        completed(np.full((3, 2), np.nan, np.float32))


@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e20, 1e36])
@pytest.mark.parametrize("init", ["pca", "spectral"])
def test_a_start_is_the_same_at_any_scale(init: str, scale: float) -> None:
    from scipy.sparse import csr_matrix

    vectors = np.random.default_rng(0).normal(size=(80, 5)).astype(np.float32)
    weights = np.random.default_rng(1).random((80, 80)).astype(np.float32)
    weights *= weights > 0.98  # in several parts, which are placed by the vectors
    graph = csr_matrix(weights + weights.T)

    def start(given: Positions) -> Positions:
        return start_positions(
            given,
            2,
            init=init,
            extent=10.0,
            random_state=0,
            graph=graph,
            progress=ignore_progress,
        )

    plain = start(vectors)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = start((vectors.astype(np.float64) * scale).astype(np.float32))
    assert np.abs(found).max() < 11
    np.testing.assert_allclose(found, plain, atol=0.05)
