"""Splits the first lines of a text at each possible separator, and tells which one fits."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from projector.loaders.formats.text.header_rule import is_list, is_missing
from projector.loaders.formats.text.number_matrix import is_number

#: Stands for white space of any width.
BLANKS = " "
SEPARATORS = ("\t", ",", ";", "|")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
#: Rows that are looked at.
N_ROWS = 64
#: The share of rows that must have the same number of cells.
_SAME = 0.8
#: The share of cells that must be lists; a number that is none makes a column of texts.
_MOST = 0.9
#: A column of lists is worth more than any number of columns of numbers.
_LIST_WORTH = 1 << 20

# Python's limit of 131,072 letters a cell is less than a vector of 8,192 numbers as text.
csv.field_size_limit(max(csv.field_size_limit(), 1 << 24))


@dataclass(frozen=True)
class Split:
    """Rows of cells, and what is in their columns.

    Attributes
    ----------
    separator : str
        One of `SEPARATORS`, or `BLANKS`.
    rows : list of list of str
        Stripped, with a point as the decimal separator; the first may have another length.
    width : int
        The usual number of cells in a row.
    decimal : str
        The decimal separator of the text.
    numeric : tuple of int
        The columns whose cells after the first row are all numbers.
    lists : tuple of int
        The columns whose cells after the first row are all lists.
    first : int
        Lines that the first row takes, blank ones before it included.
    """

    separator: str
    rows: list[list[str]]
    width: int
    decimal: str
    numeric: tuple[int, ...]
    lists: tuple[int, ...]
    first: int = 1

    @property
    def is_numeric(self) -> bool:
        """Whether there is nothing but numbers, also in the first row."""
        return all(is_number(cell) for row in self.rows for cell in row)

    @property
    def worth(self) -> int:
        """How much of a vector the rows have."""
        return len(self.numeric) + _LIST_WORTH * len(self.lists)


def best_split(text: str, *, complete: bool) -> Split | None:
    """Return the rows of a text at the separator that fits best, or None if none does.

    Parameters
    ----------
    text : str
        The first lines.
    complete : bool
        Whether these are all; otherwise the last row may be cut.
    """
    there = [each for each in SEPARATORS if each in text]
    found = [split for each in there if (split := split_at(text, each, complete)) is not None]
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(
        found,
        key=lambda s: (s.worth, len(s.numeric) / s.width, first.count(s.separator)),
        default=None,
    )


def split_at(text: str, separator: str, complete: bool) -> Split | None:
    """Return the rows of a text at one separator; None where most rows differ in their cells."""
    reader = csv.reader(
        (f"{line}\n" for line in text.split("\n")),  # no other separator of Unicode ends a line
        delimiter=separator,
        skipinitialspace=separator == BLANKS,
    )
    rows: list[list[str]] = []
    first = 0
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                first = first or reader.line_num
            if len(rows) > N_ROWS:
                break
    except csv.Error:
        return None
    if not complete and len(rows) > 1:
        rows = rows[:-1]
    found = _split(separator, rows)
    return None if found is None else replace(found, first=first)


def _split(separator: str, rows: list[list[str]]) -> Split | None:
    # A separator at the end of every line makes a column of nothing.
    while rows and all(len(row) > 1 and not row[-1].strip() for row in rows):
        rows = [row[:-1] for row in rows]
    later = rows[1:] or rows
    width = usual([len(row) for row in later])
    fitting = [row for row in later if len(row) == width]
    if not rows or len(fitting) < _SAME * len(later):
        return None
    cells = [[cell.strip() for cell in row] for row in (rows[0], *fitting)]
    decimal = "." if separator in (",", BLANKS) else _decimal(cells[1:])
    if decimal == ",":
        cells = [[_with_point(cell) for cell in row] for row in cells]
    below = cells[1:]
    numeric = tuple(i for i in range(width) if _all(is_number, [row[i] for row in below]))
    lists = tuple(i for i in range(width) if _all(is_list, [row[i] for row in below], _MOST))
    if width < 2 and not lists:
        return None
    return Split(separator, cells if len(rows) > 1 else cells[:1], width, decimal, numeric, lists)


def _decimal(rows: list[list[str]]) -> str:
    return "," if any(_DECIMAL_COMMA.fullmatch(cell) for row in rows for cell in row) else "."


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell


def usual(counts: list[int]) -> int:
    """Return the most frequent count; the larger of two, since a cut line is likelier."""
    return max(set(counts), key=lambda count: (counts.count(count), count), default=0)


def _all(test: Callable[[str], bool], cells: list[str], share: float = 1.0) -> bool:
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and sum(map(test, present)) >= share * len(present)
