"""Memory-mapped files that two processes use at once: shared arrays and frames.

Files and not `multiprocessing.shared_memory`, because a worker that is killed must leave
nothing behind, and the tracker of shared memory unlinks what a worker merely attached.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projector.typing import AnyArray

#: Slots of a frame file: with three, the reader has two frames of time to copy one.
_SLOTS = 3
_HEADER = 64  # keeps every slot aligned to a cache line


@dataclass(frozen=True)
class MappedArray:
    """The location of an array in a file, from which another process can map it."""

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]

    def open(self) -> AnyArray:
        """Map the array, read-only."""
        return np.memmap(
            self.path, dtype=self.dtype, mode="r", offset=self.offset, shape=self.shape
        )


def share(array: AnyArray, folder: Path, name: str) -> MappedArray:
    """Make `array` available to another process.

    A contiguous memory map is located in its own file, without a copy; any other array is
    written once to `folder`, under `name`, and found there the next time.
    """
    mapped = _as_mapped(array)
    if mapped is not None:
        return mapped
    path = folder / f"{name}.bin"
    if not path.exists():
        part = path.with_suffix(".part")
        np.ascontiguousarray(array).tofile(part)
        part.replace(path)
    return MappedArray(str(path), 0, array.dtype.str, tuple(array.shape))


def _as_mapped(array: AnyArray) -> MappedArray | None:
    base = array
    if not (isinstance(base, np.memmap) and base.flags.c_contiguous):
        return None
    filename = getattr(base, "filename", None)
    root = base
    while isinstance(root.base, np.memmap):
        root = root.base
    if filename is None or not Path(filename).is_file():
        return None
    # A slice of a map has the file offset of its root; the distance in memory gives the rest.
    distance = base.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return MappedArray(
        str(filename), int(root.offset) + distance, array.dtype.str, tuple(array.shape)
    )


class FrameFile:
    """The newest frame of a running job: one process writes, others read, none waits.

    Parameters
    ----------
    path : Path
        Created by the writer with its first frame, when the shape is known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: AnyArray | None = None
        self._size = 0

    def write(self, number: int, positions: AnyArray) -> None:
        """Put `positions` (float32, C order) into the slot of frame `number`."""
        content = np.ascontiguousarray(positions, np.float32)
        if self._map is None:
            self._size = content.nbytes
            self._map = np.memmap(
                self._path, np.uint8, "w+", shape=(_SLOTS * (_HEADER + self._size),)
            )
        slot = self._slot(number)
        slot[:8] = np.frombuffer(struct.pack("<q", -1), np.uint8)  # being written
        slot[_HEADER:] = content.reshape(-1).view(np.uint8)
        slot[:8] = np.frombuffer(struct.pack("<q", number), np.uint8)

    def read(self, number: int, shape: Iterable[int]) -> bytes | None:
        """Return the bytes of frame `number`, or None if a newer one has overwritten it."""
        if self._map is None:
            self._size = int(np.prod(tuple(shape))) * 4
            expected = _SLOTS * (_HEADER + self._size)
            if not self._path.exists() or self._path.stat().st_size < expected:
                return None
            self._map = np.memmap(self._path, np.uint8, "r", shape=(expected,))
        slot = self._slot(number)
        if _number_of(slot) != number:
            return None
        content = slot[_HEADER:].tobytes()
        return content if _number_of(slot) == number else None

    def close(self) -> None:
        """Release the map and remove the file."""
        self._map = None
        self._path.unlink(missing_ok=True)

    def _slot(self, number: int) -> AnyArray:
        assert self._map is not None, "a slot exists once the map does"
        start = number % _SLOTS * (_HEADER + self._size)
        return self._map[start : start + _HEADER + self._size]


def _number_of(slot: AnyArray) -> int:
    return int(struct.unpack("<q", slot[:8].tobytes())[0])
