"""Reads Parquet and Arrow parts by row groups and batches: vectors as float32, and columns.

For the reader process, or another one that damaged files may end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.decoders.arrow_messages import FILE_MAGIC, Batch, batch_headers
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_columns import metadata
from projector.loaders.formats.tables.parquet_file import open_parquet
from projector.loaders.formats.tables.plans import Plan
from projector.loaders.formats.tables.table_bounds import check_columns, check_dictionaries
from projector.loaders.formats.tables.vector_columns import read_vectors
from projector.machine.handover import empty_array
from projector.model.metadata import Column

if TYPE_CHECKING:
    import pyarrow as pa


class _Tables(Protocol):
    """A file of tables below each other: row groups, or batches."""

    schema: pa.Schema
    counts: tuple[int, ...]

    def tables(self, number: int, names: Sequence[str], most_rows: int) -> Iterator[pa.Table]:
        """Give the rows of one of them, at most `most_rows` at a time, some columns alone."""


class TablePieces:
    """A table whose rows are read row group by row group, or batch by batch.

    Parameters
    ----------
    file : File
    format : {"parquet", "arrow"}
    how : tuple of Plan and tuple of Plan
        How its vectors are stored, and what else it has; as `table_tensors` lists it.

    Attributes
    ----------
    counts : tuple of int
        The rows of each piece.
    """

    def __init__(self, file: File, format: str, how: tuple[Plan, tuple[Plan, ...]]) -> None:
        self._file = file
        self._tables = open_tables(file, format)
        self._plan, self._found = how
        missing = [name for name in self._plan.columns if name not in self._tables.schema.names]
        if missing:
            raise LoadError(
                file.path,
                f"has no column {missing[0]!r} any more. Open the parts again.",
            )
        self.counts = self._tables.counts

    def vectors(self, number: int, most_rows: int) -> Iterator[NDArray[np.float32]]:
        """Give the rows of a piece, at most `most_rows` at a time; NaN where there is no vector."""
        for table in self._tables.tables(number, self._plan.columns, most_rows):
            yield self._numbers(table)

    def take(self, rows: NDArray[np.int64], most_rows: int) -> NDArray[np.float32]:
        """Return some rows of the part, ascending and each once."""
        out = empty_array((len(rows), self._plan.n_dims), np.float32)
        for wanted, table in self._with(rows, self._plan.columns, most_rows):
            places, inside = wanted
            out[places] = self._numbers(table)[inside]
        return out

    def columns(
        self, rows: NDArray[np.int64], names: Sequence[str], most_rows: int
    ) -> tuple[Column, ...]:
        """Return some rows of some columns; those without a value in this part are left out."""
        import pyarrow as pa

        there = [name for name in names if name in self._tables.schema.names]
        if not there:
            return ()
        found = []
        for (_, inside), table in self._with(rows, there, most_rows):
            taken = table.take(pa.array(inside))
            check_dictionaries(self._file, taken)
            found.append(_plain(taken))
        columns, _ = metadata(pa.concat_tables(found), self._plan.columns, self._found)
        return tuple(columns)

    def _with(
        self, rows: NDArray[np.int64], names: Sequence[str], most_rows: int
    ) -> Iterator[tuple[tuple[slice, NDArray[np.int64]], pa.Table]]:
        """Give the tables that have any of `rows`: which of them, where in the table, and it."""
        first = 0
        for number, count in enumerate(self.counts):
            low, high = np.searchsorted(rows, (first, first + count))
            if low < high:
                at = first
                for table in self._tables.tables(number, names, most_rows):
                    start, stop = np.searchsorted(rows, (at, at + table.num_rows))
                    if start < stop:
                        yield (slice(start, stop), rows[start:stop] - at), table
                    at += table.num_rows
                    if stop == high:
                        break  # the rest of the piece is not read
            first += count

    def _numbers(self, table: pa.Table) -> NDArray[np.float32]:
        plan = self._plan
        if plan.vector is not None:
            values = read_vectors(self._file.path, table, plan.vector, least=0).values
        else:
            import pyarrow as pa

            values = np.empty((table.num_rows, plan.n_dims), np.float32)
            with np.errstate(over="ignore"):
                for number, name in enumerate(plan.columns):
                    column = table.column(name).cast(pa.float64(), safe=False)
                    values[:, number] = column.to_numpy()
        if values.shape[1] != plan.n_dims:  # no row has a vector
            values = np.full((table.num_rows, plan.n_dims), np.nan, np.float32)
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(values, np.float32)


def _plain(table: pa.Table) -> pa.Table:
    """Return a table without dictionaries, which differ from piece to piece."""
    import pyarrow as pa

    for number, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(number).cast(field.type.value_type)
            table = table.set_column(number, field.name, plain)
    return table


def open_tables(file: File, format: str) -> _Tables:
    """Open a file of row groups or batches; raise LoadError where it has none."""
    return _ParquetTables(file) if format == "parquet" else _arrow_tables(file)


class _ParquetTables:
    """The row groups of a Parquet file."""

    def __init__(self, file: File) -> None:
        self._source: Any = open_parquet(file)
        about = self._source.metadata
        self.schema = self._source.schema_arrow
        self.counts = tuple(about.row_group(n).num_rows for n in range(about.num_row_groups))

    def tables(self, number: int, names: Sequence[str], most_rows: int) -> Iterator[pa.Table]:
        import pyarrow as pa

        batches = self._source.iter_batches(
            batch_size=most_rows, row_groups=[number], columns=list(names), use_threads=False
        )
        for batch in batches:
            yield pa.Table.from_batches([batch]).select(list(names))


def _arrow_tables(file: File) -> _Tables:
    import pyarrow as pa
    from pyarrow import ipc

    if file.head()[:4] == b"FEA1":
        raise LoadError(
            file.path,
            "is a Feather file of version 1, which cannot be read in pieces. Save it again with "
            "pyarrow.feather.write_feather.",
        )
    raw = FileBytes(file.real)
    headers = tuple(batch_headers(raw))
    source = pa.PythonFile(raw.stream(), "r")
    is_file = file.head()[:6] == FILE_MAGIC
    reader = (ipc.open_file if is_file else ipc.open_stream)(source)
    check_columns(file, len(reader.schema))
    return _ArrowTables(raw, headers, reader.schema, is_file)


class _ArrowTables:
    """The batches of an Arrow file or stream."""

    def __init__(
        self, raw: FileBytes, headers: tuple[Batch, ...], schema: pa.Schema, is_file: bool
    ) -> None:
        self._raw = raw
        self._headers = headers
        self._is_file = is_file
        self._has_dictionaries = _has_dictionaries(schema)
        self.schema = schema
        self.counts = tuple(header.n_rows for header in headers)

    def tables(self, number: int, names: Sequence[str], most_rows: int) -> Iterator[pa.Table]:
        import pyarrow as pa

        batch = self._batch(number, names)
        table = pa.Table.from_batches([batch]).select(list(names))
        table.validate(full=True)
        for start in range(0, table.num_rows, most_rows):
            yield table.slice(start, most_rows)

    def _batch(self, number: int, names: Sequence[str]) -> pa.RecordBatch:
        import pyarrow as pa
        from pyarrow import ipc

        source = pa.PythonFile(self._raw.stream(), "r")
        included = [at for at, name in enumerate(self.schema.names) if name in set(names)]
        options = ipc.IpcReadOptions(included_fields=included)
        if self._is_file:
            return ipc.open_file(source, options=options).get_batch(number)
        if not self._has_dictionaries:
            source.seek(self._headers[number].start)
            return ipc.read_record_batch(ipc.read_message(source), self.schema)
        # A stream's dictionaries come before the batches that need them.
        reader = ipc.open_stream(source, options=options)
        for _ in range(number):
            reader.read_next_batch()
        return reader.read_next_batch()


def _has_dictionaries(schema: pa.Schema) -> bool:
    import pyarrow as pa

    def inside(kind: pa.DataType) -> bool:
        kind = getattr(kind, "storage_type", kind)
        if pa.types.is_dictionary(kind):
            return True
        return any(inside(kind.field(number).type) for number in range(kind.num_fields))

    return any(inside(field.type) for field in schema)
