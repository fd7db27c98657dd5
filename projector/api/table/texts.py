"""The texts of some cells of the metadata, for a table that shows some rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from projector.api.table.lookup import check_point, column_at
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.text import PackedText

#: Rows and cells that are returned at once: several screens full.
MAX_ROWS = 1000
MAX_CELLS = 100_000
#: The longest text that is returned, in characters.
MAX_LETTERS = 10_000


def cells(
    data: Dataset, rows: Sequence[int], columns: Sequence[int], n_letters: int
) -> list[list[str | None]]:
    """Return the texts of some rows, column by column.

    Parameters
    ----------
    data : Dataset
    rows : sequence of int
        At most `MAX_ROWS`, in any order.
    columns : sequence of int
        Column numbers; at most `MAX_CELLS` texts in total.
    n_letters : int
        From 1 to `MAX_LETTERS`; a longer text is cut there and ends with "…".

    Returns
    -------
    list of lists of str or None
        One list per column, in the order of `rows`; None is a missing value.

    Raises
    ------
    ParameterError
        A row is out of range, or too much is requested at once.
    UnknownNameError
        A column does not exist.
    """
    if len(rows) > MAX_ROWS or len(rows) * len(columns) > MAX_CELLS:
        raise ParameterError(
            f"At most {MAX_ROWS:,} rows and {MAX_CELLS:,} texts are returned at once. Got "
            f"{len(rows):,} rows of {len(columns):,} columns. Request them in parts."
        )
    if not 1 <= n_letters <= MAX_LETTERS:
        raise ParameterError(f"'n_letters' must be from 1 to {MAX_LETTERS:,}. Got {n_letters:,}.")
    for row in rows:
        check_point(data, row)
    chosen = [column_at(data, column) for column in columns]
    at = np.array(rows, np.int64)
    return [_beginnings(column.text, at, n_letters) for column in chosen]


def _beginnings(
    text: PackedText, rows: np.ndarray[tuple[int], np.dtype[np.int64]], n_letters: int
) -> list[str | None]:
    starts, ends = text.offsets[rows].tolist(), text.offsets[rows + 1].tolist()
    # A character takes at most four bytes: the rest of a long text is never decoded.
    return [
        None
        if missing
        else _beginning(text.data[start : min(end, start + 4 * n_letters + 4)], n_letters)
        for start, end, missing in zip(starts, ends, text.missing[rows].tolist(), strict=True)
    ]


def _beginning(data: np.ndarray[tuple[int], np.dtype[np.uint8]], n_letters: int) -> str:
    found = data.tobytes().decode("utf-8", "replace")
    return found if len(found) <= n_letters else found[:n_letters] + "…"
