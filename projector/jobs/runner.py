"""Runs jobs in processes, a few at a time, with processes ready before they are asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projector.errors import Cancelled, JobFailed
from projector.jobs.job import Job
from projector.jobs.messages import Change, Control, Finished, Task, Told
from projector.jobs.process import WorkerProcess, how_it_died
from projector.jobs.shared import FrameFile, MappedArray, share
from projector.typing import AnyArray


class Runner:
    """Submits, queues and stops jobs.

    Two processes wait for work. One is for quick jobs and does nothing else, so that it answers
    at once. The other, for long jobs, gets its tools ready in the meantime (compiled kernels,
    large imports); it is started when the first quick job is done, so that the first picture has
    the machine to itself.

    Parameters
    ----------
    n_workers : int
        Long jobs that run at once; quick jobs never wait for a place, so that a first picture
        does not stand behind an hour of t-SNE.
    preload : str
        A module that each process imports at its start.
    prepare : str
        ``"package.module:name"`` of a function that returns an iterator; each step of it makes
        one tool ready, and a job that comes waits for one step at most.
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
        self._n_workers = n_workers
        self._preload = preload
        self._prepare = prepare
        self._on_change = on_change
        self._lock = threading.RLock()
        self._queue: deque[tuple[Job, Task]] = deque()
        self._running: dict[Job, WorkerProcess] = {}
        self._attending: set[threading.Thread] = set()
        self._n_quick = 0
        #: At most one waiting process of each kind, by "is it for quick jobs".
        self._waiting: dict[bool, WorkerProcess] = {}
        self._closed = False

    def warm(self) -> None:
        """Start the process for quick jobs, so that the first one begins without delay."""
        self._have_waiting(quick=True)

    def share(self, array: AnyArray, name: str) -> MappedArray:
        """Make an array visible to the processes (see `projector.jobs.shared.share`)."""
        return share(array, self.folder, name)

    def submit(
        self, key: str, function: str, payload: dict[str, Any], *, quick: bool = False
    ) -> Job:
        """Queue ``function(payload, progress)``.

        Parameters
        ----------
        key : str
            Names the job; two jobs may bear the same, one after the other.
        function : str
            ``"package.module:name"``, imported in the process.
        payload : dict
            Picklable.
        quick : bool
            Whether it may start although all places are taken.
        """
        frames = self.folder / f"frames-{key}-{os.urandom(4).hex()}.bin"
        job = Job(key, FrameFile(frames), self._on_change)
        task = Task(function, payload, str(frames))
        with self._lock:
            if self._closed:
                raise JobFailed("The server is closing; no new work is taken.")
            if quick:
                self._n_quick += 1
                self._start(job, task, quick=True)
            else:
                self._queue.append((job, task))
                self._fill()
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job at once: its process is ended, in whatever library it may be."""
        with self._lock:
            self._queue = deque(each for each in self._queue if each[0] is not job)
            process = self._running.get(job)
            job.ended(None, Cancelled("Stopped."))
            if process is not None:
                process.kill()

    def pause(self, job: Job, paused: bool) -> None:
        """Let a job rest at its next report, or go on."""
        with self._lock:
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Control(paused))
            job.held(paused)

    def change(self, job: Job, values: dict[str, Any]) -> None:
        """Put values into ``payload["changes"]`` of a running job, where its function sees them."""
        with self._lock:
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Change(values))

    def close(self) -> None:
        """Stop everything and leave nothing behind."""
        with self._lock:
            self._closed = True
            for job, _ in self._queue:
                job.ended(None, Cancelled("The server was closed."))
            self._queue.clear()
            for job, process in self._running.items():
                job.ended(None, Cancelled("The server was closed."))
                process.kill()
            waiting, self._waiting = self._waiting, {}
            attending = list(self._attending)
        for process in waiting.values():
            process.kill()
            process.reap()
        for thread in attending:
            thread.join(timeout=5)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _have_waiting(self, *, quick: bool) -> None:
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
        thread = threading.Thread(target=self._attend, args=(job, process, quick), daemon=True)
        self._attending.add(thread)
        thread.start()

    def _attend(self, job: Job, process: WorkerProcess, quick: bool) -> None:
        """Pass on what the process tells until the job ends, then keep or bury the process."""
        alive = self._listen(job, process)
        with self._lock:
            self._running.pop(job, None)
            self._n_quick -= quick
            keep = alive and not self._closed and quick not in self._waiting
            if keep:
                self._waiting[quick] = process
            self._fill()
            self._attending.discard(threading.current_thread())
        if not keep:
            process.kill()
            process.reap()
        if self._prepare:
            self._have_waiting(quick=False)

    def _listen(self, job: Job, process: WorkerProcess) -> bool:
        """Return at the end of the job, and whether its process can take another one."""
        while True:
            message = process.receive()
            if isinstance(message, Told):
                job.told(
                    message.phase, message.done, message.total, message.frame, message.frame_shape
                )
            elif isinstance(message, Finished):
                failure = message.failure
                job.ended(message.result, failure.rebuild() if failure else None)
                return True
            elif message is None:
                job.ended(None, JobFailed(how_it_died(process.reap())))
                return False
