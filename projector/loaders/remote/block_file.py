"""One version of one object, kept in part: its blocks in a sparse file, each with a checksum.

The checksums stand behind the bytes, in the same file, so that both vanish together. A block
counts as there only if its checksum says so: what a power cut or another program left of it is
fetched again, and the zeros of a hole are never taken for bytes of the object.
"""

from __future__ import annotations

import os
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from projector.machine.in_order import in_order
from projector.machine.positioned import read_at, write_at

#: Blocks of small objects are as long as what is read of every file; those of large ones longer.
_BLOCKS = ((1 << 24, 1 << 12), (1 << 28, 1 << 14))
_LARGEST_BLOCK = 1 << 16
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0)
#: Marks a checksum as written: that of a block may be 0.
_THERE = 1 << 32
#: Bytes that one request gets at most, and requests at once: they are in memory meanwhile.
_PIECE = 1 << 25
_N_AT_ONCE = 4


def block_size(size: int) -> int:
    """Return the bytes of a block of an object with `size` bytes."""
    return next((block for most, block in _BLOCKS if size <= most), _LARGEST_BLOCK)


class BlockFile:
    """The blocks of one version of an object. Safe from any thread and process.

    Parameters
    ----------
    path : Path
        Its name has to tell the versions of all objects apart; its folder is made.
    size : int
        Bytes of the object.

    Attributes
    ----------
    descriptor : int
        Bytes 0 to `size` - 1 of the file are the object's, where they are there.

    Raises
    ------
    OSError
        It cannot be made.
    """

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self.size = size
        self.block = block_size(size)
        self._n_blocks = -(-size // self.block)
        try:
            self.descriptor = os.open(path, _FLAGS, 0o600)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.descriptor = os.open(path, _FLAGS, 0o600)
        weakref.finalize(self, os.close, self.descriptor)
        length = size + 8 * self._n_blocks
        if os.fstat(self.descriptor).st_size != length:
            os.truncate(self.descriptor, length)
        os.utime(self.descriptor)  # used now: the last one to be removed
        self._is_sure = np.zeros(self._n_blocks, np.bool_)
        self._lock = threading.Lock()

    def ensure(self, start: int, stop: int, fetch: Callable[[int, int], tuple[int, bytes]]) -> None:
        """Fetch what is not there of a range, neighboring blocks together.

        Parameters
        ----------
        start, stop : int
            Within the size.
        fetch : callable
            ``fetch(start, stop)`` returns where bytes start, and the bytes.

        Raises
        ------
        OSError
            They cannot be kept.
        """
        if start >= stop:
            return
        first, last = start // self.block, -(-stop // self.block)
        if self._is_sure[first:last].all():
            return
        with self._lock:
            pieces = [*self._pieces(self._missing(first, last))]
            n_threads = min(_N_AT_ONCE, len(pieces))
            for _ in in_order(lambda piece: self._keep(*fetch(*piece)), pieces, n_threads):
                pass

    def _pieces(self, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Give the bytes of runs of blocks in pieces that one request gets."""
        for begin, end in runs:
            stop = min(end * self.block, self.size)
            for at in range(begin * self.block, stop, _PIECE):
                yield at, min(at + _PIECE, stop)

    def _missing(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the runs of blocks that are not there, after looking at those of others."""
        unsure = first + np.flatnonzero(~self._is_sure[first:last])
        if len(unsure):
            stored = self._stored(int(unsure[0]), int(unsure[-1]) + 1)
            for block in unsure[stored[unsure - unsure[0]] >= _THERE]:
                data = np.empty(self._length(int(block)), np.uint8)
                n_read = read_at(self.descriptor, data.data, int(block) * self.block)
                found = _THERE | zlib.crc32(data.data)
                self._is_sure[block] = n_read == len(data) and found == stored[block - unsure[0]]
        missing = first + np.flatnonzero(~self._is_sure[first:last])
        if not len(missing):
            return []
        cuts = np.flatnonzero(np.diff(missing) > 1) + 1
        return [(int(run[0]), int(run[-1]) + 1) for run in np.split(missing, cuts)]

    def _keep(self, start: int, data: bytes) -> None:
        """Write bytes that begin with a block, and then their checksums."""
        view = memoryview(data)
        write_at(self.descriptor, view, start)
        first = start // self.block
        count = -(-len(data) // self.block)
        sums = [
            _THERE | zlib.crc32(view[at * self.block : (at + 1) * self.block])
            for at in range(count)
        ]
        packed = np.array(sums, "<u8").tobytes()
        write_at(self.descriptor, memoryview(packed), self.size + 8 * first)
        self._is_sure[first : first + count] = True

    def _stored(self, first: int, last: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        raw = np.zeros(last - first, "<u8")
        read_at(self.descriptor, raw.view(np.uint8).data, self.size + 8 * first)
        return raw.astype(np.uint64)

    def _length(self, block: int) -> int:
        return min(self.block, self.size - block * self.block)
