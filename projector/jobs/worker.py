"""The program of a worker process: ``python -m projector.jobs.worker``.

It takes tasks from the channel that its standard streams are, one after the other, reports there,
and exits when its owner does.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from projector.errors import JobError, ProjectorError
from projector.jobs.messages import (
    Finished,
    Pause,
    Report,
    SentFirst,
    Task,
    Trigger,
    Update,
)
from projector.jobs.shared import FrameFile
from projector.machine.channel import Channel
from projector.machine.channel_process import standard_channel
from projector.machine.child_process import named_function
from projector.machine.handover import start_handing_over
from projector.machine.messages import Failure
from projector.machine.shortages import machine_error
from projector.model.progress import Progress, ProgressCallback

#: Shortest time between two frames and between two reports: a screen shows no more.
FRAME_SECONDS = 1 / 40
REPORT_SECONDS = 1 / 20
#: Largest share of the time that copying frames may take.
_FRAME_SHARE = 0.03
_DONE = object()
#: Lower priority than usual, so that the server stays responsive on few cores.
_NICENESS = 5


class Reporter:
    """The `progress` callable of a job: limits the rate of reports, copies frames, pauses."""

    def __init__(self, frames: FrameFile, send_report: Callable[[Report], None]) -> None:
        self._frames = frames
        self._send_report = send_report
        self._go = threading.Event()
        self._go.set()
        self._next_frame = self._next_report = 0.0
        self._number = -1
        self._shape: tuple[int, ...] = ()
        self._phase = ""

    def __call__(self, progress: Progress) -> None:
        """Take a report; blocks while paused."""
        now = time.monotonic()
        framed = progress.positions is not None and now >= self._next_frame
        due = now >= self._next_report or progress.phase != self._phase
        if framed:
            self._write_frame(progress, now)
        if framed or due:
            self._phase = progress.phase
            self._next_report = now + REPORT_SECONDS
            self._send_report(
                Report(progress.phase, progress.done, progress.total, self._number, self._shape)
            )
        self._go.wait()

    def set_paused(self, paused: bool) -> None:
        """Pause the work at its next report, or resume it."""
        if paused:
            self._go.clear()
        else:
            self._go.set()

    def _write_frame(self, progress: Progress, now: float) -> None:
        assert progress.positions is not None, "a frame is positions"
        if self._frames.write(self._number + 1, progress.positions):
            self._number += 1
            self._shape = tuple(progress.positions.shape)
        cost = time.monotonic() - now
        self._next_frame = now + max(FRAME_SECONDS, cost / _FRAME_SHARE)


def run_task(task: Task, reporter: ProgressCallback) -> Finished:
    """Call the task's function; every way it can end becomes a message.

    An unexpected error is a defect: its traceback goes to standard error, which is the owner's,
    and its sentence to whoever waits for the job.
    """
    try:
        return Finished(result=named_function(task.function)(task.payload, reporter))
    except ProjectorError as error:
        return Finished(failure=Failure.of(error))
    except Exception as error:  # noqa: BLE001 - the border of a process: nothing may vanish here
        lacking = machine_error(error)
        if lacking is not None:
            return Finished(failure=Failure.of(lacking))
        traceback.print_exc()
        message = (
            f"The work failed unexpectedly: {type(error).__name__}: {error}. The traceback was "
            "written to the server's standard error."
        )
        return Finished(failure=Failure(JobError, message))


def main(preload: str = "", prepare: str = "") -> None:
    """Serve tasks until the owner closes the channel.

    Parameters
    ----------
    preload : str
        A module to import at once, before the first task needs it.
    prepare : str
        ``"package.module:name"`` of a function that returns an iterator, which is advanced
        while no task waits.
    """
    # What a library prints goes to standard error, which is the owner's.
    channel, _ = standard_channel(prints=True)
    start_handing_over()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    tasks: queue.Queue[tuple[Task, Reporter]] = queue.Queue()
    threading.Thread(target=_read_messages, args=(channel, tasks), daemon=True).start()
    if preload:
        importlib.import_module(preload)
    preparation: Iterator[None] = named_function(prepare)() if prepare else iter(())
    while True:
        while tasks.empty() and next(preparation, _DONE) is not _DONE:
            continue
        _answer(channel, run_task(*tasks.get()))


def _answer(channel: Channel, finished: Finished) -> None:
    """Send how a task ended, and do what its function left for afterwards."""
    left = finished.result if isinstance(finished.result, SentFirst) else None
    try:
        channel.send(replace(finished, result=left.result) if left else finished)
    except ConnectionError:
        os._exit(0)
    except (MemoryError, OSError) as error:  # no room for what the owner would map
        lacking = machine_error(error) or JobError(f"The result cannot be passed on: {error}.")
        channel.send(Finished(failure=Failure.of(lacking)))
        return
    if left is not None:
        try:
            left.then()
        except Exception:  # noqa: BLE001 - the border of a process: the next task is still done
            traceback.print_exc()


def _read_messages(channel: Channel, tasks: queue.Queue[tuple[Task, Reporter]]) -> None:
    """Queue tasks, apply other messages to the newest one, and exit when the owner has.

    A task comes when the one before has ended. What is said of it before it begins, while
    something is prepared, counts, too.
    """
    current: tuple[Task, Reporter] | None = None
    while True:
        try:
            message = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        if isinstance(message, Task):
            current = message, Reporter(FrameFile(Path(message.frames_path)), channel.send)
            tasks.put(current)
        elif current is None:
            continue
        elif isinstance(message, Pause):
            current[1].set_paused(message.paused)
        elif isinstance(message, Update):
            current[0].payload.setdefault("updates", {}).update(message.values)
        elif isinstance(message, Trigger):
            current[0].payload.setdefault("actions", []).append(message.action)


if __name__ == "__main__":
    main(*sys.argv[1:3])
