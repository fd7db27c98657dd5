"""Reads the rows of a partitioned dataset: all of them piece by piece, or some by their index.

Damaged bytes can crash the libraries that read Parquet and Arrow, so these run in the reader
process, unless the caller says that its own process may end: a worker of a cluster that starts
another one. A part that is not what it was when the parts were opened is refused, before and
after each piece is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import FileChangedError, LoadError, UnknownNameError
from projector.loaders.base import UNEXPECTED_ERRORS, File, unexpected_error
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.in_reader import call_in_reader
from projector.loaders.partitioned.array_pieces import ArrayPieces
from projector.loaders.partitioned.part_files import changed, file_of
from projector.loaders.partitioned.piece_formats import PIECE_LOADERS
from projector.loaders.partitioned.table_pieces import TablePieces
from projector.machine.handover import empty_array
from projector.model.joined_columns import constant_column, joined_columns
from projector.model.metadata import Column
from projector.model.partitioned import Part, PartitionedDataset
from projector.model.rows import as_rows
from projector.model.subset import taken_rows

#: Rows that are given at once, unless the caller asks for another number.
MOST_ROWS = 65_536


def chunks(
    part: Part, *, most_rows: int = MOST_ROWS, in_process: bool = False
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Give all rows of a part, in order, a few at a time.

    Parameters
    ----------
    part : Part
    most_rows : int
        Rows of a chunk; fewer where a piece of the file ends.
    in_process : bool
        Whether damaged bytes may end this process. True in a worker of a cluster; saves a copy.

    Yields
    ------
    tuple of (int, ndarray of shape (n_rows, n_dims), float32)
        The global index of the first row, and the rows. NaN where there is no vector: missing, or
        of another length. What float32 cannot hold is infinite.

    Raises
    ------
    FileChangedError
        The file is not what it was when the parts were opened, or changed while it was read.
    LoadError
        It is damaged, or does not exist any more.

    Notes
    -----
    Takes the memory of the largest row group (as float32) or `most_rows` rows, whichever is more;
    with `in_process`, of `most_rows` rows and one page of Parquet, or one batch of Arrow.

    Examples
    --------
    >>> import projector
    >>> from projector.loaders.partitioned.reading import chunks
    >>> data = projector.open_parts("dir/*.parquet")             # doctest: +SKIP
    >>> sum(rows.sum(axis=0) for _, rows in chunks(data.parts[0]))  # doctest: +SKIP
    """
    most_rows = max(1, most_rows)
    file = file_of(part)
    if in_process or part.format == "npy":
        with _as_load_errors(file, part):
            yield from _given_here(file, part, most_rows)
        return
    at = part.first_row
    for first, stop in _call("spans", file, part, most_rows):
        rows = _call("read_pieces", file, part, first, stop, most_rows)
        for start in range(0, len(rows), most_rows):
            yield at + start, rows[start : start + most_rows]
        at += len(rows)
    _check_complete(part, at)


def _given_here(
    file: File, part: Part, most_rows: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    pieces = _pieces(file, part)
    at = part.first_row
    for number in range(len(pieces.counts)):
        for rows in pieces.vectors(number, most_rows):
            _check_current(file)
            yield at, rows
            at += len(rows)
    _check_complete(part, at)


def _check_complete(part: Part, at: int) -> None:
    if at != part.stop_row:
        raise LoadError(
            Path(part.path),
            f"has {at - part.first_row:,} rows, but its header says {part.n_rows:,}. It is "
            "damaged; save it again.",
        )


def take(data: PartitionedDataset, rows: Any, *, in_process: bool = False) -> NDArray[np.float32]:
    """Return some rows by their global index.

    Parameters
    ----------
    data : PartitionedDataset
    rows : int, sequence of int, or array of int64
        In any order; may repeat.
    in_process : bool
        See `chunks`.

    Returns
    -------
    ndarray of shape (n_rows, n_dims), float32
        In the order of `rows`.

    Raises
    ------
    ParameterError
        There is no such row.
    FileChangedError, LoadError
        See `chunks`.

    Notes
    -----
    Reads each row group that has any of the rows, once, up to the last of them; of ``.npy`` the
    rows alone. Takes the memory of the result twice, and of one chunk.
    """
    rows = as_rows(rows, data.n_points, what="The rows to take")
    ordered, place = np.unique(rows, return_inverse=True)
    found = empty_array((len(ordered), data.n_dims), np.float32)
    for part, places, own in _by_part(data, ordered):
        file = file_of(part)
        if in_process or part.format == "npy":
            with _as_load_errors(file, part):
                found[places] = take_rows(file, part, own)
        else:
            found[places] = _call("take_rows", file, part, own)
    if np.array_equal(place, np.arange(len(rows))):
        return found
    return found[place.reshape(-1)]


def take_columns(
    data: PartitionedDataset, rows: Any, names: Sequence[str] | None = None
) -> tuple[Column, ...]:
    """Return the metadata of some rows by their global index, read from the parts that have them.

    Parameters
    ----------
    data : PartitionedDataset
    rows : int, sequence of int, or array of int64
    names : sequence of str, optional
        Of `PartitionedDataset.columns`; all by default. Others are not read.

    Returns
    -------
    tuple of Column
        One value for each of `rows`, in their order; missing where a part has no such column. A
        column of structs becomes one for each field.

    Raises
    ------
    UnknownNameError
        There is no such column.
    ParameterError, FileChangedError, LoadError
        See `take`.
    """
    names = data.columns if names is None else tuple(names)
    for name in names:
        if name not in data.columns:
            raise UnknownNameError("column", name, data.columns)
    rows = as_rows(rows, data.n_points, what="The rows to take")
    ordered, place = np.unique(rows, return_inverse=True)
    tables: list[tuple[Column, ...]] = []
    counts: list[int] = []
    for part, _, own in _by_part(data, ordered):
        file = file_of(part)
        keys = dict(part.keys)
        stored = [name for name in names if name not in keys]
        found: tuple[Column, ...] = ()
        if stored and part.format != "npy":
            found = tuple(_call("columns_of", file, part, own, stored))
        given = [constant_column(name, keys[name], len(own)) for name in names if name in keys]
        tables.append((*given, *found))
        counts.append(len(own))
    joined = joined_columns(tables, counts)
    order = {name: at for at, name in enumerate(names)}
    ranked = sorted(joined, key=lambda column: order.get(column.name.split(".")[0], len(order)))
    return tuple(taken_rows(column, place.reshape(-1)) for column in ranked)


def _by_part(
    data: PartitionedDataset, ordered: NDArray[np.int64]
) -> Iterator[tuple[Part, slice, NDArray[np.int64]]]:
    """Give each part that has any of some ascending rows: it, where they are, and its own rows."""
    bounds = np.searchsorted(ordered, data.first_rows)
    for number in np.flatnonzero(np.diff(bounds)).tolist():
        part = data.parts[number]
        places = slice(int(bounds[number]), int(bounds[number + 1]))
        yield part, places, ordered[places] - part.first_row


# ---- in the reader process, or in one that may end ----


def spans(file: File, part: Part, most_rows: int) -> list[tuple[int, int]]:
    """Return the first piece and that after the last one of what is read at once."""
    with _as_load_errors(file, part):
        counts = _pieces(file, part).counts
    found, first, rows = [], 0, 0
    for number, count in enumerate(counts):
        if rows and rows + count > most_rows:
            found.append((first, number))
            first, rows = number, 0
        rows += count
    return [*found, (first, len(counts))]


def read_pieces(
    file: File, part: Part, first: int, stop: int, most_rows: int
) -> NDArray[np.float32]:
    """Return the rows of some pieces that follow each other."""
    with _as_load_errors(file, part):
        pieces = _pieces(file, part)
        counts = pieces.counts[first:stop]
        found = empty_array((sum(counts), part.n_dims), np.float32)
        at = 0
        for number in range(first, stop):
            for rows in pieces.vectors(number, most_rows):
                found[at : at + len(rows)] = rows
                at += len(rows)
    if at < len(found):
        raise LoadError(file.path, "has fewer rows than its header says. Save it again.")
    return found


def take_rows(file: File, part: Part, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return some rows of a part, counted from its first one, ascending and each once."""
    with _as_load_errors(file, part):
        if part.format == "npy":
            return ArrayPieces(file).take(rows)
        return TablePieces(file, part.format, part.how).take(rows, MOST_ROWS)


def columns_of(
    file: File, part: Part, rows: NDArray[np.int64], names: Sequence[str]
) -> tuple[Column, ...]:
    """Return some rows of a part's columns; see `take_rows`."""
    with _as_load_errors(file, part):
        return TablePieces(file, part.format, part.how).columns(rows, names, MOST_ROWS)


def _pieces(file: File, part: Part) -> ArrayPieces | TablePieces:
    if part.format == "npy":
        return ArrayPieces(file)
    return TablePieces(file, part.format, part.how)


@contextmanager
def _as_load_errors(file: File, part: Part) -> Iterator[None]:
    """Turn what libraries raise into our errors, and refuse what changed meanwhile."""
    try:
        with reading_as(file, PIECE_LOADERS[part.format].title):
            yield
    except FileChangedError:
        raise
    except LoadError:
        _check_current(file)  # a file that is being rewritten is not damaged
        raise
    except MemoryError:
        raise
    except UNEXPECTED_ERRORS as error:
        _check_current(file)
        raise unexpected_error(file.path, error) from error
    _check_current(file)


def _check_current(file: File) -> None:
    if not file.is_current():
        raise changed(file.path)


def _call(function: str, file: File, part: Part, *arguments: Any) -> Any:
    try:
        return call_in_reader(
            f"{__name__}:{function}",
            file,
            *(file, part, *arguments),
            title=PIECE_LOADERS[part.format].title,
            size=file.size,
            long=True,
        )
    except LoadError:
        _check_current(file)
        raise
