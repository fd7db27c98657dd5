"""What holds the two bodies of a request back: nothing piles up on either side."""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from projector.errors import RequestError
from projector.notebook.messages import PIECES_AHEAD

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Seconds that a page may read nothing, or send nothing, before its request is given up: it is
#: gone without a word, as when its browser was closed.
PATIENCE_SECONDS = 60.0


class Credit:
    """How many pieces of an answer may be sent; safe from any thread.

    Parameters
    ----------
    patience : float
        Seconds to wait for a page that reads nothing.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._changed = threading.Condition()
        self._left = PIECES_AHEAD
        self._patience = patience
        self._stopped = False
        self._to_tell: list[Callable[[], None]] = []

    @property
    def is_stopped(self) -> bool:
        """Whether the page has left."""
        return self._stopped

    def take(self) -> bool:
        """Wait until one more piece may be sent; False if the page has left."""
        with self._changed:
            waited = self._changed.wait_for(lambda: self._left or self._stopped, self._patience)
            if not waited or self._stopped:
                return False
            self._left -= 1
            return True

    def give(self) -> None:
        """Let one more piece be sent."""
        with self._changed:
            self._left += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Wake whoever waits, and tell those who asked: the page has left."""
        with self._changed:
            told, self._to_tell = self._to_tell, []
            self._stopped = True
            self._changed.notify_all()
        for tell in told:
            tell()

    def when_left(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the page leaves; at once if it has left."""
        with self._changed:
            if not self._stopped:
                self._to_tell.append(tell)
                return
        tell()


class ArrivingBody(io.RawIOBase):
    """A request's body, read while it arrives.

    Parameters
    ----------
    on_read : callable
        Called when a piece was read whole: one more may come.
    patience : float
        Seconds to wait for a page that sends nothing.
    """

    def __init__(self, on_read: Callable[[], None], patience: float = PATIENCE_SECONDS) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._pieces: deque[memoryview] = deque()
        self._on_read = on_read
        self._patience = patience
        self._stopped = False

    def feed(self, piece: bytes) -> None:
        """Take over a piece.

        Raises
        ------
        RequestError
            The page sends more than it may.
        """
        with self._changed:
            if len(self._pieces) >= PIECES_AHEAD + 1:
                raise RequestError("A page sends more of a body than it was asked for.")
            if piece:
                self._pieces.append(memoryview(piece))
                self._changed.notify_all()

    def stop(self) -> None:
        """Let whoever reads see the end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, target: WriteableBuffer) -> int:
        """Fill `target` as far as there is something; 0 if nothing comes any more."""
        wanted = memoryview(target).cast("B")
        with self._changed:
            self._changed.wait_for(lambda: self._pieces or self._stopped, self._patience)
            if self._stopped or not self._pieces:
                return 0
            first = self._pieces[0]
            n = min(len(wanted), len(first))
            wanted[:n] = first[:n]
            is_whole = n == len(first)
            if is_whole:
                self._pieces.popleft()
            else:
                self._pieces[0] = first[n:]
        if is_whole:
            self._on_read()
        return n
