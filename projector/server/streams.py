"""Streams: answers that last, each of which occupies a thread until its client leaves."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator

from flask import Response, request

from projector.errors import RequestError
from projector.server.connections.answering import WHEN_LEFT

#: Calls a function once the client has left.
WhenLeft = Callable[[Callable[[], None]], None]
Chunks = Generator[bytes, None, None]


class StreamSlots:
    """Counts open streams and refuses one too many.

    Parameters
    ----------
    limit : int
        Streams that may be open at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._open = 0

    @property
    def n_open(self) -> int:
        """Streams that are open now."""
        return self._open

    def stream(self, chunks: Callable[[WhenLeft], Chunks], content_type: str) -> Response:
        """Return a response that sends chunks as they come.

        Parameters
        ----------
        chunks : callable
            Returns the generator of the chunks. What it needs it takes and gives back itself: a
            generator that is never started has taken nothing.
        content_type : str

        Raises
        ------
        RequestError
            With status 503: too many are open. HEAD hears of it, too, and opens nothing.
        """
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if request.method == "HEAD":
            self._check()
            # An iterator, because nobody knows how long the stream would be.
            return Response(iter(()), headers=headers, content_type=content_type)
        # Servers other than ours do not say when a client leaves: writing to it will fail.
        when_left: WhenLeft = request.environ.get(WHEN_LEFT, _never)
        return Response(
            _Stream(self, chunks(when_left)), headers=headers, content_type=content_type
        )

    def enter(self) -> None:
        """Take a slot, or raise RequestError."""
        with self._lock:
            self._check()
            self._open += 1

    def leave(self) -> None:
        """Give a slot back."""
        with self._lock:
            self._open -= 1

    def _check(self) -> None:
        if self._open >= self._limit:
            raise RequestError(
                f"Too many streams are open; the limit is {self._limit}. Close other tabs of "
                "projector.",
                status=503,
            )


class _Stream(Iterator[bytes]):
    """The chunks of one stream. It has its slot from when it is made until it is closed or lost."""

    def __init__(self, slots: StreamSlots, chunks: Chunks) -> None:
        self._chunks = chunks
        self._held = contextlib.ExitStack()
        slots.enter()
        self._held.callback(slots.leave)
        self._held.callback(chunks.close)

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """End the stream, whether or not it ever began; the server calls this in any case."""
        self._held.close()

    def __del__(self) -> None:
        # A response that an error replaced is closed by nobody.
        self._held.close()


def _never(_: Callable[[], None]) -> None:
    """Know nothing of clients that leave."""
