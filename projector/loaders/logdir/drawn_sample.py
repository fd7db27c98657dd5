"""Draws points of an embedding in parts at random, where memory does not hold all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.loaders.base import Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.logdir.part_members import Joined, loaded_members
from projector.loaders.logdir.partitioned_members import partitioned_of
from projector.loaders.partitioned.reading import take, take_columns
from projector.machine.byte_size import byte_size
from projector.machine.memory import FreeMemory, free_memory
from projector.model.joined_columns import joined_columns
from projector.model.metadata import Column
from projector.model.partitioned import PartitionedDataset
from projector.model.subset import taken_rows

#: Points that are drawn, and from which seed.
N_DRAWN, SEED = 100_000, 0
#: The share of the free memory that all points may take.
_SHARE = 0.5
#: The column that says which point of all each one is.
INDEX_COLUMN = "index"


@dataclass(frozen=True)
class Drawn(Loaded):
    """Points that were drawn at random; `values` and `columns` are of them alone."""


def rows_to_draw(tensor: Tensor, most: int | None = None) -> NDArray[np.int64] | None:
    """Return which rows of a tensor are loaded, ascending; None if memory holds all of them.

    Parameters
    ----------
    tensor : Tensor
    most : int, optional
        Points beyond which some are drawn even if memory holds all.

    Notes
    -----
    The same rows each time that some are drawn: the seed is fixed.
    """
    n_points, n_dims = tensor.shape
    allowed = _SHARE * free_memory().n_bytes
    if n_points * _row_bytes(tensor) <= allowed and (most is None or n_points <= most):
        return None
    count = int(max(1, min(N_DRAWN, n_points // 2, allowed // (3 * 4 * n_dims))))
    drawn = np.random.default_rng(SEED).choice(n_points, count, replace=False, shuffle=False)
    return np.sort(drawn.astype(np.int64))


def _row_bytes(tensor: Tensor) -> int:
    """Return what a row takes while it is loaded: as stored, and as float32."""
    try:
        size = dtype_of(tensor.dtype).itemsize
    except TypeError:
        size = 8
    return tensor.shape[1] * (4 if size == 4 else size + 4)


def load_drawn(plan: Joined, tensor: Tensor, rows: NDArray[np.int64]) -> Drawn:
    """Read some rows of an embedding in parts, with a column of their numbers.

    Parameters
    ----------
    plan : Joined
    tensor : Tensor
    rows : ndarray of int64
        Ascending.

    Raises
    ------
    LoadError
        A part cannot be read.
    """
    data = partitioned_of(plan, tensor)
    if data is not None:
        values, columns = _from_pieces(data, rows)
    else:
        values, columns = _from_wholes(plan, tensor, rows)
    # The positions of a projection have their indices already.
    known = [c for c in columns if c.numbers is not None and np.array_equal(c.numbers, rows)]
    given = next((c for c in known if c.name == INDEX_COLUMN), None)
    if given is None:
        given = Column.from_values(_free_name(columns), rows)
        columns = (given, *columns)
    warning = _said(tensor, given.name, plan.most, free_memory())
    return Drawn(values, columns, (warning, *plan.notes))


def _said(tensor: Tensor, column: str, most: int | None, free: FreeMemory) -> str:
    n_points = tensor.shape[0]
    n_bytes = n_points * _row_bytes(tensor)
    why = f"All points take {byte_size(n_bytes)} of memory, and {free}."
    if most is not None and n_points > most:
        why = f"At most {most:,} positions are shown as points."
    return f"{why} So some are drawn (seed {SEED}), and the column {column!r} says which."


def _free_name(columns: Sequence[Column]) -> str:
    taken = {column.name for column in columns}
    return INDEX_COLUMN if INDEX_COLUMN not in taken else f"{INDEX_COLUMN} of all"


def _from_pieces(
    data: PartitionedDataset, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], tuple[Column, ...]]:
    """Read the rows alone, of formats that are read in pieces."""
    return take(data, rows), take_columns(data, rows) if data.columns else ()


def _from_wholes(
    plan: Joined, tensor: Tensor, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], tuple[Column, ...]]:
    """Read one part after the other, and keep the rows alone."""
    values = np.empty((len(rows), tensor.shape[1]), np.float32)
    tables: list[tuple[Column, ...]] = []
    counts: list[int] = []
    at = 0
    for member, found, loaded in loaded_members(plan.members, tensor.shape[1]):
        low, high = np.searchsorted(rows, (at, at + member.n_rows))
        inside = rows[low:high] - at
        with np.errstate(over="ignore"):
            values[low:high] = to_float32(found[inside])
        own = (taken_rows(column, inside) for column in loaded.columns)
        tables.append(member.columns(own, len(inside)))
        counts.append(len(inside))
        at += member.n_rows
    return values, joined_columns(tables, counts)
