"""Runs tasks in processes of this machine, one thread each. Dead ones are replaced."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from projector.errors import Cancelled, JobError
from projector.jobs.executors.pool_messages import Call, Ended, Keep, Kept, Rows, Stop
from projector.jobs.executors.protocol import OnRows, Task
from projector.jobs.executors.task_error import raised_by
from projector.jobs.process import exit_message
from projector.machine.channel_process import ChannelProcess
from projector.machine.processors import usable_processors

#: How often a task is begun whose process dies each time.
MOST_TRIES = 3
#: Seconds between two calls of `on_rows`, and for running tasks to notice that they are cancelled.
_TICK, _GRACE = 0.2, 2.0


class PoolExecutor:
    """Processes of this machine.

    Parameters
    ----------
    n_workers : int, optional
        As many as processors by default.
    """

    dashboard: str | None = None

    def __init__(self, n_workers: int | None = None) -> None:
        self.n_workers = n_workers or usable_processors()
        self.name = f"{self.n_workers} processes"
        self._numbers = itertools.count()
        self._events: queue.Queue[tuple[_Process, Any]] = queue.Queue()
        self._processes: list[_Process] = []
        self._waiting: deque[_PoolTask] = deque()
        self._running: dict[int, _PoolTask] = {}
        self._is_cancelled = False

    def submit(self, work: Callable[..., Any], *args: Any) -> _PoolTask:
        """Queue a call; see `Executor.submit`. It begins when its result is waited for."""
        if self._is_cancelled:
            raise Cancelled
        task = _PoolTask(self, next(self._numbers), work, args)
        self._waiting.append(task)
        return task

    def scatter(self, value: Any) -> _Shared:
        """Note a value that each process gets once, with its first call that needs it."""
        return _Shared(next(self._numbers), value)

    def as_completed(
        self, tasks: Iterable[Task] = (), on_rows: OnRows | None = None
    ) -> _PoolCompletions:
        """Give tasks as they are done; see `Executor.as_completed`."""
        return _PoolCompletions(self, tasks, on_rows)

    def cancel(self) -> None:
        """Stop all tasks; a process that does not notice in time is killed."""
        self._is_cancelled = True
        self._waiting.clear()
        for process in self._processes:
            process.send(Stop())
        end = time.monotonic() + _GRACE
        while self._running and time.monotonic() < end:
            self.step(_TICK, replace=False)
        self.close()

    def close(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.reap()
        self._processes.clear()
        self._running.clear()

    def step(self, seconds: float, *, replace: bool = True) -> None:
        """Start what can start, and take what comes within these seconds."""
        if replace:
            self._start_waiting()
        try:
            process, message = self._events.get(timeout=seconds)
        except queue.Empty:
            return
        if message is None:
            self._lost(process)
        elif isinstance(message, Rows) and message.number in self._running:
            self._running[message.number].n_rows = message.count
        elif isinstance(message, Ended):
            process.task = None
            task = self._running.pop(message.number, None)
            if task is not None:
                task.ended = message
                task.args = ()

    def _start_waiting(self) -> None:
        while self._waiting:
            free = next((each for each in self._processes if each.task is None), None)
            if free is None:
                if len(self._processes) >= self.n_workers:
                    return
                free = _Process(self._events)
                self._processes.append(free)
            task = self._waiting.popleft()
            free.task = task
            self._running[task.number] = task
            task.n_rows = 0
            free.give(task)

    def _lost(self, process: _Process) -> None:
        """Begin the task of a process that died again, in another one."""
        if process not in self._processes:
            return
        self._processes.remove(process)
        code, task = process.reap(), process.task
        if task is None:
            return
        self._running.pop(task.number, None)
        task.n_tries += 1
        if task.n_tries >= MOST_TRIES:
            task.lost = JobError(f"{exit_message(code)} It was begun {MOST_TRIES} times.")
        elif not self._is_cancelled:
            self._waiting.appendleft(task)


@dataclass(frozen=True)
class _Shared:
    number: int
    value: Any


@dataclass(eq=False)
class _PoolTask:
    """One call: waiting, running, or ended."""

    owner: PoolExecutor
    number: int
    work: Callable[..., Any]
    args: tuple[Any, ...]
    ended: Ended | None = None
    lost: JobError | None = None
    n_tries: int = 0
    n_rows: int = 0

    def is_done(self) -> bool:
        """Return whether it has ended."""
        return self.ended is not None or self.lost is not None

    def error(self) -> Exception | None:
        """Return what the call raised; waits for its end."""
        while not self.is_done():
            if self.owner._is_cancelled:
                raise Cancelled
            self.owner.step(_TICK)
        return self.lost if self.ended is None else self.ended.error

    def result(self) -> Any:
        """Return what the call returned; waits for its end."""
        error = self.error()
        if error is not None:
            raise raised_by(error)
        assert self.ended is not None, "no error, so it ended"
        return self.ended.result


class _PoolCompletions:
    """Tasks that are waited for."""

    def __init__(self, owner: PoolExecutor, tasks: Iterable[Task], on_rows: OnRows | None) -> None:
        self._owner, self._on_rows = owner, on_rows
        self._tasks: list[_PoolTask] = []
        self._n_done = 0
        self._next = 0.0
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Wait for one more task."""
        assert isinstance(task, _PoolTask)
        self._tasks.append(task)

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        while self._tasks:
            if self._owner._is_cancelled:
                raise Cancelled
            for task in self._tasks:
                if task.is_done():
                    self._tasks.remove(task)
                    self._n_done += task.n_rows
                    self._report()
                    return task
            self._owner.step(_TICK)
            self._report()
        raise StopIteration

    def _report(self) -> None:
        now = time.monotonic()
        if self._on_rows is not None and now >= self._next:
            self._next = now + _TICK
            self._on_rows(self._n_done + sum(each.n_rows for each in self._tasks))


class _Process(ChannelProcess):
    """A process of the pool, and the thread that receives its messages."""

    def __init__(self, events: queue.Queue[tuple[_Process, Any]]) -> None:
        super().__init__("projector.jobs.executors.pool_worker")
        self.task: _PoolTask | None = None
        self._kept: set[int] = set()
        self._events = events
        threading.Thread(target=self._receive, daemon=True).start()

    def give(self, task: _PoolTask) -> None:
        """Send a call, and before it what it needs and was not sent yet."""
        args = []
        for each in task.args:
            if isinstance(each, _Shared):
                if each.number not in self._kept:
                    self._kept.add(each.number)
                    self.send(Keep(each.number, each.value))
                args.append(Kept(each.number))
            else:
                args.append(each.result() if isinstance(each, _PoolTask) else each)
        self.send(Call(task.number, task.work, tuple(args)))

    def send(self, message: object) -> None:
        """Send a message; that the process is gone is noticed by the receiving thread."""
        try:
            self.channel.send(message)
        except (OSError, ValueError):
            return

    def _receive(self) -> None:
        while True:
            try:
                message = self.channel.receive()
            except (EOFError, OSError, ValueError):
                self._events.put((self, None))
                return
            self._events.put((self, message))
