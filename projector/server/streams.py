"""Limits the number of open streams, so that other requests always find a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from flask import Response

from projector.errors import RequestError


class StreamSlots:
    """Counts open streams and refuses one too many. Each occupies a thread of the server.

    Parameters
    ----------
    limit : int
        Streams that may be open at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._open = 0

    def stream(self, chunks: Iterator[bytes], content_type: str) -> Response:
        """Return a response that sends `chunks` as they come.

        Raises
        ------
        RequestError
            With status 503: too many are open.
        """
        with self._lock:
            if self._open >= self._limit:
                raise RequestError(
                    f"Too many streams are open; the limit is {self._limit}. Close other tabs of "
                    "projector.",
                    status=503,
                )
            self._open += 1
        response = Response(chunks, content_type=content_type)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        # The server calls this however the stream ends, even if it never began.
        response.call_on_close(self._leave)
        return response

    def _leave(self) -> None:
        with self._lock:
            self._open -= 1
