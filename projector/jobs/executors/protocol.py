"""The protocol of executors: submit, scatter, as_completed, cancel and close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeAlias

#: Called with the rows that all tasks of `as_completed` have done so far; may raise `Cancelled`.
OnRows: TypeAlias = Callable[[int], None]


class Watch(Protocol):
    """What a task is given to report to, and to learn that it is no longer wanted."""

    def rows(self, count: int) -> None:
        """Report `count` more rows as done. Call it about once a second or more often.

        Raises
        ------
        Cancelled
            The computation was cancelled.
        """
        ...


class Task(Protocol):
    """One submitted call. As an argument of another one it stands for its result."""

    def error(self) -> Exception | None:
        """Return what the call raised, once it is done."""
        ...

    def result(self) -> Any:
        """Wait for what the call returns; raise what it raised."""
        ...


class Completions(Protocol):
    """Gives tasks as they are done, in the order in which they happen to end."""

    def add(self, task: Task) -> None:
        """Wait for one more task."""
        ...

    def __iter__(self) -> Iterator[Task]:
        """Return itself."""
        ...

    def __next__(self) -> Task:
        """Wait for the next task that is done; stop where none is left."""
        ...


class Executor(Protocol):
    """Runs functions somewhere.

    Attributes
    ----------
    name : str
        For people: ``"this process"``, ``"4 processes"``, ``"tcp://scheduler:8786"``.
    n_workers : int
        Tasks that run at once.
    dashboard : str or None
        A page that shows what the cluster does.
    """

    name: str
    dashboard: str | None

    @property
    def n_workers(self) -> int:
        """Tasks that run at once."""
        ...

    def submit(self, work: Callable[..., Any], *args: Any) -> Task:
        """Run ``work(watch, *args)``; tasks and scattered values among `args` are replaced."""
        ...

    def scatter(self, value: Any) -> Any:
        """Bring a large value to all workers once; what is returned stands for it."""
        ...

    def as_completed(
        self, tasks: Iterable[Task] = (), on_rows: OnRows | None = None
    ) -> Completions:
        """Give tasks as they are done, and call `on_rows` in this thread meanwhile.

        Raises
        ------
        JobError
            The executor itself is lost: its scheduler is gone, or its processes die each time.
        """
        ...

    def cancel(self) -> None:
        """Stop all tasks, and wait until those that run have noticed; submit none after it."""
        ...

    def close(self) -> None:
        """Give back what the executor holds. A cluster that was given goes on."""
        ...
