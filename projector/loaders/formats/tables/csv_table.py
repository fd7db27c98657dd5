"""Parses CSV, TSV with a header, and JSON lines to Arrow tables."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.bounded_json import check_nesting
from projector.loaders.formats.text.lines import MAX_TEXT, count_lines, decode
from projector.loaders.formats.text.number_matrix import is_number
from projector.loaders.safe_files import read_all, read_head

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",;\t|"
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_START = 1 << 20
#: A vector of a million numbers is shorter.
_LONGEST_LINE = 1 << 24


@dataclass(frozen=True)
class Dialect:
    """How to read a delimited text.

    Attributes
    ----------
    delimiter : str
    header : tuple of str
        The names of the columns; empty where line 1 is not a header.
    decimal : str
        The decimal separator.
    quoted : bool
        Whether there are quotes, which may contain line ends.
    """

    delimiter: str
    header: tuple[str, ...]
    decimal: str
    quoted: bool

    @property
    def has_header(self) -> bool:
        """Whether line 1 names the columns."""
        return bool(self.header)


def dialect_of(file: File) -> tuple[Dialect, bytes]:
    """Return a file's dialect, and its first megabyte as UTF-8, up to the end of a line."""
    import csv

    head = read_head(file.real, _START)
    try:
        start, _ = decode(head)
    except UnicodeError:
        raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
    if len(head) >= _START:
        start = start[: start.rfind(b"\n") + 1] or start
    text = start.decode("utf-8", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), 9))
    except csv.Error as error:
        raise LoadError(
            file.path, f"cannot be read as CSV ({error}). Correct or save it again."
        ) from None
    cells = [cell.strip() for row in rows[1:] for cell in row]
    decimal = "."
    if delimiter != "," and any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells):
        decimal = ","
    header = rows[0] if rows else []
    if all(is_number(cell.strip().replace(decimal, ".")) for cell in header):
        header = []
    names = tuple(_unique(name.strip() or f"column {i + 1}" for i, name in enumerate(header)))
    return Dialect(delimiter, names, decimal, b'"' in start), start


def _unique(names: Any) -> list[str]:
    used: set[str] = set()
    result = []
    for base in names:
        name, count = base, 2
        while name in used:
            name, count = f"{base} ({count})", count + 1
        used.add(name)
        result.append(name)
    return result


def parse_csv(data: bytes, dialect: Dialect, *, numbers: tuple[str, ...] | None = None) -> pa.Table:
    """Parse delimited text.

    Parameters
    ----------
    data : bytes
        UTF-8.
    dialect : Dialect
    numbers : tuple of str, optional
        Columns to read as numbers; all others stay text as written. Types are guessed if left out.

    Raises
    ------
    pyarrow.ArrowInvalid
        A line does not fit the dialect.
    """
    import pyarrow as pa
    from pyarrow import csv

    convert: dict[str, Any] = {"decimal_point": dialect.decimal}
    if numbers is not None:
        names = dialect.header or tuple(f"f{i}" for i in range(_n_columns(data, dialect)))
        convert["column_types"] = {
            name: pa.float64() if name in numbers else pa.string() for name in names
        }
    return csv.read_csv(
        pa.BufferReader(data),
        read_options=csv.ReadOptions(
            column_names=list(dialect.header) or None,
            autogenerate_column_names=not dialect.has_header,
            skip_rows=int(dialect.has_header),
            block_size=max(1 << 20, min(len(data) + 1, 1 << 24)),
            use_threads=not dialect.quoted,
        ),
        parse_options=csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=dialect.quoted
        ),
        convert_options=csv.ConvertOptions(**convert),
    )


def _n_columns(data: bytes, dialect: Dialect) -> int:
    line = data[: data.find(b"\n") + 1 or None].decode("utf-8", "replace")
    return line.count(dialect.delimiter) + 1


def read_csv_whole(file: File) -> tuple[bytes, list[str]]:
    """Return the whole text as UTF-8, and warnings of what was guessed."""
    try:
        return decode(read_all(file.real, limit=MAX_TEXT, what="a text file"))
    except UnicodeError:
        raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None


def csv_rows(file: File, dialect: Dialect, start: bytes) -> int:
    """Return how many rows a CSV file has; one with quotes is parsed, since they may hide lines."""
    if not dialect.quoted:
        return count_lines(file, blank=False) - dialect.has_header
    import pyarrow as pa

    data = start if len(start) >= file.size else read_csv_whole(file)[0]
    try:
        return int(parse_csv(data, dialect).num_rows)
    except pa.ArrowInvalid as error:
        raise LoadError(
            file.path, f"cannot be read as CSV ({error}). Correct or save it again."
        ) from None


def parse_json_lines(data: bytes) -> pa.Table:
    """Parse one JSON object per line.

    Raises
    ------
    JsonBoundsError
        A value is nested too deeply.
    pyarrow.ArrowInvalid
        A line is not a JSON object.
    """
    import pyarrow as pa
    from pyarrow import json

    check_nesting(data)
    return json.read_json(
        pa.BufferReader(data), read_options=json.ReadOptions(block_size=max(1 << 20, len(data)))
    )


def json_start(file: File) -> bytes:
    """Return the first megabyte of a JSON lines file, up to the end of a line, or one long line.

    Raises
    ------
    LoadError
        The first line is too long to guess the columns from.
    """
    head = read_head(file.real, _START)
    if len(head) < _START:
        return head
    if b"\n" not in head:
        head = read_head(file.real, _LONGEST_LINE)
        if b"\n" not in head and len(head) < file.size:
            raise LoadError(
                file.path,
                f"is longer than {_LONGEST_LINE:,} bytes. Write one object per line, each with "
                "one vector.",
                place="line 1",
            )
    return head[: head.rfind(b"\n") + 1] or head
