"""Counts on a grid: the same in any pieces, as numpy's own histogram, and coarser by sums."""

from __future__ import annotations

import numpy as np
import pytest

from projector.compute.density_grid import add_points, halved, squared, widened


def test_counts_are_those_of_a_histogram_in_any_pieces() -> None:
    points = (np.random.default_rng(0).normal(size=(5000, 2)) * [3, 1]).astype(np.float32)
    points[7], points[8, 0] = np.nan, np.inf
    bounds = None
    for start in range(0, 5000, 999):
        bounds = widened(bounds, points[start : start + 999])
    assert bounds is not None
    finite = points[np.isfinite(points).all(axis=1)]
    assert bounds == (
        *np.percentile(finite[:, 0], [0, 100]),
        *np.percentile(finite[:, 1], [0, 100]),
    )
    square = squared(bounds)
    assert square[1] - square[0] == pytest.approx(square[3] - square[2])
    counts = np.zeros((64, 64), np.uint32)
    n = sum(add_points(counts, points[at : at + 777], square) for at in range(0, 5000, 777))
    x, y = finite.astype(np.float64).T
    expected = np.histogram2d(y, x, bins=64, range=[square[2:], square[:2]])[0]
    np.testing.assert_array_equal(counts, expected)
    assert n == 4998 == counts.sum()
    coarse = np.histogram2d(y, x, bins=32, range=[square[2:], square[:2]])[0]
    np.testing.assert_array_equal(halved(counts), coarse)


def test_equal_and_missing_points_have_bounds() -> None:
    same = np.full((9, 2), 3.0, np.float32)
    square = squared(widened(None, same) or (0, 0, 0, 0))
    counts = np.zeros((4, 4), np.uint32)
    assert add_points(counts, same, square) == 9
    assert counts.max() == 9
    nothing = np.full((3, 2), np.nan, np.float32)
    assert widened(None, nothing) is None
    assert add_points(counts, nothing, square) == 0
