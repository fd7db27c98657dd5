"""A table of cells between tabs, split exactly: any line may have any number of cells.

Lines end at a line feed only; a label may contain any other separator of Unicode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

_TAB, _LINE_FEED, _RETURN = 9, 10, 13


@dataclass(frozen=True)
class ExactLines:
    """Where the cells of a text are.

    Attributes
    ----------
    data : ndarray of shape (n_bytes,), uint8
    ends : ndarray of shape (n_cells,), int64
        The offset of the tab or line feed after each cell.
    first : ndarray of shape (n_lines + 1,), int64
        Index into `ends` of each line's first cell.
    """

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, data: NDArray[np.uint8]) -> ExactLines:
        """Split a text."""
        if data[-1] != _LINE_FEED:
            data = np.append(data, np.uint8(_LINE_FEED))
        ends = np.flatnonzero((data == _TAB) | (data == _LINE_FEED))
        lines = np.flatnonzero(data[ends] == _LINE_FEED)
        return cls(data, ends, np.concatenate(([0], lines + 1)))

    @property
    def n_lines(self) -> int:
        """The number of lines."""
        return len(self.first) - 1

    @property
    def cells(self) -> NDArray[np.int64]:
        """The number of cells of each line."""
        return np.diff(self.first)

    @property
    def width(self) -> int:
        """The number of cells of the longest line."""
        return int(self.cells.max(initial=1))

    def n_cells(self, line: int) -> int:
        """Return the number of cells of one line."""
        return int(self.first[line + 1] - self.first[line])

    def trailing_blank_lines(self) -> int:
        """Return how many lines at the end are empty."""
        blank = self.blank_lines()
        return int(np.argmin(blank[::-1])) if not blank.all() else len(blank)

    def blank_lines(self) -> NDArray[np.bool_]:
        """Tell for each line whether it is empty."""
        first = self.first[:-1]
        starts = np.where(first > 0, self.ends[first - 1] + 1, 0)
        lengths = self.ends[self.first[1:] - 1] - starts
        empty = (lengths == 0) | ((lengths == 1) & (self.data[starts] == _RETURN))
        return np.asarray(empty & (self.cells == 1), np.bool_)

    def line(self, number: int) -> list[str]:
        """Return the cells of one line."""
        cells = self.rows(number, number + 1)
        return [cells.column(i, 1)[0] or "" for i in range(self.n_cells(number))]

    def rows(self, start: int, stop: int) -> ExactLines:
        """Return the lines from `start` to before `stop`."""
        return ExactLines(self.data, self.ends, self.first[start : min(stop, self.n_lines) + 1])

    def ragged(self, n_columns: int, *, first_line: int) -> list[str]:
        """Return warnings about lines with another number of cells."""
        cells = self.cells
        blank = self.blank_lines()
        warnings = []
        for rows, difference, effect in (
            (np.flatnonzero(cells > n_columns), "more", "The additional cells are ignored."),
            (np.flatnonzero(cells < n_columns), "fewer", "The missing cells stay empty."),
        ):
            # A blank line is a row without values, which is allowed.
            rows = rows[~blank[rows]]
            if len(rows):
                warnings.append(
                    f"{len(rows):,} of {len(cells):,} rows have {difference} than {n_columns} "
                    f"cells, starting with line {int(rows[0]) + first_line}. {effect}"
                )
        return warnings

    def column(self, number: int, n_points: int) -> PackedText:
        """Return one column with `n_points` rows; an empty cell is a missing value."""
        there = self.cells > number
        cell = np.where(there, self.first[:-1] + number, 0)
        stop = np.where(there, self.ends[cell], 0)
        start = np.where(there & (cell > 0), self.ends[cell - 1] + 1, 0)
        # A carriage return before the line feed belongs to the line end.
        last = there & (self.cells == number + 1) & (stop > start)
        stop = stop - (last & (self.data[stop - 1] == _RETURN))
        lengths = np.zeros(n_points, np.int64)
        lengths[: len(start)] = np.where(there, stop - start, 0)
        offsets = np.zeros(n_points + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        begin = np.zeros(n_points, np.int64)
        begin[: len(start)] = start
        return PackedText(_gather(self.data, begin, lengths, offsets), offsets, lengths == 0)


def _gather(
    data: NDArray[np.uint8],
    start: NDArray[np.int64],
    lengths: NDArray[np.int64],
    offsets: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """Return the bytes of all cells, one after the other."""
    total = int(offsets[-1])
    kind = np.int32 if len(data) < 1 << 31 else np.int64
    places = np.repeat((start - offsets[:-1]).astype(kind), lengths)
    places += np.arange(total, dtype=kind)
    return data[places]
