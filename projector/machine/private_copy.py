"""Private copies of files: bytes that nobody else can change, shorten or remove.

A map of a file that another program shortens kills the process that touches it, and one that is
rewritten shows a part of the old content and a part of the new. So no file of others is ever
mapped. Small ranges are read into memory. Large ones are copied to a temporary file without a
name, and that file is mapped: the system may write it out when memory is needed, and nothing of it
is left when the process is killed.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from projector.machine.byte_size import byte_size
from projector.machine.free_space import FreeSpace, free_space, temporary_folder
from projector.machine.memory import FreeMemory, free_memory
from projector.machine.positioned import allocate, in_pieces, read_at, write_at
from projector.machine.private_map import map_file
from projector.typing import AnyArray

#: Ranges up to this many bytes are kept in memory.
IN_MEMORY = 1 << 25
#: Bytes that go through memory at once on their way to a file: they stay in the cache.
_BUFFER = 1 << 20
#: Every array starts at a multiple of this many bytes, enough for any number.
_ALIGNMENT = 8
#: ``FICLONERANGE`` of Linux, which lets two files share blocks, and a multiple of every block.
_CLONE_RANGE, _BLOCK = 0x4020940D, 1 << 16
#: A file that was changed in the last seconds is still in memory, and not yet on the disk.
_RECENT = 60
#: Bytes that the system copies in one call, between two of which a thread can be stopped.
_AT_ONCE = 1 << 26
_NOT_SUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM})


class NoRoomError(Exception):
    """There is neither memory nor disk space for a copy; the text says how much there is."""


def copy_range(source: int, offset: int, count: int) -> NDArray[np.uint8]:
    """Return `count` bytes at `offset` of an open file, as a read-only array of our own.

    Parameters
    ----------
    source : int
        The file's descriptor.
    offset, count : int
        Not negative.

    Returns
    -------
    ndarray of shape (count,), uint8
        Aligned for any number. Shorter if the file is.

    Raises
    ------
    NoRoomError
        It fits neither into memory nor onto the disk.
    OSError
        The file cannot be read.
    """
    if count <= IN_MEMORY or os.name != "posix":
        return _in_memory(source, offset, count)
    disk = free_space(temporary_folder())
    is_on_disk = count <= disk.n_bytes
    if is_on_disk:
        try:
            return _in_file(source, offset, count)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            is_on_disk = error.errno == errno.ENOMEM  # it could not be mapped
    memory = free_memory()
    if count <= memory.n_bytes - memory.n_bytes // 8:
        return _in_memory(source, offset, count)
    raise NoRoomError(_refusal(count, memory, None if is_on_disk else disk))


def is_same(source: int, offset: int, copied: NDArray[np.uint8]) -> bool:
    """Tell whether an open file still has the bytes that were copied from it.

    Two equal copies, one after the other, show the file as it was in between.
    """
    changed = threading.Event()

    def compare(start: int, stop: int) -> int:
        buffer = np.empty(min(_BUFFER, stop - start), np.uint8)
        for at in range(start, stop, _BUFFER):
            piece = copied[at : min(at + _BUFFER, stop)]
            n_read = read_at(source, _view(buffer[: len(piece)]), offset + at)
            if changed.is_set() or not np.array_equal(buffer[:n_read], piece):
                changed.set()
                break
        return stop

    in_pieces(len(copied), compare)
    return not changed.is_set()


def copy_of(array: AnyArray, folder: Path | None = None) -> AnyArray:
    """Return a read-only copy of an array, in an unnamed file; in memory if the disk is full.

    Parameters
    ----------
    array : ndarray
        May be a map of a file of others: what is no longer there is an OSError, not a signal.
    folder : Path, optional
        The folder of the file, which is made if it is missing; by default the temporary one.

    Raises
    ------
    OSError
        Neither has room, the folder cannot be written, or the array's own file was shortened.
    """
    flat = np.ascontiguousarray(array)
    content = _view(flat.reshape(-1).view(np.uint8))
    try:
        copied = _copied_to(_unnamed_file(folder or temporary_folder()), content)
    except OSError as error:
        fits = len(content) <= free_memory().n_bytes // 2
        if error.errno not in _FULL or not fits or not hasattr(os, "memfd_create"):
            raise
        copied = _copied_to(os.fdopen(os.memfd_create("projector"), "r+b", buffering=0), content)
    return copied.view(array.dtype).reshape(array.shape)


def _copied_to(file: BinaryIO, content: memoryview) -> NDArray[np.uint8]:
    # The kernel copies: it reports a page that is missing, where our own access would be a signal.
    def write(start: int, stop: int) -> int:
        write_at(file.fileno(), content[start:stop], start)
        return stop

    with file:
        allocate(file.fileno(), len(content))
        in_pieces(len(content), write)
        return map_file(file.fileno(), len(content))


def _refusal(count: int, memory: FreeMemory, disk: FreeSpace | None) -> str:
    """Say what a copy needs and what is free; without a disk, only memory is lacking."""
    needed = f"a copy of {byte_size(count)} is needed as long as it is open, but only"
    if disk is None:
        return f"{needed} {memory}. {memory.advice}."
    advice = f"{memory.advice[0].lower()}{memory.advice[1:]}"
    return (
        f"{needed} {disk}, and {memory}. Free space there, set TMPDIR to a folder with more, or "
        f"{advice}."
    )


def _in_memory(source: int, offset: int, count: int) -> NDArray[np.uint8]:
    try:
        found = np.empty(count, np.uint8)
    except MemoryError:
        memory = free_memory()
        raise NoRoomError(
            f"its {byte_size(count)} do not fit into memory: only {memory}. {memory.advice}."
        ) from None

    def read(start: int, stop: int) -> int:
        return start + read_at(source, _view(found[start:stop]), offset + start)

    there = in_pieces(count, read)
    found.flags.writeable = False
    return found[:there]


def _in_file(source: int, offset: int, count: int) -> NDArray[np.uint8]:
    with _unnamed_file(temporary_folder()) as file:
        target = file.fileno()
        skipped = _share_blocks(source, target, offset, count)
        if skipped is not None:
            return map_file(target, skipped + count)[skipped:]
        allocate(target, count)
        there = _copied_by_kernel(source, target, offset, count)
        if there is not None:
            return map_file(target, there)

        def copy(start: int, stop: int) -> int:
            buffer = memoryview(bytearray(min(_BUFFER, stop - start)))
            while start < stop:
                wanted = min(len(buffer), stop - start)
                n_read = read_at(source, buffer[:wanted], offset + start)
                write_at(target, buffer[:n_read], start)
                start += n_read
                if n_read < wanted:
                    break
            return start

        return map_file(target, in_pieces(count, copy))


def _copied_by_kernel(source: int, target: int, offset: int, count: int) -> int | None:
    """Copy a range of one file to another's start, and return how much of it was there.

    None where the system cannot. It can on Linux, in a quarter of the processor time that a detour
    through this process takes.
    """
    if sys.platform != "linux":
        return None
    done = 0
    while done < count:
        try:
            copied = os.sendfile(target, source, offset + done, min(count - done, _AT_ONCE))
        except OSError as error:
            if done or error.errno not in _NOT_SUPPORTED:
                raise
            return None
        if not copied:
            break
        done += copied
    return done


def _share_blocks(source: int, target: int, offset: int, count: int) -> int | None:
    """Let `target` share the blocks of a range (Btrfs, XFS); return where it starts in `target`.

    None where that is not possible, where numbers would not be aligned, and for a file that was
    just written: the file system would wait until it is on the disk, to read it back from there.
    """
    status = os.fstat(source)
    skipped = offset % _BLOCK
    is_recent = abs(time.time() - max(status.st_mtime, status.st_ctime)) < _RECENT
    if is_recent or skipped % _ALIGNMENT or offset + count > status.st_size:
        return None
    if not sys.platform.startswith("linux"):
        return None
    import fcntl

    stop = -(-(offset + count) // _BLOCK) * _BLOCK
    length = 0 if stop >= status.st_size else stop - (offset - skipped)  # 0: up to the end
    try:
        fcntl.ioctl(target, _CLONE_RANGE, struct.pack("qQQQ", source, offset - skipped, length, 0))
    except OSError:
        return None
    return skipped if os.fstat(target).st_size >= skipped + count else None


def _unnamed_file(folder: Path) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True)
    return cast(BinaryIO, tempfile.TemporaryFile(buffering=0, prefix="projector-", dir=folder))


def _view(array: NDArray[np.uint8]) -> memoryview:
    return array.data
