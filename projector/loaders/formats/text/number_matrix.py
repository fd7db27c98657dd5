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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.formats.text.arrow_blocks import (
    RawText,
    batches,
    below_each_other,
    first_line,
    rows_of,
)
from projector.model.narrowing import SAMPLE, dtype_needed
from projector.typing import AnyArray, Vectors

#: A number as every program writes it; not Python's ``1_000``, nor a decimal comma.
NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf|infinity)",
    re.IGNORECASE | re.ASCII,
)
#: The first line must end within this many bytes; a row of a million numbers does.
_FIRST = 1 << 24
#: Bytes whose numbers tell in which type all are read.
_SAMPLED = 1 << 20
#: Smaller texts are read by Python alone before the reader process would have started.
NATIVE_FROM = 1 << 21
#: Arrow keeps a builder for every column; with more columns the strict reader is faster.
_WIDE = 16_384
_TAB, _LINE_FEED, _RETURN, _SPACE = 9, 10, 13, 32
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


def read_fast(text: RawText, *, delimiter: str, skip: int) -> Vectors | None:
    """Return a (n_rows, n_columns) float32 matrix of a regular text, or None if it is not regular.

    Parameters
    ----------
    text : RawText
        The file. Numbers are ASCII, so the encoding need not be detected; a byte
        order mark is skipped.
    delimiter : str
        One character, or a space for white space of any width.
    skip : int
        Number of lines before the first row.

    Notes
    -----
    100,000 x 100 (200 MB) take 0.4 s on two cores; memory is twice the result.
    """
    start = _start_of_data(text.head(_FIRST), skip) if skip else 0
    bom = text.head(3)
    if not text.size or bom[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return None
    if bom == codecs.BOM_UTF8:
        start = max(start, len(bom))
    values = _float_matrix(text.after(start), delimiter)
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
        One character, or a space for white space of any width.
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
    return values, beyond_float32(values, raw)


def arrow_matrix(raw: Any, delimiter: str) -> Vectors | None:
    """Return a (n_rows, n_columns) matrix of bytes that are regular text, or None.

    Parameters
    ----------
    raw : bytes or ndarray of uint8
        Lines of numbers as many as on the first, without a header.
    delimiter : str
        One character; one more at the end of every line is ignored.

    Notes
    -----
    float32, or float64 where the first rows differ in digits that float32 does not hold.
    """
    return _float_matrix(RawText.of(np.frombuffer(raw, np.uint8)), delimiter)


def _float_matrix(text: RawText, delimiter: str) -> Vectors | None:
    import pyarrow as pa

    head = text.read(0, min(_SAMPLED, text.size))
    first = head[: head.tobytes().rfind(b"\n") + 1]
    sample = _matrix(RawText.of(first), delimiter, pa.float64()) if len(first) else None
    kind = dtype_needed(sample) if sample is not None else np.float32
    return _matrix(text, delimiter, pa.from_numpy_dtype(kind))


def _matrix(text: RawText, delimiter: str, kind: Any) -> AnyArray | None:
    import pyarrow as pa

    prepare = _between_tabs if delimiter == " " else _as_it_is
    delimiter = "\t" if delimiter == " " else delimiter
    line = prepare(np.frombuffer(first_line(text), np.uint8)).tobytes()
    n_columns = line.count(delimiter.encode()) + 1
    if n_columns > _WIDE or not line:
        return None
    types = dict.fromkeys(map(str, range(n_columns)), kind)
    if line.endswith(delimiter.encode()) and n_columns > 1:
        n_columns -= 1
        types[str(n_columns)] = pa.null()
    blocks: list[Vectors] = []
    try:
        for batch in batches(text, types, delimiter, prepare):
            if any(column.null_count for column in batch.columns[:n_columns]):
                return None
            blocks.append(rows_of(batch, 0, n_columns))
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    return below_each_other(blocks, n_columns)


def _as_it_is(raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return raw


def _start_of_data(raw: bytes, skip: int) -> int:
    end = b"\n" if b"\n" in raw else b"\r"
    at = 0
    for _ in range(skip):
        at = raw.find(end, at) + 1
    return at


def _between_tabs(raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a text with one tab for white space of any width, and none around lines."""
    for _ in range(2):  # the second pass takes what the first left at the start of lines
        blank = (raw == _SPACE) | (raw == _TAB)
        ends = (raw == _LINE_FEED) | (raw == _RETURN)
        after = np.append((blank | ends)[1:], True)
        before = np.append(True, ends[:-1])
        raw = np.where(blank, np.uint8(_TAB), raw)[~(blank & (after | before))]
    return raw


def _strict_matrix(path: Path, raw: bytes, delimiter: str, skip: int) -> Vectors:
    text = raw.decode("utf-8", "replace")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    rows: list[list[float]] = []
    n_columns, first = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if number <= skip or not line.strip():
            continue
        row = _row(path, line.rstrip("\r"), number, delimiter, n_columns)
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
        wide = np.array(rows, np.float64)
        return wide.astype(dtype_needed(wide[:: max(1, len(wide) // SAMPLE)]))


def _row(path: Path, line: str, number: int, delimiter: str, n_columns: int) -> list[float]:
    row = []
    cells = cells_of(line, delimiter)
    # Some programs write a delimiter at the end of every line.
    if len(cells) > 1 and not cells[-1] and n_columns in (0, len(cells) - 1):
        cells.pop()
    for column, cell in enumerate(cells, 1):
        if not is_number(cell):
            raise LoadError(
                path,
                f"found {cell[:40]!r}, expected a number. A tensors file contains only numbers, "
                "separated by tabs; put labels in a metadata file.",
                place=f"line {number}, column {column}",
            )
        row.append(math.nan if _NAN.search(cell) else float(cell))
    return row


def beyond_float32(values: Vectors, raw: bytes) -> list[str]:
    """Return a warning of infinities that are not in the text."""
    infinite = int(np.isinf(values).sum())
    lost = infinite - len(re.findall(rb"inf", raw, re.IGNORECASE)) if infinite else 0
    return (
        [f"{lost:,} numbers are beyond the range of float32 and became infinite."]
        if lost > 0
        else []
    )
