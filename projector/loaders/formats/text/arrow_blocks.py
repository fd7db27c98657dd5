"""Parses regular lines of cells with Arrow's CSV reader: pieces of a text, several at once.

Arrow's own threads share the columns of a block, and with a hundred short columns they spend as
much time on sharing as on numbers. Here each thread parses a piece of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

Raw = NDArray[np.uint8]


@dataclass(frozen=True)
class RawText:
    """The bytes of a text, which need not be in memory.

    Attributes
    ----------
    size : int
        Number of bytes.
    read : callable
        ``read(start, stop)`` returns a range of them.
    """

    size: int
    read: Callable[[int, int], Raw]

    @classmethod
    def of(cls, raw: Raw) -> RawText:
        """Return bytes in memory as a text."""
        return cls(len(raw), lambda start, stop: raw[start:stop])

    def after(self, start: int) -> RawText:
        """Return what follows after some bytes."""
        return RawText(self.size - start, lambda at, stop: self.read(start + at, start + stop))

    def head(self, count: int) -> bytes:
        """Return the first bytes."""
        return self.read(0, min(count, self.size)).tobytes()


def batches(
    text: RawText,
    types: Mapping[str, Any],
    delimiter: str,
    prepare: Callable[[Raw], Raw] = lambda piece: piece,
) -> Iterator[Any]:
    """Give the rows of a text as Arrow's record batches, in their order.

    Parameters
    ----------
    text : RawText
        Lines of as many cells as there are types. Blank ones are skipped.
    types : mapping of str to pyarrow.DataType
        By the names of the columns.
    delimiter : str
        One character.
    prepare : callable
        What is done to whole lines before they are parsed.

    Raises
    ------
    pyarrow.ArrowInvalid, pyarrow.ArrowKeyError
        A line has more or fewer cells, or a cell is of another type. An empty one is missing where
        its type allows it.
    """
    import pyarrow as pa
    from pyarrow import csv

    line = first_line(text)
    block = max(_BLOCK, 2 * len(line), _CELL * len(types))
    reading = csv.ReadOptions(column_names=list(types), block_size=block, use_threads=False)
    parsing = csv.ParseOptions(delimiter=delimiter, quote_char=False)
    has_words = any(pa.types.is_binary(kind) for kind in types.values())
    converting = csv.ConvertOptions(column_types=dict(types), null_values=[] if has_words else [""])

    def parse(piece: Raw) -> Any:
        source = pa.BufferReader(pa.py_buffer(prepare(piece)))
        return csv.read_csv(source, reading, parsing, converting)

    is_small = text.size <= _PIECE
    for table in [parse(text.read(0, text.size))] if is_small else in_order(parse, _pieces(text)):
        yield from table.to_batches()


def rows_of(batch: Any, start: int, stop: int) -> Vectors:
    """Return columns of one type, without missing values, as (n_rows, stop - start) rows."""
    rows: Vectors = batch.select(range(start, stop)).to_tensor(row_major=True).to_numpy()
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


def first_line(text: RawText) -> bytes:
    """Return the first line that is not blank; empty if it is longer than 16 MB."""
    for count in (1 << 12, 1 << 18, 1 << 24):
        line, end, _ = text.head(count).lstrip(b"\r\n").partition(b"\n")
        if end or text.size <= count:
            return line.rstrip(b"\r")
    return b""


def _pieces(text: RawText) -> Iterator[Raw]:
    """Give a text in pieces that end where a line ends."""
    start = 0
    while start < text.size:
        piece = _whole_lines(text, start)
        if start == 0 or piece.tobytes().strip(b"\r\n"):  # Arrow refuses a text of blank lines
            yield piece
        start += len(piece)


def _whole_lines(text: RawText, start: int) -> Raw:
    """Return the lines from a place on: about as many bytes as a piece has."""
    count = _PIECE
    while start + count < text.size:
        piece = text.read(start, start + count)
        for window in (_WINDOW, count):
            end = piece[-window:].tobytes().rfind(b"\n")
            if end >= 0:
                return piece[: max(0, count - window) + end + 1]
        count *= 2
    return text.read(start, text.size)
