"""A child process: a module of this package that runs beside its owner and ends with it."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from projector.machine.thread_counts import thread_variables

#: The folder in which this package is.
_HOME = Path(__file__).resolve().parents[2]


class ChildProcess:
    """A process that runs one module of this package. It exits when its standard input ends.

    An ordinary child process and not `multiprocessing`, which would run the main script of
    whoever called projector a second time.

    Parameters
    ----------
    module : str
        The module that it runs, as ``python -m`` would.
    *arguments : str
        What the module finds in ``sys.argv``.
    stdin, stdout, stderr : int, optional
        As in `subprocess.Popen`.
    environment : mapping of str to str, optional
        Variables that it gets in addition to its owner's.

    Raises
    ------
    OSError
        The system starts no further process.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        stdin: int = subprocess.PIPE,
        stdout: int = subprocess.PIPE,
        stderr: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._popen = subprocess.Popen(
            # -P: the current folder may be a log directory, and a numpy.py in it is not numpy.
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env={
                **os.environ,
                **thread_variables(),
                "PYTHONPATH": _import_path(),
                **(environment or {}),
            },
            # Ctrl-C is for the owner, which stops its processes itself.
            start_new_session=os.name == "posix",
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._popen.pid

    @property
    def inbox(self) -> IO[bytes]:
        """The pipe to its standard input."""
        assert self._popen.stdin is not None, "started with a pipe"
        return self._popen.stdin

    @property
    def outbox(self) -> IO[bytes]:
        """The pipe from its standard output."""
        assert self._popen.stdout is not None, "started with a pipe"
        return self._popen.stdout

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


def _import_path() -> str:
    """Return where the process looks for modules: where this one does, but for its folder."""
    path = [each for each in sys.path if each]
    first = next((each for each in path if (Path(each) / __name__.partition(".")[0]).is_dir()), "")
    # What was found in the current folder would not be found after a change of folder.
    same = bool(first) and Path(first).resolve() == _HOME
    return os.pathsep.join(path if same else [str(_HOME), *path])


def ending(code: int) -> str:
    """Return the name of what an exit code means: ``"SIGSEGV"`` or ``"exit code 3"``."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def is_killed(code: int) -> bool:
    """Tell whether an exit code means that the process was killed, as for want of memory."""
    return os.name == "posix" and code == -signal.SIGKILL


def named_function(name: str) -> Callable[..., Any]:
    """Return the function with the name ``"package.module:name"``."""
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found
