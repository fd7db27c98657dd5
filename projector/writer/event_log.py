"""The event file of a run: its scalars and hyperparameters, as TensorBoard has them."""

from __future__ import annotations

import itertools
import os
import platform
import time
from pathlib import Path

from projector.machine.shortages import save_error
from projector.writer.event_records import first_event, record
from projector.writer.step_log import append_whole

#: Tells files apart that one process begins within a second.
_numbers = itertools.count()


class EventLog:
    """Appends events, each in one call, to a file of its own that is made with the first one.

    Parameters
    ----------
    logdir : Path
        The folder of the run.
    """

    def __init__(self, logdir: Path) -> None:
        self._logdir = logdir
        self._path: Path | None = None
        self._file: int | None = None

    def add(self, event: bytes) -> None:
        """Append an event; raises SaveError where the system refuses."""
        try:
            append_whole(self._open(), record(event))
        except OSError as error:
            self.close()
            raise save_error(self._path or self._logdir, error) from error

    def close(self) -> None:
        """Close the file; the next event opens it again."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def _open(self) -> int:
        if self._file is not None and os.fstat(self._file).st_nlink:
            return self._file
        self.close()  # somebody may have removed the file
        now = time.time()
        if self._path is None or not self._path.exists():
            self._logdir.mkdir(parents=True, exist_ok=True)
            host = platform.node().replace("/", "_") or "host"
            name = f"events.out.tfevents.{int(now):010d}.{host}.{os.getpid()}.{next(_numbers)}"
            self._path = self._logdir / name
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file = os.open(self._path, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            if os.fstat(file).st_size == 0:
                append_whole(file, record(first_event(now)))
        except OSError:
            os.close(file)
            raise
        self._file = file
        return file
