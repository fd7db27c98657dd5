"""Watches names for changes: what is at a path, whatever directory that is at the moment.

The operating system's notifications belong to a directory, not to its name. A directory that is
removed and made again, replaced by another, or reached through a link that is pointed elsewhere
is another one: it is noticed here by its identity, and watched anew.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from projector.machine.file_systems import silent_file_systems

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

#: Changes are told when none has come for this long, so that a file is not read while it is
#: still being written, ...
_QUIET_MS = 250
#: ... but no later than this after the first change.
_LATEST_MS = 1500
#: How often it is checked that the names still lead to the same directories.
_CHECK_MS = 500
#: How often the mounted file systems are listed.
_MOUNTS_SECONDS = 5.0
#: Seconds between two looks where notifications are not to be had: the first that leaves twenty
#: times as long as a look took.
_INTERVALS = (5, 15, 60)
#: On Linux every directory has a watch of its own; elsewhere one watch is for all that is below.
_EACH_FOLDER = sys.platform.startswith("linux")

#: The folders that are watched, and the inode of each.
Folders: TypeAlias = dict[str, int]


class NameWatch:
    """Tells when something has changed at or below some names.

    Parameters
    ----------
    names : iterable of Path
        Directories, which are watched with all that is below, and files, which are watched with
        the others of their folder. They may be missing, and come, go and be replaced.
    stop : threading.Event
        Ends the iteration when it is set.
    skipped : callable, optional
        Whether a folder of this name below is not watched.
    polling : bool
        Whether to look at intervals and take no notifications. Also set by the environment
        variable ``WATCHFILES_FORCE_POLLING``.

    Attributes
    ----------
    notice : str
        Why changes are found by looking at intervals, in a sentence; empty if they are not.
    touched : set of str or None
        With each yield: the paths that were reported to have changed since the last one. None if
        anything may have: at first, and at intervals.
    """

    def __init__(
        self,
        names: Iterable[Path],
        stop: threading.Event,
        *,
        skipped: Callable[[str], bool] = lambda name: False,
        polling: bool = False,
    ) -> None:
        # Not normalized: what "a/.." is depends on what "a" is at the moment.
        self._names = [Path(name).absolute() for name in names]
        self._stop = stop
        self._skipped = skipped
        self._polling = polling or _polling_wanted()
        self._interval = _INTERVALS[0]
        self._refused = ""
        self._is_interrupted = False
        self._mounts: tuple[str, ...] = ()
        self._mounts_at = -_MOUNTS_SECONDS
        self.notice = ""
        self.touched: set[str] | None = None

    def changes(self) -> Iterator[None]:
        """Yield whenever something may have changed, and once when the watch has begun.

        What happened before a yield is seen by whoever looks after it; nothing is lost between
        two of them.
        """
        while not self._is_over():
            identity = self._identity()
            watcher, folders = self._established()
            try:
                self._update_notice()
                self.touched = None
                yield from self._look()
                yield from self._until_replaced(identity, watcher, folders)
            finally:
                if watcher is not None:
                    watcher.close()

    def _until_replaced(
        self, identity: object, watcher: RustNotify | None, folders: Folders
    ) -> Iterator[None]:
        """Yield after changes, until the names or the folders below are others."""
        polled = time.monotonic()
        while not self._is_over():
            touched = self._wait(watcher)
            if touched is None or self._is_over():
                return
            if self._identity() != identity:
                return
            if not folders and self._folders():
                return  # made again as the same inode, before it was seen to be gone
            if touched and self._has_other_folders(folders, touched):
                return
            is_due = self.notice and time.monotonic() - polled >= self._interval
            if touched or is_due:
                self.touched = None if is_due else touched
                yield from self._look()
                polled = time.monotonic()
                if is_due and folders != self._folders():
                    return

    def _has_other_folders(self, folders: Folders, touched: set[str]) -> bool:
        """Tell whether folders came, went or moved, by what was reported: not all are listed."""
        if not folders.keys().isdisjoint(touched):
            return True
        return _EACH_FOLDER and any(
            os.path.isdir(path)
            and not os.path.islink(path)
            and not self._skipped(os.path.basename(path))
            for path in touched
        )

    def _look(self) -> Iterator[None]:
        """Yield once, and choose the interval by how long the look takes."""
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        fitting = [each for each in _INTERVALS if each >= 20 * seconds]
        self._interval = fitting[0] if fitting else _INTERVALS[-1]
        self._update_notice()

    def _wait(self, watcher: RustNotify | None) -> set[str] | None:
        """Return what changed, which is nothing after a moment; None if the watch has ended."""
        if watcher is None:
            self._stop.wait(_CHECK_MS / 1000)
            return set()
        from watchfiles._rust_notify import WatchfilesRustInternalError

        try:
            found = watcher.watch(_LATEST_MS, _QUIET_MS, _CHECK_MS, self._stop)
        except WatchfilesRustInternalError:
            self._stop.wait(_CHECK_MS / 1000)
            return None
        self._is_interrupted = found == "signal"  # Ctrl-C in a script that waits for changes
        return set() if isinstance(found, str) else {path for _, path in found}

    def _is_over(self) -> bool:
        return self._stop.is_set() or self._is_interrupted

    def _established(self) -> tuple[RustNotify | None, Folders]:
        """Return a watch of the folders that there are, and these; no watch if there is none."""
        folders = self._folders()
        self._refused = ""
        if self._polling:
            return None, folders
        for _ in range(20):
            watcher = None
            try:
                watcher = self._watcher(folders)
                if folders == self._folders():
                    return watcher, folders
            except FileNotFoundError:
                pass
            # Some were made or removed in this moment, so that they may not be watched.
            if watcher is not None:
                watcher.close()
            folders = self._folders()
        self._refused = "its folders come and go too quickly to be watched"
        return None, folders

    def _watcher(self, folders: Folders) -> RustNotify | None:
        from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

        named = [folder for folder in folders if _is_unicode(folder)]
        if len(named) < len(folders):
            self._refused = "folders whose names are not Unicode cannot be watched"
        if not named:
            return None
        try:
            return RustNotify(named, False, False, 300, not _EACH_FOLDER, False)
        except FileNotFoundError:
            raise
        except (OSError, WatchfilesRustInternalError) as error:
            self._refused = _reason(error)
            return None

    def _folders(self) -> Folders:
        """Return every folder to be watched, without following links below the names."""
        found: Folders = {}
        for name in self._names:
            try:
                status = os.stat(name)
                if stat.S_ISDIR(status.st_mode):
                    self._add_below(str(name), status.st_ino, found)
                    continue
                for folder in {name.parent, Path(os.path.realpath(name)).parent}:
                    found[str(folder)] = os.stat(folder).st_ino
            except OSError:
                continue  # it is not there: `_identity` will tell when it is
        return found

    def _add_below(self, folder: str, inode: int, found: Folders) -> None:
        waiting = [(folder, inode)]
        while waiting:
            path, number = waiting.pop()
            try:
                with os.scandir(path) as entries:
                    below = [
                        (entry.path, entry.inode())
                        for entry in entries
                        if entry.is_dir(follow_symlinks=False) and not self._skipped(entry.name)
                    ]
            except OSError:
                continue  # it cannot be listed, or vanished; the folder above tells of changes
            found[path] = number
            waiting += below if _EACH_FOLDER else []

    def _identity(self) -> object:
        """Return what changes when a name leads elsewhere, or to nothing."""
        now = time.monotonic()
        if now - self._mounts_at >= _MOUNTS_SECONDS:
            self._mounts, self._mounts_at = silent_file_systems(self._names), now
        found: list[object] = [self._mounts]
        for name in self._names:
            try:
                status = os.stat(name)
                found.append((os.path.realpath(name), status.st_dev, status.st_ino))
            except OSError:
                found.append(None)
        return tuple(found)

    def _update_notice(self) -> None:
        reason = self._refused
        if self._polling:
            reason = "this was asked for"
        elif self._mounts and not reason:
            reason = f"{' and '.join(self._mounts)} gives no notifications of what others change"
        where = self._names[0] if len(self._names) == 1 else "these files"
        sentence = f"Changes in {where} are found by polling every {self._interval} seconds"
        self.notice = f"{sentence}: {reason}." if reason else ""


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _polling_wanted() -> bool:
    wanted = os.environ.get("WATCHFILES_FORCE_POLLING", "").lower()
    return wanted not in ("", "false", "disable", "disabled")


def _reason(error: Exception) -> str:
    """Return why there are no notifications, and what to do."""
    text = str(error)
    for sign, limit in (
        ("watch limit", "max_user_watches"),
        ("No space left", "max_user_watches"),
        ("Too many open files", "max_user_instances"),
    ):
        if sign in text:
            return (
                f"the system's limit of watches is reached. Raise fs.inotify.{limit} with sysctl "
                "to see changes at once"
            )
    return f"the system gives no notifications ({text})"
