"""Reads and writes ranges of open files by position, large ones in pieces by several threads."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

#: Bytes that one thread reads or writes, and how many threads there are: more gain nothing.
PIECE = 1 << 24
_N_THREADS = 4
#: Without positions there is one place in a file, and so one thread.
_HAS_POSITIONS = hasattr(os, "preadv") and hasattr(os, "pwrite")
_NOT_SUPPORTED = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS})


def read_at(source: int, buffer: memoryview, offset: int) -> int:
    """Fill a buffer from an open file at `offset`; return how many bytes there were."""
    done = 0
    while done < len(buffer):
        if _HAS_POSITIONS:
            n_read = os.preadv(source, [buffer[done:]], offset + done)
        else:
            os.lseek(source, offset + done, os.SEEK_SET)
            piece = os.read(source, len(buffer) - done)
            n_read = len(piece)
            buffer[done : done + n_read] = piece
        if not n_read:
            break
        done += n_read
    return done


def write_at(target: int, content: memoryview, offset: int) -> None:
    """Write all bytes to an open file at `offset`."""
    done = 0
    while done < len(content):
        if _HAS_POSITIONS:
            done += os.pwrite(target, content[done:], offset + done)
        else:
            os.lseek(target, offset + done, os.SEEK_SET)
            done += os.write(target, content[done:])


def allocate(target: int, count: int) -> None:
    """Reserve space for a file's first `count` bytes, so that a full disk is an error now.

    A disk that is full when a page of a map is written ends the process instead.
    """
    if not count:
        return
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(target, 0, count)
            return
        except OSError as error:
            if error.errno not in _NOT_SUPPORTED:
                raise
    empty = memoryview(bytes(min(count, PIECE)))
    for start in range(0, count, PIECE):
        write_at(target, empty[: count - start], start)


def in_pieces(count: int, work: Callable[[int, int], int]) -> int:
    """Call ``work(start, stop)`` for all pieces of `count` bytes, several at once.

    Parameters
    ----------
    count : int
    work : callable
        Returns how far it came; before `stop` if there is nothing more.

    Returns
    -------
    int
        How far the pieces are done without a gap.
    """
    starts = range(0, count, PIECE)
    stops = [min(start + PIECE, count) for start in starts]
    if len(starts) <= 1 or not _HAS_POSITIONS:
        reached = [work(start, stop) for start, stop in zip(starts, stops, strict=True)]
    else:
        with ThreadPoolExecutor(_N_THREADS) as pool:
            reached = list(pool.map(work, starts, stops))
    for stop, there in zip(stops, reached, strict=True):
        if there < stop:
            return there
    return count
