"""Reads sparse matrices that a caller gives: small ones become dense, others stay sparse rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.machine.byte_size import byte_size
from projector.model.narrowing import LOSS
from projector.model.sparse_rows import (
    DENSE_BYTES,
    SparseRows,
    as_held,
    canonical_rows,
)
from projector.typing import AnyArray

#: Bytes of one number of what is kept.
_FLOAT32 = 4


def dense_bytes(shape: tuple[int, ...]) -> int:
    """Return how large a matrix is as a dense float32 array."""
    size = _FLOAT32
    for side in shape:
        size *= int(side)
    return size


def vectors_of_sparse(given: Any) -> tuple[AnyArray, tuple[str, ...]]:
    """Return a sparse matrix as vectors, and what the caller should know.

    Returns
    -------
    vectors : ndarray or SparseRows of shape (n_points, n_dims)
        Dense, of the dtype given, if that takes at most `DENSE_BYTES`.
    notes : tuple of str
        Whether it was made dense.

    Raises
    ------
    ShapeError
        Not real numbers in two dimensions, or damaged.
    """
    rows = canonical_rows(given)
    size = dense_bytes(rows.shape)
    if size <= DENSE_BYTES:
        note = f"The sparse matrix was read as a dense array of {byte_size(size)}."
        return rows.toarray(), (note,)
    return as_held(SparseRows.of(rows, _lost(rows))), ()


def dense_of_sparse(given: Any, what: str) -> AnyArray:
    """Return a small sparse matrix, such as positions, as an array.

    Raises
    ------
    ShapeError
        It would take more than `DENSE_BYTES`, or is damaged.
    """
    shape = tuple(int(side) for side in given.shape)
    size = dense_bytes(shape)
    if size > DENSE_BYTES or len(shape) != 2:
        raise ShapeError(
            f"{what} must be a dense array. Got a sparse matrix of shape {shape}, which would take "
            f"{byte_size(size)} as one. Use .toarray()."
        )
    return np.asarray(canonical_rows(given).toarray())


def _lost(rows: Any) -> tuple[str, ...]:
    """Return what float32 cannot hold of a matrix, with numbers, as `narrow` does.

    No constant can be taken from a dimension here, as its zeros would no longer be zero.
    """
    if rows.dtype.itemsize < _FLOAT32 or rows.dtype == np.float32:
        return ()
    wide = rows.data.astype(np.longdouble if rows.dtype.kind in "iu" else np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        kept = wide.astype(np.float32)
        said: tuple[str, ...] = ()
        n_beyond = int((np.isfinite(wide) & ~np.isfinite(kept)).sum())
        if n_beyond:
            said = (f"{n_beyond:,} values exceed the range of float32 and became infinite.",)
        usable = np.isfinite(kept)
        error = np.where(usable, np.abs(wide - kept), 0).astype(np.float64)
        values = np.where(usable, wide, 0).astype(np.float64)
    n_points, n_dims = rows.shape
    mean = np.bincount(rows.indices, values, n_dims) / n_points
    held = np.bincount(rows.indices, minlength=n_dims)
    apart = np.bincount(rows.indices, (values - mean[rows.indices]) ** 2, n_dims)
    spread = np.sqrt((apart + (n_points - held) * mean**2) / n_points)
    largest = np.zeros(n_dims)
    np.maximum.at(largest, rows.indices, error)
    loses = (largest > LOSS * spread) & (spread > 0)
    if not loses.any():
        return said
    worst = int(np.argmax(np.where(loses, largest / np.where(loses, spread, 1), 0)))
    n_lost = int(loses.sum())
    return (
        *said,
        f"{n_lost:,} {'dimension has' if n_lost == 1 else 'dimensions have'} values that float32 "
        f"rounds too much: those of dimension {worst} by up to {largest[worst]:.2g}, where their "
        f"standard deviation is {spread[worst]:.2g}. Subtract a constant in float64 before giving "
        "them to projector, in a dense array.",
    )
