"""Puts the arrays of a sparse matrix together, as files hold it, after checking every index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.decoders.dtypes import to_float32
from projector.model.given_sparse import vectors_of_sparse
from projector.typing import AnyArray

#: Dimensions of a sparse matrix: for each of them several numbers are held.
MOST_DIMS = 1 << 24


def too_wide(n_dims: int) -> str:
    """Return why a matrix of so many dimensions is not read; "" if it is."""
    if n_dims <= MOST_DIMS:
        return ""
    return (
        f"has {n_dims:,} dimensions, more than {MOST_DIMS:,}. Reduce them first, for example by "
        "PCA."
    )


def from_compressed(
    path: Path, what: str, parts: tuple[AnyArray, AnyArray, AnyArray], shape: Any, *, kind: str
) -> AnyArray:
    """Return a matrix as sparse rows, or as a dense array if it is small.

    Parameters
    ----------
    path : Path
        For the error.
    what : str
        What the matrix is called there.
    parts : three ndarrays
        Numbers, their places, and where each row (``csr``) or column (``csc``) begins; for
        ``coo`` numbers, rows and columns.
    shape : tuple of int
    kind : {"csr", "csc", "coo"}

    Raises
    ------
    LoadError
        The parts do not fit each other, or the shape.
    """
    from scipy.sparse import coo_matrix, csc_matrix, csr_matrix

    data, first, second = to_float32(parts[0]), *parts[1:]
    n_rows, n_columns = shape
    if kind == "coo":
        fits = len(first) == len(second) == len(data)
        fits = fits and _within(first, n_rows) and _within(second, n_columns)
    else:
        major, minor = (n_columns, n_rows) if kind == "csc" else (n_rows, n_columns)
        counts = np.diff(second.astype(np.int64))
        fits = len(second) == major + 1 and len(data) == len(first) and _within(first, minor)
        fits = fits and not (counts < 0).any() and int(counts.sum()) == len(data)
    if not fits or len({part.ndim for part in parts}) > 1:
        raise LoadError(
            path,
            f"the sparse matrix {what!r} has indices that do not fit its shape {tuple(shape)}. "
            "Save it again.",
        )
    if kind == "coo":
        return vectors_of_sparse(coo_matrix((data, (first, second)), shape=shape))[0]
    of_kind: Any = csc_matrix if kind == "csc" else csr_matrix
    return vectors_of_sparse(of_kind((data, first, second.astype(np.int64)), shape=shape))[0]


def _within(places: AnyArray, size: int) -> bool:
    return not len(places) or bool(0 <= int(places.min()) <= int(places.max()) < size)
