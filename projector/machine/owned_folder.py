"""Temporary folders that are removed with their owner, or by the next program if it was killed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import socket
import stat
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any

from projector.machine.file_lock import lock, open_unfollowed
from projector.machine.free_space import temporary_folder

#: The beginning of the name of every temporary folder.
PREFIX = "projector-"
#: The file that says that a folder is one of ours, and whose.
_MARK = ".projector-owner"


class OwnedFolder:
    """A temporary folder of this process. Safe from any thread.

    It is locked as long as the process lives, so that others can tell what was left behind by one
    that was killed; systemd leaves locked folders alone, too, when it cleans up.

    Parameters
    ----------
    kind : str
        A part of its name, for people who find it.

    Raises
    ------
    OSError
        It cannot be made.
    """

    def __init__(self, kind: str = "") -> None:
        self._lock = threading.Lock()
        self._path = Path(tempfile.mkdtemp(prefix=PREFIX + kind, dir=temporary_folder()))
        #: The open folder that is locked: at most one.
        self._held: list[int] = []
        self._remove = weakref.finalize(self, _remove, self._path, self._held, os.getpid())
        self._take()

    @property
    def path(self) -> Path:
        """Where it is. It is made again if somebody has removed it.

        Raises
        ------
        OSError
            It cannot be made again.
        """
        with self._lock:
            if self._remove.alive and not self._is_held():
                temporary_folder()
                with contextlib.suppress(FileExistsError):
                    self._path.mkdir(mode=0o700, parents=True)
                if not _is_own(self._path):
                    message = "is no longer a folder of this user"
                    raise NotADirectoryError(errno.ENOTDIR, message, str(self._path))
                self._take()
            return self._path

    def remove(self) -> None:
        """Delete it with everything in it."""
        self._remove()

    def _is_held(self) -> bool:
        """Return whether the folder is still the one that is locked."""
        try:
            return bool(self._held) and os.path.samestat(
                os.fstat(self._held[0]), os.lstat(self._path)
            )
        except OSError:
            return False

    def _take(self) -> None:
        """Lock and mark the folder."""
        while self._held:
            os.close(self._held.pop())
        is_locked = False
        with contextlib.suppress(OSError):
            self._held.append(open_unfollowed(str(self._path), folder=True))
            is_locked = lock(self._held[0]) == "mine"
        # A folder without a mark is never swept: nothing worse comes of a full disk.
        with contextlib.suppress(OSError):
            mark = json.dumps(_mark(is_locked=is_locked))
            (self._path / _MARK).write_text(mark, encoding="utf-8")


def abandoned_folders(parent: Path | None = None) -> list[Path]:
    """Return the temporary folders of this user whose owner has ended without removing them."""
    found = []
    with contextlib.suppress(OSError), os.scandir(parent or temporary_folder()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_abandoned(Path(entry.path)):
                found.append(Path(entry.path))
    return sorted(found)


def sweep_folders(parent: Path | None = None) -> int:
    """Delete the folders that `abandoned_folders` returns, and return how many."""
    found = abandoned_folders(parent)
    for path in found:
        # Refuses to follow links, whatever is put in its way meanwhile.
        shutil.rmtree(path, ignore_errors=True)
    return len(found)


def _is_abandoned(path: Path) -> bool:
    try:
        if not _is_own(path):
            return False
        descriptor = open_unfollowed(str(path / _MARK))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > 4096:
                return False
            mark = json.loads(os.read(descriptor, 4096))
        finally:
            os.close(descriptor)
        return isinstance(mark, dict) and not _is_alive(path, mark)
    except (OSError, ValueError, RecursionError):
        return False


def _is_alive(path: Path, mark: dict[str, Any]) -> bool:
    if mark.get("locked") is True:
        descriptor = open_unfollowed(str(path), folder=True)
        try:
            return lock(descriptor) != "mine"
        finally:
            os.close(descriptor)
    if mark.get("host") != socket.gethostname():
        return True
    return _process(mark.get("pid")) == mark.get("started")


def _is_own(path: Path) -> bool:
    """Return whether a path is a folder of this user, and not a link."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    is_mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return stat.S_ISDIR(status.st_mode) and is_mine


def _mark(*, is_locked: bool) -> dict[str, Any]:
    pid = os.getpid()
    host = socket.gethostname()
    return {"pid": pid, "started": _process(pid), "host": host, "locked": is_locked}


def _process(pid: Any) -> float | None:
    """Return when a process began; None if there is no such process."""
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except (psutil.Error, TypeError, ValueError, OverflowError):
        return None


def _remove(path: Path, held: list[int], owner: int) -> None:
    if os.getpid() == owner:  # not in a fork of it
        shutil.rmtree(path, ignore_errors=True)
    while held:
        with contextlib.suppress(OSError):
            os.close(held.pop())
