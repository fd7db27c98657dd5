"""The rule by which line 1 of a text names its columns or is a row of data.

One rule for tables, metadata, matrices and word lists. A column whose later cells are all numbers
(or all lists of numbers) votes: if its cell on line 1 is a number as well, line 1 is data, unless
the numbers on line 1 only count the columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projector.loaders.formats.text.number_matrix import is_number

#: What programs write where there is no value: such a cell says nothing of its line.
_MISSING = frozenset({"", "-", "na", "n/a", "nan", "null", "none", "<na>"})
_LIST = re.compile(r"\s*(?:(?:np\.|numpy\.)?array|tensor)?\s*[\[({]+\s*[-+.\d]")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
#: Two numbers that happen to be 0 and 1 are no evidence; three that count are.
_FEWEST = 3
_QUOTED = 40


@dataclass(frozen=True)
class FirstLine:
    """What line 1 is.

    Attributes
    ----------
    is_header : bool
    doubt : str
        Why it might be the other after all, as a sentence for the user; empty where it cannot.
    """

    is_header: bool
    doubt: str = ""


def is_list(cell: str) -> bool:
    """Tell whether a cell begins as a list of numbers does."""
    return _LIST.match(cell) is not None


def is_missing(cell: str) -> bool:
    """Tell whether a cell has no value."""
    return cell.strip().lower() in _MISSING


def first_line(rows: Sequence[Sequence[str]]) -> FirstLine | None:
    """Decide what the first of some rows is; None where no column has a vote.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells of line 1 and of some lines after it, with a point as the decimal separator.
    """
    if len(rows) < 2:
        return _alone(rows[0]) if rows else None
    voting = [column for column in range(len(rows[0])) if _votes(rows, column)]
    cells = [rows[0][column].strip() for column in voting]
    cells = [cell for cell in cells if not is_missing(cell)]
    if not cells:
        return None
    numbers = [cell for cell in cells if is_number(cell) or is_list(cell)]
    if not numbers:
        return FirstLine(True)
    if _counts(numbers, rows, voting):
        return FirstLine(True, f"line 1 counts from {numbers[0]} to {numbers[-1]}.")
    if len(numbers) == len(cells):
        return FirstLine(False)
    odd = next(cell for cell in cells if cell not in numbers)
    return FirstLine(
        2 * len(numbers) < len(cells),
        f"line 1 has {len(numbers):,} numbers among {len(cells):,} cells, and {shown(odd)}.",
    )


def shown(cell: str) -> str:
    """Return a cell as a message quotes it."""
    return repr(cell if len(cell) <= _QUOTED else f"{cell[:_QUOTED]}…")


def _alone(row: Sequence[str]) -> FirstLine:
    return FirstLine(not any(is_number(cell.strip()) or is_list(cell) for cell in row))


def _votes(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Tell whether all cells of a column after line 1 are numbers, or all are lists."""
    cells = [row[column].strip() for row in rows[1:] if column < len(row)]
    cells = [cell for cell in cells if not is_missing(cell)]
    return bool(cells) and (all(map(is_number, cells)) or all(map(is_list, cells)))


def _counts(numbers: list[str], rows: Sequence[Sequence[str]], voting: list[int]) -> bool:
    """Tell whether line 1 counts its columns: from 0 or 1, or from anywhere above fractions."""
    if not all(_WHOLE.fullmatch(cell) for cell in numbers):
        return False
    values = [int(cell) for cell in numbers]
    if len(values) < 2 or values != list(range(values[0], values[0] + len(values))):
        return False
    below = [row[column].strip() for row in rows[1:] for column in voting if column < len(row)]
    if any("." in cell for cell in below):
        return len(values) >= _FEWEST or values[0] in (0, 1)
    # Whole numbers that count on in the next line are a matrix that counts.
    goes_on = bool(below) and below[0] == str(values[-1] + 1)
    return len(values) >= _FEWEST and values[0] in (0, 1) and not goes_on
