"""The vectors of a column's rows, some of which may have none, as one matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projector.errors import LoadError
from projector.typing import AnyArray

_LISTED_ROWS = 8
#: The share of rows that must have a vector of the usual length for a column to be an embedding.
MOST = 0.5


@dataclass(frozen=True)
class VectorRows:
    """A matrix and the rows of it that have no vector.

    Attributes
    ----------
    values : ndarray of shape (n_rows, n_dims)
        NaN in the rows that are set aside.
    absent : tuple of int
        Rows without a value.
    odd : tuple of int
        Rows whose value is no vector of `n_dims` numbers.
    holes : int
        Numbers that are missing inside vectors, and became NaN.
    """

    values: AnyArray
    absent: tuple[int, ...] = ()
    odd: tuple[int, ...] = ()
    holes: int = 0

    def warnings(self, name: str) -> list[str]:
        """Say how many rows were set aside, which, and why."""
        n_rows, n_dims = self.values.shape
        found = []
        if self.absent:
            found.append(f"{_rows(self.absent, n_rows)} no vector in {name!r}")
        if self.odd:
            found.append(
                f"{_rows(self.odd, n_rows)} something else than {n_dims:,} numbers in {name!r}"
            )
        found = [f"{each}. They are set aside, and the others are shown." for each in found]
        if self.holes:
            found.append(
                f"{self.holes:,} numbers inside the vectors in {name!r} are missing and became "
                "NaN. Their rows cannot be projected."
            )
        return found


def placed(
    path: Path,
    name: str,
    values: AnyArray,
    rows: AnyArray,
    absent: Iterable[int],
    n_rows: int,
    *,
    least: float = MOST,
) -> VectorRows:
    """Put vectors into their rows; all other rows become NaN.

    Parameters
    ----------
    path : Path
        For the error.
    name : str
        Of the column.
    values : ndarray of shape (n_vectors, n_dims)
    rows : ndarray of shape (n_vectors,), int
        Where they belong, ascending.
    absent : iterable of int
        Rows without any value; the others without a vector have an odd one.
    n_rows : int
    least : float
        The share of the rows with a value that must have a vector of this length; 0 where these
        rows are a piece of a column of which that is known.

    Raises
    ------
    LoadError
        Fewer of them have one.
    """
    absent = tuple(absent)
    if len(rows) == n_rows and values.ndim == 2 and values.shape[1]:
        return VectorRows(values)
    lost = np.setdiff1d(np.arange(n_rows), rows, assume_unique=True)
    odd = np.setdiff1d(lost, np.array(absent, np.int64), assume_unique=True)
    if least and (
        not len(rows) or not values.shape[1] or len(rows) < least * (len(rows) + len(odd))
    ):
        raise LoadError(
            path,
            f"{len(lost):,} of {n_rows:,} rows do not have {values.shape[1]} numbers, starting "
            f"with row {int(lost[0]) if len(lost) else 0}. Vectors must have the same length.",
            place=f"column {name!r}",
        )
    kind = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
    whole = np.full((n_rows, values.shape[1]), np.nan, kind)
    whole[rows] = values
    return VectorRows(whole, absent, tuple(odd.tolist()))


def _rows(rows: tuple[int, ...], n_rows: int) -> str:
    shown = ", ".join(map(str, rows[:_LISTED_ROWS])) + (" …" if len(rows) > _LISTED_ROWS else "")
    some = "1 row has" if len(rows) == 1 else f"{len(rows):,} rows have"
    return f"{some} (of {n_rows:,}: row {shown})"
