"""Runs one task for each item, few ahead of the results, and merges results in a fixed tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from projector.errors import ParameterError
from projector.jobs.executors.protocol import Executor, OnRows, Task
from projector.jobs.executors.task_error import raised_by

#: Tasks that are submitted for each worker: one runs, one is ready.
AHEAD = 2


def run_all(
    executor: Executor,
    submits: Iterable[Callable[[], Task]],
    on_rows: OnRows | None = None,
) -> Iterator[Any]:
    """Give the results of tasks as they are done.

    Parameters
    ----------
    executor : Executor
    submits : iterable of callable
        Each submits one task. They are called when there is room, so that a thousand parts are
        not a thousand tasks at once.
    on_rows : callable, optional

    Raises
    ------
    ProjectorError
        What a task raised. The others are cancelled before, and so they are when the caller, or
        `on_rows`, raises.
    """
    waiting = iter(submits)
    with _cancelled_on_error(executor):
        completed = executor.as_completed((), on_rows)
        n_room = AHEAD * executor.n_workers
        for submit in islice(waiting, n_room):
            completed.add(submit())
        for task in completed:
            found = task.result()
            del task
            yield found
            for submit in islice(waiting, 1):
                completed.add(submit())


def reduce_in_tree(
    executor: Executor,
    submits: Iterable[Callable[[], Task]],
    merge: Callable[..., Any],
    on_rows: OnRows | None = None,
) -> Any:
    """Merge the results of tasks pairwise, where they are, and return the last one.

    Neighbors in the order of `submits` are merged, then their results, and so on: the same
    additions whoever is done first, so that sums are rounded alike on any number of workers.

    Parameters
    ----------
    executor : Executor
    submits : iterable of callable
        Each submits one task; at least one.
    merge : callable
        ``merge(watch, one, other)``.
    on_rows : callable, optional
    """
    tree = _Tree(executor, list(submits), merge)
    with _cancelled_on_error(executor):
        completed = executor.as_completed((), on_rows)
        n_room = AHEAD * executor.n_workers
        for task in tree.leaves(n_room):
            completed.add(task)
        for task in completed:
            error = task.error()  # the result stays where it is
            if error is not None:
                raise raised_by(error)
            for following in tree.done(task):
                completed.add(following)
        return tree.root()


class _Tree:
    """Which tasks there are: a node is (level, place), and leaves have level 0."""

    def __init__(
        self, executor: Executor, submits: list[Callable[[], Task]], merge: Callable[..., Any]
    ) -> None:
        if not submits:
            raise ParameterError("There are no parts.")
        self._executor, self._merge = executor, merge
        self._waiting = iter(enumerate(submits))
        self._widths = [len(submits)]
        while self._widths[-1] > 1:
            self._widths.append((self._widths[-1] + 1) // 2)
        self._running: dict[int, tuple[Task, tuple[int, int]]] = {}
        self._done: dict[tuple[int, int], Task] = {}

    def leaves(self, count: int) -> Iterator[Task]:
        for place, submit in islice(self._waiting, count):
            yield self._started(submit(), (0, place))

    def done(self, task: Task) -> Iterator[Task]:
        """Give what can begin now that a task is done: a merge, and a leaf in its place."""
        _, node = self._running.pop(id(task))
        is_leaf = node[0] == 0
        self._done[node] = task
        level, place = node
        # The last of an odd number has no partner, and rises as it is.
        while level + 1 < len(self._widths) and place ^ 1 >= self._widths[level]:
            self._done[level + 1, place // 2] = self._done.pop((level, place))
            level, place = level + 1, place // 2
        partner = (level, place ^ 1)
        if partner in self._done:
            one, other = sorted(((level, place), partner))
            merged = self._executor.submit(self._merge, self._done.pop(one), self._done.pop(other))
            yield self._started(merged, (level + 1, place // 2))
        if is_leaf:
            yield from self.leaves(1)

    def root(self) -> Any:
        task = self._done.pop((len(self._widths) - 1, 0))
        return task.result()

    def _started(self, task: Task, node: tuple[int, int]) -> Task:
        self._running[id(task)] = (task, node)
        return task


@contextmanager
def _cancelled_on_error(executor: Executor) -> Iterator[None]:
    """Cancel all tasks when the block ends by an error."""
    try:
        yield
    except BaseException:
        executor.cancel()
        raise
