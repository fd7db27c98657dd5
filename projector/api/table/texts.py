"""Some texts of a table, for a page that shows only some of its rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from projector.errors import ParameterError, UnknownName
from projector.model.dataset import Dataset
from projector.model.text import PackedText

#: Rows and cells that are given at once: some screens full.
MAX_ROWS = 1000
MAX_CELLS = 100_000
#: Letters of a text at most.
MAX_LETTERS = 10_000


def cells(
    data: Dataset, rows: Sequence[int], columns: Sequence[int], n_letters: int
) -> list[list[str | None]]:
    """Return texts of given rows, column by column.

    Parameters
    ----------
    data : Dataset
    rows : sequence of int
        At most `MAX_ROWS`, in any order.
    columns : sequence of int
        Their numbers; at most `MAX_CELLS` texts altogether.
    n_letters : int
        From 1 to `MAX_LETTERS`; a longer text ends with "…" there.

    Returns
    -------
    list of lists of str or None
        One list a column, in the order of `rows`; None is missing.

    Raises
    ------
    ParameterError
        A row that is not there, or more than is given at once.
    UnknownName
        A column that is not there.
    """
    if len(rows) > MAX_ROWS or len(rows) * len(columns) > MAX_CELLS:
        raise ParameterError(
            f"At most {MAX_ROWS:,} rows and {MAX_CELLS:,} texts are given at once. Got "
            f"{len(rows):,} rows of {len(columns):,} columns; ask in parts."
        )
    if not 1 <= n_letters <= MAX_LETTERS:
        raise ParameterError(f"'n_letters' must be from 1 to {MAX_LETTERS:,}. Got {n_letters:,}.")
    for row in rows:
        if not 0 <= row < data.n_points:
            raise ParameterError(
                f"A point is a row number from 0 to {data.n_points - 1:,}. Got {row:,}."
            )
    table = data.metadata.columns
    for column in columns:
        if not 0 <= column < len(table):
            raise UnknownName("column", str(column), map(str, range(len(table))))
    wanted = np.array(rows, np.int64)
    return [_beginnings(table[column].text, wanted, n_letters) for column in columns]


def _beginnings(
    text: PackedText, rows: np.ndarray[tuple[int], np.dtype[np.int64]], n_letters: int
) -> list[str | None]:
    starts, ends = text.offsets[rows].tolist(), text.offsets[rows + 1].tolist()
    # A letter takes four bytes at most: the rest of a long text is never decoded.
    return [
        None
        if gone
        else _beginning(text.data[start : min(end, start + 4 * n_letters + 4)], n_letters)
        for start, end, gone in zip(starts, ends, text.missing[rows].tolist(), strict=True)
    ]


def _beginning(data: np.ndarray[tuple[int], np.dtype[np.uint8]], n_letters: int) -> str:
    found = data.tobytes().decode("utf-8", "replace")
    return found if len(found) <= n_letters else found[:n_letters] + "…"
