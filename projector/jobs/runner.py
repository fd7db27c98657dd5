"""Runs jobs in processes, a few at a time, with one process always warm."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projector.errors import Cancelled, JobFailed
from projector.jobs.job import Job
from projector.jobs.messages import Control, Finished, Message, Task, Told, receive, send
from projector.jobs.shared import FrameFile, MappedArray, share
from projector.typing import AnyArray


class _Process:
    """One worker process and the pipe to it."""

    def __init__(self, prepare: str) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "projector.jobs.worker", prepare],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C is for the server; it stops its workers itself.
            start_new_session=os.name == "posix",
        )
        self._writing = threading.Lock()

    def send(self, message: Message) -> None:
        """Send; a process that is gone is found out by whoever reads from it."""
        assert self.popen.stdin is not None, "started with a pipe"
        try:
            with self._writing:
                send(self.popen.stdin, message)
        except (BrokenPipeError, OSError, ValueError):
            return

    def receive(self) -> Message | None:
        assert self.popen.stdout is not None, "started with a pipe"
        try:
            return receive(self.popen.stdout)
        except (OSError, ValueError):
            return None

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.popen.kill()

    def reap(self) -> int:
        """Wait for its end, close the pipes and return its exit code."""
        code = self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        return code


class Runner:
    """Submits, queues and stops jobs.

    Parameters
    ----------
    n_workers : int
        Jobs that run at once. Quick jobs do not wait for a place: they get a process of their
        own, so that a first picture never stands behind an hour of t-SNE.
    prepare : str
        ``"package.module:name"``: a function without arguments that a process calls once, when
        it has nothing to do after its first job. Its module is imported at once.
    on_change : callable, optional
        Called with a job whenever its state or progress changed, from the runner's threads.
    """

    def __init__(
        self,
        n_workers: int = 2,
        *,
        prepare: str = "",
        on_change: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="projector-"))
        self._n_workers = n_workers
        self._prepare = prepare
        self._on_change = on_change
        self._lock = threading.RLock()
        self._queue: deque[tuple[Job, Task]] = deque()
        self._running: dict[Job, _Process] = {}
        self._n_quick = 0
        self._idle: list[_Process] = []
        self._closed = False

    def warm(self) -> None:
        """Start a process that waits, so that the next job begins without delay."""
        with self._lock:
            if not self._closed and not self._idle:
                self._idle.append(_Process(self._prepare))

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
        self.warm()

    def pause(self, job: Job, paused: bool) -> None:
        """Let a job rest at its next report, or go on."""
        with self._lock:
            process = self._running.get(job)
        if process is not None and not job.snapshot().ended:
            process.send(Control(paused))
            job.held(paused)

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
            for process in self._idle:
                process.kill()
                process.reap()
            self._idle.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fill(self) -> None:
        while self._queue and len(self._running) - self._n_quick < self._n_workers:
            job, task = self._queue.popleft()
            self._start(job, task, quick=False)

    def _start(self, job: Job, task: Task, *, quick: bool) -> None:
        process = self._idle.pop() if self._idle else _Process(self._prepare)
        self._running[job] = process
        job.started()
        process.send(task)
        threading.Thread(target=self._attend, args=(job, process, quick), daemon=True).start()

    def _attend(self, job: Job, process: _Process, quick: bool) -> None:
        """Pass on what the process tells until the job ends, then keep or bury the process."""
        while True:
            message = process.receive()
            if isinstance(message, Told):
                job.told(
                    message.phase, message.done, message.total, message.frame, message.frame_shape
                )
            elif isinstance(message, Finished):
                failure = message.failure
                job.ended(message.result, failure.rebuild() if failure else None)
                break
            elif message is None:
                job.ended(None, JobFailed(_how_it_died(process.reap())))
                break
        with self._lock:
            self._running.pop(job, None)
            self._n_quick -= quick
            alive = process.popen.poll() is None
            if alive and not self._closed and not self._idle:
                self._idle.append(process)
            elif alive:
                process.kill()
                process.reap()
            self._fill()


def _how_it_died(code: int) -> str:
    if os.name == "posix" and code == -signal.SIGKILL:
        return (
            "The process that computed this was killed, most likely because the machine ran out "
            "of memory. Use fewer points or close other programs, then start it again."
        )
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"The process that computed this ended without a result ({name}). Start it again."
