"""Finds and reads the vectors in the columns of an Arrow table, in whatever form they are.

A vector may be a list, a text, bytes, Spark's struct of a vector, a struct or a map with one number
for each dimension, or any of these below other structs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from projector.loaders.formats.tables.number_bytes import BytesForm, bytes_form, parse_bytes
from projector.loaders.formats.tables.number_texts import TextForm, parse_texts, text_form
from projector.loaders.formats.tables.vector_rows import MOST, VectorRows, placed
from projector.loaders.formats.text.separators import usual
from projector.machine.handover import empty_array
from projector.typing import AnyArray

if TYPE_CHECKING:
    import pyarrow as pa

Form: TypeAlias = Literal["list", "spark", "fields", "map", "text", "bytes"]

#: The fields of a column of neighbors.
_NEIGHBORS = frozenset({"ids", "distances"})
#: Structs below structs that are looked into, and fields that are looked at.
_DEPTH = 8
_MOST_FIELDS = 512
_FIRST = "[0]"
#: The share of rows with a list whose lists must have one length.
_MOST_ALIKE = 0.9
#: Fields of a struct, or keys of a map, that make a vector.
_FEWEST_FIELDS = 3


@dataclass(frozen=True)
class VectorColumn:
    """A column of vectors.

    Attributes
    ----------
    name : str
        With the path below the column, as ``response.data[0].embedding``.
    column : str
    path : tuple of str
        Fields of structs, and ``[0]`` for the one element of a list.
    form : str
    n_dims : int
    dtype : str
    fractional : bool
        Whether its numbers are not whole by type.
    note : str
        What was guessed.
    how : TextForm, BytesForm or None
    """

    name: str
    column: str
    path: tuple[str, ...]
    form: Form
    n_dims: int
    dtype: str
    fractional: bool
    note: str = ""
    how: TextForm | BytesForm | None = None


def vector_columns(sample: pa.Table) -> list[VectorColumn]:
    """Return the vectors in the first rows of a table.

    Parameters
    ----------
    sample : pyarrow.Table
        Some rows; columns whose name occurs twice are passed over.
    """
    found: list[VectorColumn] = []
    for name, count in Counter(sample.schema.names).items():
        if count == 1:
            array = _plain(sample.column(name).combine_chunks())
            found += _below(name, name, (), array)
        if len(found) > _MOST_FIELDS:
            break
    return found[:_MOST_FIELDS]


def is_neighbors(kind: pa.DataType) -> bool:
    """Tell whether a column has the nearest points of each one, as Embedding Atlas writes it.

    Lists of as many rows and distances are no vectors.
    """
    import pyarrow as pa

    if not pa.types.is_struct(kind) or kind.num_fields != len(_NEIGHBORS):
        return False
    fields = [kind.field(number) for number in range(kind.num_fields)]
    return {field.name for field in fields} == _NEIGHBORS and all(
        _is_list(field.type) for field in fields
    )


def _plain(array: Any) -> Any:
    """Return an array without Arrow's wrappings: chunks, dictionaries, extension types."""
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else pa.concat_arrays(array.chunks)
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array


def _below(name: str, column: str, path: tuple[str, ...], array: Any) -> Iterator[VectorColumn]:
    import pyarrow as pa

    found = _recognized(array)
    if found is not None:
        yield VectorColumn(
            name,
            column,
            path,
            found.form,
            found.n_dims,
            found.dtype,
            found.fractional,
            found.note,
            found.how,
        )
        return
    if len(path) >= _DEPTH:
        return
    kind = array.type
    if is_neighbors(kind):
        return
    if pa.types.is_struct(kind):
        for number in range(min(kind.num_fields, _MOST_FIELDS)):
            field = kind.field(number).name
            child = _plain(_step(array, field))
            yield from _below(f"{name}.{field}", column, (*path, field), child)
    elif _is_list(kind) and pa.types.is_nested(kind.value_type):
        lengths = _lengths(array)
        if lengths.max(initial=0) == 1:
            child = _plain(_step(array, _FIRST))
            yield from _below(f"{name}{_FIRST}", column, (*path, _FIRST), child)


@dataclass(frozen=True)
class _Recognized:
    """What an array of vectors is; see `VectorColumn`."""

    form: Form
    n_dims: int
    dtype: str
    fractional: bool
    note: str = ""
    how: TextForm | BytesForm | None = None


def _recognized(array: Any) -> _Recognized | None:
    import pyarrow as pa

    types, kind = pa.types, array.type
    if types.is_string(kind) or types.is_large_string(kind):
        text = text_form(array.to_pylist())
        if text is None:
            return None
        return _Recognized("text", text.n_dims, "float32", text.fractional, text.note, text)
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        packed = bytes_form(array.to_pylist())
        if packed is None:
            return None
        return _Recognized("bytes", packed.n_dims, packed.dtype, True, packed.note, packed)
    if types.is_struct(kind):
        return _of_struct(array)
    if _is_list(kind) and _is_numeric(kind.value_type):
        return _typed("list", _usual_length(_lengths(array)), kind.value_type)
    if types.is_map(kind) and _is_numeric(kind.item_type):
        return _typed("map", len(_map_keys(array)), kind.item_type)
    return None


def _typed(form: Form, n_dims: int, item: pa.DataType) -> _Recognized | None:
    import pyarrow as pa

    fractional = not pa.types.is_integer(item)
    return _Recognized(form, n_dims, dtype_of(item), fractional) if n_dims else None


def _of_struct(array: Any) -> _Recognized | None:
    kind = array.type
    fields = {kind.field(number).name: kind.field(number).type for number in range(kind.num_fields)}
    if set(fields) >= {"type", "size", "indices", "values"}:
        sizes = [_spark_size(row) for row in array.to_pylist() if row is not None]
        n_dims = usual([size for size in sizes if size])
        return _Recognized("spark", n_dims, "float64", True) if n_dims else None
    counted = [str(number) for number in range(len(fields))]
    if len(fields) < _FEWEST_FIELDS or list(fields) != counted:
        return None
    if not all(map(_is_numeric, fields.values())):
        return None
    return _Recognized("fields", len(fields), "float64", True)


def dtype_of(kind: pa.DataType) -> str:
    """Return numpy's name of an Arrow type of numbers."""
    names = {"float": "float32", "double": "float64", "halffloat": "float16"}
    return names.get(str(kind), "float64" if str(kind).startswith("decimal") else str(kind))


def _is_numeric(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind))


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _lengths(array: Any) -> AnyArray:
    """Return the lengths of lists; -1 where there is none."""
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(array), -1)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), np.int64)


def _usual_length(lengths: AnyArray) -> int:
    """Return the length that nearly all lists have; 0 if there is none."""
    present = lengths[lengths > 0]
    there = int((lengths >= 0).sum())
    length = usual(present.tolist())
    if length < 2 or (present == length).sum() < _MOST_ALIKE * there:
        return 0
    return length


def _step(array: Any, step: str) -> Any:
    """Return what is one step below an array: a field of its structs, or its lists' element."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if step != _FIRST:
        return pc.struct_field(array, step)
    lengths = _lengths(array)
    at = np.cumsum(np.maximum(lengths, 0)) - 1
    return array.flatten().take(pa.array(at, mask=lengths != 1))


def _map_keys(array: Any) -> list[Any]:
    """Return the keys that all maps have, in one order; none if they differ."""
    maps = [row for row in array.to_pylist() if row is not None]
    keys = [key for key, _ in maps[0]] if maps else []
    same = all([key for key, _ in row] == keys for row in maps)
    return keys if same and len(keys) >= _FEWEST_FIELDS else []


def _spark_size(row: dict[str, Any]) -> int:
    return int(row["size"] or 0) if row["type"] == 0 else len(row["values"] or ())


def read_vectors(
    path: Path, table: pa.Table, found: VectorColumn, *, least: float = MOST
) -> VectorRows:
    """Return the vectors of a column; rows without one are NaN.

    Parameters
    ----------
    path : Path
        For errors.
    table : pyarrow.Table
    found : VectorColumn
        As `vector_columns` found it in the first rows.
    least : float
        See `placed`.

    Raises
    ------
    LoadError
        Most rows have something else than a vector of one length.

    Notes
    -----
    Lists of one length, none of them missing, are not copied.
    """
    chunks = [_plain(chunk) for chunk in table.column(found.column).chunks]
    for step in found.path:
        chunks = [_plain(_step(chunk, step)) for chunk in chunks]
    if found.form == "list":
        return _lists(path, found, chunks, least)
    rows = [row for chunk in chunks for row in chunk.to_pylist()]
    if found.form == "text" and isinstance(found.how, TextForm):
        return parse_texts(path, found.name, rows, found.how, least=least)
    if found.form == "bytes" and isinstance(found.how, BytesForm):
        return parse_bytes(path, found.name, rows, found.how, least=least)
    made = [_numbers_of(row, found) for row in rows]
    fitting = [row for row, numbers in enumerate(made) if numbers is not None]
    values = np.array([made[row] for row in fitting], np.float64).reshape(-1, found.n_dims)
    absent = [row for row, value in enumerate(rows) if value is None]
    fits = np.array(fitting, np.int64)
    return placed(path, found.name, values, fits, absent, len(rows), least=least)


def _numbers_of(row: Any, found: VectorColumn) -> list[float] | None:
    """Return the numbers of a struct or a map; None if it has others."""
    if row is None:
        return None
    if found.form == "spark":
        return _spark_numbers(row, found.n_dims)
    given = [value for _, value in row] if found.form == "map" else list(row.values())
    if len(given) != found.n_dims:
        return None
    return [np.nan if value is None else float(value) for value in given]


def _spark_numbers(row: dict[str, Any], n_dims: int) -> list[float] | None:
    """Return the numbers of Spark's vector: all of them, or those at its indices."""
    values = row["values"] or []
    if row["type"] != 0:
        return list(values) if len(values) == n_dims else None
    indices = row["indices"] or []
    if row["size"] != n_dims or len(indices) != len(values):
        return None
    numbers = [0.0] * n_dims
    for index, value in zip(indices, values, strict=True):
        if not 0 <= index < n_dims:
            return None
        numbers[index] = value
    return numbers


def _lists(path: Path, found: VectorColumn, chunks: list[Any], least: float) -> VectorRows:
    import pyarrow as pa

    n_dims, holes, parts = found.n_dims, 0, []
    lengths = [_lengths(chunk) for chunk in chunks]
    whole = np.concatenate([np.zeros(0, np.int64), *lengths])
    for chunk, length in zip(chunks, lengths, strict=True):
        fits = length == n_dims
        part = (chunk if fits.all() else chunk.filter(pa.array(fits))).flatten()
        holes += part.null_count
        if pa.types.is_decimal(part.type) or part.null_count:
            part = part.cast(pa.float64())
        parts.append(part.to_numpy(zero_copy_only=False))
    values = parts[0] if len(parts) == 1 else _joined(parts)
    rows = np.flatnonzero(whole == n_dims)
    absent = np.flatnonzero(whole <= 0).tolist()
    vectors = values.reshape(-1, n_dims)
    made = placed(path, found.name, vectors, rows, absent, len(whole), least=least)
    return replace(made, holes=holes)


def _joined(parts: list[AnyArray]) -> AnyArray:
    kind = np.result_type(*parts) if parts else np.dtype(np.float32)
    whole = empty_array((sum(map(len, parts)),), kind)
    return np.concatenate(parts, out=whole) if parts else whole
