"""Notice what a training writes, without looking at the disk while nothing happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from projector.loaders import open_logdir
from projector.loaders.logdir.log import Log

#: Changes are looked at when none has come for this long, so that a file is not read half-way
#: while it is written, ...
_QUIET_MS = 250
#: ... but no later than this after the first one.
_LATEST_MS = 1500


def watch(logdir: str | Path, *, stop: threading.Event | None = None) -> Iterator[Log]:
    """Give the log directory now, and again each time that something in it has changed.

    Parameters
    ----------
    logdir : str or Path
        A log directory or a single file.
    stop : threading.Event, optional
        Ends the iteration when it is set.

    Yields
    ------
    Log
        Always the same one, refreshed: new steps and runs, rewritten files, edited configs.

    Notes
    -----
    Waits for the operating system's word and reads nothing in the meantime. What is written
    shows up within two seconds, and never while it is being written, unless that takes longer.
    """
    log = open_logdir(logdir)
    yield log
    stop = stop or threading.Event()
    for _ in _changes(log.root, stop):
        if log.refresh():
            yield log


class Watch:
    """Calls back soon after something below a folder changed, from a thread of its own.

    The operating system says what changed; nothing is polled. A burst of changes (a checkpoint
    of many shards) is one call.

    Parameters
    ----------
    root : Path
        A folder, or a single file.
    on_change : callable
        Called without arguments.
    """

    def __init__(self, root: Path, on_change: Callable[[], None]) -> None:
        self._root = root
        self._on_change = on_change
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching; returns when the thread has ended."""
        self._stop.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        for _ in _changes(self._root, self._stop):
            self._on_change()


def _changes(root: Path, stop: threading.Event) -> Iterator[object]:
    """Give a sign after each burst of changes below `root`."""
    from watchfiles import watch as changes

    yield from changes(
        root if root.is_dir() else root.parent,
        stop_event=stop,
        debounce=_LATEST_MS,
        step=_QUIET_MS,
        rust_timeout=500,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
