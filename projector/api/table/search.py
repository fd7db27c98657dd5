"""Searches the metadata for a text or a regular expression, in pieces that can be given up.

The engine's time is proportional to the length of the texts, whatever the pattern, and to the
size of the compiled pattern, which is bounded. A million texts take about 0.04 s: fast enough to
search while typing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.table.lookup import column_at
from projector.api.table.pattern_size import pattern_size
from projector.errors import ParameterError
from projector.machine.processors import usable_processors
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.text import PackedText

#: Letters of a text or a pattern.
MAX_LETTERS = 1000
#: Instructions of a compiled pattern (see `pattern_size`).
MAX_SIZE = 20_000
#: Instructions times bytes of one text: a text is searched as a whole.
MAX_WORK = 20_000_000_000
#: Seconds that a search by a regular expression may take.
MAX_SECONDS = 3.0
#: Bytes of the first piece after the one that shows what compiling takes, and seconds that a
#: piece is to take.
_FIRST_PIECE = 1 << 18
_PIECE_SECONDS = 0.1
#: Searches by a regular expression at once: each keeps a processor busy.
_AT_ONCE = threading.BoundedSemaphore(usable_processors())


def search_rows(
    data: Dataset,
    text: str,
    column: int | None = None,
    *,
    regex: bool = False,
    check: Callable[[], object] = lambda: None,
) -> NDArray[np.uint32]:
    """Return the rows whose metadata contain `text`, ignoring case.

    Parameters
    ----------
    data : Dataset
        Without metadata, a row number finds its row.
    text : str
        At most `MAX_LETTERS` letters; an empty text finds nothing.
    column : int, optional
        The number of the column to search; all columns by default.
    regex : bool
        Read `text` as a regular expression in the syntax of RE2, which has no look-around and
        no back references.
    check : callable, optional
        Called many times a second; if it raises, the search ends.

    Returns
    -------
    ndarray of shape (n_found,), uint32
        Ascending.

    Raises
    ------
    UnknownNameError
        The column does not exist.
    ParameterError
        `text` is too long, is not a regular expression, becomes too large when it is compiled,
        or its search takes longer than `MAX_SECONDS`.
    """
    columns = data.metadata.columns if column is None else (column_at(data, column),)
    if len(text) > MAX_LETTERS:
        raise ParameterError(
            f"The text to search for has {len(text):,} letters. It may have {MAX_LETTERS:,}."
        )
    if not text:
        return np.zeros(0, np.uint32)
    if regex:
        return rows_matching(columns, text, data.n_points, check)
    if not columns and text.isdecimal() and len(text) < 20:
        return np.arange(data.n_points, dtype=np.uint32)[int(text) : int(text) + 1]
    return rows_containing(columns, text, data.n_points, check)


def search_columns(
    data: Dataset,
    text: str,
    column: int | None = None,
    *,
    regex: bool = False,
    check: Callable[[], object] = lambda: None,
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return the rows that `search_rows` finds, and the first column of each that has the text.

    Without metadata, a row number is found, and its column is 65,535.
    """
    columns = range(len(data.metadata.columns)) if column is None else (column,)
    nowhere = np.uint16(0xFFFF)
    if not columns:
        rows = search_rows(data, text, regex=regex, check=check)
        return rows, np.full(len(rows), nowhere)
    first = np.full(data.n_points, nowhere)
    for index in columns:
        found = search_rows(data, text, index, regex=regex, check=check)
        first[found] = np.minimum(first[found], np.uint16(min(index, 0xFFFF)))
    rows = np.flatnonzero(first != nowhere).astype(np.uint32)
    return rows, first[rows]


def rows_containing(
    columns: Iterable[Column], text: str, n_rows: int, check: Callable[[], object] = lambda: None
) -> NDArray[np.uint32]:
    """Return the rows in which any column contains a text, ignoring case, ascending.

    Notes
    -----
    Case is ignored by Unicode's simple pairs: "är" finds "ÄRGER", "ss" does not find "ß".
    """
    import pyarrow.compute as pc

    # No text contains a lone surrogate, which can only come from a file name.
    pattern = text.encode("utf-8", "replace").decode("utf-8")
    hits = np.zeros(n_rows, np.bool_)
    for column in columns:
        for start, piece in _pieces(column.text):
            check()
            found = pc.match_substring(piece, pattern, ignore_case=True)
            hits[start : start + len(piece)] |= found.to_numpy(zero_copy_only=False)
    return np.flatnonzero(hits).astype(np.uint32)


def rows_matching(
    columns: Iterable[Column],
    pattern: str,
    n_rows: int,
    check: Callable[[], object] = lambda: None,
) -> NDArray[np.uint32]:
    """Return the rows in which any column matches a regular expression, ignoring case, ascending.

    Raises
    ------
    ParameterError
        `pattern` is not a regular expression in the syntax of RE2, becomes too large when it is
        compiled, or its search takes longer than `MAX_SECONDS`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = list(columns)
    _check_size(pattern, columns)
    hits = np.zeros(n_rows, np.bool_)
    end = time.monotonic() + MAX_SECONDS
    _wait_for_turn(end, check)
    try:
        for number, column in enumerate(columns):
            for start, piece in _pieces(column.text):
                check()
                if time.monotonic() > end:
                    raise _too_slow(number * n_rows + start, len(columns) * n_rows)
                found = pc.match_substring_regex(piece, pattern, ignore_case=True)
                hits[start : start + len(piece)] |= found.to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        reason = str(error).removeprefix("Invalid regular expression: ")
        raise ParameterError(f"{pattern!r} is not a regular expression: {reason}.") from None
    finally:
        _AT_ONCE.release()
    return np.flatnonzero(hits).astype(np.uint32)


def _check_size(pattern: str, columns: Iterable[Column]) -> None:
    size = pattern_size(pattern)
    advice = "Use smaller counts, such as {0,20}, or * instead of a count."
    if size > MAX_SIZE:
        raise ParameterError(
            f"The regular expression is too large: it becomes about {min(size, 10**9):,} "
            f"instructions, and {MAX_SIZE:,} are allowed. {advice}"
        )
    for column in columns:
        longest = int(np.diff(column.text.offsets).max(initial=0))
        if size * longest > MAX_WORK:
            raise ParameterError(
                f"The regular expression is too large for column {column.name!r}, which has a "
                f"text of {longest:,} bytes. {advice}"
            )


def _wait_for_turn(end: float, check: Callable[[], object]) -> None:
    while not _AT_ONCE.acquire(timeout=_PIECE_SECONDS):
        check()
        if time.monotonic() > end:
            raise ParameterError("Too many searches are running. Try again in a moment.")


def _too_slow(n_done: int, n_all: int) -> ParameterError:
    return ParameterError(
        f"The search was given up after {MAX_SECONDS:g} seconds, with {n_done / n_all:.0%} of the "
        "texts searched. Use a simpler regular expression, or search one column."
    )


def _pieces(text: PackedText) -> Iterator[tuple[int, Any]]:
    """Give texts as Arrow arrays, each with the row it begins at; missing texts are empty.

    Each takes about `_PIECE_SECONDS`, judging by the time between this one and the last. The
    first is a single text: its time is that of compiling the pattern, which every piece takes.
    """
    import pyarrow as pa

    whole = pa.LargeStringArray.from_buffers(
        len(text), pa.py_buffer(text.offsets), pa.py_buffer(text.data)
    )
    start, size, compiling = 0, 0, 0.0
    while start < len(text):
        stop = int(np.searchsorted(text.offsets, text.offsets[start] + size, "right")) - 1
        stop = min(len(text), max(start + 1, stop))
        began = time.monotonic()
        yield start, whole.slice(start, stop - start)
        seconds = time.monotonic() - began
        if start == 0:
            compiling, size = seconds, _FIRST_PIECE
        else:
            wanted = max(_PIECE_SECONDS, compiling)
            factor = wanted / max(1e-4, seconds - compiling)
            size = max(_FIRST_PIECE, int(size * min(8.0, factor)))
        start = stop
