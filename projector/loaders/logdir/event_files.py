"""What event files say of their runs: read again only when they have changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.tensorflow.histograms import Histograms
from projector.loaders.formats.tensorflow.run_events import (
    RunEvents,
    read_histograms,
    read_run_events,
)
from projector.loaders.versions import Version, attempts

T = TypeVar("T")
_Key: TypeAlias = tuple[str, Version | None]

#: The bytes of scalars that are kept, of all files together, and what each tag costs besides.
_MOST_BYTES, _TAG_BYTES = 128 << 20, 1000


class EventMemory:
    """What was read of event files, by the version of each file; the oldest goes first.

    Parameters
    ----------
    most_bytes : int
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._known: OrderedDict[_Key, tuple[RunEvents, int]] = OrderedDict()
        self._n_bytes = 0

    def get(self, file: File) -> RunEvents:
        """Return what a file says; what cannot be read is among its warnings. Never changed."""
        key = (str(file.real), file.version)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known[0]
        is_settled = file.is_settled  # else a change may not show in its times
        found = read_growing(file, read_run_events)
        if isinstance(found, str):
            return RunEvents(warnings=[found])
        if is_settled:
            self._keep(key, found)
        return found

    def _keep(self, key: _Key, found: RunEvents) -> None:
        size = sum(3 * each.steps.nbytes + _TAG_BYTES for each in found.scalars.values())
        size += _TAG_BYTES * (1 + len(found.histogram_tags) + len(found.session.hparams))
        with self._lock:
            self._n_bytes += size - self._known.pop(key, (found, 0))[1]
            self._known[key] = (found, size)
            while self._n_bytes > self._most:
                self._n_bytes -= self._known.popitem(last=False)[1][1]


_memory = EventMemory()


def events_of(file: File) -> RunEvents:
    """Return everything that an event file says but its histograms; it may grow meanwhile."""
    return _memory.get(file)


def histograms_of(file: File, tag: str) -> tuple[Histograms, list[str]]:
    """Return the histograms of one tag of an event file, and what could not be read."""
    found = read_growing(file, lambda path: read_histograms(path, tag))
    if isinstance(found, str):
        return Histograms(np.zeros(0, np.int64), np.zeros(0), ()), [found]
    return found


def read_growing(file: File, read: Callable[[Path], T]) -> T | str:
    """Read a file that may grow, again if it is rewritten; return why if it cannot be read."""
    try:
        for attempt in attempts(file.path):
            with attempt.reading([file.real], grows=True):
                found = read(file.real)
            if attempt.held:
                return found
    except LoadError as error:
        return error.message
    raise AssertionError("attempts end with an error")
