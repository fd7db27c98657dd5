"""Turns what a caller gives as points into row numbers: numbers, lists, masks and selections."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError, ShapeError
from projector.model.arguments import shown
from projector.model.arrays import as_numbers


def as_rows(given: Any, n_points: int, *, what: str) -> NDArray[np.int64]:
    """Return the rows that a caller means.

    Parameters
    ----------
    given : int, sequence of int, mask or Selection
        A mask is an array of n_points truth values; it means the points where it is true.
    n_points : int
    what : str
        What they are, for messages: ``"The points of a query"``.

    Returns
    -------
    ndarray of shape (n_rows,), int64
        In the order given; at least one.

    Raises
    ------
    ParameterError
        Not whole numbers, a row that does not exist, a mask of another length, or no row.
    """
    try:
        rows, _ = as_numbers(given, what=what)
    except ShapeError:
        raise _error(given, n_points, what) from None
    if rows.dtype.kind == "b" and rows.ndim:
        if rows.shape != (n_points,):
            raise ParameterError(
                f"{what} are a mask of the shape {rows.shape}. Expected one truth value for each "
                f"of the {n_points:,} points."
            )
        rows = np.flatnonzero(rows)
    if rows.dtype.kind not in "iu" or rows.ndim > 1:
        raise _error(given, n_points, what)
    rows = np.atleast_1d(rows)
    if rows.size == 0 or int(rows.min()) < 0 or int(rows.max()) >= n_points:
        raise _error(given, n_points, what)
    return rows.astype(np.int64)


def _error(given: Any, n_points: int, what: str) -> ParameterError:
    return ParameterError(
        f"{what} must be from 0 to {n_points - 1:,}: at least 1 whole number, or a mask of "
        f"{n_points:,} truth values. Got {shown(given)}."
    )
