"""Cache of results on disk: atomic writes, sealed entries, bounded size, shared by processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from projector.jobs.cache_entry import Stored, read_entry, write_entry
from projector.machine.atomic_write import (
    PART,
    abandoned_parts,
    atomic_write,
    parts_in,
    remove_abandoned_parts,
)
from projector.typing import AnyArray

#: What the cache may hold unless a setting says otherwise.
DEFAULT_BYTES = 4 << 30
#: Unfinished entries, of this version and of earlier ones.
_PARTS = (PART, ".part-")


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

    def trouble(self) -> str:
        """Return why nothing can be stored, as a sentence; empty if it can.

        Nothing but time is lost by it: results are computed again.
        """
        folder = self.folder
        while not os.path.lexists(folder) and folder != folder.parent:
            folder = folder.parent
        if not folder.is_dir():
            return f"Nothing can be stored, because {folder} is not a folder."
        if not os.access(folder, os.W_OK | os.X_OK):
            return f"Nothing can be stored, because {folder} cannot be written to."
        return ""

    def size(self) -> tuple[int, int]:
        """Return the number of entries and their bytes."""
        entries = self._entries()
        return len(entries), sum(size for _, size, _ in entries)

    def leftovers(self) -> tuple[int, int]:
        """Return the number and the bytes of the files that killed processes have left behind."""
        sizes = _sizes(abandoned_parts(self.folder, _PARTS))
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Remove every entry, and what was left behind; return how many entries there were."""
        entries = self._entries()
        for path, _, _ in entries:
            path.unlink(missing_ok=True)
        remove_abandoned_parts(self.folder, _PARTS)
        return len(entries)

    def trim(self) -> None:
        """Remove what was left behind, and the least recently used entries until the rest fits.

        What is being written counts, too.
        """
        remove_abandoned_parts(self.folder, _PARTS)
        entries = sorted(self._entries(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries) + sum(_sizes(parts_in(self.folder, _PARTS)))
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


def _sizes(paths: Iterable[Path]) -> list[int]:
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            found.append(path.lstat().st_size)
    return found
