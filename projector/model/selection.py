"""A selection: rows of one tensor at one step."""

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
    """The selected rows of a tensor. numpy converts it to an array of row numbers.

    Attributes
    ----------
    run, name : str
        The tensor; both are empty if the listing is empty.
    step : int or None
    indices : ndarray of shape (n_selected,), int64, read-only
        Rows of the Dataset, ascending, without repetition; empty if nothing is selected.
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
        return self._tensor == other._tensor and np.array_equal(self.indices, other.indices)

    def __hash__(self) -> int:
        return hash((self._tensor, self.indices.tobytes()))

    def __repr__(self) -> str:
        some = ", ".join(map(str, self.indices[:6].tolist())) + (", …" if len(self) > 6 else "")
        step = "" if self.step is None else f", step={self.step}"
        tensor = f"run={self.run!r}, name={self.name!r}{step}"
        return f"Selection({tensor}, {len(self):,} rows: [{some}])"

    @property
    def _tensor(self) -> tuple[str, str, int | None]:
        return self.run, self.name, self.step


def rows_of(chosen: Any, n_points: int) -> NDArray[np.int64]:
    """Return selected points as row numbers, ascending, without repetition.

    Parameters
    ----------
    chosen : array-like of int, or of n_points bool
    n_points : int

    Raises
    ------
    ParameterError
        `chosen` are neither row numbers nor one bool per row, or a row is out of range.
    """
    given = np.asarray(chosen)
    if given.size == 0:
        return np.zeros(0, np.int64)
    if given.dtype.kind == "b" and given.shape == (n_points,):
        return np.flatnonzero(given)
    if given.dtype.kind not in "iu" or given.ndim > 1:
        raise ParameterError(
            f"A selection must be row numbers, or one bool for each of {n_points:,} rows. Got "
            f"{given.dtype} of shape {given.shape}."
        )
    rows = np.unique(given)
    for worst in (rows[0], rows[-1]):
        if not 0 <= int(worst) < n_points:
            raise ParameterError(
                f"A selected row must be from 0 to {n_points - 1:,}. Got {int(worst):,}."
            )
    return rows.astype(np.int64)
