"""Reads metadata TSV files: one line per point, cells separated by tabs, no quoting.

Whether the first line is a header cannot be seen from the file alone: the number of points
decides. Lines end at a line feed only; a label may contain any other separator of Unicode.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.formats.text.lines import decode
from projector.loaders.safe_files import read_all
from projector.model.metadata import Column, Metadata
from projector.model.spreadsheet_cells import guard_note, unguarded_columns
from projector.model.text import PackedText

_LIMIT = 1 << 32
_TAB, _LINE_FEED, _RETURN = 9, 10, 13


def fits(n_lines: int, n_points: int) -> bool:
    """Tell whether a table of `n_lines` lines can be the metadata of `n_points` points."""
    return n_lines in (n_points, n_points + 1)


def read_metadata(path: Path, n_points: int) -> tuple[Metadata, list[str]]:
    """Read a metadata table.

    Parameters
    ----------
    path : Path
    n_points : int

    Returns
    -------
    metadata : Metadata
        Exactly `n_points` rows.
    warnings : list of str
        What was guessed, padded or dropped.

    Raises
    ------
    LoadError
        The file is missing, binary, empty or too large.

    Notes
    -----
    1,000,000 lines of two columns take about 0.3 s; memory is about ten times the file.
    """
    raw = read_all(path, limit=_LIMIT, what="metadata")
    try:
        text, warnings = decode(raw)
    except UnicodeError:
        raise LoadError(path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
    if warnings and b"\0" in raw[: 1 << 16]:
        raise LoadError(path, "is a binary file, not a table. Write one line of text per point.")
    if b"\n" not in text and b"\r" in text:
        text = text.replace(b"\r", b"\n")
        warnings.append("has carriage returns and no line feeds; they were read as line ends.")
    if not text.strip(b"\r\n"):
        raise LoadError(path, f"contains no rows, expected {n_points:,}. Write one line per point.")
    table = _Table.of(np.frombuffer(text, np.uint8))
    header, more = _header(table, n_points)
    names = _names(table, header)
    rows = table.rows(int(header), int(header) + n_points)
    warnings += more + rows.ragged(len(names), first_line=1 + int(header))
    columns = [
        Column.from_text(name, rows.column(number, n_points)) for number, name in enumerate(names)
    ]
    found, n_unguarded = unguarded_columns(columns)
    warnings += [guard_note(n_unguarded)] if n_unguarded else []
    return Metadata(found), [f"{path.name}: {warning}" for warning in warnings]


def _header(table: _Table, n_points: int) -> tuple[bool, list[str]]:
    """Tell whether line 1 names the columns, from the number of points."""
    n_lines = table.n_lines
    if n_lines > n_points + 1:
        n_lines = max(n_points, n_lines - table.trailing_blank_lines())
    if n_lines == n_points:
        return False, []
    if n_lines == n_points + 1:
        return True, []
    header = table.n_cells(0) > 1
    n_rows = n_lines - header
    warning = (
        f"has {n_rows:,} rows for {n_points:,} points. "
        + (
            f"The last {n_points - n_rows:,} points have no metadata."
            if n_rows < n_points
            else f"The last {n_rows - n_points:,} rows are ignored."
        )
        + (" Line 1 was read as a header, because it contains a tab." if header else "")
    )
    return header, [warning]


def _names(table: _Table, header: bool) -> list[str]:
    """Return one unique name per column."""
    if not header:
        n_columns = int(table.cells.max(initial=1))
        return ["label"] if n_columns == 1 else [f"column {i + 1}" for i in range(n_columns)]
    used: set[str] = set()
    names = []
    for number, given in enumerate(table.line(0), 1):
        name = base = given or f"column {number}"
        count = 2
        while name in used:
            name, count = f"{base} ({count})", count + 1
        used.add(name)
        names.append(name)
    return names


@dataclass(frozen=True)
class _Table:
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
    def of(cls, data: NDArray[np.uint8]) -> _Table:
        if data[-1] != _LINE_FEED:
            data = np.append(data, np.uint8(_LINE_FEED))
        ends = np.flatnonzero((data == _TAB) | (data == _LINE_FEED))
        lines = np.flatnonzero(data[ends] == _LINE_FEED)
        return cls(data, ends, np.concatenate(([0], lines + 1)))

    @property
    def n_lines(self) -> int:
        return len(self.first) - 1

    @property
    def cells(self) -> NDArray[np.int64]:
        """The number of cells of each line."""
        return np.diff(self.first)

    def n_cells(self, line: int) -> int:
        return int(self.first[line + 1] - self.first[line])

    def trailing_blank_lines(self) -> int:
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
        cells = self.rows(number, number + 1)
        return [cells.column(i, 1)[0] or "" for i in range(self.n_cells(number))]

    def rows(self, start: int, stop: int) -> _Table:
        return _Table(self.data, self.ends, self.first[start : min(stop, self.n_lines) + 1])

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
