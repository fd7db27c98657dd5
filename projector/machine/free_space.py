"""How much may still be written to a folder, with a reserve for everybody else."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from projector.machine.byte_size import byte_size
from projector.machine.memory import available_memory

#: What is left for others: a twentieth of the file system, but no more than this.
_MOST_RESERVE = 1 << 30
_IN_MEMORY = frozenset({"tmpfs", "ramfs", "rootfs"})


@dataclass(frozen=True)
class FreeSpace:
    """What may be written to a folder.

    Attributes
    ----------
    folder : Path
    n_bytes : int
        Without the reserve; never negative.
    """

    folder: Path
    n_bytes: int

    def __str__(self) -> str:
        """Return it as a part of a sentence: ``"1.2 GB are free in the folder /tmp"``."""
        return f"{byte_size(self.n_bytes)} are free in the folder {self.folder}"


def temporary_folder() -> Path:
    """Return the folder of temporary files; it is made again if somebody removed it.

    There may be none that can be written to: it is full or read-only, and has no free space.
    """
    try:
        folder = Path(tempfile.gettempdir())
    except OSError:
        return Path(os.environ.get("TMPDIR", "/tmp"))
    if not folder.is_dir():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def free_space(folder: Path) -> FreeSpace:
    """Return what may be written to a folder.

    Notes
    -----
    A folder whose files are kept in memory, as some systems have for temporary ones, has no more
    space than there is memory.
    """
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        return FreeSpace(folder, 0)
    if not os.access(folder, os.W_OK):
        return FreeSpace(folder, 0)
    free = found.free - min(_MOST_RESERVE, found.total // 20)
    if _is_in_memory(folder):
        free = min(free, available_memory() // 2)
    return FreeSpace(folder, max(0, free))


def _is_in_memory(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    try:
        device = os.stat(folder).st_dev
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    name = f"{os.major(device)}:{os.minor(device)}"
    for line in lines:
        about, _, rest = line.partition(" - ")
        if about.split(" ")[2:3] == [name]:
            return rest.split(" ")[0] in _IN_MEMORY
    return False
