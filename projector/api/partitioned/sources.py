"""Where the rows of a part come from: a file, or a partition of a Dask collection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from projector.errors import ShapeError
from projector.model.partitioned import Part
from projector.typing import AnyArray


class PartSource(Protocol):
    """Rows of a dataset that follow each other; small, and can be sent to another process.

    Attributes
    ----------
    name : str
        For people: a path.
    first_row : int
        In the whole dataset.
    n_rows : int
    fingerprint : str
        Changes when the rows do.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def first_row(self) -> int:
        """The row of its first point in the whole dataset."""
        ...

    @property
    def n_rows(self) -> int:
        """Number of its points."""
        ...

    @property
    def fingerprint(self) -> str:
        """A text that changes when the rows do."""
        ...

    def chunks(self, most_rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Give (first row, rows of shape (n, n_dims), float32) in their order."""
        ...


@dataclass(frozen=True)
class FilePart:
    """A part that is a file.

    Attributes
    ----------
    part : Part
    in_process : bool
        Whether a damaged file may end the process that reads it.
    """

    part: Part
    in_process: bool

    @property
    def name(self) -> str:
        """The path of the file."""
        return self.part.path

    @property
    def first_row(self) -> int:
        """The row of its first point in the whole dataset."""
        return self.part.first_row

    @property
    def n_rows(self) -> int:
        """Number of its points."""
        return self.part.n_rows

    @property
    def fingerprint(self) -> str:
        """That of the file."""
        return self.part.fingerprint

    def chunks(self, most_rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Read the file; see `PartSource.chunks`."""
        # Here, as a process that projects data in memory needs none of the loaders.
        from projector.loaders.partitioned.reading import chunks

        read = chunks(self.part, most_rows=most_rows, in_process=self.in_process)
        return even(read, most_rows)


@dataclass(frozen=True)
class Sources:
    """All parts of a dataset, in the order of their rows.

    Attributes
    ----------
    parts : tuple of PartSource
    n_points, n_dims : int
    content_hash : str
    warnings : tuple of str
    """

    parts: tuple[PartSource, ...]
    n_points: int
    n_dims: int
    content_hash: str
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, parts: Sequence[PartSource], n_dims: int) -> Sources:
        """Return parts as one dataset.

        Raises
        ------
        ShapeError
            There are none, or rows are missing between two of them.
        """
        at = 0
        for part in parts:
            if part.first_row != at:
                raise ShapeError(
                    f"{part.name} begins with row {part.first_row:,}. Expected {at:,}, the row "
                    "after the part before."
                )
            at += part.n_rows
        if at == 0:
            raise ShapeError("The parts have no rows. Expected at least one.")
        about = [(part.fingerprint, part.n_rows, n_dims) for part in parts]
        content = hashlib.sha256(repr(about).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return cls(tuple(parts), at, n_dims, content)


def even(
    pieces: Iterable[tuple[int, NDArray[np.float32]]], most_rows: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Give rows in chunks of `most_rows`, however they come: sums and bytes depend on it.

    Parameters
    ----------
    pieces : iterable of (first row, rows)
        At most `most_rows` each.
    most_rows : int
    """
    held: list[NDArray[np.float32]] = []
    n_held = at = 0
    for first, rows in pieces:
        if not n_held:
            at = first
        held.append(rows)
        n_held += len(rows)
        if n_held >= most_rows:
            together = held[0] if len(held) == 1 else np.concatenate(held)
            yield at, together[:most_rows]
            rest = together[most_rows:]
            held, n_held, at = [rest] if len(rest) else [], len(rest), at + most_rows
    if n_held:
        yield at, held[0] if len(held) == 1 else np.concatenate(held)


def rows_within(rows: NDArray[np.int64], first_row: int, count: int) -> slice:
    """Return which of ascending rows of the whole dataset are among `count` from one on."""
    start, stop = np.searchsorted(rows, [first_row, first_row + count])
    return slice(int(start), int(stop))


def finite_rows(rows: AnyArray) -> NDArray[np.bool_]:
    """Return which rows have neither NaN nor infinity."""
    return np.asarray(np.isfinite(rows).all(axis=1))
