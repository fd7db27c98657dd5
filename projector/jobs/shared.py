"""Arrays and frames that two processes use at once, in files.

Files and not `multiprocessing.shared_memory`, because a worker that is killed must leave
nothing behind, and the tracker of shared memory unlinks what a worker merely attached.
"""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import JobError
from projector.machine.atomic_write import atomic_write
from projector.machine.positioned import read_at, write_at
from projector.machine.private_copy import copy_of
from projector.machine.private_map import Place, open_place, place_of
from projector.machine.shortages import save_error
from projector.typing import AnyArray

#: Slots of a frame file: with three, the reader has two frames of time to copy one.
_SLOTS = 3
_HEADER = 64  # keeps every slot aligned to a cache line
_NUMBER = struct.Struct("<q")
_BEING_WRITTEN = -1


@dataclass(frozen=True)
class MappedArray:
    """The location of an array, from which another process of the same user can map it.

    Attributes
    ----------
    place : Place
    dtype : str
    shape : tuple of int
    held : object
        What is found there exists as long as this does; only in the process that owns it.
    """

    place: Place
    dtype: str
    shape: tuple[int, ...]
    held: object = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave behind what only its owner has."""
        return MappedArray, (self.place, self.dtype, self.shape)

    def open(self) -> AnyArray:
        """Map the array, read-only.

        Raises
        ------
        JobError
            It is no longer there.
        """
        kind = np.dtype(self.dtype)
        size = int(np.prod(self.shape, dtype=np.int64)) * kind.itemsize
        try:
            return open_place(self.place, size).view(kind).reshape(self.shape)
        except OSError as error:
            raise JobError(
                f"The data of this job is gone ({error.strerror}: {self.place.path}). Start it "
                "again."
            ) from None


def share(array: AnyArray, folder: Path, name: str) -> MappedArray:
    """Make `array` available to another process.

    A part of a private copy in a file (`projector.machine.private_copy`) is located there. Any
    other array is copied to an unnamed file; where files without a name cannot be found, to one
    in `folder` under `name`, which is deleted with the last `MappedArray` that leads to it.

    Raises
    ------
    SaveError
        The folder is full or cannot be written.
    """
    shape, dtype = tuple(array.shape), array.dtype.str
    place = place_of(array)
    if place is not None:
        return MappedArray(place, dtype, shape, array)
    try:
        copied = copy_of(array, folder)
        place = place_of(copied)
        if place is not None:
            return MappedArray(place, dtype, shape, copied)
        place, held = _in_named_file(array, folder / f"{name}-{os.urandom(4).hex()}.bin")
        return MappedArray(place, dtype, shape, held)
    except OSError as error:
        otherwise = "set TMPDIR to a folder with more and start again"
        raise save_error(folder, error, needs=array.nbytes, otherwise=otherwise) from None


class SharedArrays:
    """The arrays of one process that others map: each is copied at most once.

    A copy lives as long as its array, or a `MappedArray` that leads to it.

    Parameters
    ----------
    folder : Path
        See `share`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._copies: dict[int, tuple[weakref.ref[AnyArray], MappedArray]] = {}

    def share(self, array: AnyArray, name: str) -> MappedArray:
        """Make an array available to other processes; see `share`."""
        if place_of(array) is not None:
            return share(array, self._folder, name)
        key = id(array)
        with self._lock:
            known = self._copies.get(key)
            if known is not None and known[0]() is array:
                return known[1]
            made = share(array, self._folder, name)
            forget = weakref.ref(array, lambda _: self._copies.pop(key, None))
            self._copies[key] = (forget, made)
            return made


def _in_named_file(array: AnyArray, path: Path) -> tuple[Place, object]:
    with atomic_write(path, sync=False, private=True) as file:
        np.ascontiguousarray(array).tofile(file)
    status = path.stat()
    owner = _Owner()
    weakref.finalize(owner, path.unlink, missing_ok=True)
    return Place(str(path), status.st_dev, status.st_ino, 0), owner


class _Owner:
    """Stands for a file: it is deleted when this is."""


class FrameFile:
    """The newest frame of a running job: one process writes, others read, none waits.

    Neither maps the file: it may be shortened or removed at any time, as any temporary file.

    Parameters
    ----------
    path : Path
        Created by the writer with its first frame, and again if it is gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, number: int, positions: AnyArray) -> bool:
        """Put `positions` (float32, C order) into the slot of frame `number`.

        Returns
        -------
        bool
            False if the disk is full or refuses: a frame is not worth ending the work.
        """
        content = np.ascontiguousarray(positions, np.float32).reshape(-1).view(np.uint8).data
        start = _start(number, len(content))
        try:
            target = self._open_to_write()
        except OSError:
            return False
        try:
            write_at(target, _stamp(_BEING_WRITTEN), start)
            write_at(target, content, start + _HEADER)
            write_at(target, _stamp(number), start)
            return True
        except OSError:
            return False
        finally:
            os.close(target)

    def _open_to_write(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            return os.open(self._path, flags, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._path, flags, 0o600)

    def read(self, number: int, shape: Iterable[int]) -> bytes | None:
        """Return the bytes of frame `number`; None if a newer one replaced it, or it is gone."""
        size = int(np.prod(tuple(shape))) * 4
        start = _start(number, size)
        try:
            source = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError:
            return None
        try:
            slot = bytearray(_HEADER + size)
            after = bytearray(_NUMBER.size)
            n_read = read_at(source, memoryview(slot), start)
            n_after = read_at(source, memoryview(after), start)
        except OSError:
            return None
        finally:
            os.close(source)
        if n_read < len(slot) or n_after < len(after):
            return None
        held = slot[: len(after)] == after == _stamp(number)
        return bytes(slot[_HEADER:]) if held else None

    def close(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def _stamp(number: int) -> memoryview:
    """Return what marks a slot: never zeros, which a part of a file holds that was not written."""
    return memoryview(_NUMBER.pack(number + 1 if number >= 0 else number))


def _start(number: int, size: int) -> int:
    return number % _SLOTS * (_HEADER + size)
