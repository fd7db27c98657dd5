"""A selection: rows of one tensor at one step, as a page or a notebook made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError
from projector.typing import AnyArray


@dataclass(frozen=True, eq=False)
class Selection:
    """What is selected; an array of row numbers wherever numpy asks for one.

    Attributes
    ----------
    run, name : str
        Of the tensor; both empty where there is nothing to look at.
    step : int or None
    indices : ndarray of shape (n_selected,), int64, read-only
        Rows of the Dataset, ascending, each once; empty when nothing is selected.
    """

    run: str
    name: str
    step: int | None
    indices: NDArray[np.int64]

    def __post_init__(self) -> None:
        rows = np.array(self.indices, np.int64)
        rows.flags.writeable = False
        object.__setattr__(self, "indices", rows)

    def __len__(self) -> int:
        return len(self.indices)

    def __iter__(self) -> Iterator[int]:
        return iter(self.indices.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        return np.array(self.indices, dtype) if copy else np.asarray(self.indices, dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selection):
            return NotImplemented
        return self._place == other._place and np.array_equal(self.indices, other.indices)

    def __hash__(self) -> int:
        return hash((self._place, self.indices.tobytes()))

    def __repr__(self) -> str:
        shown = ", ".join(map(str, self.indices[:6].tolist())) + (", …" if len(self) > 6 else "")
        step = "" if self.step is None else f", step={self.step}"
        place = f"run={self.run!r}, name={self.name!r}{step}"
        return f"Selection({place}, {len(self):,} rows: [{shown}])"

    @property
    def _place(self) -> tuple[str, str, int | None]:
        return self.run, self.name, self.step


def rows_of(chosen: Any, n_points: int) -> NDArray[np.int64]:
    """Return what was chosen among `n_points` as row numbers, ascending, each once.

    Parameters
    ----------
    chosen : array-like of int, or of n_points bool
    n_points : int

    Raises
    ------
    ParameterError
        Neither row numbers nor one truth value a row, or a row that is not there.
    """
    given = np.asarray(chosen)
    if given.size == 0:
        return np.zeros(0, np.int64)
    if given.dtype.kind == "b" and given.shape == (n_points,):
        return np.flatnonzero(given)
    if given.dtype.kind not in "iu" or given.ndim > 1:
        raise ParameterError(
            f"A selection is row numbers, or one True or False for each of {n_points:,} rows. "
            f"Got {given.dtype} of the shape {given.shape}."
        )
    rows = np.unique(given)
    for worst in (rows[0], rows[-1]):
        if not 0 <= int(worst) < n_points:
            raise ParameterError(
                f"A selected row is a number from 0 to {n_points - 1:,}. Got {int(worst):,}."
            )
    return rows.astype(np.int64)
