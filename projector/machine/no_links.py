"""Opens files and folders by paths in which no part may be a link.

Between a check of a path and its opening, a program may put a link in the place of the file or of
any folder above it. So a path is opened part by part, each relative to the folder before it, and
none through a link: what is opened is really at that path.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
from collections.abc import Iterator
from typing import NamedTuple

#: Whether folders can be opened only to find what is in them, and files relative to them.
BY_PARTS = (
    hasattr(os, "O_PATH")
    and hasattr(os, "O_NOFOLLOW")
    and {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd
)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_STEP = getattr(os, "O_PATH", 0) | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
_READ = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
#: Folders that are kept open at once.
_MOST_KEPT = 48


class LinkInPathError(OSError):
    """A part of a path is a link now, or no folder any more."""


class _Kept(threading.local):
    """The folders that this thread keeps open, by path, the one used last at the end."""

    folders: dict[str, int] | None = None


_kept = _Kept()


@contextlib.contextmanager
def keeping_folders() -> Iterator[None]:
    """Keep folders open that are opened inside the block, for the next file in them.

    A folder that is moved away meanwhile is still found at its old path.
    """
    if _kept.folders is not None or not BY_PARTS:
        yield
        return
    _kept.folders = {}
    try:
        yield
    finally:
        folders, _kept.folders = _kept.folders, None
        for folder in folders.values():
            os.close(folder)


def open_without_links(path: str, flags: int, mode: int = 0o666) -> int:
    """Open a file as `os.open` does.

    Parameters
    ----------
    path : str
        Absolute, without ``.`` and ``..``.
    flags, mode : int

    Raises
    ------
    LinkInPathError
        A part of the path is a link.
    OSError
        It cannot be opened.
    """
    if not BY_PARTS:
        return _open_and_check(path, flags, mode)
    above, name = os.path.split(path)
    try:
        with folder_at(above) as folder:
            return os.open(name, flags | _NO_LINK, mode, dir_fd=folder)
    except FileNotFoundError:
        if not _forget(above):
            raise
        with folder_at(above) as folder:
            return os.open(name, flags | _NO_LINK, mode, dir_fd=folder)
    except OSError as error:
        raise _explained(error, path) from None


def status_without_links(path: str) -> os.stat_result:
    """Return the status of what is at a path; a link at its end is not followed.

    Raises
    ------
    LinkInPathError
        A folder in the path is a link.
    OSError
        It does not exist.
    """
    above, name = os.path.split(path)
    if not BY_PARTS or not name:
        return os.stat(path, follow_symlinks=False)
    with folder_at(above) as folder:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)


class OpenFolder:
    """A folder in which files are written by name; it stays the same one whatever its path becomes.

    Parameters
    ----------
    path : str
    descriptor : int or None
        None where files cannot be named relative to a folder.
    """

    def __init__(self, path: str, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else os.path.join(self._path, name)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open a file; a link is not followed."""
        return os.open(self._at(name), flags | _NO_LINK, mode, dir_fd=self._descriptor)

    def status(self, name: str) -> os.stat_result:
        """Return the status of a file, or of a link itself."""
        return os.stat(self._at(name), dir_fd=self._descriptor, follow_symlinks=False)

    def replace(self, name: str, other: str) -> None:
        """Give a file another name, which it takes from whatever has it."""
        places = {"src_dir_fd": self._descriptor, "dst_dir_fd": self._descriptor}
        os.replace(self._at(name), self._at(other), **places)

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._descriptor)


@contextlib.contextmanager
def open_folder(path: str) -> Iterator[OpenFolder]:
    """Give a folder to write files in.

    Raises
    ------
    LinkInPathError
        A part of the path is a link.
    OSError
        It cannot be opened.
    """
    if BY_PARTS:
        with folder_at(path) as folder:
            yield OpenFolder(path, folder)
        return
    if os.path.realpath(path) != path:
        raise LinkInPathError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    yield OpenFolder(path, None)


@contextlib.contextmanager
def entries_of(path: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """Give what is in a folder; an entry's `stat` works inside the block.

    Where folders are opened by parts, `os.DirEntry.path` is the name alone.

    Raises
    ------
    LinkInPathError
        A part of the path is a link.
    OSError
        It cannot be read.
    """
    if not BY_PARTS:
        if os.path.realpath(path) != path:
            raise LinkInPathError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        with os.scandir(path) as entries:
            yield entries
        return
    with keeping_folders():
        folder = _kept_for_reading(path)
        with os.scandir(folder) as entries:
            yield entries


class ListedFolder(NamedTuple):
    """What is in a folder, its status, and its descriptor where files are named relative to it."""

    entries: list[os.DirEntry[str]]
    status: os.stat_result
    descriptor: int | None


def list_folder(path: str) -> ListedFolder:
    """Return what is in a folder; inside of `keeping_folders`.

    The folder stays open until many others were opened, and an entry's `stat` works as long. Where
    folders are opened by parts, `os.DirEntry.path` is the name alone.

    Raises
    ------
    LinkInPathError
        A part of the path is a link.
    OSError
        It cannot be read.
    """
    if not BY_PARTS:
        with entries_of(path) as found:
            return ListedFolder(list(found), os.stat(path), None)
    folder = _kept_for_reading(path)
    return ListedFolder(list(os.scandir(folder)), os.fstat(folder), folder)


def open_in(folder: int, name: str, flags: int) -> int:
    """Open a file in an open folder; a link is not followed."""
    return os.open(name, flags | _NO_LINK, dir_fd=folder)


def _kept_for_reading(path: str) -> int:
    """Open a folder so that its names can be read, and keep it: its files are opened next."""
    kept = _kept.folders
    if kept and path in kept:
        os.close(kept.pop(path))
    above, _, name = path.rpartition("/")
    if not name:
        return _keep(path, os.open(path, _READ))
    if kept and above in kept:
        outer = kept[above] = kept.pop(above)
        try:
            return _keep(path, os.open(name, _READ, dir_fd=outer))
        except OSError as error:
            raise _explained(error, path) from None
    above = above or "/"
    with folder_at(above) as outer:
        try:
            return _keep(path, os.open(name, _READ, dir_fd=outer))
        except OSError as error:
            raise _explained(error, path) from None


def _keep(path: str, folder: int) -> int:
    kept = _kept.folders
    assert kept is not None, "inside of keeping_folders"
    if len(kept) >= _MOST_KEPT:
        os.close(kept.pop(next(iter(kept))))
    kept[path] = folder
    return folder


@contextlib.contextmanager
def folder_at(path: str) -> Iterator[int]:
    """Give a descriptor of a folder, relative to which files are opened.

    Raises
    ------
    LinkInPathError
        A part of the path is a link.
    OSError
        It cannot be opened.
    """
    kept = _kept.folders
    if kept is not None and path in kept:
        kept[path] = kept.pop(path)
        yield kept[path]
        return
    folder = _opened(path)
    if kept is None:
        try:
            yield folder
        finally:
            os.close(folder)
        return
    yield _keep(path, folder)


def _opened(path: str) -> int:
    """Open a folder part by part, from the nearest one above it that is kept."""
    start, kept = path, _kept.folders or {}
    while start not in kept and start != os.path.dirname(start):
        start = os.path.dirname(start)
    if start in kept:
        kept[start] = kept.pop(start)  # the last to be closed: others are below it
    folder = os.dup(kept[start]) if start in kept else os.open(start, _STEP)
    try:
        for part in filter(None, path[len(start) :].split("/")):
            below = os.open(part, _STEP, dir_fd=folder)
            os.close(folder)
            folder = below
    except OSError as error:
        os.close(folder)
        raise _explained(error, path) from None
    return folder


def _forget(path: str) -> bool:
    """Close the kept folders on a path, which may have been moved away; return whether any was."""
    kept = _kept.folders or {}
    old = [each for each in kept if path == each or path.startswith(each.rstrip("/") + "/")]
    for each in old:
        os.close(kept.pop(each))
    return bool(old)


def _explained(error: OSError, path: str) -> OSError:
    """Return a LinkInPathError for what the system says of a link."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR) and not isinstance(error, LinkInPathError):
        return LinkInPathError(error.errno, os.strerror(error.errno), path)
    return error


def _open_and_check(path: str, flags: int, mode: int) -> int:
    """Open a file by its path, and close it again if that is no longer its path."""
    if os.path.realpath(os.path.dirname(path)) != os.path.dirname(path):
        raise LinkInPathError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    try:
        descriptor = os.open(path, flags | _NO_LINK, mode)
    except OSError as error:
        raise _explained(error, path) from None
    try:
        there = os.stat(path, follow_symlinks=False)
        same = os.path.samestat(there, os.fstat(descriptor)) and not stat.S_ISLNK(there.st_mode)
        if not same or os.path.realpath(path) != path:
            raise LinkInPathError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
