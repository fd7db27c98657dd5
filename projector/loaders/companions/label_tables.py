"""Reads tables of labels in Parquet, Arrow and JSON lines, in the reader process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from projector.loaders.base import UNEXPECTED_ERRORS, File, unexpected_error
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.tables.arrow_columns import metadata
from projector.loaders.formats.tables.csv_table import parse_json_lines
from projector.loaders.in_reader import call_reader
from projector.loaders.safe_files import read_all
from projector.model.metadata import Column

if TYPE_CHECKING:
    import pyarrow as pa

_LINES = re.compile(r"\.(jsonl|ndjson)$", re.IGNORECASE)
_TITLE = "tables of labels"
#: Larger tables of lines are not read only because they lie beside vectors.
_MOST = 1 << 28


def table_shape(file: File) -> tuple[int, int]:
    """Return the numbers of rows and columns.

    Raises
    ------
    LoadError
        It cannot be read.
    """
    found: tuple[int, int] = _call("shape_here", file)
    return found


def table_columns(file: File) -> list[Column]:
    """Return all columns that can be labels.

    Raises
    ------
    LoadError
        It cannot be read.
    """
    found: list[Column] = _call("columns_here", file, long=True)
    return found


def shape_here(file: File) -> tuple[int, int]:
    """Do the work of `table_shape`, in the reader process."""
    try:
        if file.head()[:4] == b"PAR1":
            import pyarrow.parquet as pq

            source = pq.ParquetFile(_opened(file))
            return source.metadata.num_rows, len(source.schema_arrow)
        table = _table(file)
        return table.num_rows, table.num_columns
    except MemoryError:
        raise  # how much it may take is known to the owner
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error


def columns_here(file: File) -> list[Column]:
    """Do the work of `table_columns`, in the reader process."""
    try:
        columns, _ = metadata(_table(file), ())
        return list(columns)
    except MemoryError:
        raise  # how much it may take is known to the owner
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error


def _call(function: str, file: File, *, long: bool = False) -> Any:
    name = f"{__name__}:{function}"
    return call_reader(name, file, path=file.path, size=file.size, title=_TITLE, long=long)


def _table(file: File) -> pa.Table:
    if _LINES.search(file.name):
        return parse_json_lines(read_all(file.real, limit=_MOST, what="a table of labels"))
    head = file.head()
    if head[:4] == b"PAR1":
        import pyarrow.parquet as pq

        return pq.ParquetFile(_opened(file)).read()
    from pyarrow import feather, ipc

    if head[:4] == b"FEA1":
        return feather.read_table(_opened(file))
    opened = ipc.open_file if head[:6] == b"ARROW1" else ipc.open_stream
    return opened(_opened(file)).read_all()


def _opened(file: File) -> Any:
    import pyarrow as pa

    return pa.PythonFile(FileBytes(file.real).stream(), "r")
