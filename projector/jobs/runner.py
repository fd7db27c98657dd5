"""Runs jobs in worker processes, a bounded number at a time, with processes started in advance."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from projector.errors import Cancelled, InvalidStateError, JobError
from projector.jobs.job import Job
from projector.jobs.messages import Finished, Pause, Report, Task, Trigger, Update
from projector.jobs.process import WorkerProcess, exit_message
from projector.jobs.schedule import Claim, Client, Schedule
from projector.jobs.shared import FrameFile, MappedArray, SharedArrays
from projector.machine.memory import available_memory
from projector.machine.owned_folder import OwnedFolder
from projector.machine.processors import usable_processors
from projector.machine.shortages import why
from projector.typing import AnyArray

#: Jobs that may wait, of one client and of all.
MOST_OF_ONE = 200
MOST_WAITING = 500
#: The memory of a process that waits for work.
_IDLE_BYTES = 256 << 20


@dataclass
class _Work:
    """A job that waits or runs, and its process once it has one."""

    job: Job
    task: Task
    claim: Claim
    process: WorkerProcess | None = field(default=None)
    #: Whether it is paused, by somebody or because it yields.
    is_held: bool = field(default=False)


class Runner:
    """Submits, queues and cancels jobs; see the drawing in `projector.jobs`.

    Two processes wait for work. One is for quick jobs and does nothing else, so that it starts
    at once. The other, for long jobs, prepares in the meantime (compiled kernels, large
    imports); it is started when the first quick job is done, so that the first projection has
    the machine to itself.

    Parameters
    ----------
    n_workers : int
        Long jobs that run at once. Quick jobs do not count, so that a first projection is not
        queued behind an hour of t-SNE.
    n_processes : int, optional
        The most processes that there are at any time, whether they work or wait for work; at
        least 2. By default two more than this process may use processors.
    preload : str
        A module that each process imports when it starts.
    prepare : str
        ``"package.module:name"`` of a function that returns an iterator; each step of it
        prepares one thing, and a new job waits for one step at most.
    on_change : callable, optional
        Called with a job whenever its state or progress changed, from the runner's threads.
    memory : callable, optional
        Returns the bytes of memory that are free now.
    """

    def __init__(
        self,
        n_workers: int = 2,
        *,
        n_processes: int | None = None,
        preload: str = "",
        prepare: str = "",
        on_change: Callable[[Job], None] = lambda job: None,
        memory: Callable[[], int] = available_memory,
    ) -> None:
        self._owned = OwnedFolder()
        self._arrays = SharedArrays(self._owned.path)
        self._schedule = Schedule(n_processes or usable_processors() + 2, n_workers)
        self._preload = preload
        self._prepare = prepare
        self._on_change = on_change
        self._memory = memory
        self._lock = threading.RLock()
        self._works: dict[Job, _Work] = {}
        self._followers: set[threading.Thread] = set()
        #: Processes without work, by "is for quick jobs": at most one of each kind, apart from
        #: the moment in which a job has ended.
        self._idle: dict[bool, list[WorkerProcess]] = {True: [], False: []}
        self._is_warm = False
        self._closed = False

    @property
    def folder(self) -> Path:
        """The folder of temporary files; made again if somebody has removed it."""
        return self._owned.path

    def warm(self) -> None:
        """Start the process for quick jobs, so that the first one starts without delay."""
        self._is_warm = True
        self._ensure_idle(quick=True)

    def share(self, array: AnyArray, name: str) -> MappedArray:
        """Make an array available to the processes (see `projector.jobs.shared.share`)."""
        _ = self.folder  # it must be there
        return self._arrays.share(array, name)

    def submit(
        self,
        key: str,
        function: str,
        payload: dict[str, Any],
        *,
        quick: bool = False,
        client: Client = (),
        needs: int = 0,
        background: bool = False,
    ) -> Job:
        """Queue ``function(payload, progress)``.

        Parameters
        ----------
        key : str
            Names the job; two jobs may have the same key.
        function : str
            ``"package.module:name"``, imported in the process.
        payload : dict
            Picklable. ``updates`` (dict) and ``actions`` (list) in it are filled while it runs.
        quick : bool
            Whether it may start although `n_workers` jobs are running.
        client : tuple of str
            Who asked: clients take turns (see `Schedule`).
        needs : int
            The memory that it takes at most, in bytes: it waits until so much is free, or until
            no other job is running.
        background : bool
            Whether nobody waits for it: it starts when no other job waits or runs, is paused as
            long as one runs, and is cancelled when one needs its memory.

        Raises
        ------
        InvalidStateError
            Too many jobs wait.
        JobError
            The runner is closed.
        """
        frames = self.folder / f"frames-{key}-{os.urandom(4).hex()}.bin"
        job = Job(key, FrameFile(frames), self._on_change)
        claim = Claim(quick, client, needs, is_background=background)
        with self._lock:
            if self._closed:
                raise JobError("The server is shutting down and takes no new work.")
            self._check_queue(client)
            self._works[job] = _Work(job, Task(function, payload, str(frames)), claim)
            self._schedule.add(claim)
            self._fill()
        return job

    def cancel(self, job: Job) -> None:
        """Cancel a job at once: its process is killed, in whatever library call it may be."""
        with self._lock:
            job.ended(None, Cancelled("Stopped."))
            work = self._works.get(job)
            if work is None or job.snapshot().state != "cancelled":
                return
            if work.process is not None:
                work.process.kill()
                return
            self._forget(work)
            self._fill()

    def pause(self, job: Job, paused: bool) -> None:
        """Pause a job at its next report, or resume it.

        Raises
        ------
        InvalidStateError
            So many jobs are paused that others would have no place.
        """
        with self._lock:
            work = self._works.get(job)
            if work is None or work.process is None or job.snapshot().ended:
                return
            if paused and not self._schedule.may_pause(work.claim):
                raise InvalidStateError(
                    "Too many projections are paused: each keeps its process and its memory. "
                    "Resume or stop one of them."
                )
            work.claim.is_paused = paused
            self._hold(work)
            self._fill()

    def promote(self, job: Job) -> None:
        """Make a background job one like all others, because somebody asks for it now."""
        with self._lock:
            work = self._works.get(job)
            if work is not None and work.claim.is_background:
                self._schedule.promote(work.claim)
                self._fill()

    def is_background(self, job: Job) -> bool:
        """Return whether a job waits or runs in the background."""
        with self._lock:
            work = self._works.get(job)
            return work is not None and work.claim.is_background

    def update(self, job: Job, values: dict[str, Any]) -> None:
        """Put values into ``payload["updates"]`` of a queued or running job."""
        with self._lock:
            work = self._works.get(job)
            if work is not None and work.process is None:
                work.task.payload.setdefault("updates", {}).update(values)
        if work is not None and work.process is not None and not job.snapshot().ended:
            work.process.send(Update(values))

    def trigger(self, job: Job, action: str) -> None:
        """Append a name to ``payload["actions"]`` of a running job."""
        with self._lock:
            work = self._works.get(job)
        if work is not None and work.process is not None and not job.snapshot().ended:
            work.process.send(Trigger(action))

    def memory_of_jobs(self) -> int:
        """Return the bytes that the processes of running jobs have taken by now."""
        with self._lock:
            processes = [work.process for work in self._works.values()]
        return sum(process.memory() for process in processes if process is not None)

    def close(self) -> None:
        """Cancel all jobs, end all processes and remove all files."""
        with self._lock:
            self._closed = True
            for work in list(self._works.values()):
                work.job.ended(None, Cancelled("The server was closed."))
                if work.process is not None:
                    work.process.kill()
                else:
                    self._forget(work)
            idle = [process for kind in self._idle.values() for process in kind]
            self._idle = {True: [], False: []}
            followers = list(self._followers)
        for process in idle:
            _end(process)
        for thread in followers:
            thread.join(timeout=5)
        self._owned.remove()

    def _check_queue(self, client: Client) -> None:
        n_own = self._schedule.n_waiting_of(client)
        if n_own >= MOST_OF_ONE or self._schedule.n_waiting >= MOST_WAITING:
            raise InvalidStateError(
                f"Too many projections are waiting ({self._schedule.n_waiting:,}, at most "
                f"{MOST_OF_ONE:,} from one page). Wait until some are done, or stop some."
            )

    def _forget(self, work: _Work) -> None:
        self._works.pop(work.job, None)
        self._schedule.remove(work.claim)

    def _n_processes(self) -> int:
        n_idle = sum(len(kind) for kind in self._idle.values())
        return n_idle + sum(work.process is not None for work in self._works.values())

    def _free_memory(self) -> int:
        """Return the bytes that are free and that no running job will still take."""
        free = self._memory()
        for work in self._works.values():
            if work.process is not None:
                free -= max(0, work.claim.needs - work.process.memory())
        return free

    def _ensure_idle(self, *, quick: bool) -> None:
        with self._lock:
            has_place = self._n_processes() < self._schedule.n_processes
            if self._closed or self._idle[quick] or not has_place:
                return
            if self._works and self._free_memory() < _IDLE_BYTES:
                return
            # Without it, a job waits a second longer; it tells itself if none can be started.
            with contextlib.suppress(OSError):
                self._idle[quick].append(self._new_process(quick=quick))

    def _new_process(self, *, quick: bool) -> WorkerProcess:
        return WorkerProcess(self._preload, "" if quick else self._prepare)

    def _fill(self) -> None:
        """Start every job that may start, and tell the others how many are ahead of them."""
        by_claim = {work.claim: work for work in self._works.values()}
        while self._schedule.n_waiting and not self._closed:
            claim = self._schedule.take(self._free_memory())
            if claim is None:
                break
            self._start(by_claim[claim])
        self._yield()
        for ahead, claim in enumerate(self._schedule.order()):
            by_claim[claim].job.placed(ahead)

    def _yield(self) -> None:
        """Hold the background job while others run, and end it when one needs its memory."""
        starved = self._schedule.wants_memory_of_background(self._free_memory())
        for work in list(self._works.values()):
            if work.process is None or work.job.snapshot().ended:
                continue
            self._hold(work)
            if work.claim.is_background and starved:
                work.job.ended(None, Cancelled("Stopped: another job needed the memory."))
                work.process.kill()

    def _hold(self, work: _Work) -> None:
        """Pause a job, or let it go on, as it was asked to and as others run."""
        yields = work.claim.is_background and self._schedule.is_busy
        held = work.claim.is_paused or yields
        if work.process is not None and held != work.is_held:
            work.is_held = held
            work.process.send(Pause(held))
            work.job.set_paused(held)

    def _start(self, work: _Work) -> None:
        process = None
        try:
            process = self._process_for(quick=work.claim.is_quick)
            thread = threading.Thread(target=self._follow, args=(work, process), daemon=True)
            thread.start()
        except (OSError, RuntimeError) as error:  # RuntimeError: no more threads
            if process is not None:
                _end(process)
            self._forget(work)
            told = why(error, self._owned.path) if isinstance(error, OSError) else f"{error}."
            work.job.ended(None, JobError(f"No process could be started: {told}"))
            return
        work.process, work.is_held = process, False
        self._followers.add(thread)
        work.job.started()
        process.send(work.task)

    def _process_for(self, *, quick: bool) -> WorkerProcess:
        """Return a process that waits for such work, or a new one, within the bound."""
        while self._idle[quick]:
            process = self._idle[quick].pop()
            if process.is_alive():
                return process
            process.reap()
        if self._n_processes() >= self._schedule.n_processes:
            for process in self._idle[not quick]:
                _end(process)
            self._idle[not quick].clear()
        return self._new_process(quick=quick)

    def _follow(self, work: _Work, process: WorkerProcess) -> None:
        """Pass on the process's messages until the job ends, then reuse or stop the process."""
        alive = self._pass_on(work.job, process) and process.is_alive()
        if not alive:
            _end(process)
        quick = work.claim.is_quick
        with self._lock:
            self._forget(work)
            if alive and not self._closed:
                self._idle[quick].append(process)
            elif alive:
                _end(process)
            self._fill()
            for surplus in self._idle[quick][1:]:
                _end(surplus)
            del self._idle[quick][1:]
            self._followers.discard(threading.current_thread())
        if self._is_warm:
            self._ensure_idle(quick=True)
        if self._prepare:
            self._ensure_idle(quick=False)

    def _pass_on(self, job: Job, process: WorkerProcess) -> bool:
        """Return when the job has ended, and whether its process can take another one."""
        while True:
            message = process.receive()
            if isinstance(message, Report):
                job.reported(
                    message.phase, message.done, message.total, message.frame, message.frame_shape
                )
            elif isinstance(message, Finished):
                failure = message.failure
                job.ended(message.result, failure.rebuild() if failure else None)
                return True
            elif message is None:
                job.ended(None, JobError(exit_message(process.reap())))
                return False


def _end(process: WorkerProcess) -> None:
    process.kill()
    process.reap()
