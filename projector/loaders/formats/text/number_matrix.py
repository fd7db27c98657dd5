"""Reads a matrix of numbers from text: a fast reader for regular files, a strict one for others.

Arrow's reader handles regular files, on several cores. What it refuses is read again by a slow,
strict reader, which either succeeds (a plus sign, a number beyond float32) or reports the line and
column of the mistake.
"""

from __future__ import annotations

import codecs
import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.machine.handover import empty_array
from projector.typing import Vectors

#: A number as every program writes it; not Python's ``1_000``, nor a decimal comma.
NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf|infinity)",
    re.IGNORECASE | re.ASCII,
)
#: The first line must end within this many bytes; a row of a million numbers does.
_FIRST = 1 << 24
_BLOCK = 1 << 22
#: Smaller texts are read by Python alone before the reader process would have started.
NATIVE_FROM = 1 << 21
#: Arrow keeps a builder for every column; with more columns the strict reader is faster.
_WIDE = 16_384
_NAN = re.compile(r"nan", re.IGNORECASE)


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number."""
    return NUMBER.fullmatch(cell) is not None


def delimiter_of(line: str) -> str:
    """Return the delimiter of a line of numbers: a tab, or a space for any white space."""
    return "\t" if "\t" in line or " " not in line.strip() else " "


def cells_of(line: str, delimiter: str) -> list[str]:
    """Split a line into cells; white space of any width counts as one delimiter."""
    return line.split() if delimiter == " " else [cell.strip() for cell in line.split(delimiter)]


def read_fast(raw: NDArray[np.uint8], *, delimiter: str, skip: int) -> Vectors | None:
    """Return a (n_rows, n_columns) float32 matrix of a regular text, or None if it is not regular.

    Parameters
    ----------
    raw : ndarray of shape (n_bytes,), uint8
        The file. Numbers are ASCII, so the encoding need not be detected; a byte
        order mark is skipped.
    delimiter : str
        A tab, or a space for white space of any width, which is never regular.
    skip : int
        Number of header lines.

    Notes
    -----
    100,000 x 100 (200 MB) take 0.4 s on two cores; memory is twice the result.
    """
    if delimiter != "\t" or not len(raw):
        return None
    values = _arrow_matrix(raw[3:] if raw[:3].tobytes() == codecs.BOM_UTF8 else raw, skip)
    if values is not None and np.isinf(values).any():
        return None  # written as inf, or too large for float32: the strict reader counts them
    return values


def read_strict(path: Path, raw: bytes, *, delimiter: str, skip: int) -> tuple[Vectors, list[str]]:
    """Return a (n_rows, n_columns) float32 matrix and warnings.

    Parameters
    ----------
    path : Path
        For error messages.
    raw : bytes
        The file as UTF-8 without a byte order mark.
    delimiter : str
        A tab, or a space for white space of any width.
    skip : int
        Number of header lines.

    Raises
    ------
    LoadError
        A cell is not a number, or a row has another length; with line and column.

    Notes
    -----
    Takes about 0.6 microseconds per number.
    """
    values = _strict_matrix(path, raw, delimiter, skip)
    return values, _overflow(raw, values)


def _arrow_matrix(raw: NDArray[np.uint8], skip: int) -> Vectors | None:
    import pyarrow as pa
    from pyarrow import csv

    start = raw[:_FIRST].tobytes()
    line = start[_start_of_data(start, skip) :].partition(b"\n")[0]
    n_columns = line.count(b"\t") + 1
    if n_columns > _WIDE:
        return None
    names = [str(column) for column in range(n_columns)]
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(raw)),
            read_options=csv.ReadOptions(column_names=names, skip_rows=skip, block_size=_BLOCK),
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.float32()), null_values=[]
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    values = empty_array((table.num_rows, len(names)), np.float32)
    start_row = 0
    for batch in table.to_batches():
        for column, array in enumerate(batch.columns):
            values[start_row : start_row + batch.num_rows, column] = array.to_numpy()
        start_row += batch.num_rows
    return values


def _start_of_data(raw: bytes, skip: int) -> int:
    at = 0
    for _ in range(skip):
        at = raw.find(b"\n", at) + 1
    while raw[at : at + 1] in (b"\n", b"\r"):
        at += 1
    return at


def _strict_matrix(path: Path, raw: bytes, delimiter: str, skip: int) -> Vectors:
    text = raw.decode("utf-8", "replace")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    rows: list[list[float]] = []
    n_columns, first = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if number <= skip or not line.strip():
            continue
        row = _row(path, line.rstrip("\r"), number, delimiter)
        if not rows:
            n_columns, first = len(row), number
        elif len(row) != n_columns:
            raise LoadError(
                path,
                f"found {len(row)} numbers, expected {n_columns} as on line {first}. All rows must "
                "have the same length; put labels in a metadata file.",
                place=f"line {number}",
            )
        rows.append(row)
    if not rows:
        raise LoadError(path, "contains no numbers. Expected one row of numbers per point.")
    with np.errstate(over="ignore"):
        return np.array(rows, np.float64).astype(np.float32)


def _row(path: Path, line: str, number: int, delimiter: str) -> list[float]:
    row = []
    for column, cell in enumerate(cells_of(line, delimiter), 1):
        if not is_number(cell):
            raise LoadError(
                path,
                f"found {cell[:40]!r}, expected a number. A tensors file contains only numbers, "
                "separated by tabs; put labels in a metadata file.",
                place=f"line {number}, column {column}",
            )
        row.append(math.nan if _NAN.search(cell) else float(cell))
    return row


def _overflow(raw: bytes, values: Vectors) -> list[str]:
    """Warn of infinities that are not in the text."""
    infinite = int(np.isinf(values).sum())
    lost = infinite - len(re.findall(rb"inf", raw, re.IGNORECASE)) if infinite else 0
    return (
        [f"{lost:,} numbers are beyond the range of float32 and became infinite."] if lost else []
    )
