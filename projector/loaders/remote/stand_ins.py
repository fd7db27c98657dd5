"""The tree of a mirror: for each object a file of its size and time, without its bytes.

Nobody may read such a file: it has no permissions, and holds nothing but a hole.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from projector.loaders.remote.remote_object import RemoteObject

#: Bytes of the longest name of a file, and of a path, that systems have.
_LONGEST_NAME, _LONGEST_PATH = 255, 3000
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
#: Characters that are no part of a name on some systems.
_BAD = {"\0"} | ({"\\", ":", "*", "?", '"', "<", ">", "|"} if os.name == "nt" else set())


class StandIns:
    """The files of a mirror's tree, by path.

    Not safe to use from several threads: the mirror holds a lock.

    Parameters
    ----------
    home : Path
        The folder that stands for the address; nothing outside is touched.
    scratch : Path
        A folder of the same file system for what is being made.
    """

    def __init__(self, home: Path, scratch: Path) -> None:
        self.home = home
        self._scratch = scratch
        self.items: dict[str, RemoteObject] = {}
        #: Whether somebody may look at the tree already.
        self._is_seen = False
        self._made: set[str] = set()

    def update(self, objects: Iterable[RemoteObject]) -> tuple[bool, list[tuple[str, str]]]:
        """Make the tree what a listing says.

        Returns
        -------
        changed : bool
        refused : list of (str, str)
            Names that have no place in the tree, each with the reason.
        """
        refused: list[tuple[str, str]] = []
        wanted = self._placed(objects, refused)
        gone = [path for path in self.items if path not in wanted]
        for path in gone:
            self._remove(path)
        changed = bool(gone)
        for path, item in wanted.items():
            if self.items.get(path) != item:
                if self._make(path, item, refused):
                    self.items[path] = item
                changed = True
        self._is_seen = True
        return changed, refused

    def put(self, path: str, item: RemoteObject | None) -> None:
        """Make one stand-in what is known of its object now; None removes it."""
        if item is None:
            if path in self.items:
                self._remove(path)
            return
        refused: list[tuple[str, str]] = []
        if self._make(path, item, refused):
            self.items[path] = item

    def _placed(
        self, objects: Iterable[RemoteObject], refused: list[tuple[str, str]]
    ) -> dict[str, RemoteObject]:
        named: dict[str, RemoteObject] = {}
        folders: set[str] = set()
        for item in objects:
            why = _fault(item.name)
            if why:
                refused.append((item.name, why))
                continue
            named[item.name] = item
            folders.update(map(str, PurePosixPath(item.name).parents))
        for name in folders & named.keys():
            refused.append((name, "is the name of an object and of a folder; the folder is shown"))
            del named[name]
        return {os.path.join(self.home, *name.split("/")): named[name] for name in named}

    def _make(self, path: str, item: RemoteObject, refused: list[tuple[str, str]]) -> bool:
        """Put a new file in place at once, so that who looks sees the old one or the new."""
        part = str(self._scratch / "part") if self._is_seen else path
        try:
            self._make_folder(os.path.dirname(path))
            descriptor = os.open(part, _FLAGS, 0)
            try:
                os.truncate(descriptor, item.size)
                if item.modified_ns:
                    os.utime(descriptor, ns=(item.modified_ns, item.modified_ns))
            finally:
                os.close(descriptor)
            if part != path:
                os.replace(part, path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(part)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.EROFS):
                raise
            refused.append((item.name, f"has no place in the mirror ({error.strerror})"))
            return False
        return True

    def _make_folder(self, folder: str) -> None:
        if folder not in self._made:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._made.add(folder)

    def _remove(self, path: str) -> None:
        self.items.pop(path, None)
        with contextlib.suppress(OSError):
            os.unlink(path)
        above = os.path.dirname(path)
        while above != str(self.home) and above.startswith(str(self.home)):
            try:
                os.rmdir(above)
            except OSError:
                return
            self._made.discard(above)
            above = os.path.dirname(above)


def _fault(name: str) -> str:
    """Return why an object's name is no path below the tree; empty if it is one."""
    parts = name.split("/")
    if any(part in (".", "..") for part in parts) or name.startswith("/"):
        return "would lead out of the mirror"
    if not all(parts):
        return "has an empty part"
    if any(bad in name for bad in _BAD):
        return "has a character that no path may have"
    try:
        lengths = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError:
        return "cannot be written as a path"
    if max(lengths) > _LONGEST_NAME or sum(lengths) + len(lengths) > _LONGEST_PATH:
        return "is longer than a path may be"
    return ""
