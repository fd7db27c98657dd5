"""Draws points of an embedding in parts at random, where memory does not hold all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.logdir.part_members import Joined, Member, loaded_members
from projector.loaders.partitioned.headers import abouts_of
from projector.loaders.partitioned.layouts import columns_of_vectors
from projector.loaders.partitioned.part_files import fingerprint
from projector.loaders.partitioned.part_paths import FORMATS
from projector.loaders.partitioned.reading import take, take_columns
from projector.machine.byte_size import byte_size
from projector.machine.memory import FreeMemory, free_memory
from projector.model.joined_columns import constant_column, joined_columns
from projector.model.metadata import Column
from projector.model.partitioned import Part, PartitionedDataset
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


def rows_to_draw(tensor: Tensor) -> NDArray[np.int64] | None:
    """Return which rows of a tensor are loaded, ascending; None if memory holds all of them.

    Parameters
    ----------
    tensor : Tensor

    Notes
    -----
    The same rows each time that some are drawn: the seed is fixed.
    """
    n_points, n_dims = tensor.shape
    allowed = _SHARE * free_memory().n_bytes
    if n_points * _row_bytes(tensor) <= allowed:
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
    first = plan.members[0].listed.loader.name
    if first in FORMATS.values() and all(m.listed.loader.name == first for m in plan.members):
        values, columns = _from_pieces(plan, tensor, rows, first)
    else:
        values, columns = _from_wholes(plan, tensor, rows)
    numbers = Column.from_values(_free_name(columns), rows)
    warning = _said(tensor, numbers.name, free_memory())
    return Drawn(values, (numbers, *columns), (warning, *plan.notes))


def _said(tensor: Tensor, column: str, free: FreeMemory) -> str:
    n_bytes = tensor.shape[0] * _row_bytes(tensor)
    return (
        f"All points take {byte_size(n_bytes)} of memory, and {free}. So some are drawn (seed "
        f"{SEED}), and the column {column!r} says which."
    )


def _free_name(columns: Sequence[Column]) -> str:
    taken = {column.name for column in columns}
    return INDEX_COLUMN if INDEX_COLUMN not in taken else f"{INDEX_COLUMN} of all"


def _from_pieces(
    plan: Joined, tensor: Tensor, rows: NDArray[np.int64], format: str
) -> tuple[NDArray[np.float32], tuple[Column, ...]]:
    """Read the rows alone, of formats that are read in pieces."""
    names: dict[str, None] = {}
    files = [member.listed.file for member in plan.members]
    for about in abouts_of(files, format) if format != "npy" else ():
        names |= dict.fromkeys(about.metadata)
    parts: list[Part] = []
    for member in plan.members:
        file, own = member.listed.file, member.tensor
        names |= dict.fromkeys(key for key, _ in member.keys)
        parts.append(
            Part(
                str(file.real),
                parts[-1].stop_row if parts else 0,
                member.n_rows,
                tensor.shape[1],
                fingerprint(file),
                format=format,
                dtype=own.dtype,
                keys=member.keys,
                how=own.detail,
            )
        )
    used = columns_of_vectors(plan.members[0].tensor.detail if format != "npy" else None)
    data = PartitionedDataset(tuple(parts), columns=tuple(n for n in names if n not in used))
    return take(data, rows), take_columns(data, rows) if data.columns else ()


def _from_wholes(
    plan: Joined, tensor: Tensor, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], tuple[Column, ...]]:
    """Read one part after the other, and keep the rows alone."""
    values = np.empty((len(rows), tensor.shape[1]), np.float32)
    tables: list[tuple[Column, ...]] = []
    counts: list[int] = []
    at = 0
    for member, loaded in loaded_members(plan.members):
        low, high = np.searchsorted(rows, (at, at + member.n_rows))
        inside = rows[low:high] - at
        found = np.asarray(loaded.values)
        if found.size != member.n_rows * tensor.shape[1]:
            raise changed_shape(member, found.shape, tensor.shape[1])
        with np.errstate(over="ignore"):
            values[low:high] = to_float32(found.reshape(member.n_rows, -1)[inside])
        own = tuple(taken_rows(column, inside) for column in loaded.columns)
        keys = (constant_column(name, value, len(inside)) for name, value in member.keys)
        tables.append((*keys, *own))
        counts.append(len(inside))
        at += member.n_rows
    return values, joined_columns(tables, counts)


def changed_shape(member: Member, shape: tuple[int, ...], n_dims: int) -> LoadError:
    """Return the error for a part that has another shape than it was listed with."""
    return LoadError(
        member.listed.file.path,
        f"{member.tensor.name!r} now has the shape {shape}; expected {member.n_rows:,} x "
        f"{n_dims:,}. Refresh the listing.",
    )
