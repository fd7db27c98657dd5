"""Watches a log directory for changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from projector.errors import ParameterError
from projector.loaders import open_logdir
from projector.loaders.logdir.log import Log
from projector.loaders.logdir.walk import is_skipped_folder
from projector.machine.name_watch import NameWatch
from projector.machine.shortages import machine_error
from projector.model.arguments import shown

_LOGGER = logging.getLogger("projector")
_AFTER_ERROR_SECONDS = 5.0
#: Seconds between two looks at a server unless a caller says otherwise.
POLL_SECONDS = 30.0


def watch(
    logdir: str | Path, *, stop: threading.Event | None = None, poll_seconds: float = POLL_SECONDS
) -> Iterator[Log]:
    """Yield the log directory now, and again after each change in it.

    Parameters
    ----------
    logdir : str or Path
        A log directory or a single file.
    stop : threading.Event, optional
        Ends the iteration when it is set.
    poll_seconds : float, default=30.0
        After so many seconds an address such as ``"s3://bucket/runs"`` is looked at again; 0 for
        never.

    Yields
    ------
    Log
        The same object every time, refreshed: new steps and runs, rewritten files, edited
        configs.

    Raises
    ------
    LoadError
        There is nothing at `logdir`.
    ParameterError
        `poll_seconds` is neither 0 nor from 1 to 86,400.

    Notes
    -----
    The operating system reports changes; nothing is read in the meantime. A change shows up
    within two seconds. A file that is being written is read when it has been quiet for a moment.
    The path may be removed, made again, replaced, or be a link that is pointed elsewhere. Network
    folders report nothing: there it is looked every few seconds, and a warning is logged.

    Examples
    --------
    Look once; without ``break`` the loop waits for the next change:

    >>> import projector
    >>> for log in projector.watch("demo_data"):
    ...     print(f"{len(log.entries)} embeddings in {len(log.listing.runs)} runs")
    ...     break
    16 embeddings in 2 runs
    """
    interval = poll_interval(poll_seconds)
    log = open_logdir(logdir)
    yield log
    if log.remote:
        ended = stop or threading.Event()
        while not ended.wait(interval or None):
            if log.refresh():
                yield log
        return
    names = NameWatch([log.name], stop or threading.Event(), skipped=is_skipped_folder)
    told = ""
    for _ in names.changes():
        if names.notice and not told:
            _LOGGER.warning("%s", names.notice)
        told = names.notice
        if log.refresh(names.touched):
            yield log


def poll_interval(seconds: float) -> float:
    """Return the seconds between two looks, or raise `ParameterError` for what are none."""
    try:
        found = float(seconds)
    except (TypeError, ValueError):
        found = -1.0
    if not (found == 0 or 1 <= found <= 86_400):
        raise ParameterError(
            f"'poll_seconds' must be 0, for never, or from 1 to 86,400. Got {shown(seconds)}."
        )
    return found


class Watch:
    """Calls a function soon after something at or below some names changed, from its own thread.

    `start` begins it.

    A burst of changes (a checkpoint with many shards) is one call. The function is also called
    once when the watch has begun: it sees what changed before.

    Parameters
    ----------
    names : iterable of Path
        Folders or files, which may come, go and be replaced (see `NameWatch`).
    on_change : callable
        Called without arguments.
    polling : bool
        Whether to look at intervals instead of waiting for notifications.
    """

    def __init__(
        self, names: Iterable[Path], on_change: Callable[[], None], *, polling: bool = False
    ) -> None:
        self._on_change = on_change
        self._stop = threading.Event()
        self._names = NameWatch(names, self._stop, skipped=is_skipped_folder, polling=polling)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    @property
    def notice(self) -> str:
        """Why changes are found later than at once, in a sentence; empty if they are not."""
        return self._names.notice

    @property
    def touched(self) -> set[str] | None:
        """For `on_change`: the paths that were reported, or None if anything may have changed."""
        return self._names.touched

    def close(self) -> None:
        """Stop watching, also before it has begun; return when the thread has ended."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=2)

    def _run(self) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                for _ in self._names.changes():
                    if self.notice and not told:
                        _LOGGER.warning("%s", self.notice)
                    told = self.notice
                    self._on_change()
            except Exception as error:
                # Whatever is in the files: the next change is looked at again.
                lacking = machine_error(error)
                if lacking is None:
                    _LOGGER.exception("The log directory could not be read again.")
                else:
                    _LOGGER.warning("The log directory could not be read again: %s", lacking)
                self._stop.wait(_AFTER_ERROR_SECONDS)
