"""Watches a log directory for changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from projector.loaders import open_logdir
from projector.loaders.logdir.log import Log

#: Changes are handled when none has come for this long, so that a file is not read while it is
#: still being written, ...
_QUIET_MS = 250
#: ... but no later than this after the first change.
_LATEST_MS = 1500


def watch(logdir: str | Path, *, stop: threading.Event | None = None) -> Iterator[Log]:
    """Yield the log directory now, and again after each change in it.

    Parameters
    ----------
    logdir : str or Path
        A log directory or a single file.
    stop : threading.Event, optional
        Ends the iteration when it is set.

    Yields
    ------
    Log
        The same object every time, refreshed: new steps and runs, rewritten files, edited
        configs.

    Raises
    ------
    LoadError
        There is nothing at `logdir`.

    Notes
    -----
    The operating system reports changes; nothing is read in the meantime. A change shows up
    within two seconds. A file that is being written is read when it has been quiet for a moment.

    Examples
    --------
    Look once; without ``break`` the loop waits for the next change:

    >>> import projector
    >>> for log in projector.watch("demo_data"):
    ...     print(f"{len(log.entries)} embeddings in {len(log.listing.runs)} runs")
    ...     break
    16 embeddings in 2 runs
    """
    log = open_logdir(logdir)
    yield log
    stop = stop or threading.Event()
    for _ in _changes(log.root, stop):
        if log.refresh():
            yield log


class Watch:
    """Calls a function soon after something in a folder changed, from its own thread.

    The operating system reports changes; nothing is polled. A burst of changes (a checkpoint
    with many shards) is one call.

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
        """Stop watching; return when the thread has ended."""
        self._stop.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        for _ in _changes(self._root, self._stop):
            self._on_change()


def _changes(root: Path, stop: threading.Event) -> Iterator[object]:
    """Yield after each burst of changes in `root`."""
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
