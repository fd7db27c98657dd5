"""The loaders of tables: Parquet, Arrow, CSV and JSON lines.

A table's embeddings are its columns of vectors, or else its numeric columns; see `arrow_columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.decoders.arrow_messages import FILE_MAGIC, batch_headers
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.formats.tables.arrow_columns import (
    Plan,
    column_of,
    list_widths,
    metadata,
    plans,
    vectors,
)
from projector.loaders.formats.tables.csv_table import (
    csv_rows,
    dialect_of,
    json_start,
    parse_csv,
    parse_json_lines,
    read_csv_whole,
)
from projector.loaders.formats.tables.table_bounds import (
    MAX_RATIO,
    SMALL,
    check_columns,
    check_dictionaries,
    check_unpacked,
)
from projector.loaders.formats.text.lines import count_lines, first_lines, looks_like_text
from projector.loaders.formats.text.number_matrix import is_number
from projector.loaders.formats.text.tensors_tsv import METADATA_NAME
from projector.model.spreadsheet_cells import guard_note, unguarded_columns

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 1 << 16


def _declared_widths(schema: pa.Schema, found: Sequence[Plan]) -> dict[str, int]:
    """Return the lengths of vectors whose type has one."""
    sizes = {
        plan.name: getattr(schema.field(plan.name).type, "list_size", 0)
        for plan in found
        if plan.is_list
    }
    return {name: size for name, size in sizes.items() if size}


def _first_widths(table: pa.Table | pa.RecordBatch, found: Sequence[Plan]) -> dict[str, int]:
    """Return the lengths of the first vectors of a table."""
    return {
        plan.name: next((len(v) for v in table.column(plan.name)[:16].to_pylist() if v), 0)
        for plan in found
        if plan.is_list
    }


def _listed(
    file: File, schema: pa.Schema, n_rows: int, widths: dict[str, int], found: Sequence[Plan]
) -> Found:
    check_columns(file, len(schema))
    tensors = []
    for plan in found:
        n_dims = widths.get(plan.name, 0) if plan.is_list else len(plan.columns)
        if 4 * n_rows * n_dims > max(SMALL, MAX_RATIO * file.size):
            raise LoadError(
                file.path,
                f"claims {n_rows:,} rows of {n_dims:,} numbers in {file.size:,} bytes, which is "
                "not plausible. Save it again, or convert it to .npy if you trust it.",
            )
        tensors.append(
            Tensor(
                plan.name,
                plan.name or file.stem,
                (n_rows, n_dims),
                plan.dtype,
                # A table of nothing but numbers may as well be a log of losses.
                role="embedding" if plan.is_list else "weight",
                labeled=len(schema) > len(plan.columns),
                whole=not plan.name,
                detail=plan,
            )
        )
    if not tensors:
        names = ", ".join(f"{f.name} ({f.type})"[:60] for f in list(schema)[:8])
        raise LoadError(
            file.path,
            f"has neither a column of vectors nor two numeric columns. Its columns are {names}. "
            "Write the vectors as a list column.",
        )
    return Found(tuple(tensors))


def _loaded(file: File, table: pa.Table, plan: Plan, more: tuple[str, ...] = ()) -> Loaded:
    check_dictionaries(file, table)
    values, missing = vectors(file.path, table, plan)
    columns, left_out = metadata(table, plan.columns)
    return Loaded(values, tuple(columns), (*more, *missing, *left_out))


class Parquet:
    """Parquet files."""

    name = "parquet"
    title = "Parquet"
    extensions = (".parquet", ".pq")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        return file.head()[:4] == b"PAR1" or file.name.lower().endswith((".parquet", ".pq"))

    def list(self, file: File) -> Found:
        """Read the schema, and the first rows if it does not have a vector's length."""
        with reading_as(file, "Parquet"):
            source = self._open(file)
            schema, n_rows = source.schema_arrow, source.metadata.num_rows
            found = plans(schema)
            widths = _declared_widths(schema, found)
            unknown = [plan.name for plan in found if plan.is_list and plan.name not in widths]
            widths |= self._widths(source, unknown)
            return _listed(file, schema, n_rows, widths, found)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the whole table, once."""
        with reading_as(file, "Parquet"):
            return _loaded(file, self._open(file).read(), tensor.detail)

    @staticmethod
    def _open(file: File) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        source = pa.PythonFile(FileBytes(file.real).stream(), "r")
        about = pq.read_metadata(source)
        check_columns(file, about.num_columns)
        unpacked = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        check_unpacked(file, unpacked)
        # Texts stay stored once each until it is known how much they are.
        texts = [
            field.name
            for field in about.schema.to_arrow_schema()
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        return pq.ParquetFile(
            source,
            metadata=about,
            read_dictionary=texts,
            # Without both, the first rows of a column cost reading all of it.
            buffer_size=_PIECE,
            pre_buffer=False,
        )

    @staticmethod
    def _widths(source: Any, names: Sequence[str]) -> dict[str, int]:
        """Return the lengths of vectors, from the first rows that have any."""
        widths: dict[str, int] = {}
        if not names:
            return widths
        for batch in source.iter_batches(batch_size=16, columns=names):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if name not in widths:
                    lengths = [len(row) for row in column.to_pylist() if row is not None]
                    widths |= {name: max(lengths)} if lengths else {}
            if len(widths) == len(names):
                break
        return widths


class Arrow:
    """Arrow files and streams, Feather."""

    name = "arrow"
    title = "Arrow and Feather"
    extensions = (".arrow", ".feather", ".arrows", ".ipc")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        if file.head()[:6] == FILE_MAGIC or file.head()[:4] == b"FEA1":
            return True
        return file.name.lower().endswith((".arrow", ".feather", ".arrows", ".ipc"))

    def list(self, file: File) -> Found:
        """Read the schema and the headers of the batches."""
        with reading_as(file, "Arrow"):
            raw = FileBytes(file.real)
            if _is_feather_1(file):
                table = self._table(file, raw)
                found = plans(table.schema)
                widths = _first_widths(table, found)
                return _listed(file, table.schema, table.num_rows, widths, found)
            schema = self._reader(file, raw).schema
            batches = [*batch_headers(raw)]
            n_rows = sum(batch.n_rows for batch in batches)
            return _listed(file, schema, n_rows, list_widths(schema, batches), plans(schema))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the columns and check every offset."""
        with reading_as(file, "Arrow"):
            table = self._table(file, FileBytes(file.real))
            table.validate(full=True)
            return _loaded(file, table, tensor.detail)

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


class Csv:
    """Values separated by commas, semicolons, tabs or bars, with or without a header."""

    name = "csv"
    title = "CSV and TSV tables"
    extensions = (".csv", ".tsv")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix; a TSV with fewer than three columns of decimals is metadata."""
        name = file.name.lower()
        if name.endswith(".csv"):
            return looks_like_text(file.head()) and not METADATA_NAME.search(name)
        if not name.endswith((".tsv", ".tab")) or METADATA_NAME.search(name):
            return False
        lines = first_lines(file.head(), 2)
        if not looks_like_text(file.head()) or len(lines) < 2:
            return False
        fractions = [c for c in lines[1].split("\t") if "." in c and is_number(c.strip())]
        return len(fractions) >= 3

    def list(self, file: File) -> Found:
        """Guess the columns from the first megabyte and count the lines."""
        dialect, start = dialect_of(file)
        with reading_as(file, "CSV"):
            schema = parse_csv(start, dialect).schema
            n_rows = csv_rows(file, dialect, start)
            return _listed(file, schema, n_rows, {}, plans(schema))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the numbers; every other cell stays text as it was written."""
        dialect, _ = dialect_of(file)
        data, guessed = read_csv_whole(file)
        with reading_as(file, "CSV"):
            table = parse_csv(data, dialect, numbers=tensor.detail.columns)
            values, missing = vectors(file.path, table, tensor.detail)
            columns = [
                column_of(field.name, column)
                for field, column in zip(table.schema, table.columns, strict=True)
                if field.name not in tensor.detail.columns
            ]
            found, n_unguarded = unguarded_columns(columns)
            notes = (guard_note(n_unguarded),) if n_unguarded else ()
            return Loaded(values, found, (*guessed, *missing, *notes))


class JsonLines:
    """One JSON object per line, with a list of numbers in it."""

    name = "jsonl"
    title = "JSON lines"
    extensions = (".jsonl", ".ndjson")
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix and an opening brace."""
        if not file.name.lower().endswith((".jsonl", ".ndjson")):
            return False
        return file.head().lstrip()[:1] == b"{"

    def list(self, file: File) -> Found:
        """Guess the columns from the first megabyte and count the lines."""
        with reading_as(file, "JSON lines"):
            table = parse_json_lines(json_start(file))
            found = plans(table.schema)
            n_rows = count_lines(file, blank=False)
            return _listed(file, table.schema, n_rows, _first_widths(table, found), found)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all lines."""
        data, guessed = read_csv_whole(file)
        with reading_as(file, "JSON lines"):
            return _loaded(file, parse_json_lines(data), tensor.detail, tuple(guessed))
