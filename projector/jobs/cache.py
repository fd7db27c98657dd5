"""Cache of results on disk: atomic writes, sealed entries, bounded size, shared by processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from projector.jobs.cache_entry import Stored, read_entry, write_entry
from projector.machine.atomic_write import atomic_write
from projector.typing import AnyArray

#: What the cache may hold unless a setting says otherwise.
DEFAULT_BYTES = 4 << 30


class ResultCache:
    """Results by key; the least recently used are removed first.

    Parameters
    ----------
    folder : Path
        Created when it is needed. Several processes may use it at once: an entry appears by one
        rename, and a reader that loses the race sees no entry.
    max_bytes : int
        Bound on the sum of all entries; 0 stores nothing.
    """

    def __init__(self, folder: Path, max_bytes: int = DEFAULT_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    def get(self, key: str) -> Stored | None:
        """Return the result of `key`, or None; a damaged entry is removed and counts as none."""
        path = self._path(key)
        try:
            found = read_entry(path, key)
        except (OSError, MemoryError):
            return None
        with contextlib.suppress(OSError):
            if found is None:
                path.unlink()  # the work is simply done again
            else:
                os.utime(path)  # used now: the last one to be removed
        return found

    def put(self, key: str, arrays: Mapping[str, AnyArray], about: Mapping[str, Any]) -> bool:
        """Store a result; return False if it does not fit or cannot be written.

        A full or read-only disk costs the time of computing again, never the result.
        """
        size = sum(array.nbytes for array in arrays.values())
        if size > self.max_bytes:
            return False
        try:
            with atomic_write(self._path(key), sync=False, private=True) as file:
                write_entry(file, key, arrays, about)
        except OSError:
            return False
        self.trim()
        return True

    def size(self) -> tuple[int, int]:
        """Return the number of entries and their bytes."""
        entries = self._entries()
        return len(entries), sum(size for _, size, _ in entries)

    def clear(self) -> int:
        """Remove every entry and return how many there were."""
        entries = self._entries()
        for path, _, _ in entries:
            path.unlink(missing_ok=True)
        return len(entries)

    def trim(self) -> None:
        """Remove the least recently used entries until the rest fits."""
        entries = sorted(self._entries(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        for path, size, _ in entries:
            if total <= self.max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _entries(self) -> list[tuple[Path, int, float]]:
        found = []
        for path in self.folder.glob("*.npz"):
            with contextlib.suppress(OSError):
                status = path.stat()
                found.append((path, status.st_size, status.st_mtime))
        return found
