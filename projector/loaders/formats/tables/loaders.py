"""The loaders of typed tables: Parquet and Arrow; see `table_tensors` for what is an embedding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.decoders.arrow_messages import FILE_MAGIC, batch_headers
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.formats.tables.arrow_columns import list_widths
from projector.loaders.formats.tables.parquet_file import open_parquet
from projector.loaders.formats.tables.table_bounds import check_columns
from projector.loaders.formats.tables.table_tensors import (
    LONG_SAMPLE,
    SAMPLE,
    listed,
    loaded,
    sample_of,
)
from projector.loaders.formats.text.lines import looks_like_text

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 1 << 16
#: Arrow files whose first batch is read to see whether texts and structs hold vectors.
_MOST_READ = 1 << 26


class Parquet:
    """Parquet files."""

    name = "parquet"
    title = "Parquet"
    gives = "each column of vectors, with the other columns as metadata"
    extensions = (".parquet", ".pq")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        return file.head()[:4] == b"PAR1" or file.name.lower().endswith((".parquet", ".pq"))

    def list(self, file: File) -> Found:
        """Read the schema, and the first values of the columns that may hold vectors."""
        with reading_as(file, "Parquet"):
            source = open_parquet(file)
            return listed(file, self._sample(source), source.metadata.num_rows)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the whole table, once."""
        with reading_as(file, "Parquet"):
            return loaded(file, open_parquet(file).read(), tensor)

    @staticmethod
    def _sample(source: Any) -> pa.Table:
        """Return the first values of each column; columns of single numbers are not read."""
        import pyarrow as pa

        schema, n_rows = source.schema_arrow, source.metadata.num_rows
        names = [field.name for field in schema if not _is_number(field.type)]
        found = _first(source, names, SAMPLE)
        # Only columns that start with nothing but missing values are read further.
        empty = [name for name, column in found.items() if column.null_count == len(column)]
        if empty and n_rows > SAMPLE:
            found |= _first(source, empty, LONG_SAMPLE)
        length = min(SAMPLE, n_rows)
        columns = [
            found.get(field.name, pa.nulls(length, field.type))
            if not _is_number(field.type)
            else pa.nulls(length, field.type)
            for field in schema
        ]
        return pa.table(columns, schema=pa.schema(list(schema)))


def _first(source: Any, names: list[str], count: int) -> dict[str, Any]:
    """Return the first values of some columns, found in the first `count` rows."""
    import pyarrow as pa

    batch = next(source.iter_batches(batch_size=count, columns=names), None) if names else None
    if batch is None:
        return {}
    sample = sample_of(pa.Table.from_batches([batch]))
    return dict(zip(sample.schema.names, sample.columns, strict=True))


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


class Arrow:
    """Arrow files and streams, Feather."""

    name = "arrow"
    title = "Arrow and Feather"
    gives = "as from Parquet"
    extensions = (".arrow", ".feather", ".arrows", ".ipc")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        if file.head()[:6] == FILE_MAGIC or file.head()[:4] == b"FEA1":
            return True
        suffixes = (".arrow", ".feather", ".arrows", ".ipc")
        return file.name.lower().endswith(suffixes) and not looks_like_text(file.head())

    def list(self, file: File) -> Found:
        """Read the schema and the headers of the batches, and the first batch of a small file."""
        with reading_as(file, "Arrow"):
            raw = FileBytes(file.real)
            if _is_feather_1(file):
                table = self._table(file, raw)
                return listed(file, sample_of(table), table.num_rows)
            reader = self._reader(file, raw)
            check_columns(file, len(reader.schema))
            batches = [*batch_headers(raw)]
            n_rows = sum(batch.n_rows for batch in batches)
            widths = list_widths(reader.schema, batches)
            if file.size > _MOST_READ or not n_rows:
                return listed(file, _from_headers(reader.schema, widths), n_rows)
            return listed(file, _first_rows(reader), n_rows)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the columns and check every offset."""
        with reading_as(file, "Arrow"):
            table = self._table(file, FileBytes(file.real))
            table.validate(full=True)
            return loaded(file, table, tensor)

    @classmethod
    def _table(cls, file: File, raw: FileBytes) -> pa.Table:
        import pyarrow as pa
        from pyarrow import feather

        if _is_feather_1(file):
            return feather.read_table(pa.PythonFile(raw.stream(), "r"))
        reader = cls._reader(file, raw)
        check_columns(file, len(reader.schema))
        table = reader.read_all()
        table.validate()
        return table

    @staticmethod
    def _reader(file: File, raw: FileBytes) -> Any:
        import pyarrow as pa
        from pyarrow import ipc

        source = pa.PythonFile(raw.stream(), "r")
        return (ipc.open_file if file.head()[:6] == FILE_MAGIC else ipc.open_stream)(source)


def _is_feather_1(file: File) -> bool:
    return file.head()[:4] == b"FEA1"


def _first_rows(reader: Any) -> pa.Table:
    """Return the first values of each column, from as many batches as that takes."""
    import pyarrow as pa

    batches: list[Any] = []
    for batch in _batches(reader):
        batch.validate(full=True)
        batches.append(batch)
        sample = sample_of(pa.Table.from_batches(batches))
        if all(column.null_count < len(column) for column in sample.columns):
            break
        if sum(batch.num_rows for batch in batches) > LONG_SAMPLE:
            break
    return sample


def _batches(reader: Any) -> Iterator[Any]:
    """Give the batches of a file, or of a stream."""
    count = getattr(reader, "num_record_batches", None)
    if count is None:
        yield from reader
        return
    for number in range(count):
        yield reader.get_batch(number)


def _from_headers(schema: pa.Schema, widths: dict[str, int]) -> pa.Table:
    """Return a sample of vectors of zeros where a type and the headers say that there are some."""
    import pyarrow as pa

    def column(field: pa.Field) -> Any:
        width = widths.get(field.name, 0)
        if not width or pa.types.is_nested(field.type.value_type):
            return pa.nulls(1, field.type)
        if pa.types.is_integer(field.type.value_type) or pa.types.is_floating(
            field.type.value_type
        ):
            return pa.array([[0] * width], field.type)
        return pa.nulls(1, field.type)

    return pa.table([column(field) for field in schema], schema=schema)
