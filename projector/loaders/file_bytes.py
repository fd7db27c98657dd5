"""The bytes of files that others may write: private copies, and reading by position.

No file of others is mapped: one that is shortened would end the process that touches its map.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from projector.errors import FileChangedError, LoadError, NoRoomForCopyError
from projector.loaders.safe_files import open_file
from projector.machine.positioned import read_at
from projector.machine.private_copy import NoRoomError, copy_range, is_same

T = TypeVar("T")

#: Bytes that are read ahead where few are asked for.
_AHEAD = 1 << 16


def private_bytes(path: Path, offset: int = 0, count: int | None = None) -> NDArray[np.uint8]:
    """Return a file's bytes, or `count` of them at `offset`, as a read-only array of our own.

    Large ones are in a temporary file (see `projector.machine.private_copy`). Fewer than `count`
    are returned if the file is shorter.

    Raises
    ------
    FileChangedError
        The file changed while it was copied.
    NoRoomForCopyError
        It fits neither into memory nor onto the disk.
    LoadError
        It cannot be read.
    """
    whole = FileBytes(path)
    stop = len(whole) if count is None else min(len(whole), offset + count)
    return whole.array(offset, stop) if 0 <= offset < stop else np.zeros(0, np.uint8)


class FileBytes:
    """The bytes of a regular file, or of a part of it, read when they are asked for.

    A slice is bytes. The file stays open as long as the object exists, so that all are bytes of
    one file, whatever its name leads to by then. For one thread at a time.

    Parameters
    ----------
    path : Path
    start, count : int
        The part; up to the end by default.

    Raises
    ------
    LoadError
        It is missing, cannot be read, or is not a regular file.
    """

    def __init__(self, path: Path, start: int = 0, count: int | None = None) -> None:
        self._path = path
        self._file = open_file(path)
        there = max(0, self._file.size - start)
        self._start = start
        self._count = there if count is None else min(count, there)
        self._ahead = (0, b"")

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> bytes: ...
    def __getitem__(self, at: int | slice) -> int | bytes:
        if isinstance(at, slice):
            start, stop, _ = at.indices(self._count)
            return self._bytes(start, stop) if start < stop else b""
        return self._bytes(at, at + 1)[0]

    def array(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return a private copy of a range; see `private_bytes`."""
        first, file = self._start + start, self._file
        before = file.version
        file.need(first, stop - start)
        found = self._reading(lambda: copy_range(file.descriptor, first, stop - start))
        same = file.version == before
        if same and file.is_local and before.is_recent:
            same = self._reading(lambda: is_same(file.descriptor, first, found))
        if not same or len(found) < stop - start:
            raise self._changed()
        return found

    def stream(self, start: int = 0, stop: int | None = None) -> io.RawIOBase:
        """Return a range as a file object that can be read and sought."""
        return _Stream(self, start, self._count if stop is None else stop)

    def read_into(self, buffer: memoryview, at: int) -> int:
        """Fill a buffer with the bytes at `at`; return how many there are."""
        wanted = max(0, min(len(buffer), self._count - at))
        first, file = self._start + at, self._file
        file.need(first, wanted)
        return self._reading(lambda: read_at(file.descriptor, buffer[:wanted], first))

    def _bytes(self, start: int, stop: int) -> bytes:
        at, ahead = self._ahead
        if not at <= start <= stop <= at + len(ahead):
            buffer = bytearray(min(max(stop - start, _AHEAD), self._count - start))
            n_read = self.read_into(memoryview(buffer), start)
            at, ahead = self._ahead = (start, bytes(buffer[:n_read]))
        if stop > at + len(ahead):
            raise self._changed()
        return ahead[start - at : stop - at]

    def _changed(self) -> FileChangedError:
        return FileChangedError(self._path, "changed while it was read. Read it again.")

    def _reading(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except NoRoomError as error:
            raise NoRoomForCopyError(self._path, str(error)) from None
        except OSError as error:
            raise LoadError(
                self._path, f"cannot be read: {error.strerror}. Check the disk."
            ) from None


class _Stream(io.RawIOBase):
    """A file object over a range, for zipfile, h5py and pyarrow."""

    def __init__(self, whole: FileBytes, start: int, stop: int) -> None:
        self._whole = whole
        self._start, self._stop, self._at = start, stop, start

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (self._start, self._at, self._stop)[whence]
        if base + offset < self._start:
            raise ValueError("cannot seek to before the start")
        self._at = base + offset
        return self.tell()

    def tell(self) -> int:
        return self._at - self._start

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = max(0, min(len(view), self._stop - self._at))
        n_read = self._whole.read_into(view[:wanted], self._at)
        self._at += n_read
        return n_read
