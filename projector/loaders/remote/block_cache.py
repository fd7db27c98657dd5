"""The folder of the blocks of all remote log directories: where each object's are, and a bound."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from projector.loaders.remote.addresses import without_user
from projector.loaders.remote.block_file import BlockFile
from projector.loaders.remote.remote_object import RemoteObject
from projector.machine.cache_folder import cache_bytes, cache_folder

#: What the blocks may take unless a setting says otherwise.
DEFAULT_BYTES = 10_000_000_000
_SUFFIX = ".blocks"
#: Bytes that may come before it is looked at again whether all fits.
_BETWEEN = 1 << 26
_SECTOR = 512


class BlockCache:
    """Blocks of remote objects by address, name and version; the least recently used go first.

    Several processes may use it at once: what one of them removes is still read by those that
    have it open.

    Parameters
    ----------
    folder : Path
        Made when it is needed.
    max_bytes : int
        Bound on the bytes on the disk. What was opened last stays in any case.
    """

    def __init__(self, folder: Path, max_bytes: int = DEFAULT_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._left = 0

    def open(self, address: str, item: RemoteObject) -> BlockFile:
        """Open the blocks of one version of an object.

        Raises
        ------
        OSError
            They cannot be kept.
        """
        version = "\0".join((item.name, str(item.size), item.tag, str(item.modified_ns)))
        path = self.folder / _hash(address) / f"{_hash(version)}{_SUFFIX}"
        return BlockFile(path, item.size)

    def took(self, count: int, path: Path) -> None:
        """Note that so many bytes were added to a file, and make room from time to time."""
        self._left -= count
        if self._left < 0:
            self._left = min(_BETWEEN, self.max_bytes // 8)
            self.trim(keep=path)

    def trim(self, keep: Path | None = None, *, most: int | None = None) -> None:
        """Remove the least recently used blocks until the rest fits."""
        files = sorted(self._files(), key=lambda each: each[2], reverse=True)
        total = 0
        for path, size, _ in files:
            total += size
            if total > (self.max_bytes if most is None else most) and path != keep:
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= size

    def size(self) -> tuple[int, int]:
        """Return the number of objects, and the bytes on the disk."""
        files = self._files()
        return len(files), sum(size for _, size, _ in files)

    def clear(self) -> int:
        """Remove all blocks, and return of how many objects."""
        files = self._files()
        for path, _, _ in files:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # another object's are still there
                path.parent.rmdir()
        return len(files)

    def _files(self) -> list[tuple[Path, int, float]]:
        found = []
        for path in self.folder.glob(f"*/*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                status = os.lstat(path)
                blocks = getattr(status, "st_blocks", None)
                size = status.st_size if blocks is None else blocks * _SECTOR
                found.append((path, size, status.st_mtime))
        return found


def default_block_cache() -> BlockCache:
    """Return the user's cache of remote blocks.

    It is in the cache folder; ``PROJECTOR_REMOTE_CACHE_BYTES`` sets its bound.

    Raises
    ------
    ParameterError
        The setting is not a number of bytes.
    """
    most = cache_bytes("PROJECTOR_REMOTE_CACHE_BYTES", DEFAULT_BYTES)
    return BlockCache(cache_folder() / "remote", most)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def folder_key(address: str) -> str:
    """Return what the blocks of an address are kept under, whoever asks for it."""
    return without_user(address).rstrip("/")
