"""Reads ``.npy`` parts by row ranges, as float32."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from projector.errors import FileChangedError, LoadError
from projector.loaders.base import File
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.arrays.npy import Header, header_of
from projector.machine.handover import empty_array

#: Rows of a piece have about so many bytes.
_PIECE = 1 << 24
#: Wanted rows that are no further apart are read at once, with those between them.
_GAP = 1 << 16


class ArrayPieces:
    """An array whose rows are read by position.

    Parameters
    ----------
    file : File

    Attributes
    ----------
    counts : tuple of int
        The rows of each piece.

    Raises
    ------
    LoadError
        It has no header, or is not a matrix of numbers.
    """

    def __init__(self, file: File) -> None:
        self._path = file.path
        self._raw = FileBytes(file.real)
        self._header: Header = header_of(file)
        if len(self._header.shape) != 2:
            raise LoadError(
                file.path,
                f"has the shape {self._header.shape}. Parts are read by rows; expected rows and "
                "columns.",
            )
        self._kind = dtype_of("bfloat16") if self._header.is_bfloat16 else self._header.dtype
        n_rows, self._n_dims = self._header.shape
        step = max(1, _PIECE // max(1, self._n_dims * self._kind.itemsize))
        self.counts = tuple(min(step, n_rows - at) for at in range(0, n_rows, step))
        self._step = step

    def vectors(self, number: int, most_rows: int) -> Iterator[NDArray[np.float32]]:
        """Give the rows of a piece, at most `most_rows` at a time."""
        first = number * self._step
        for at in range(first, first + self.counts[number], most_rows):
            yield self._read(at, min(at + most_rows, first + self.counts[number]))

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return some rows, ascending and each once."""
        width = max(1, self._n_dims * self._kind.itemsize)
        breaks = np.flatnonzero(np.diff(rows) > max(1, _GAP // width)) + 1
        out = empty_array((len(rows), self._n_dims), np.float32)
        at = 0
        while at < len(rows):
            first = int(rows[at])
            stop = int(np.searchsorted(rows, first + self._step))
            after = int(np.searchsorted(breaks, at, side="right"))
            if after < len(breaks):
                stop = min(stop, int(breaks[after]))
            found = self._read(first, int(rows[stop - 1]) + 1)
            out[at:stop] = found[rows[at:stop] - first]
            at = stop
        return out

    def _read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the rows from `start` to `stop`."""
        size, n_rows = self._kind.itemsize, self._header.shape[0]
        if not self._header.fortran:
            raw = self._bytes(start * self._n_dims * size, (stop - start) * self._n_dims * size)
            values = raw.view(self._kind).reshape(stop - start, self._n_dims)
        else:
            values = np.empty((stop - start, self._n_dims), self._kind)
            for dim in range(self._n_dims):
                raw = self._bytes((dim * n_rows + start) * size, (stop - start) * size)
                values[:, dim] = raw.view(self._kind)
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(to_float32(values), np.float32)

    def _bytes(self, at: int, count: int) -> NDArray[np.uint8]:
        found = np.empty(count, np.uint8)
        if self._raw.read_into(found.data, self._header.offset + at) < count:
            raise FileChangedError(self._path, "was shortened while it was read. Read it again.")
        return found
