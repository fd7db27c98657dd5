"""What killed processes have left behind: temporary folders, and unfinished results."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from projector.jobs.cache import ResultCache
from projector.machine.owned_folder import abandoned_folders, sweep_folders


@dataclass(frozen=True)
class Leftovers:
    """Files that no process uses any more.

    Attributes
    ----------
    n_folders : int
        Temporary folders.
    n_parts : int
        Unfinished results in the cache.
    n_bytes : int
        Of both.
    """

    n_folders: int
    n_parts: int
    n_bytes: int


def find_leftovers(cache: ResultCache) -> Leftovers:
    """Return what there is; nothing is removed."""
    folders = abandoned_folders()
    n_parts, n_bytes = cache.leftovers()
    return Leftovers(len(folders), n_parts, n_bytes + sum(_size(each) for each in folders))


def sweep(cache: ResultCache) -> None:
    """Remove it. Never raises: what cannot be removed stays until the next time."""
    with contextlib.suppress(OSError):
        sweep_folders()
        cache.trim()


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_size
    return total
