"""Maps of unnamed files of our own, and how another process of the same user finds them."""

from __future__ import annotations

import errno
import mmap
import os
import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray


class PrivateMap(mmap.mmap):
    """A read-only map of a file without a name, which no other program can reach by chance.

    Attributes
    ----------
    descriptor : int
        Of the file; open as long as the map is.
    """

    descriptor: int


@dataclass(frozen=True)
class Place:
    """Where another process finds an array of this one.

    Attributes
    ----------
    path : str
        Leads there only as long as the array exists.
    device, inode : int
        The file that is found there: a path through a descriptor may lead to another one later.
    offset : int
    """

    path: str
    device: int
    inode: int
    offset: int


def map_file(descriptor: int, count: int) -> NDArray[np.uint8]:
    """Map the first `count` bytes of a file of our own, read-only."""
    if not count:
        return np.zeros(0, np.uint8)
    found = PrivateMap(descriptor, count, access=mmap.ACCESS_READ)
    found.descriptor = os.dup(descriptor)
    weakref.finalize(found, os.close, found.descriptor)
    return np.ndarray((count,), np.uint8, found)


def owner_of(array: AnyArray) -> PrivateMap | None:
    """Return the map of our own that an array is a view of, or None."""
    at: object = array
    while isinstance(at, (np.ndarray, memoryview)):
        at = at.base if isinstance(at, np.ndarray) else at.obj
    return at if isinstance(at, PrivateMap) else None


def place_of(array: AnyArray) -> Place | None:
    """Return where another process finds an array; None unless it is a part of a `PrivateMap`."""
    owner = owner_of(array)
    if owner is None or not array.flags.c_contiguous:
        return None
    path = f"/proc/{os.getpid()}/fd/{owner.descriptor}"
    status = os.fstat(owner.descriptor)
    try:
        if not os.path.samestat(os.stat(path), status):
            return None
    except OSError:
        return None  # another system, or one that hides descriptors
    start = np.frombuffer(owner, np.uint8).__array_interface__["data"][0]
    offset = array.__array_interface__["data"][0] - start
    return Place(path, status.st_dev, status.st_ino, offset)


def open_place(place: Place, count: int) -> NDArray[np.uint8]:
    """Map `count` bytes at a place.

    Raises
    ------
    FileNotFoundError
        They are no longer there.
    """
    descriptor = os.open(place.path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        status = os.fstat(descriptor)
        stop = place.offset + count
        if (status.st_dev, status.st_ino) != (place.device, place.inode) or stop > status.st_size:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), place.path)
        return map_file(descriptor, stop)[place.offset :]
    finally:
        os.close(descriptor)
