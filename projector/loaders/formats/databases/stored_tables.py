"""Finds the columns of vectors in the tables of an SQLite file, as in any other table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

from projector.errors import LoadError
from projector.loaders.base import File, Loaded, Tensor
from projector.loaders.formats.databases.sqlite_file import count, is_virtual, quoted, tables
from projector.loaders.formats.tables.table_tensors import listed, loaded
from projector.loaders.formats.tables.vector_columns import vector_columns

#: Rows that are looked at to find out what a column holds.
_SAMPLE = 200
_PIECE = 10_000


def list_tables(file: File, connection: sqlite3.Connection) -> Iterator[Tensor]:
    """Yield the columns of vectors of all tables."""
    known = tables(connection)
    # A virtual table keeps its content in tables of its own, which begin with its name.
    own = tuple(f"{name}_" for name, sql in known.items() if is_virtual(sql))
    for name, sql in known.items():
        if is_virtual(sql) or (own and name.startswith(own)):
            continue
        sample = _table(connection, name, _SAMPLE)
        if not sample.num_rows or not vector_columns(sample):
            continue
        n_rows = count(connection, f"SELECT count(*) FROM {quoted(name)}")
        try:
            found = listed(file, sample, n_rows, prefix=name)
        except LoadError:
            continue  # no vectors of one length
        # Loose columns of numbers are what every database has.
        yield from (tensor for tensor in found.tensors if not tensor.doubtful)


def load_table(file: File, connection: sqlite3.Connection, tensor: Tensor) -> Loaded:
    """Read one column of vectors, with the others as metadata."""
    name = tensor.key.partition("\0")[0]
    if name not in tables(connection):
        raise LoadError(file.path, "has changed. Refresh the listing.")
    return loaded(file, _table(connection, name, None), tensor)


def _table(connection: sqlite3.Connection, name: str, limit: int | None) -> pa.Table:
    import pyarrow as pa

    cursor = connection.execute(
        f"SELECT * FROM {quoted(name)}" + (f" LIMIT {limit}" if limit is not None else "")
    )
    names = [column[0] for column in cursor.description]
    columns: list[list[Any]] = [[] for _ in names]
    while rows := cursor.fetchmany(_PIECE):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return pa.table([_array(column) for column in columns], names=_distinct(names))


def _array(values: Sequence[Any]) -> pa.Array:
    """Return a column as an Arrow array of the type that its values have."""
    import pyarrow as pa

    kinds = set(map(type, values)) - {type(None)}
    if kinds == {bytes}:
        return pa.array(values, pa.large_binary())
    if kinds == {int}:
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    texts = [None if v is None or isinstance(v, bytes) else str(v) for v in values]
    return pa.array(texts, pa.large_string())


def _distinct(names: Sequence[str]) -> list[str]:
    return [
        name if names.index(name) == place else f"{name} {place}"
        for place, name in enumerate(names)
    ]
