"""Reports the phases of a computation in rows, with the remaining time, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from projector.jobs.pace import Pace
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Json


class Phases:
    """The phases so far.

    Attributes
    ----------
    seconds : dict
        How long each phase took.
    """

    def __init__(self, progress: ProgressCallback) -> None:
        self._progress = progress
        self._pace = Pace()
        self.seconds: dict[str, Json] = {}

    @contextmanager
    def phase(self, name: str, n_rows: int) -> Iterator[Callable[[int], None]]:
        """Give a function that takes the rows that are done so far."""

        def on_rows(done: int) -> None:
            done = min(done, n_rows)
            left = self._pace.remaining(name, done, n_rows)
            self._progress(Progress(name, done, n_rows, remaining_seconds=left))

        with self.timed(name):
            on_rows(0)
            yield on_rows
            on_rows(n_rows)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Note how long something takes that reports by itself."""
        started = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 3)
