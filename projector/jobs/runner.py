"""Runs jobs in worker processes, a few at a time, with processes started in advance."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projector.errors import Cancelled, JobError
from projector.jobs.job import Job
from projector.jobs.messages import Finished, Pause, Report, Task, Trigger, Update
from projector.jobs.process import WorkerProcess, exit_message
from projector.jobs.shared import FrameFile, MappedArray, SharedArrays
from projector.typing import AnyArray


class Runner:
    """Submits, queues and cancels jobs; see the drawing in `projector.jobs`.

    Two processes wait for work. One is for quick jobs and does nothing else, so that it starts
    at once. The other, for long jobs, prepares in the meantime (compiled kernels, large
    imports); it is started when the first quick job is done, so that the first projection has
    the machine to itself.

    Parameters
    ----------
    n_workers : int
        Long jobs that run at once; quick jobs never wait, so that a first projection is not
        queued behind an hour of t-SNE.
    preload : str
        A module that each process imports when it starts.
    prepare : str
        ``"package.module:name"`` of a function that returns an iterator; each step of it
        prepares one thing, and a new job waits for one step at most.
    on_change : callable, optional
        Called with a job whenever its state or progress changed, from the runner's threads.
    """

    def __init__(
        self,
        n_workers: int = 2,
        *,
        preload: str = "",
        prepare: str = "",
        on_change: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="projector-"))
        self._arrays = SharedArrays(self.folder)
        self._n_workers = n_workers
        self._preload = preload
        self._prepare = prepare
        self._on_change = on_change
        self._lock = threading.RLock()
        self._queue: deque[tuple[Job, Task]] = deque()
        self._running: dict[Job, WorkerProcess] = {}
        self._followers: set[threading.Thread] = set()
        self._n_quick = 0
        #: At most one waiting process of each kind, by "is for quick jobs".
        self._waiting: dict[bool, WorkerProcess] = {}
        self._closed = False

    def warm(self) -> None:
        """Start the process for quick jobs, so that the first one starts without delay."""
        self._ensure_waiting(quick=True)

    def share(self, array: AnyArray, name: str) -> MappedArray:
        """Make an array available to the processes (see `projector.jobs.shared.share`)."""
        return self._arrays.share(array, name)

    def submit(
        self, key: str, function: str, payload: dict[str, Any], *, quick: bool = False
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
        """
        frames = self.folder / f"frames-{key}-{os.urandom(4).hex()}.bin"
        job = Job(key, FrameFile(frames), self._on_change)
        task = Task(function, payload, str(frames))
        with self._lock:
            if self._closed:
                raise JobError("The server is shutting down and takes no new work.")
            if quick:
                self._n_quick += 1
                self._start(job, task, quick=True)
            else:
                self._queue.append((job, task))
                self._fill()
        return job

    def cancel(self, job: Job) -> None:
        """Cancel a job at once: its process is killed, in whatever library call it may be."""
        with self._lock:
            self._queue = deque(each for each in self._queue if each[0] is not job)
            process = self._running.get(job)
            job.ended(None, Cancelled("Stopped."))
            if process is not None:
                process.kill()

    def pause(self, job: Job, paused: bool) -> None:
        """Pause a job at its next report, or resume it."""
        with self._lock:
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Pause(paused))
            job.set_paused(paused)

    def update(self, job: Job, values: dict[str, Any]) -> None:
        """Put values into ``payload["updates"]`` of a queued or running job."""
        with self._lock:
            for queued, task in self._queue:
                if queued is job:
                    task.payload.setdefault("updates", {}).update(values)
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Update(values))

    def trigger(self, job: Job, action: str) -> None:
        """Append a name to ``payload["actions"]`` of a running job."""
        with self._lock:
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Trigger(action))

    def close(self) -> None:
        """Cancel all jobs, end all processes and remove all files."""
        with self._lock:
            self._closed = True
            for job, _ in self._queue:
                job.ended(None, Cancelled("The server was closed."))
            self._queue.clear()
            for job, process in self._running.items():
                job.ended(None, Cancelled("The server was closed."))
                process.kill()
            waiting, self._waiting = self._waiting, {}
            followers = list(self._followers)
        for process in waiting.values():
            process.kill()
            process.reap()
        for thread in followers:
            thread.join(timeout=5)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ensure_waiting(self, *, quick: bool) -> None:
        with self._lock:
            if not self._closed and quick not in self._waiting:
                self._waiting[quick] = self._new_process(quick=quick)

    def _new_process(self, *, quick: bool) -> WorkerProcess:
        return WorkerProcess(self._preload, "" if quick else self._prepare)

    def _fill(self) -> None:
        while self._queue and len(self._running) - self._n_quick < self._n_workers:
            job, task = self._queue.popleft()
            self._start(job, task, quick=False)

    def _start(self, job: Job, task: Task, *, quick: bool) -> None:
        process = self._waiting.pop(quick, None)
        if process is None or not process.is_alive():
            process = self._new_process(quick=quick)
        self._running[job] = process
        job.started()
        process.send(task)
        thread = threading.Thread(
            target=self._follow, args=(job, process, quick, task), daemon=True
        )
        self._followers.add(thread)
        thread.start()

    def _follow(self, job: Job, process: WorkerProcess, quick: bool, task: Task) -> None:
        """Pass on the process's messages until the job ends, then reuse or stop the process.

        Keeps `task` so long, and with it the arrays that the process maps.
        """
        alive = self._pass_on(job, process)
        with self._lock:
            self._running.pop(job, None)
            self._n_quick -= quick
            keep = alive and not self._closed and quick not in self._waiting
            if keep:
                self._waiting[quick] = process
            self._fill()
            self._followers.discard(threading.current_thread())
        if not keep:
            process.kill()
            process.reap()
        if self._prepare:
            self._ensure_waiting(quick=False)

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
