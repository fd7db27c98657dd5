"""Runs tasks on a Dask cluster, by the futures of `distributed` alone.

Large values are scattered to all workers and passed by position. The cluster is somebody's: it is
never restarted, and goes on when the computation is closed.
"""

from __future__ import annotations

import itertools
import queue
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from projector.errors import Cancelled, JobError, MachineError, ParameterError
from projector.jobs.executors import cluster_worker
from projector.jobs.executors.cluster_worker import Computation
from projector.jobs.executors.library_versions import differing, library_versions
from projector.jobs.executors.protocol import OnRows, Task
from projector.jobs.executors.task_error import raised_by

#: How often a task is begun that its workers lose each time.
MOST_TRIES = 3
#: Seconds between two calls of `on_rows`; for the first worker; for tasks to notice a cancel.
_TICK, _FIRST_WORKER, _GRACE = 0.2, 30.0, 30.0
#: Reports that the scheduler gets in a second from all workers together, at most.
_REPORTS_PER_SECOND = 100
_LOST = {"cancelled", "lost"}


class ClusterExecutor:
    """A Dask cluster.

    Parameters
    ----------
    cluster : distributed.Client or str
        A client, or the address of a scheduler, such as ``"tcp://127.0.0.1:8786"``.

    Raises
    ------
    ParameterError
        The client is asynchronous.
    MachineError
        The extra `projector[cluster]` is not installed.
    JobError
        No scheduler or worker answers, or workers have other versions of projector or the
        libraries it computes with.
    """

    def __init__(self, cluster: Any) -> None:
        try:
            import distributed
        except ImportError:
            raise MachineError(
                "A cluster needs the package distributed. Install it with pip install "
                "'projector[cluster]'."
            ) from None
        self._own = isinstance(cluster, str)
        if getattr(cluster, "asynchronous", False):
            raise ParameterError(
                "The distributed.Client must not be asynchronous: it is waited for. Give the "
                "address of its scheduler."
            )
        self._client: Any = _connected(distributed, cluster) if self._own else cluster
        self.name = str(self._client.scheduler.address)
        self._is_cancelled = False
        self._numbers = itertools.count()
        self._rows: dict[int, int] = {}
        self._tasks: dict[int, _ClusterTask] = {}
        versions = library_versions()
        try:
            self._wait_for_worker()
            self._check_versions(versions)
            self._n_workers: int = max(1, sum(self._client.nthreads().values()))
        except BaseException:
            self.close()
            raise
        link = self._client.dashboard_link
        self.dashboard: str | None = str(link) if link else None
        seconds = max(1.0, self._n_workers / _REPORTS_PER_SECOND)
        self._computation = Computation(f"projector-{uuid.uuid4().hex}", versions, seconds)
        self._client.subscribe_topic(self._computation.name, self._take_report)

    @property
    def n_workers(self) -> int:
        """Threads of all workers, when it began."""
        return self._n_workers

    def submit(self, work: Callable[..., Any], *args: Any) -> _ClusterTask:
        """Run a call on some worker; see `Executor.submit`."""
        if self._is_cancelled:
            raise Cancelled
        task = _ClusterTask(self, next(self._numbers), work, args)
        self._tasks[task.number] = task
        self.start(task)
        return task

    def scatter(self, value: Any) -> _Scattered:
        """Bring a value to all workers; see `Executor.scatter`."""
        return _Scattered(value, self._scattered(value))

    def as_completed(
        self, tasks: Iterable[Task] = (), on_rows: OnRows | None = None
    ) -> _ClusterCompletions:
        """Give tasks as they are done; see `Executor.as_completed`."""
        return _ClusterCompletions(self, tasks, on_rows)

    def cancel(self) -> None:
        """Stop all tasks, and wait until none runs any more."""
        if self._is_cancelled:
            return
        self._is_cancelled = True
        if not self.is_connected:
            return
        name = self._computation.name
        try:
            self._client.cancel([task.future for task in self._tasks.values()])
            self._client.run(cluster_worker.stop, name, on_error="ignore")
            end = time.monotonic() + _GRACE
            while time.monotonic() < end:
                running = self._client.run(cluster_worker.n_running, name, on_error="ignore")
                if not any(running.values()):
                    break
                time.sleep(_TICK / 4)
        except OSError:  # the scheduler has gone meanwhile
            return
        self._tasks.clear()

    def close(self) -> None:
        """Close the connection if it was made here; the cluster goes on."""
        self._tasks = {}
        if self._own:
            self._client.close(timeout=1)
        elif hasattr(self, "_computation") and self.is_connected:
            self._client.unsubscribe_topic(self._computation.name)

    @property
    def is_connected(self) -> bool:
        """Whether the scheduler is there."""
        return str(self._client.status) == "running"

    @property
    def is_cancelled(self) -> bool:
        """Whether no more tasks are run."""
        return self._is_cancelled

    def start(self, task: _ClusterTask) -> None:
        """Submit a task, with the futures of others and of scattered values by position."""
        given = []
        for each in task.args:
            if isinstance(each, _Scattered):
                if each.future.status in _LOST:
                    each.future = self._scattered(each.value)
                given.append(each.future)
            else:
                given.append(each.future if isinstance(each, _ClusterTask) else each)
        self._rows.pop(task.number, None)
        task.future = self._client.submit(
            cluster_worker.run_task,
            self._computation,
            task.number,
            task.work,
            *given,
            key=f"{task.work.__name__}-{uuid.uuid4().hex}",
            pure=False,
        )

    def settle(self, task: _ClusterTask) -> bool:
        """Return whether a task has ended; begin it again if its workers lost it.

        Raises
        ------
        JobError
            The scheduler is gone.
        """
        if task.future.status not in _LOST:
            return bool(task.future.done())
        if self._is_cancelled:
            raise Cancelled
        self.check_connection()
        task.n_tries += 1
        if task.n_tries >= MOST_TRIES:
            raise JobError(f"The workers that computed this were lost {MOST_TRIES} times.")
        for each in task.args:
            if isinstance(each, _ClusterTask) and each.future.status in _LOST:
                self.start(each)
        self.start(task)
        return False

    def check_connection(self) -> None:
        """Raise a JobError if the scheduler is gone."""
        if not self.is_connected:
            raise JobError(
                f"The connection to the scheduler {self.name} was lost. Parts that are written "
                "are kept: start the scheduler again, and run the same call to compute the others."
            )

    def rows_of(self, numbers: Iterable[int]) -> int:
        """Return the rows that tasks have reported."""
        return sum(self._rows.get(number, 0) for number in numbers)

    def forget(self, number: int) -> None:
        """Take a task that was given off the list; a report of its rows may still be on its way."""
        self._tasks.pop(number, None)

    def _scattered(self, value: Any) -> Any:
        # In a list, because the members of a list or mapping would be scattered one by one.
        return self._client.scatter([value], broadcast=True, hash=False)[0]

    def _take_report(self, event: Any) -> None:
        number, count = event[1]
        self._rows[int(number)] = int(count)

    def _wait_for_worker(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError:
            raise JobError(
                f"The scheduler {self.name} has no workers. Start some: dask worker {self.name}"
            ) from None

    def _check_versions(self, here: dict[str, str]) -> None:
        found = self._client.run(library_versions, on_error="return")
        found["scheduler"] = self._versions_of_scheduler()
        faults = []
        for address, there in found.items():
            if isinstance(there, BaseException):
                faults.append(f"{address}: {type(there).__name__}: {there}")
            elif differing(here, there):
                faults.append(f"{address}: {differing(here, there)}")
        if faults:
            more = f", and {len(faults) - 5} more" if len(faults) > 5 else ""
            raise JobError(
                "All workers and the scheduler must have the versions that are installed here. "
                f"Different: {'; '.join(faults[:5])}{more}. Install the same ones there."
            )

    def _versions_of_scheduler(self) -> Any:
        try:
            return self._client.run_on_scheduler(library_versions)
        except Exception as error:  # noqa: BLE001 - whatever the scheduler raised is told
            return error


class _Scattered:
    """A value that all workers have."""

    def __init__(self, value: Any, future: Any) -> None:
        self.value, self.future = value, future


class _ClusterTask:
    """One call on the cluster."""

    def __init__(
        self, owner: ClusterExecutor, number: int, work: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        self._owner, self.number, self.work, self.args = owner, number, work, args
        self.future: Any = None
        self.n_tries = 0

    def error(self) -> Exception | None:
        """Return what the call raised; waits for its end."""
        while not self._owner.settle(self):
            time.sleep(_TICK)
        if self.future.status != "error":
            return None
        error: Exception = self.future.exception()
        if type(error).__name__ == "KilledWorker":
            return JobError(
                f"A task was given up after its workers had died several times: {error}"
            )
        return error

    def result(self) -> Any:
        """Return what the call returned; waits for its end."""
        error = self.error()
        if error is not None:
            raise raised_by(error)
        return self.future.result()


class _ClusterCompletions:
    """Tasks that are waited for."""

    def __init__(
        self, owner: ClusterExecutor, tasks: Iterable[Task], on_rows: OnRows | None
    ) -> None:
        self._owner, self._on_rows = owner, on_rows
        self._tasks: dict[int, _ClusterTask] = {}
        self._ended: queue.Queue[int] = queue.Queue()
        self._numbers: list[int] = []
        self._next = 0.0
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Wait for one more task."""
        assert isinstance(task, _ClusterTask)
        self._tasks[task.number] = task
        self._numbers.append(task.number)
        self._listen(task)

    def _listen(self, task: _ClusterTask) -> None:
        number, ended = task.number, self._ended
        task.future.add_done_callback(lambda _: ended.put(number))

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        while self._tasks:
            if self._owner.is_cancelled:
                raise Cancelled
            self._report()
            try:
                number = self._ended.get(timeout=_TICK)
            except queue.Empty:
                self._owner.check_connection()
                continue
            task = self._tasks.get(number)
            if task is None:
                continue
            if not self._owner.settle(task):
                self._listen(task)
                continue
            del self._tasks[number]
            self._owner.forget(number)
            return task
        raise StopIteration

    def _report(self) -> None:
        now = time.monotonic()
        if self._on_rows is not None and now >= self._next:
            self._next = now + _TICK
            self._on_rows(self._owner.rows_of(self._numbers))


def _connected(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise JobError(
            f"No scheduler answers at {address}: {error}. Start one with dask scheduler, and name "
            "the address that it prints."
        ) from None
