"""A body on its way: filled by the thread of the sockets, read by the thread that answers."""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable

#: Bytes that may wait to be read; then the socket is not read until half of them are gone.
_MOST_WAITING = 1 << 20


class BodyStream(io.RawIOBase):
    """The body of one request; never more than a megabyte of it is in memory.

    waitress's receivers fill it as they fill a buffer.

    Parameters
    ----------
    wake : callable
        Called when there is room again after it was `full`.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._pieces: deque[memoryview] = deque()
        self._waiting = 0
        self._length = 0
        self._ended = False
        self._error: Exception | None = None
        self._wake = wake
        #: Called once, before the first byte is waited for.
        self.before_reading: Callable[[], None] = _nothing

    def __len__(self) -> int:
        """Return how many bytes have arrived."""
        return self._length

    def __bool__(self) -> bool:
        return True

    @property
    def full(self) -> bool:
        """Whether nothing more should be put in now."""
        return self._waiting >= _MOST_WAITING

    def append(self, piece: bytes) -> None:
        """Put in what has arrived."""
        with self._changed:
            self._length += len(piece)
            if self._error is None and not self.closed:
                self._pieces.append(memoryview(piece))
                self._waiting += len(piece)
                self._changed.notify()

    def end(self) -> None:
        """Say that the body is complete."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def fail(self, error: Exception) -> None:
        """Say that the rest will not come; the reader gets this error."""
        with self._changed:
            if not self._ended and self._error is None:
                self._error = error
                self._changed.notify()

    def getfile(self) -> BodyStream:
        """Return the file that the application reads, as waitress asks its buffers."""
        return self

    def readable(self) -> bool:
        """Return True: it is a file for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Wait for some bytes and read them; 0 is the end.

        Raises
        ------
        RequestError
            The body broke off, was too long, or came too slowly.
        """
        before, self.before_reading = self.before_reading, _nothing
        before()
        with self._changed:
            self._changed.wait_for(lambda: bool(self._pieces) or self._ended or bool(self._error))
            if self._error is not None:
                raise self._error
            if not self._pieces:
                return 0
            was_full = self.full
            piece = self._pieces.popleft()
            n = min(len(buffer), len(piece))
            buffer[:n] = piece[:n]
            if n < len(piece):
                self._pieces.appendleft(piece[n:])
            self._waiting -= n
            has_room = was_full and not self.full
        if has_room:
            self._wake()
        return n

    def close(self) -> None:
        """Forget what has not been read."""
        with self._changed:
            self._pieces.clear()
            self._waiting = 0
            super().close()


def _nothing() -> None:
    pass
