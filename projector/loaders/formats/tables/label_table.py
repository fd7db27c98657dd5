"""Reads the columns of a table that has no vectors: labels beside an embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.bounded_json import JsonBoundsError, check_nesting
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_columns import metadata
from projector.loaders.formats.tables.parquet_file import open_parquet
from projector.loaders.formats.tables.table_bounds import check_dictionaries
from projector.loaders.formats.text.lines import count_lines
from projector.loaders.safe_files import read_all, reason_of

if TYPE_CHECKING:
    import pyarrow as pa

#: Larger tables are not read only because they lie beside vectors.
MAX_TABLE = 1 << 28
_MOST_COLUMNS = 2000
_PARQUET, _FEATHER, _ARROW = b"PAR1", b"FEA1", b"ARROW1"


class LabelTable:
    """Parquet, Arrow and JSON lines as nothing but columns.

    `list` gives one tensor of the shape (n_rows, n_columns) that has no numbers, and `load` no
    vectors, but the columns. It is not in the registry: no file is opened with it by itself.
    """

    name = "label-table"
    title = "Table of labels"
    extensions = (".parquet", ".arrow", ".feather", ".jsonl")
    native: ClassVar[Operations] = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Return False: it is only used for files that may be labels."""
        return False

    def list(self, file: File) -> Found:
        """Read the number of rows and columns; 0 columns where they are not known yet.

        Raises
        ------
        LoadError
            It is damaged, or none of its columns has single values.
        """
        if not _is_columnar(file):
            shape = (count_lines(file, blank=False), 0)
        else:
            if file.head()[:4] == _PARQUET:
                opened = open_parquet(file)
                n_rows, schema = opened.metadata.num_rows, opened.schema_arrow
            else:
                table = _arrow(file)
                n_rows, schema = table.num_rows, table.schema
            _check_columns(file, len(schema))
            shape = (n_rows, _count_single(file, schema))
        return Found((Tensor("", file.stem, shape, "table", real=False, whole=True),))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all columns that hold single values."""
        table = _table(file)
        _check_columns(file, table.num_columns)
        check_dictionaries(file, table)
        columns, left_out = metadata(table, ())
        rows = len(columns[0]) if columns else 0
        return Loaded(np.zeros((rows, 0), np.float32), tuple(columns), tuple(left_out))


def _count_single(file: File, schema: pa.Schema) -> int:
    """Return the number of columns that hold single values."""
    import pyarrow as pa

    n_columns = sum(not pa.types.is_nested(field.type) for field in schema)
    if n_columns == 0:
        raise LoadError(file.path, "has no column of single values. Write the labels as text.")
    return n_columns


def _check_columns(file: File, n_columns: int) -> None:
    if n_columns > _MOST_COLUMNS:
        raise LoadError(
            file.path,
            f"has {n_columns:,} columns, which are no labels: at most {_MOST_COLUMNS:,} are read.",
        )


def _is_columnar(file: File) -> bool:
    return file.head()[:6].startswith((_PARQUET, _FEATHER, _ARROW)) or file.name.lower().endswith(
        (".parquet", ".pq", ".arrow", ".feather", ".ipc", ".arrows")
    )


def _table(file: File) -> pa.Table:
    import pyarrow as pa

    try:
        if not _is_columnar(file):
            return _json_lines(file)
        if file.head()[:4] == _PARQUET:
            return open_parquet(file).read()
        return _arrow(file)
    except (LoadError, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        reason = reason_of(error, 200)
        raise LoadError(
            file.path, f"cannot be read as a table ({reason}). Save it again."
        ) from None


def _json_lines(file: File) -> pa.Table:
    import pyarrow as pa
    from pyarrow import json

    data = read_all(file.real, limit=MAX_TABLE, what="a table of labels")
    try:
        check_nesting(data)
    except JsonBoundsError as error:
        raise LoadError(file.path, f"cannot be read: {error}. Remove the nesting.") from None
    options = json.ReadOptions(block_size=max(1 << 20, len(data)))
    return json.read_json(pa.BufferReader(data), read_options=options)


def _arrow(file: File) -> pa.Table:
    from pyarrow import feather, ipc

    head = file.head()
    if head[:4] == _FEATHER:
        return feather.read_table(_buffer(file))
    opened = (ipc.open_file if head[:6] == _ARROW else ipc.open_stream)(_buffer(file))
    table = opened.read_all()
    table.validate(full=True)
    return table


def _buffer(file: File) -> Any:
    import pyarrow as pa

    return pa.PythonFile(FileBytes(file.real).stream(), "r")
