"""UMAP's curve is fitted for every allowed spread and min_dist, and beyond."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from projector.compute.umap.curve import fit_curve
from projector.errors import ParameterError

SHARES = (0.0, 1e-6, 0.01, 0.1, 0.5, 0.9, 1.0)


@pytest.mark.parametrize("spread", [1e-3, 0.01, 0.02, 0.3, 1.0, 7.0, 100.0, 1e4])
def test_the_curve_is_near_its_target(spread: float) -> None:
    for share in SHARES:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            a, b = fit_curve(share * spread, spread)
        x = np.linspace(0, 3 * spread, 300)
        target = np.where(x < share * spread, 1, np.exp(-(x - share * spread) / spread))
        error = 1 / (1 + a * x ** (2 * b)) - target
        assert np.sqrt((error**2).mean()) < 0.04


def test_another_unit_is_the_same_curve() -> None:
    for share in SHARES:
        a, b = fit_curve(share, 1.0)
        far_a, far_b = fit_curve(50 * share, 50.0)
        assert far_b == pytest.approx(b, rel=1e-6)
        assert far_a * 50 ** (2 * far_b) == pytest.approx(a, rel=1e-5)


def test_the_curve_is_scipys_least_squares_fit() -> None:
    from scipy.optimize import curve_fit

    x = np.linspace(0, 3, 300)
    for share in SHARES:
        target = np.where(x < share, 1, np.exp(-(x - share)))
        best, _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), x, target)
        np.testing.assert_allclose(fit_curve(share, 1.0), best, rtol=1e-4)


def test_a_min_dist_above_spread_is_refused() -> None:
    with pytest.raises(ParameterError, match="at most spread"):
        fit_curve(1.1, 1.0)
