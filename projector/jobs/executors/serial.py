"""Runs tasks one after the other in this process, with all its processors inside of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from projector.errors import Cancelled
from projector.jobs.executors.protocol import OnRows, Task


class SerialExecutor:
    """Runs a task when it is its turn in `as_completed`, or when its result is asked for."""

    name = "this process"
    dashboard: str | None = None
    n_workers = 1

    def __init__(self) -> None:
        self._is_cancelled = False

    def submit(self, work: Callable[..., Any], *args: Any) -> _Call:
        """Note a call; see `Executor.submit`."""
        return _Call(self, work, args)

    def scatter(self, value: Any) -> Any:
        """Return the value: it is here."""
        return value

    def as_completed(self, tasks: Iterable[Task] = (), on_rows: OnRows | None = None) -> _InTurn:
        """Run tasks in turn; see `Executor.as_completed`."""
        return _InTurn(tasks, on_rows)

    def cancel(self) -> None:
        """Run no more tasks."""
        self._is_cancelled = True

    def close(self) -> None:
        """Do nothing: nothing is held."""

    @property
    def is_cancelled(self) -> bool:
        """Whether no more tasks are run."""
        return self._is_cancelled


class _Call:
    """A call that was submitted, and its result once it is made."""

    def __init__(self, owner: SerialExecutor, work: Callable[..., Any], args: Any) -> None:
        self._owner, self._work, self._args = owner, work, args
        self._is_done = False
        self._result: Any = None
        self._error: Exception | None = None

    def run(self, report: Callable[[int], None]) -> None:
        """Make the call, unless it was made."""
        if self._is_done:
            return
        if self._owner.is_cancelled:
            raise Cancelled
        given = [each.result() if isinstance(each, _Call) else each for each in self._args]
        try:
            self._result = self._work(_Direct(self._owner, report), *given)
        except Exception as error:  # noqa: BLE001 - it is the task's, and raised by `result`
            self._error = error
        self._is_done, self._args = True, ()

    def error(self) -> Exception | None:
        """Return what the call raised."""
        self.run(_ignore)
        return self._error

    def result(self) -> Any:
        """Return what the call returned."""
        self.run(_ignore)
        if self._error is not None:
            raise self._error
        return self._result


class _InTurn:
    """The tasks that are waited for; each runs when it is asked for."""

    def __init__(self, tasks: Iterable[Task], on_rows: OnRows | None) -> None:
        self._waiting = deque(tasks)
        self._on_rows = on_rows
        self._done = 0

    def add(self, task: Task) -> None:
        """Append a task."""
        self._waiting.append(task)

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        if not self._waiting:
            raise StopIteration
        task = self._waiting.popleft()
        assert isinstance(task, _Call)
        task.run(self._report)
        return task

    def _report(self, count: int) -> None:
        self._done += count
        if self._on_rows is not None:
            self._on_rows(self._done)


class _Direct:
    """Reports in the thread of the task, which is the owner's."""

    def __init__(self, owner: SerialExecutor, report: Callable[[int], None]) -> None:
        self._owner, self._report = owner, report

    def rows(self, count: int) -> None:
        """Report rows."""
        if self._owner.is_cancelled:
            raise Cancelled
        self._report(count)


def _ignore(count: int) -> None:
    """Ignore rows: a result that is asked for directly."""
