"""The stream of a running projection's positions: the newest frame when its reader is ready."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from projector.jobs.job import Job, Snapshot
from projector.model.projection import Projection
from projector.server.streams import Chunks, WhenLeft
from projector.server.wire import EMPTY, LAST, SAME, frame_header, keep_alive_frame

#: Seconds without a frame after which an empty one keeps the stream open.
_QUIET_SECONDS = 5.0
#: Seconds after which a stream without frames looks whether its reader has left.
_LOOK_SECONDS = 0.5


class Followed(Protocol):
    """What a stream follows: a projection, or the step of a series that is looked at."""

    @property
    def job(self) -> Job | None:
        """Its job; None if the result was in the cache."""
        ...

    def snapshot(self) -> Snapshot:
        """Return its state."""
        ...

    def projection(self) -> Projection | None:
        """Return the result when it is there."""
        ...

    @property
    def is_streamed(self) -> bool:
        """Return whether the frames of its job are its own."""
        ...


def frame_stream(
    computation: Followed,
    dims: int,
    when_left: WhenLeft,
    on_first: Callable[[], object] = lambda: None,
) -> Chunks:
    """Yield the newest frame each time the reader is ready, and the last frame at the end.

    Parameters
    ----------
    computation : Followed
    dims : int
        Components to send at most: the first ones.
    when_left : callable
        Calls a function once the reader has left.
    on_first : callable
        Called when the first frame was taken, be it the last one.
    """
    number, quiet = -1, time.monotonic()
    sent = b""
    left = threading.Event()
    when_left(left.set)
    while not computation.snapshot().ended:
        assert computation.job is not None, "a computation that has not ended has a job"
        frame = computation.job.next_frame(number, _LOOK_SECONDS)
        if left.is_set():
            return
        if frame is not None and not computation.is_streamed:
            number, frame = frame.number, None  # of another step of the same series
        if frame is not None:
            is_first = number < 0
            number, quiet = frame.number, time.monotonic()
            shown = min(dims, frame.shape[1])
            sent = _leading(frame.content, frame.shape[1], shown)
            yield frame_header(len(sent), frame.done, frame.fraction, shown) + sent
            if is_first:
                on_first()
        elif not computation.snapshot().ended and time.monotonic() - quiet > _QUIET_SECONDS:
            quiet = time.monotonic()
            yield keep_alive_frame()
    yield _last(computation, dims, sent)
    if not sent:
        on_first()


def _last(computation: Followed, dims: int, sent: bytes) -> bytes:
    """Return the last frame: the result, no result, or word that it was sent already."""
    projection, done = computation.projection(), computation.snapshot().done
    if projection is None:
        return frame_header(0, done, 0.0, 0, LAST | EMPTY)
    shown = min(dims, projection.n_components)
    content = np.ascontiguousarray(projection.positions[:, :shown], "<f4").tobytes()
    if content == sent:
        return frame_header(0, done, 1.0, shown, LAST | SAME)
    return frame_header(len(content), done, 1.0, shown, LAST) + content


def _leading(content: bytes, n_components: int, shown: int) -> bytes:
    """Return the first components of positions."""
    if shown == n_components:
        return content
    return np.frombuffer(content, "<f4").reshape(-1, n_components)[:, :shown].tobytes()
