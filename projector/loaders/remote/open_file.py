"""A file that is open for reading, here or elsewhere: its bytes are there once they are needed."""

from __future__ import annotations

import io
import os
import weakref
from collections.abc import Callable
from typing import Protocol

from projector.loaders.versions import Version
from projector.machine.positioned import read_at

#: Bytes that are got ahead of who reads one piece after another: half of what was read, at most.
_FARTHEST = 1 << 23


class OpenFile(Protocol):
    """What readers know of an open file.

    Attributes
    ----------
    descriptor : int
        Its first `size` bytes are the file's, where `need` was called for them.
    """

    descriptor: int

    @property
    def size(self) -> int:
        """The file's bytes."""

    @property
    def version(self) -> Version:
        """The version that is read."""

    @property
    def is_local(self) -> bool:
        """Whether all bytes are there at all times."""

    def need(self, start: int, count: int) -> None:
        """Make sure that a range is there; what is behind the end does not count.

        Raises
        ------
        LoadError
            It cannot be had.
        """


class LocalFile:
    """A file of this machine.

    Parameters
    ----------
    descriptor : int
        Is closed with the object.
    """

    is_local = True

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.close = weakref.finalize(self, os.close, descriptor)

    @property
    def size(self) -> int:
        """The file's bytes now."""
        return os.fstat(self.descriptor).st_size

    @property
    def version(self) -> Version:
        """The version that the file is now."""
        return Version.of(os.fstat(self.descriptor))

    def need(self, start: int, count: int) -> None:
        """Do nothing: all of it is there."""


class RemoteFile:
    """One version of an object elsewhere, of which this machine has a part.

    Parameters
    ----------
    descriptor : int
        Its blocks, where they are there. Stays open as long as `owner` exists.
    size : int
    version : Version
        Of what stands for it in the mirror.
    fetch : callable
        ``fetch(start, stop)`` makes sure that a range is there.
    owner : object
        Kept as long as the file is open.
    """

    is_local = False

    def __init__(
        self,
        descriptor: int,
        size: int,
        version: Version,
        fetch: Callable[[int, int], None],
        owner: object,
    ) -> None:
        self.descriptor = descriptor
        self.size = size
        self.version = version
        self.fetch = fetch
        self._owner = owner
        #: Where the next piece begins if one follows the other, where the first of them began, and
        #: up to where all is there.
        self._next = self._begin = self._there = -1

    def need(self, start: int, count: int) -> None:
        """Get what is not there of a range; see `OpenFile`.

        Who reads piece after piece gets more and more ahead: small requests one after the other
        are what makes remote reading slow.
        """
        stop = min(self.size, start + count)
        if start >= stop:
            return
        if start != self._next:
            self._begin = self._there = start
        self._next = stop
        if stop <= self._there:
            return
        is_first = self._there == self._begin
        ahead = 0 if is_first else min((stop - self._begin) // 2, _FARTHEST)
        self._there = min(self.size, stop + ahead)
        self.fetch(start, self._there)


class RawRemote(io.RawIOBase):
    """A file object over a remote file."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._at = 0

    @property
    def size(self) -> int:
        """The file's bytes."""
        return self._file.size

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be sought."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return it."""
        at = (0, self._at, self._file.size)[whence] + offset
        if at < 0:
            raise ValueError("cannot seek to before the start")
        self._at = at
        return at

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def readinto(self, buffer: object) -> int:
        """Fill a buffer with the next bytes; return how many there are."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = max(0, min(len(view), self._file.size - self._at))
        self._file.need(self._at, wanted)
        n_read = read_at(self._file.descriptor, view[:wanted], self._at)
        self._at += n_read
        return n_read
