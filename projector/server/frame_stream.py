"""Streams of running projections' positions: the newest frame when the reader is ready."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from projector.jobs.job import Frame, Job, Snapshot
from projector.model.projection import Projection
from projector.server.streams import Chunks, WhenLeft
from projector.server.wire import (
    EMPTY,
    LAST,
    SAME,
    frame_header,
    keep_alive_frame,
    part_number,
)

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


@dataclass(frozen=True)
class Part:
    """One of several computations whose frames come in one stream.

    Attributes
    ----------
    computation : Followed or None
        None: it is not known any more, and its part ends at once.
    dims : int
        Components to send at most: the first ones.
    on_first : callable
        Called when its first frame was taken, be it the last one.
    """

    computation: Followed | None
    dims: int
    on_first: Callable[[], object] = lambda: None


class _Follower:
    """What one part has to send: its newest frame, and at the end the last one."""

    def __init__(self, part: Part) -> None:
        self.is_over = False
        self._part = part
        self._number, self._quiet = -1, time.monotonic()
        self._sent = b""
        self._is_first = False

    def take(self, seconds: float) -> bytes | None:
        """Return what is to be sent, waiting at most so long; None while there is nothing."""
        computation = self._part.computation
        if computation is None:
            self.is_over = True
            return frame_header(0, 0, 0.0, 0, LAST | EMPTY)
        if not computation.snapshot().ended:
            assert computation.job is not None, "a computation that has not ended has a job"
            frame = computation.job.next_frame(self._number, seconds)
            if frame is not None and not computation.is_streamed:
                self._number, frame = frame.number, None  # of another step of the same series
            if frame is not None:
                return self._shown(frame)
            if not computation.snapshot().ended:
                return self._keep_alive()
        self.is_over = True
        self._is_first = not self._sent
        return _last(computation, self._part.dims, self._sent)

    def taken(self) -> None:
        """Say that the reader took what was sent."""
        if self._is_first:
            self._is_first = False
            self._part.on_first()

    def _shown(self, frame: Frame) -> bytes:
        self._is_first = self._number < 0
        self._number, self._quiet = frame.number, time.monotonic()
        shown = min(self._part.dims, frame.shape[1])
        self._sent = _leading(frame.content, frame.shape[1], shown)
        return frame_header(len(self._sent), frame.done, frame.fraction, shown) + self._sent

    def _keep_alive(self) -> bytes | None:
        if time.monotonic() - self._quiet <= _QUIET_SECONDS:
            return None
        self._quiet = time.monotonic()
        return keep_alive_frame()


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
    follower = _Follower(Part(computation, dims, on_first))
    left = threading.Event()
    when_left(left.set)
    while not follower.is_over:
        frame = follower.take(_LOOK_SECONDS)
        if left.is_set():
            return
        if frame is not None:
            yield frame
            follower.taken()


def joint_stream(parts: Sequence[Part], when_left: WhenLeft) -> Chunks:
    """Yield the frames of several computations, each after its number among them, until all end.

    A reader that is slow gets of each the newest frame, and of none two before the others' turn.

    Parameters
    ----------
    parts : sequence of Part
    when_left : callable
        Calls a function once the reader has left.
    """
    left, changed = threading.Event(), threading.Event()

    def leave() -> None:
        left.set()
        changed.set()

    when_left(leave)
    followers = {number: _Follower(part) for number, part in enumerate(parts)}
    with contextlib.ExitStack() as watching:
        for part in parts:
            if part.computation is not None and part.computation.job is not None:
                watching.enter_context(part.computation.job.watched(changed))
        while followers:
            changed.clear()
            is_quiet = True
            for number, follower in list(followers.items()):
                frame = follower.take(0.0)
                if left.is_set():
                    return
                if frame is None:
                    continue
                is_quiet = False
                yield part_number(number) + frame
                follower.taken()
                if follower.is_over:
                    del followers[number]
            if is_quiet:
                changed.wait(_LOOK_SECONDS)


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
