"""Lists and reads pandas' tables in a pickle as every other table is: vectors and metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.formats.pickles.tables import Frame
from projector.loaders.formats.pickles.values import Cells, array_of, numbers_in
from projector.loaders.formats.tables.table_tensors import listed, loaded, sample_of

if TYPE_CHECKING:
    import pyarrow as pa

KEY = "frame "


def list_frame(file: File, place: int, frame: Frame) -> list[Tensor]:
    """Return the embeddings of a table; none if it has no columns of numbers."""
    table = _arrow(frame)
    try:
        found = listed(file, sample_of(table), table.num_rows, prefix=frame.name)
    except LoadError:
        return []
    return [replace(tensor, key=f"{KEY}{place} {tensor.key}") for tensor in found.tensors]


def load_frame(file: File, frames: Sequence[Frame], tensor: Tensor) -> Loaded:
    """Read one embedding of a table, with the other columns as metadata.

    Raises
    ------
    LoadError
        It is no longer there.
    """
    place = int(tensor.key.removeprefix(KEY).partition(" ")[0])
    table = _arrow(frames[place]) if place < len(frames) else None
    if table is None or table.num_rows != tensor.shape[0]:
        raise LoadError(file.path, "has changed. Refresh the listing.")
    return loaded(file, table, tensor)


def _arrow(frame: Frame) -> pa.Table:
    import pyarrow as pa

    arrays = [_array(cells) for cells in frame.columns.values()]
    return pa.table(arrays, names=list(frame.columns))


def _array(cells: Cells) -> pa.Array:
    """Return a column of the type that its values have; what is no value is missing."""
    import pyarrow as pa

    if isinstance(cells, np.ndarray):
        return pa.array(cells)
    values = [_cell(cell) for cell in cells]
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        # Values of several types: their texts are what they have in common.
        plain = (None if value is None or isinstance(value, list) else value for value in values)
        return pa.array([None if value is None else str(value) for value in plain], pa.string())


def _cell(value: Any) -> Any:
    array = array_of(value)
    if array is not None:
        return numbers_in(array).reshape(-1)
    if isinstance(value, (str, int, float, bool, bytes)):
        return value
    if isinstance(value, (list, tuple)) and set(map(type, value)) <= {int, float}:
        return list(value)
    return None
