"""A job as its owner sees it: a value that changes, and a condition to wait for the change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from projector.errors import Cancelled, ProjectorError
from projector.jobs.pace import Pace
from projector.jobs.shared import FrameFile

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a job stands at one moment."""

    state: State
    phase: str = ""
    done: int = 0
    total: int = 0
    remaining_seconds: float | None = None
    paused: bool = False
    error: ProjectorError | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will change."""
        return self.state in ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of running work: ``shape`` float32 numbers, C order."""

    number: int
    done: int
    fraction: float
    shape: tuple[int, ...]
    content: bytes


class Job:
    """One piece of long work.

    Made by `Runner.submit`. All methods may be called from any thread.
    """

    def __init__(self, key: str, frames: FrameFile, on_change: Callable[[Job], None]) -> None:
        self.key = key
        self._frames = frames
        self._on_change = on_change
        self._changed = threading.Condition()
        self._snapshot = Snapshot("queued")
        self._pace = Pace()
        self._frame = -1
        self._frame_shape: tuple[int, ...] = ()
        self._result: Any = None

    def snapshot(self) -> Snapshot:
        """Return how the job stands now."""
        return self._snapshot

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the end and return what the function returned.

        Raises
        ------
        ProjectorError
            The error that ended the work; `Cancelled` when somebody stopped it.
        TimeoutError
            It is not done after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._snapshot.ended, timeout):
                raise TimeoutError
        if self._snapshot.error is not None:
            raise self._snapshot.error
        return self._result

    def next_frame(self, after: int, timeout: float) -> Frame | None:
        """Wait for a frame newer than number `after`; None when the work ended or time is up.

        The newest one is given: whoever is slow sees fewer frames, never old ones.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._frame > after or self._snapshot.ended, timeout)
            now = self._snapshot
            if self._frame <= after or now.ended:
                return None
            number, shape = self._frame, self._frame_shape
            content = self._frames.read(number, shape)
        if content is None:
            return None
        fraction = min(1.0, now.done / now.total) if now.total else 0.0
        return Frame(number, now.done, fraction, shape, content)

    def started(self) -> None:
        """Note that a process has taken the job up."""
        self._become(Snapshot("running"))

    def told(self, phase: str, done: int, total: int, frame: int, shape: tuple[int, ...]) -> None:
        """Note a report of the process."""
        remaining = self._pace.remaining(phase, done, total)
        paused = self._snapshot.paused
        self._frame, self._frame_shape = frame, shape
        self._become(Snapshot("running", phase, done, total, remaining, paused))

    def held(self, paused: bool) -> None:
        """Note that the work rests, or goes on."""
        now = self._snapshot
        self._become(
            Snapshot(now.state, now.phase, now.done, now.total, now.remaining_seconds, paused)
        )

    def ended(self, result: Any, error: ProjectorError | None) -> None:
        """Note the end; whatever comes first counts."""
        now = self._snapshot
        if error is None:
            self._result = result
            self._become(Snapshot("done", now.phase, now.total, now.total, 0.0))
        elif isinstance(error, Cancelled):
            self._become(Snapshot("cancelled", now.phase, now.done, now.total, error=error))
        else:
            self._become(Snapshot("failed", now.phase, now.done, now.total, error=error))
        self._frames.close()

    def _become(self, snapshot: Snapshot) -> None:
        with self._changed:
            if self._snapshot.ended:
                return
            self._snapshot = snapshot
            self._changed.notify_all()
        self._on_change(self)
