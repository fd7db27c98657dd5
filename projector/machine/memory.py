"""How much memory this process may still take: the least of all limits that hold for it.

A container or a batch system gives a process less than the machine has, as a control group
(version 1 or 2), and ``ulimit`` may give it less still. Only this file asks for the machine's
memory.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from projector.machine.byte_size import byte_size

#: Version 1 of control groups has no word for "no limit"; it is the largest multiple of a page.
_UNLIMITED = 1 << 60
_OCTAL = re.compile(r"\\([0-7]{3})")


#: What the loader of libraries says where there is no room to map one.
_UNMAPPED = ("failed to map segment", "Cannot allocate memory", "cannot allocate memory")


def is_lack_of_memory(error: BaseException) -> bool:
    """Return whether an error says that there was no memory: for numbers, or for a library."""
    is_load = isinstance(error, ImportError) or (isinstance(error, OSError) and not error.errno)
    return isinstance(error, MemoryError) or (is_load and any(t in str(error) for t in _UNMAPPED))


@dataclass(frozen=True)
class FreeMemory:
    """The bytes that may still be taken, and which limit says so.

    Attributes
    ----------
    n_bytes : int
        Never negative.
    limit : str
        Whose limit it is, such as ``"ulimit -v"``; empty if it is the machine's own memory.
    """

    n_bytes: int
    limit: str = ""

    def __str__(self) -> str:
        """Return it as a part of a sentence: ``"1.2 GB are free under ulimit -v"``."""
        under = f" under {self.limit}" if self.limit else ""
        return f"{byte_size(self.n_bytes)} are free{under}"

    @property
    def advice(self) -> str:
        """What to do about it, as the beginning of a sentence without an end."""
        return "Raise that limit" if self.limit else "Close other programs"


def available_memory() -> int:
    """Return the bytes that this process may still take (see `free_memory`)."""
    return free_memory().n_bytes


def used_memory(pid: int | None = None) -> int:
    """Return the bytes that a process has taken of the machine; pages of files do not count.

    0 for one that has ended.

    Parameters
    ----------
    pid : int, optional
        This process by default.
    """
    import psutil

    try:
        used = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return max(0, int(used.rss) - int(getattr(used, "shared", 0)))


def free_memory(root: Path = Path("/")) -> FreeMemory:
    """Return the bytes that this process may still take, and which limit says so.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` are; another one only in tests.

    Notes
    -----
    What the kernel would give up first, pages of files, counts as free, as in the machine's own
    figure. Takes less than a millisecond.
    """
    import psutil

    found = [FreeMemory(int(psutil.virtual_memory().available))]
    found += _strict_overcommit(root)
    found += _control_groups(root)
    found += _process_limits()
    least = min(found, key=lambda each: each.n_bytes)
    return FreeMemory(max(0, least.n_bytes), least.limit)


def _process_limits() -> Iterator[FreeMemory]:
    """Give what ``ulimit`` leaves of address space and of data."""
    if sys.platform == "win32":
        return
    import resource

    import psutil

    used = psutil.Process().memory_info()
    for name, kind, taken in (
        ("ulimit -v", "RLIMIT_AS", used.vms),
        ("ulimit -d", "RLIMIT_DATA", getattr(used, "data", 0)),
    ):
        limit = resource.getrlimit(getattr(resource, kind))[0] if hasattr(resource, kind) else -1
        if limit not in (resource.RLIM_INFINITY, -1):
            yield FreeMemory(limit - taken, name)


def _strict_overcommit(root: Path) -> Iterator[FreeMemory]:
    """Give what a kernel that promises no more than it has would still promise."""
    if _number(root / "proc/sys/vm/overcommit_memory") != 2:
        return
    table = _table(root / "proc/meminfo")
    if "CommitLimit" in table and "Committed_AS" in table:
        left = (table["CommitLimit"] - table["Committed_AS"]) * 1024
        yield FreeMemory(left, "the kernel's limit of committed memory")


def _control_groups(root: Path) -> Iterator[FreeMemory]:
    """Give what each control group leaves, from this process's own up to the mounted one."""
    paths = _group_paths(root)
    for version, mounted, top in _group_mounts(root):
        path = paths.get(version)
        if path is None:
            continue
        # In a container the mount may begin below the group that the kernel names.
        below = f"{path}/".startswith(f"{mounted}/")
        inside = path.removeprefix(mounted).strip("/") if below else ""
        if ".." in inside.split("/"):
            inside = ""
        folder = top / inside
        while True:
            yield from _one_group(folder, version, path)
            if folder == top or top not in folder.parents:
                break
            folder = folder.parent


def _one_group(folder: Path, version: int, name: str) -> Iterator[FreeMemory]:
    stat = _table(folder / "memory.stat")
    if version == 2:
        used = _number(folder / "memory.current")
        limits = [_number(folder / "memory.max"), _number(folder / "memory.high")]
        kept = stat.get("inactive_file", 0) + stat.get("active_file", 0)
    else:
        used = _number(folder / "memory.usage_in_bytes")
        limits = [
            _number(folder / "memory.limit_in_bytes"),
            stat.get("hierarchical_memory_limit"),  # also of groups above what is mounted
        ]
        kept = stat.get("total_inactive_file", stat.get("inactive_file", 0))
        kept += stat.get("total_active_file", stat.get("active_file", 0))
    known = [limit for limit in limits if limit is not None and limit < _UNLIMITED]
    if known:
        taken = max(0, (used or 0) - kept)
        yield FreeMemory(min(known) - taken, f"the memory limit of the control group {name}")


def _group_paths(root: Path) -> dict[int, str]:
    """Return this process's control group by version."""
    found: dict[int, str] = {}
    for line in _lines(root / "proc/self/cgroup"):
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            found[2] = path
        elif "memory" in controllers.split(","):
            found[1] = path
    return found


def _group_mounts(root: Path) -> Iterator[tuple[int, str, Path]]:
    """Give version, the group that is mounted, and where, of each file system with groups."""
    for line in _lines(root / "proc/self/mountinfo"):
        about, dash, rest = line.partition(" - ")
        fields, kinds = about.split(" "), rest.split(" ")
        if not dash or len(fields) < 5:
            continue
        options = kinds[-1].split(",")
        version = 2 if kinds[0] == "cgroup2" else 1 if "memory" in options else 0
        if version and kinds[0].startswith("cgroup"):
            place = _OCTAL.sub(lambda hit: chr(int(hit[1], 8)), fields[4])
            yield version, fields[3].rstrip("/"), root / place.lstrip("/")


def _lines(path: Path) -> list[str]:
    """Return the lines of a file of the kernel; none if it is not there or cannot be read."""
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []


def _number(path: Path) -> int | None:
    """Return the number in a file; None for ``max``, and for anything else."""
    lines = _lines(path)
    return _whole(lines[0]) if lines else None


def _table(path: Path) -> dict[str, int]:
    """Return the lines ``name number`` of a file."""
    found = {}
    for line in _lines(path):
        name, *rest = line.split()[:2] or [""]
        value = _whole(rest[0]) if rest else None
        if value is not None:
            found[name.rstrip(":")] = value
    return found


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None
