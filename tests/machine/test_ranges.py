"""The range of every column, in pieces, is that of numpy."""

from __future__ import annotations

import numpy as np
import pytest

from projector.machine import ranges
from projector.machine.ranges import column_ranges


@pytest.mark.parametrize("n_rows", [1, 2, 31, 32, 33, 500, 513])
@pytest.mark.parametrize("odd", [None, np.nan, np.inf, -np.inf])
def test_ranges(monkeypatch: pytest.MonkeyPatch, n_rows: int, odd: float | None) -> None:
    monkeypatch.setattr(ranges, "_PIECE", 64)
    values = np.random.default_rng(n_rows).normal(size=(n_rows, 3)).astype(np.float32)
    if odd is not None:
        values[n_rows // 2, 1] = odd
    low, high = column_ranges(values)
    np.testing.assert_array_equal(low, values.min(axis=0))
    np.testing.assert_array_equal(high, values.max(axis=0))
