"""Parses regular lines of cells with Arrow's CSV reader: pieces of a text, several at once.

Arrow's own threads share the columns of a block, and with a hundred short columns they spend as
much time on sharing as on numbers. Here each thread parses a piece of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.machine.handover import empty_array
from projector.machine.in_order import in_order
from projector.typing import Vectors

#: Bytes that a thread parses, and bytes that Arrow parses at a time: numbers that are made of more
#: do not stay in the processor's cache.
_PIECE, _BLOCK = 1 << 22, 1 << 19
#: Letters of a cell that a block has room for, and bytes that are searched for a line's end.
_CELL, _WINDOW = 32, 1 << 16


def batches(raw: NDArray[np.uint8], types: Mapping[str, Any], delimiter: str) -> Iterator[Any]:
    """Give the rows of a text as Arrow's record batches, in their order.

    Parameters
    ----------
    raw : ndarray of shape (n_bytes,), uint8
        Lines of as many cells as there are types. Blank ones are skipped.
    types : mapping of str to pyarrow.DataType
        By the names of the columns.
    delimiter : str
        One character.

    Raises
    ------
    pyarrow.ArrowInvalid, pyarrow.ArrowKeyError
        A line has more or fewer cells, or a cell is of another type. An empty one is missing where
        its type allows it.
    """
    import pyarrow as pa
    from pyarrow import csv

    line = first_line(raw)
    block = max(_BLOCK, 2 * len(line), _CELL * len(types))
    reading = csv.ReadOptions(column_names=list(types), block_size=block, use_threads=False)
    parsing = csv.ParseOptions(delimiter=delimiter, quote_char=False)
    has_words = any(pa.types.is_binary(kind) for kind in types.values())
    converting = csv.ConvertOptions(column_types=dict(types), null_values=[] if has_words else [""])

    def parse(piece: NDArray[np.uint8]) -> Any:
        source = pa.BufferReader(pa.py_buffer(piece))
        return csv.read_csv(source, reading, parsing, converting)

    for table in in_order(parse, _pieces(raw)) if len(raw) > _PIECE else [parse(raw)]:
        yield from table.to_batches()


def rows_of_columns(columns: Sequence[Any]) -> Vectors:
    """Return columns of one type, without missing values, as (n_rows, n_columns) rows."""
    values = [column.to_numpy() for column in columns]
    rows = np.empty((len(values[0]), len(values)), values[0].dtype)
    for number, column in enumerate(values):
        rows[:, number] = column
    return rows


def below_each_other(blocks: Sequence[Vectors], n_columns: int) -> Vectors:
    """Return blocks of rows as one (n_rows, n_columns) matrix that another process can map."""
    kind = blocks[0].dtype if blocks else np.float32
    values = empty_array((sum(map(len, blocks)), n_columns), kind)
    at = 0
    for block in blocks:
        values[at : at + len(block)] = block
        at += len(block)
    return values


def first_line(raw: NDArray[np.uint8]) -> bytes:
    """Return the first line that is not blank; empty if it is longer than 16 MB."""
    for count in (1 << 12, 1 << 18, 1 << 24):
        line, end, _ = raw[:count].tobytes().lstrip(b"\r\n").partition(b"\n")
        if end or len(raw) <= count:
            return line.rstrip(b"\r")
    return b""


def _pieces(raw: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Give a text in pieces that end where a line ends."""
    start = 0
    while start < len(raw):
        stop = _line_end(raw, start + _PIECE)
        piece = raw[start:stop]
        if start == 0 or piece.tobytes().strip(b"\r\n"):  # Arrow refuses a text of blank lines
            yield piece
        start = stop


def _line_end(raw: NDArray[np.uint8], at: int) -> int:
    """Return where the line that has a place ends."""
    while at < len(raw):
        found = raw[at : at + _WINDOW].tobytes().find(b"\n")
        if found >= 0:
            return at + found + 1
        at += _WINDOW
    return len(raw)
