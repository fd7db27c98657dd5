"""The process that does the work: ``python -m projector.jobs.worker``.

It reads tasks from standard input and tells about them on standard output, one after the
other, and ends when its owner does. An ordinary child process and not `multiprocessing`,
which would run the main script of whoever called `projector.serve` a second time.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from projector.errors import JobFailed, ProjectorError
from projector.jobs.messages import Change, Control, Failure, Finished, Task, Told, receive, send
from projector.jobs.shared import FrameFile
from projector.model.progress import Progress, ProgressCallback

#: Frames and reports go out no more often than this; a screen shows no more.
FRAME_SECONDS = 1 / 40
REPORT_SECONDS = 1 / 20
#: A frame may cost this share of the time between two frames.
_FRAME_SHARE = 0.03
_DONE = object()
#: Below ordinary work, so that the server stays quick on a machine with few cores.
_NICENESS = 5


class Reporter:
    """The `progress` callable of a job: thins out reports, copies frames, obeys pause."""

    def __init__(self, frames: FrameFile, tell: Callable[[Told], None]) -> None:
        self._frames = frames
        self._tell = tell
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
            self._keep(progress, now)
        if framed or due:
            self._phase = progress.phase
            self._next_report = now + REPORT_SECONDS
            self._tell(
                Told(progress.phase, progress.done, progress.total, self._number, self._shape)
            )
        self._go.wait()

    def hold(self, paused: bool) -> None:
        """Pause the work at its next report, or let it go on."""
        if paused:
            self._go.clear()
        else:
            self._go.set()

    def _keep(self, progress: Progress, now: float) -> None:
        assert progress.positions is not None, "only frames are kept"
        self._number += 1
        self._shape = tuple(progress.positions.shape)
        self._frames.write(self._number, progress.positions)
        cost = time.monotonic() - now
        self._next_frame = now + max(FRAME_SECONDS, cost / _FRAME_SHARE)


def run_task(task: Task, reporter: ProgressCallback) -> Finished:
    """Call the task's function; every way it can end becomes a message."""
    try:
        return Finished(result=_named(task.function)(task.payload, reporter))
    except ProjectorError as error:
        return Finished(failure=Failure(type(error), str(error)))
    except MemoryError:
        message = "There is not enough memory for this. Use fewer points or close other programs."
        return Finished(failure=Failure(JobFailed, message))
    except Exception as error:  # noqa: BLE001 - the border of a process: nothing may vanish here
        return Finished(failure=Failure(JobFailed, f"{type(error).__name__}: {error}"))


def main(preload: str = "", prepare: str = "") -> None:
    """Serve tasks until standard input ends.

    Parameters
    ----------
    preload : str
        A module to import at once, so that the first task finds it there.
    prepare : str
        ``"package.module:name"`` of a function that returns an iterator, which is advanced
        while no task waits.
    """
    inbox, outbox = _take_standard_streams()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    tasks: queue.Queue[Task] = queue.Queue()
    current: list[tuple[Task, Reporter]] = []
    threading.Thread(target=_listen, args=(inbox, tasks, current), daemon=True).start()
    if preload:
        importlib.import_module(preload)
    preparation: Iterator[None] = _named(prepare)() if prepare else iter(())
    while True:
        while tasks.empty() and next(preparation, _DONE) is not _DONE:
            continue
        task = tasks.get()
        reporter = Reporter(FrameFile(Path(task.frames_path)), lambda told: send(outbox, told))
        current[:] = [(task, reporter)]
        send(outbox, run_task(task, reporter))


def _named(function: str) -> Callable[..., Any]:
    """Return the function that ``"package.module:name"`` names."""
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _listen(
    inbox: BinaryIO, tasks: queue.Queue[Task], current: list[tuple[Task, Reporter]]
) -> None:
    """Hand on tasks, obey control at once, and end the process with its owner."""
    while True:
        message = receive(inbox)
        if message is None:
            os._exit(0)
        if isinstance(message, Task):
            tasks.put(message)
        elif isinstance(message, Control) and current:
            current[0][1].hold(message.paused)
        elif isinstance(message, Change) and current:
            current[0][0].payload.setdefault("changes", {}).update(message.values)


def _take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard output for messages: whatever a library prints goes to standard error."""
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    inbox = os.fdopen(os.dup(0), "rb")
    sys.stdout = sys.stderr
    return inbox, outbox


if __name__ == "__main__":
    main(*sys.argv[1:3])
