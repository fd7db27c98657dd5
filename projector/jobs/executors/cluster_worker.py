"""What runs on a worker of a Dask cluster, around each task."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from projector.errors import Cancelled, JobError
from projector.jobs.executors.library_versions import differing, library_versions
from projector.jobs.executors.task_error import TaskError
from projector.machine.processors import at_most_processors

_lock = threading.Lock()
#: Computations that were cancelled, and the tasks of each that run in this process.
_stopped: set[str] = set()
_running: Counter[str] = Counter()


@dataclass(frozen=True)
class Computation:
    """What every task of one computation knows.

    Attributes
    ----------
    name : str
        Unique; also the topic of its reports.
    versions : mapping
        Of the owner's libraries.
    seconds : float
        Between two reports of a task.
    """

    name: str
    versions: Mapping[str, str]
    seconds: float


def run_task(computation: Computation, number: int, work: Callable[..., Any], *args: Any) -> Any:
    """Call ``work(watch, *args)``; what it raises can be sent."""
    from distributed import get_worker

    worker = get_worker()
    name = str(worker.address)
    with _lock:
        _running[computation.name] += 1
    try:
        # A worker that joined late was not asked before.
        other = differing(computation.versions, library_versions())
        if other:
            raise JobError(f"Other versions of libraries are installed there: {other}.")
        watch = _Watch(computation, number, worker)
        with at_most_processors(1):
            result = work(watch, *args)
        watch.finish()
        return result
    except Exception as error:  # noqa: BLE001 - the border of a process: nothing may vanish here
        raise TaskError.of(error, f"{name} (process {os.getpid()})") from None
    finally:
        with _lock:
            _running[computation.name] -= 1


def stop(name: str) -> None:
    """Let the tasks of a computation that run in this process end at their next report."""
    with _lock:
        _stopped.add(name)


def n_running(name: str) -> int:
    """Return how many tasks of a computation run in this process."""
    with _lock:
        return _running[name]


class _Watch:
    """Reports to the scheduler, as often as it can take from all workers together."""

    def __init__(self, computation: Computation, number: int, worker: Any) -> None:
        self._computation, self._number, self._worker = computation, number, worker
        self._done = 0
        self._next = time.monotonic() + computation.seconds

    def rows(self, count: int) -> None:
        """Report rows."""
        if self._computation.name in _stopped:
            raise Cancelled
        self._done += count
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._computation.seconds
            self._report()

    def finish(self) -> None:
        """Report the rows of a task that is done; a merge has none."""
        if self._done:
            self._report()

    def _report(self) -> None:
        self._worker.log_event(self._computation.name, (self._number, self._done))
