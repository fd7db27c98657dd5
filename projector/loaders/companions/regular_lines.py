"""A table of cells between tabs in which all lines have as many: split by Arrow, without a copy."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

import numpy as np

from projector.model.text import PackedText

#: Bytes that Arrow splits at a time; a line must be shorter.
_BLOCK = 1 << 20
_MOST_COLUMNS = 4096


@dataclass(frozen=True)
class RegularLines:
    """Lines of equally many cells; has what `ExactLines` has.

    Attributes
    ----------
    columns : tuple of PackedText
        Of all lines.
    start : int
        The first line.
    n_lines : int
    text : bytes
        All lines.
    """

    columns: tuple[PackedText, ...]
    start: int
    n_lines: int
    text: bytes

    @classmethod
    def of(cls, text: bytes) -> RegularLines | None:
        """Split a text of UTF-8; None if Arrow would read it in another way than `ExactLines`."""
        import pyarrow as pa
        from pyarrow import csv

        n_columns = text.partition(b"\n")[0].count(b"\t") + 1
        if text.startswith(codecs.BOM_UTF8) or _has_lone_returns(text):
            return None
        if not text or n_columns > _MOST_COLUMNS:
            return None
        names = [str(number) for number in range(n_columns)]
        try:
            table = csv.read_csv(
                pa.BufferReader(text),
                read_options=csv.ReadOptions(column_names=names, block_size=_BLOCK),
                parse_options=csv.ParseOptions(
                    delimiter="\t", quote_char=False, ignore_empty_lines=False
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.binary()), null_values=[]
                ),
            )
        except pa.ArrowInvalid:
            return None
        texts = tuple(_joined(column.chunks) for column in table.columns)
        return cls(texts, 0, table.num_rows, text)

    @property
    def width(self) -> int:
        """The number of cells of a line."""
        return len(self.columns)

    def n_cells(self, line: int) -> int:
        """Return the number of cells of one line."""
        return len(self.columns)

    def trailing_blank_lines(self) -> int:
        """Return how many lines at the end are empty."""
        last = self.text.rstrip(b"\r\n")
        return max(0, self.text.count(b"\n", len(last)) - 1)

    def line(self, number: int) -> list[str]:
        """Return the cells of one line."""
        at = self.start + number
        return [column[at] or "" for column in self.columns]

    def rows(self, start: int, stop: int) -> RegularLines:
        """Return the lines from `start` to before `stop`."""
        stop = min(stop, self.n_lines)
        return RegularLines(self.columns, self.start + start, max(0, stop - start), self.text)

    def ragged(self, n_columns: int, *, first_line: int) -> list[str]:
        """Return warnings about lines with another number of cells: none."""
        return []

    def column(self, number: int, n_points: int) -> PackedText:
        """Return one column with `n_points` rows; an empty cell is a missing value."""
        text, stop = self.columns[number], self.start + self.n_lines
        offsets, missing = text.offsets[self.start : stop + 1], text.missing[self.start : stop]
        first, last = int(offsets[0]), int(offsets[-1])
        if self.n_lines < n_points:
            left = n_points - self.n_lines
            offsets = np.concatenate((offsets, np.full(left, last, np.int64)))
            missing = np.concatenate((missing, np.ones(left, np.bool_)))
        return PackedText(text.data[first:last], offsets - first if first else offsets, missing)


def _joined(chunks: list[Any]) -> PackedText:
    """Return the texts of Arrow arrays as one; an empty text is a missing value."""
    data, ends, at = [], [np.zeros(1, np.int64)], 0
    for chunk in chunks:
        _, offsets, texts = chunk.buffers()
        own = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        first, last = int(own[0]), int(own[-1])
        if last > first:
            data.append(np.frombuffer(texts, np.uint8)[first:last])
        ends.append(own[1:] + np.int64(at - first))
        at += last - first
    whole = np.concatenate(ends)
    joined = np.concatenate(data) if data else np.zeros(0, np.uint8)
    return PackedText(joined, whole, whole[1:] == whole[:-1])


def _has_lone_returns(text: bytes) -> bool:
    """Tell whether a carriage return is anything but the first half of a line end."""
    return b"\r" in text and text.count(b"\r") != text.count(b"\r\n")
