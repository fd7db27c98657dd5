"""The least and largest value of every column of a large matrix, in one pass on several cores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.machine.in_order import in_order
from projector.typing import AnyArray

#: Bytes of the rows that are looked at together: twice, while they are in the processor's cache.
_PIECE = 1 << 19
#: Pieces that a thread takes at a time.
_TOGETHER = 16


def column_ranges(values: NDArray[Any]) -> tuple[AnyArray, AnyArray]:
    """Return the minima and the maxima of the columns; NaN where a column has one.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
        With at least one row.
    """
    n_rows, n_columns = values.shape
    rows = max(1, _PIECE // max(1, n_columns * values.itemsize))
    if n_rows <= rows:
        return values.min(axis=0), values.max(axis=0)

    def of_many(start: int) -> tuple[AnyArray, AnyArray]:
        pieces = [values[at : at + rows] for at in range(start, min(start + some, n_rows), rows)]
        found = [(piece.min(axis=0), piece.max(axis=0)) for piece in pieces]
        return _joined(found)

    some = _TOGETHER * rows
    return _joined(list(in_order(of_many, range(0, n_rows, some))))


def _joined(found: list[tuple[AnyArray, AnyArray]]) -> tuple[AnyArray, AnyArray]:
    lows, highs = zip(*found, strict=True)
    low: AnyArray = np.min(lows, axis=0)
    high: AnyArray = np.max(highs, axis=0)
    return low, high
