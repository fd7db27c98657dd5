"""A job: its state, progress, newest frame and result, and waiting for them."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from projector.errors import Cancelled, ProjectorError
from projector.jobs.pace import Pace
from projector.jobs.shared import FrameFile

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]

#: The states that may follow each one: a change to any other comes too late and is ignored.
#: A pause is no state: a running job stays running (`Snapshot.paused`).
TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    "queued": frozenset({"queued", "running", "failed", "cancelled"}),
    "running": frozenset({"running", "done", "failed", "cancelled"}),
    "done": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state and progress of a job at one moment.

    ``ahead`` is the number of jobs that will start before a queued one; None in other states.
    """

    state: State
    phase: str = ""
    done: int = 0
    total: int = 0
    remaining_seconds: float | None = None
    paused: bool = False
    error: ProjectorError | None = None
    ahead: int | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will change."""
        return not TRANSITIONS[self.state]


@dataclass(frozen=True, slots=True)
class Frame:
    """The positions of a running job at one moment: ``shape`` float32 numbers, C order."""

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
        self._snapshot = Snapshot("queued", ahead=0)
        self._pace = Pace()
        self._frame = -1
        self._frame_shape: tuple[int, ...] = ()
        self._result: Any = None
        self._watchers: list[threading.Event] = []

    def snapshot(self) -> Snapshot:
        """Return the state and progress now."""
        return self._snapshot

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the end and return what the function returned.

        Raises
        ------
        ProjectorError
            The error that ended the work; `Cancelled` if it was cancelled.
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
        """Wait for a frame newer than number `after`; None if the work ended or time is up.

        It is the newest one: a slow reader gets fewer frames, never old ones.
        """
        until = time.monotonic() + timeout
        with self._changed:
            while self._changes_past(after, until - time.monotonic()):
                now, shape = self._snapshot, self._frame_shape
                after = self._frame
                content = self._frames.read(after, shape)
                if content is not None:  # else its file was removed
                    fraction = min(1.0, now.done / now.total) if now.total else 0.0
                    return Frame(after, now.done, fraction, shape, content)
        return None

    @contextlib.contextmanager
    def watched(self, event: threading.Event) -> Iterator[None]:
        """Set an event at every change, for whoever waits for one of several jobs."""
        with self._changed:
            self._watchers.append(event)
        try:
            yield
        finally:
            with self._changed:
                self._watchers.remove(event)

    def _changes_past(self, number: int, timeout: float) -> bool:
        """Wait, holding the lock, for a frame newer than `number`; False at the end."""
        self._changed.wait_for(
            lambda: self._frame > number or self._snapshot.ended, max(0.0, timeout)
        )
        return self._frame > number and not self._snapshot.ended

    def placed(self, ahead: int) -> None:
        """Take over how many jobs will start before this one."""
        if self._snapshot.ahead != ahead:
            self._become(Snapshot("queued", ahead=ahead))

    def started(self) -> None:
        """Go from queued to running: a process has taken the job."""
        self._become(Snapshot("running"))

    def reported(
        self, phase: str, done: int, total: int, frame: int, shape: tuple[int, ...]
    ) -> None:
        """Take over a progress report of the process."""
        remaining = self._pace.remaining(phase, done, total)
        paused = self._snapshot.paused
        self._frame, self._frame_shape = frame, shape
        self._become(Snapshot("running", phase, done, total, remaining, paused))

    def set_paused(self, paused: bool) -> None:
        """Take over that the job was paused or resumed."""
        self._become(replace(self._snapshot, paused=paused))

    def ended(self, result: Any, error: ProjectorError | None) -> None:
        """Go from queued or running to an end; of several ends the first one counts."""
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
            if snapshot.state not in TRANSITIONS[self._snapshot.state]:
                return
            self._snapshot = snapshot
            self._changed.notify_all()
            for event in self._watchers:
                event.set()
        self._on_change(self)
