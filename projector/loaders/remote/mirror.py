"""A remote log directory as a tree of files of this machine, filled as they are read.

One listing makes the tree: each object is a file of its size and time, which nobody can read.
Whoever opens it through `projector.loaders.safe_files` gets the blocks of that version of the
object; a range that is needed is fetched then. What is fetched is kept, for other processes, too.
"""

from __future__ import annotations

import os
import secrets
import threading
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from pathlib import Path

from projector.errors import ConflictError, LoadError, NoRoomForCopyError
from projector.loaders.remote.addresses import parts_of
from projector.loaders.remote.block_cache import BlockCache, default_block_cache, folder_key
from projector.loaders.remote.block_file import BlockFile
from projector.loaders.remote.file_system import N_AT_ONCE, RemoteFiles
from projector.loaders.remote.open_file import RemoteFile
from projector.loaders.remote.remote_object import RemoteObject
from projector.loaders.remote.stand_ins import StandIns
from projector.loaders.remote.unread import OutdatedError
from projector.loaders.versions import Version
from projector.machine.in_order import in_order
from projector.machine.owned_folder import OwnedFolder
from projector.model.listing import RemoteUse

#: Where an object's first bytes are asked for, those of so many more like it come with them.
_HEADS = 64
_HEAD = 4096
#: Names without a place in the tree that are told one by one.
_TOLD = 5


class Mirror:
    """The tree of one address. Safe from any thread.

    Parameters
    ----------
    address : str
    cache : BlockCache, optional
        Where blocks are kept; the user's own by default.

    Attributes
    ----------
    home : Path
        The folder that stands for the address, or for the folder of the one object.
    target : Path
        What stands for the address itself.
    trouble : str
        Why the last look at the server failed, as a sentence; empty if it did not.
    replaced : threading.Event
        Set when an object was found to be another one than listed: a `refresh` is due.

    Raises
    ------
    LoadError
        There is nothing, it may not be read, or the server cannot be reached.
    """

    def __init__(self, address: str, cache: BlockCache | None = None) -> None:
        files = RemoteFiles(address)
        self._is_deep = not files.is_object()
        self.address = address
        self.shown = files.shown.rstrip("/")
        self.trouble = ""
        self.replaced = threading.Event()
        self._files = files
        self._cache = cache or default_block_cache()
        self._key = folder_key(address)
        self._own = secrets.token_hex(8)
        self._owned = OwnedFolder("mirror-")
        top = Path(os.path.realpath(self._owned.path))
        names = [_as_name(part) for part in parts_of(address)] or ["root"]
        above = names if self._is_deep else names[:-1]
        self.home = top.joinpath("tree", files.scheme, *above)
        self.target = self.home if self._is_deep else self.home / parts_of(address)[-1]
        self.home.mkdir(parents=True, exist_ok=True)
        #: One listing or writing at a time; the tree is there for others meanwhile.
        self._asking, self._lock = threading.Lock(), threading.Lock()
        self._tree = StandIns(self.home, top)
        self._order: list[str] = []
        self._total = 0
        #: Blocks of which the first bytes are there, and that somebody soon asks for.
        self._ready: dict[tuple[str, RemoteObject], BlockFile] = {}
        self._headed: set[tuple[str, RemoteObject]] = set()
        self._refused: list[tuple[str, str]] = []
        self._refresh()

    @property
    def use(self) -> RemoteUse:
        """What was asked of the server so far."""
        files = self._files
        return RemoteUse(self.shown, files.n_requests, files.n_bytes, self._total, self.trouble)

    @property
    def notices(self) -> list[str]:
        """What is to be said of names that have no place in the tree."""
        said = [f"{self.shown}: the name {name!r} {why}." for name, why in self._refused[:_TOLD]]
        if len(self._refused) > _TOLD:
            said.append(f"{self.shown}: {len(self._refused) - _TOLD:,} more names have no place.")
        return said

    def look(self) -> None:
        """Look at the server again.

        Raises
        ------
        LoadError
            It cannot be asked.
        """
        self._refresh()
        self.trouble = ""

    def refresh(self) -> bool:
        """Look at the server again; return whether anything is different.

        If it cannot be asked, all stays as it is, and `trouble` says why.
        """
        try:
            changed = self._refresh()
        except (LoadError, OSError) as error:
            said = error.message if isinstance(error, LoadError) else str(error)
            told, self.trouble = self.trouble, f"{said} What was read before can still be opened."
            return told != self.trouble
        told, self.trouble = self.trouble, ""
        return changed or bool(told)

    def _refresh(self) -> bool:
        with self._asking:
            self.replaced.clear()
            objects, unknown = self._files.all() if self._is_deep else self._files.beside()
            return self._take(objects, unknown)

    def _take(self, objects: list[RemoteObject], unknown: list[str]) -> bool:
        with self._lock:
            changed, refused = self._tree.update(objects)
            refused += [(name, "has no size that the server tells") for name in unknown]
            changed = changed or refused != self._refused
            self._refused = refused
            self._know()
            return changed

    def _know(self) -> None:
        """Take what follows from the tree as it is now; the lock is held."""
        self._order = sorted(self._tree.items)
        self._total = sum(item.size for item in self._tree.items.values())

    def open(self, path: str) -> RemoteFile:
        """Open the object that stands at a path.

        Raises
        ------
        LoadError
            It is not there any more, or its blocks cannot be kept.
        """
        return self.open_blocks(path)[1]

    def open_blocks(self, path: str) -> tuple[BlockFile, RemoteFile]:
        """Open the object that stands at a path, and return where its blocks are, too."""
        item, version = self._at(path)
        blocks = self._blocks(path, item)
        fetch = self._fetcher(path, item, blocks)
        return blocks, RemoteFile(blocks.descriptor, item.size, version, fetch, blocks)

    def _at(self, path: str) -> tuple[RemoteObject, Version]:
        with self._lock:
            item = self._tree.items.get(path)
            try:
                status = os.stat(path, follow_symlinks=False)
            except OSError:
                item = None
            if item is None:
                raise LoadError(path, "does not exist. Refresh the listing.")
            return item, Version.of(status)

    def _blocks(self, path: str, item: RemoteObject) -> BlockFile:
        """Open the blocks of a version of an object."""
        ready = self._ready.pop((path, item), None)
        if ready is not None:
            return ready
        # What no tag tells from a later version is of no use to others, or later.
        key = self._key if item.tag else f"{self._key} {self._own}"
        try:
            return self._cache.open(key, item)
        except OSError as error:
            raise self._no_room(path, error) from None

    def _fetcher(
        self, path: str, item: RemoteObject, blocks: BlockFile
    ) -> Callable[[int, int], None]:
        """Return the function that makes sure that a range of an object is there."""

        def fetch(start: int, stop: int) -> tuple[int, bytes]:
            try:
                return self._files.read(Path(path), item, start, stop)
            except OutdatedError:
                self.replaced.set()
                raise

        def ensure(start: int, stop: int) -> None:
            if not item.tag:
                start, stop = 0, item.size  # two answers may be of two versions
            before = self._files.n_bytes
            try:
                blocks.ensure(start, stop, fetch)
            except OSError as error:
                self._cache.trim(blocks.path, most=self._cache.max_bytes // 2)
                try:
                    blocks.ensure(start, stop, fetch)
                except OSError:
                    raise self._no_room(path, error) from None
            if self._files.n_bytes > before:
                self._cache.took(self._files.n_bytes - before, blocks.path)
            if start == 0 and stop <= _HEAD and self._is_deep:
                self._get_heads(path, item)

        return ensure

    def _get_heads(self, path: str, own: RemoteObject) -> None:
        """Fetch the first bytes of some objects after one that are like it, many at once.

        A listing looks at one after the other, and each would cost a way to the server and back.
        """
        with self._lock:
            if (path, own) in self._headed:
                return  # it has come with others
            at = bisect_right(self._order, path)
            suffix = os.path.splitext(path)[1]
            wanted: list[tuple[str, RemoteObject]] = []
            for other in self._order[at : at + _HEADS]:
                item = self._tree.items.get(other)
                is_alike = item is not None and other.endswith(suffix) and item.size > 0
                if item is not None and is_alike and (other, item) not in self._headed:
                    wanted.append((other, item))
            self._headed.update(wanted)
            self._headed.add((path, own))
        failed = threading.Event()

        def get(found: tuple[str, RemoteObject]) -> None:
            other, item = found
            if failed.is_set():
                return
            try:
                blocks = self._blocks(other, item)
                read = partial(self._files.read, Path(other), item)
                blocks.ensure(0, min(_HEAD, item.size), read)
                self._ready[found] = blocks
            except (LoadError, OSError):
                failed.set()  # who needs them says so

        if wanted:
            self._ready.clear()  # what nobody has asked for
            for _ in in_order(get, wanted, N_AT_ONCE):
                pass

    def write(self, path: Path, content: bytes) -> os.stat_result | None:
        """Write an object whole, or remove it where there is no content.

        Returns
        -------
        stat_result or None
            Of what stands for it now.

        Raises
        ------
        ConflictError
            It is another one than this mirror knows.
        SaveError
            The server does not take it.
        """
        with self._asking:
            name = "/".join(path.relative_to(self.home).parts)
            known, now = self._tree.items.get(str(path)), self._files.describe(path, name)
            if (known is None) != (now is None) or (known and now and known.tag != now.tag):
                self._put(path, now)
                raise ConflictError(
                    f"{path.name} was changed by another program. Reload it and try again."
                )
            if content:
                self._files.write(path, self._files.key_of(name), content)
                now = self._files.describe(path, name)
            elif now is not None:
                self._files.remove(path, now.key)
                now = None
            self._put(path, now)
            return None if now is None else os.stat(path, follow_symlinks=False)

    def _put(self, path: Path, item: RemoteObject | None) -> None:
        with self._lock:
            self._tree.put(str(path), item)
            self._know()

    def _no_room(self, path: str, error: OSError) -> LoadError:
        return NoRoomForCopyError(
            path,
            f"cannot be kept in the cache {str(self._cache.folder)!r}: {error.strerror or error}. "
            "Free some space there, or set PROJECTOR_CACHE_DIR to a folder with more.",
        )


def _as_name(part: str) -> str:
    """Return a part of an address as the name of a folder."""
    name = part.replace(os.sep, "_").replace("\0", "_")[:60]
    return f"_{name}" if name in (".", "..") else name
