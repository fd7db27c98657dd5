"""A worker process: its two pipes, its end and the meaning of its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

from projector.jobs.messages import Message, receive, send


class WorkerProcess:
    """One worker process and the pipes to it.

    Parameters
    ----------
    preload : str
        A module that it imports at once.
    prepare : str
        ``"package.module:name"`` of a function for the time before its first task, or nothing.
    """

    def __init__(self, preload: str, prepare: str = "") -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "projector.jobs.worker", preload, prepare],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C is for the server; it stops its workers itself.
            start_new_session=os.name == "posix",
        )
        self._writing = threading.Lock()

    def send(self, message: Message) -> None:
        """Send a message; that the process is gone is noticed by `receive`."""
        assert self._popen.stdin is not None, "started with a pipe"
        try:
            with self._writing:
                send(self._popen.stdin, message)
        except (BrokenPipeError, OSError, ValueError):
            return

    def receive(self) -> Message | None:
        """Wait for a message; None when the process has ended."""
        assert self._popen.stdout is not None, "started with a pipe"
        try:
            return receive(self._popen.stdout)
        except (OSError, ValueError):
            return None

    def is_alive(self) -> bool:
        """Return whether it can take a task."""
        return self._popen.poll() is None

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._popen.kill()

    def reap(self) -> int:
        """Wait for its end, close the pipes and return its exit code; may be called twice."""
        code = self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        return code


def exit_message(code: int) -> str:
    """Return a sentence for people on what an exit code means."""
    if os.name == "posix" and code == -signal.SIGKILL:
        return (
            "The process that computed this was killed, most likely because the machine ran out "
            "of memory. Use fewer points or close other programs, then start it again."
        )
    if os.name == "posix" and code == -signal.SIGBUS:
        return (
            "The process that computed this ended because a part of its data was no longer there "
            "(SIGBUS): a disk is full or failing, or a file was shortened. Free space in the "
            "temporary folder, then start it again."
        )
    if os.name == "posix" and code == -signal.SIGSEGV:
        return (
            "The process that computed this crashed inside a compiled library (SIGSEGV), usually "
            "because of damaged memory or a defect. Start it again; if it crashes again, report it "
            "with the method and the shape of the data."
        )
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"The process that computed this ended without a result ({name}). Start it again."
