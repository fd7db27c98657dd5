"""A dataset in parts: files whose rows, one file after the other, are the points of one dataset.

Nothing here holds a vector. `projector.loaders.partitioned` opens and reads parts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import ShapeError
from projector.model.listing import Problem


@dataclass(frozen=True)
class Part:
    """One file of a partitioned dataset: small and picklable, to be sent to another machine.

    Attributes
    ----------
    path : str
        Absolute and resolved; what is opened.
    first_row : int
        The global index of its first row. May be beyond 2^31.
    n_rows, n_dims : int
    fingerprint : str
        Of the size, the time of modification, and the first and last bytes of the file, which
        hold its header and its footer: changes when the file does.
    column : str or tuple of str
        The column of vectors, or the columns of numbers; empty for ``.npy``.
    format : {"parquet", "arrow", "npy"}
    dtype : str
        As stored. Rows are read as float32.
    keys : tuple of (str, str or None)
        Columns that the folders ``key=value`` above it give to all of its rows.
    how : object
        The loader's own record of how its vectors are stored. Picklable.
    """

    path: str
    first_row: int
    n_rows: int
    n_dims: int
    fingerprint: str
    column: str | tuple[str, ...] = ""
    format: str = "parquet"
    dtype: str = "float32"
    keys: tuple[tuple[str, str | None], ...] = ()
    how: Any = field(default=None, repr=False, compare=False)

    @property
    def stop_row(self) -> int:
        """The global index after its last row."""
        return self.first_row + self.n_rows


@dataclass(frozen=True)
class PartitionedDataset:
    """Parts that are one dataset. A point's index is its row, counted through all parts.

    Attributes
    ----------
    parts : tuple of Part
        In the order of the points.
    name : str
    columns : tuple of str
        The columns of metadata that any part has.
    problems : tuple of Problem
        What is not part of it, and why: damaged, empty and differing files, by name.
    warnings : tuple of str
        What was guessed or narrowed.

    Raises
    ------
    ShapeError
        There is no part, rows are missing between two parts, or their vectors differ in length.

    Notes
    -----
    Has no vectors: `projector.loaders.partitioned.reading` reads them part by part.
    """

    parts: tuple[Part, ...]
    name: str = ""
    columns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.parts:
            raise ShapeError("A partitioned dataset has no parts. Expected at least one.")
        at, n_dims = 0, self.parts[0].n_dims
        for part in self.parts:
            if part.first_row != at or part.n_rows < 1:
                raise ShapeError(
                    f"{part.path} has {part.n_rows:,} rows from {part.first_row:,} on. Expected at "
                    f"least one, from {at:,} on."
                )
            if part.n_dims != n_dims:
                raise ShapeError(
                    f"{part.path} has {part.n_dims:,} dimensions. Expected {n_dims:,}, as in "
                    f"{self.parts[0].path}."
                )
            at += part.n_rows

    @property
    def n_points(self) -> int:
        """Number of points, the rows of all parts."""
        return self.parts[-1].stop_row

    @property
    def n_dims(self) -> int:
        """Number of dimensions, the same in each part."""
        return self.parts[0].n_dims

    @property
    def n_parts(self) -> int:
        """Number of files."""
        return len(self.parts)

    @property
    def nbytes(self) -> int:
        """The bytes that all vectors take as float32."""
        return 4 * self.n_points * self.n_dims

    @cached_property
    def content_hash(self) -> str:
        """A hash of the parts' fingerprints and columns, in order: 32 hexadecimal digits.

        Not of the vectors themselves, which nobody has read: a copy with other times has another
        one.
        """
        found = hashlib.sha256()
        for part in self.parts:
            about = (part.fingerprint, part.n_rows, part.n_dims, part.column)
            found.update(repr(about).encode("utf-8", "surrogateescape"))
        return found.hexdigest()[:32]

    @cached_property
    def first_rows(self) -> NDArray[np.int64]:
        """(n_parts + 1,) int64: the first row of each part, and the number of points."""
        return np.array([*(part.first_row for part in self.parts), self.n_points], np.int64)

    def part_numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the part that each row is in.

        Parameters
        ----------
        rows : ndarray of int64
            Global, from 0 to ``n_points - 1``.
        """
        return np.searchsorted(self.first_rows, rows, side="right") - 1

    def __repr__(self) -> str:
        """Say what it is in one line: the parts may be thousands."""
        return (
            f"PartitionedDataset({self.name!r}, {self.n_points:,} x {self.n_dims:,} in "
            f"{self.n_parts:,} parts)"
        )
