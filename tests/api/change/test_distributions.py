from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.change import distributions as module
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache

X = np.random.default_rng(0).normal(size=(500, 6))


def test_quantiles_of_dimensions_and_lengths(tmp_path: Path, monkeypatch: Any) -> None:
    cache = ResultCache(tmp_path)
    dead = np.hstack([X, np.zeros((500, 1))])
    found = projector.distributions([X, dead], cache=cache)
    assert found.values.shape == (2, 7, 7)
    assert np.isnan(found.values[0, 6]).all()  # the first step has no such dimension
    quantiles = np.quantile(X, found.shares, axis=0).T
    np.testing.assert_allclose(found.values[1, :6], quantiles, rtol=1e-5)
    assert (found.values[1, 6] == 0).all()
    np.testing.assert_allclose(found.means[1, :6], X.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.deviations[1, :6], X.std(axis=0), rtol=1e-5)
    assert np.isnan(found.means[0, 6])
    lengths = np.quantile(np.linalg.norm(X, axis=1), found.shares)
    np.testing.assert_allclose(found.lengths[0], lengths, rtol=1e-5)
    monkeypatch.setattr(module, "value_summaries", None)
    again = projector.distributions([dead, X], cache=cache)
    np.testing.assert_array_equal(again.values[0], found.values[1])


def test_a_dimension_of_equal_values_has_a_deviation_of_exactly_0(tmp_path: Path) -> None:
    # 0.1 has no exact sum: by the formula alone rounding would be left.
    dead = np.hstack([X, np.full((500, 1), 0.1)])
    found = projector.distributions([dead], cache=ResultCache(tmp_path))
    assert found.deviations[0, 6] == 0
    assert found.means[0, 6] == np.float32(0.1)


def test_rows_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    broken = X.copy()
    broken[0, 0] = np.inf
    found = projector.distributions([broken, X[1:]], cache=ResultCache(tmp_path))
    np.testing.assert_array_equal(found.values[0], found.values[1])
    with pytest.raises(ShapeError, match="None of the 9 vectors of embedding 1"):
        projector.distributions([np.full((9, 2), np.nan)], cache=ResultCache(tmp_path))
    with pytest.raises(ParameterError):
        projector.distributions([])
