"""Copies the metadata that a training gives, and writes a table once however often it is given."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.model.frames import columns_of, is_frame, plain_values
from projector.model.given_metadata import as_metadata
from projector.model.metadata import Column, Metadata
from projector.typing import AnyArray
from projector.writer.given_arrays import on_this_machine

#: Columns by name, of values that nobody else changes.
OwnTable: TypeAlias = "dict[str, list[Any] | AnyArray]"
#: Types of values that nobody changes, which almost all columns have alone.
_SIMPLE = {str, int, float, bool, type(None)}
#: The column that `ids` become.
IDS = "id"


def own_table(given: Any, ids: Any, n_points: int) -> OwnTable:
    """Return a copy of metadata and ids, with one value for each point.

    Parameters
    ----------
    given : mapping, data frame, Arrow table, sequence or None
        Columns by name; one sequence of labels becomes the column ``label``.
    ids : sequence or None
        What names each point in all steps; it becomes the first column.
    n_points : int

    Raises
    ------
    ShapeError
        A column is not one value for each point.
    ParameterError
        There is a column ``id`` beside `ids`.
    """
    columns: dict[str, Any] = {}
    if given is None:
        pass
    elif is_frame(given):
        columns = {name: plain_values(values) for name, values in columns_of(given)}
    elif isinstance(given, Mapping):
        columns = {str(name): given[name] for name in given}
    elif isinstance(given, np.ndarray) and given.dtype.names is not None:
        columns = {name: given[name] for name in given.dtype.names}
    else:
        columns = {"label": given}
    if ids is not None:
        if IDS in columns:
            raise ParameterError(
                f"'ids' becomes the column {IDS!r}, but the metadata has one, too. Give "
                "one of both."
            )
        columns = {IDS: ids, **columns}
    own = {name: _own_values(name, values, n_points) for name, values in columns.items()}
    if own:
        # Imported here, and not by the thread that writes: libraries of the training look into a
        # pyarrow that another thread is still importing, and fail.
        import pyarrow.parquet  # noqa: F401
    return own


def _own_values(name: str, given: Any, n_points: int) -> list[Any] | AnyArray:
    is_tensor = hasattr(given, "__array__") or hasattr(given, "__dlpack__")
    if isinstance(given, str | bytes | Mapping) or not (is_tensor or isinstance(given, Iterable)):
        raise ShapeError(
            f"The metadata column {name!r} must be a sequence with one value per point. Got a "
            f"{type(given).__name__}."
        )
    values: list[Any] | AnyArray
    if isinstance(given, np.ma.MaskedArray) or not is_tensor:
        values = list(given)
        if not set(map(type, values)) <= _SIMPLE:
            values = [_plain(value) for value in values]
    else:
        values = _own_array(given)
    shape = np.shape(values) if isinstance(values, np.ndarray) else (len(values),)
    if shape != (n_points,):
        found = f"{shape[0]:,} values" if len(shape) == 1 else f"the shape {shape}"
        raise ShapeError(
            f"The metadata column {name!r} must have one value for each of the {n_points:,} "
            f"points. Got {found}."
        )
    return values


def _own_array(given: Any) -> list[Any] | AnyArray:
    given = on_this_machine(given)
    by_array = hasattr(given, "__array__")
    values = np.array(np.asarray(given) if by_array else np.from_dlpack(given), copy=True)
    if values.dtype.kind in "iufb" or values.ndim != 1:
        return values
    return [_plain(value) for value in values.tolist()]


def _plain(value: Any) -> Any:
    """Return a number of numpy or of a tensor as Python's own, and what is missing as None."""
    if value is np.ma.masked:
        return None
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "shape", None) == () else value


def is_same(one: OwnTable, other: OwnTable) -> bool:
    """Tell whether two tables have the same columns with the same values."""
    if list(one) != list(other):
        return False
    return all(map(_same_values, one.values(), other.values()))


def _same_values(one: list[Any] | AnyArray, other: list[Any] | AnyArray) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False
    try:
        return bool(one == other)
    except (ValueError, TypeError):
        return False  # values that cannot be compared, such as arrays


def as_table(own: OwnTable, n_points: int) -> Metadata:
    """Return a table with typed columns."""
    return as_metadata(own, n_points)


def content_name(table: Metadata) -> str:
    """Return 16 hexadecimal digits that change with any name or value of a table."""
    digest = hashlib.sha256()
    for column in table.columns:
        text = column.text
        digest.update(repr((column.name, column.kind, len(text))).encode("utf-8", "replace"))
        for part in (text.data, text.offsets, text.missing):
            digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:16]


def parquet_bytes(table: Metadata) -> bytes:
    """Return a table as Parquet: numbers as numbers, everything else as texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = table.to_arrow()
    for at, column in enumerate(table.columns):
        whole = _whole_numbers(column)
        if whole is not None:
            values = pa.array(whole, pa.int64(), mask=column.text.missing)
            arrow = arrow.set_column(at, arrow.field(at).name, values)
    out = io.BytesIO()
    pq.write_table(arrow, out, compression="zstd")
    return out.getvalue()


def _whole_numbers(column: Column) -> AnyArray | None:
    """Return a column of whole numbers without a point as such, so that 1 does not become 1.0."""
    if column.kind != "numeric" or column.numbers is None:
        return None
    numbers = np.where(column.text.missing, 0.0, column.numbers)
    if not np.isfinite(numbers).all() or np.abs(numbers).max(initial=0) >= 2**53:
        return None
    whole = numbers.astype(np.int64)
    if (whole != numbers).any() or np.isin(column.text.data, np.frombuffer(b".eE+", "u1")).any():
        return None
    return whole
