"""Writes a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from projector.machine.file_lock import lock, open_unfollowed

#: The beginning of the name of an unfinished file, which hides it and keeps it out of patterns such
#: as "*.npz".
PART = ".projector-part-"
#: Where there are no locks, an unfinished file that is older was left behind.
_OLD_SECONDS = 24 * 3600.0


@contextlib.contextmanager
def atomic_write(
    path: Path,
    *,
    scratch: Path | None = None,
    sync: bool = True,
    private: bool = False,
    sweep: bool = True,
) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` when the block ends without an error.

    Until then `path` is as it was: a reader, or a restart after a crash, finds the old content
    or the new one, never a part of it. After an error nothing is left behind; what is left when
    the process is killed is removed by the next one that writes to the folder.

    Parameters
    ----------
    path : Path
        Its folder is created if it is missing.
    scratch : Path, optional
        The folder of the unfinished file, on the same file system; by default that of `path`.
    sync : bool
        Wait until the content has reached the disk, so that it also survives a power cut. Leave
        it out for what can be computed again: it takes a second for some 100 MB.
    private : bool
        Whether only this user may read the file; otherwise it is as readable as any other file
        that the user creates.
    sweep : bool
        Whether to remove first what killed processes left in the folder. Not where other machines
        write to it, whose locks may not be seen here.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = scratch or path.parent
    if sweep:
        remove_abandoned_parts(folder)
    file, name = _new_part(folder)
    try:
        with file:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
            if not private:
                # mkstemp creates private files.
                umask = os.umask(0)
                os.umask(umask)
                os.chmod(name, 0o666 & ~umask)
            # While it is open it is locked, and no other writer takes it for one left behind.
            if os.name == "posix":
                os.replace(name, path)
        if os.name != "posix":
            os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def parts_in(folder: Path, prefixes: tuple[str, ...] = (PART,)) -> list[Path]:
    """Return the unfinished files in a folder, whether somebody still writes them or not."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.name.startswith(prefixes)]
    except OSError:
        return []


def abandoned_parts(folder: Path, prefixes: tuple[str, ...] = (PART,)) -> list[Path]:
    """Return the unfinished files of this user whose process has ended."""
    return [path for path in parts_in(folder, prefixes) if _if_abandoned(path, lambda _: None)]


def remove_abandoned_parts(folder: Path, prefixes: tuple[str, ...] = (PART,)) -> int:
    """Delete the unfinished files of this user whose process has ended; return how many."""
    return sum(_if_abandoned(path, os.unlink) for path in parts_in(folder, prefixes))


def is_abandoned(part: Path) -> bool:
    """Return whether the process that wrote an unfinished file of this user has ended."""
    return _if_abandoned(part, lambda _: None)


def _new_part(folder: Path) -> tuple[BinaryIO, str]:
    """Return a new file that is locked, so that nobody takes it for one that was left behind."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=PART)
        held = lock(handle)
        # It may have been taken for one in the moment before it was locked.
        with contextlib.suppress(FileNotFoundError):
            if held != "another's" and os.path.samestat(os.fstat(handle), os.lstat(name)):
                return os.fdopen(handle, "wb"), name
        os.close(handle)


def _if_abandoned(part: Path, act: Callable[[Path], None]) -> bool:
    """Do something with an unfinished file if its process has ended, and return whether it has."""
    try:
        status = os.lstat(part)
        is_mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
        if not stat.S_ISREG(status.st_mode) or not is_mine:
            return False
        descriptor = open_unfollowed(str(part))
    except OSError:
        return False
    try:
        held = lock(descriptor)
        is_old = time.time() - status.st_mtime > _OLD_SECONDS
        is_same = os.path.samestat(os.fstat(descriptor), status)
        if not is_same or not (held == "mine" or (held == "unknown" and is_old)):
            return False
        act(part)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
