"""How many processors this process may use: the least of all limits that hold for it."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What one thread may use less than its process.
_of_thread = threading.local()


def usable_processors(root: Path = Path("/")) -> int:
    """Return the processors that this process may use, at least 1.

    A batch system binds a process to some processors, and a container gives it a share of them.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` are; another one only in tests.
    """
    shares = [math.ceil(share) for share in _quotas(root)]
    most: int | None = getattr(_of_thread, "most", None)
    return max(1, min([_bound(), *shares, *([] if most is None else [most])]))


@contextmanager
def at_most_processors(count: int) -> Iterator[None]:
    """Let this thread use no more processors meanwhile: others have theirs."""
    before = getattr(_of_thread, "most", None)
    _of_thread.most = count
    try:
        yield
    finally:
        _of_thread.most = before


def _bound() -> int:
    """Return the processors that the process is bound to; all of the machine's if to none."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """Give the share, in processors, of each control group that this process is in."""
    top = root / "sys/fs/cgroup"
    for line in _words(root / "proc/self/cgroup", split="\n"):
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            for folder in _upwards(top, path):
                quota, period = [*_words(folder / "cpu.max"), "", ""][:2]
                yield from _share(quota, period)
        elif "cpu" in controllers.split(","):
            for folder in _upwards(top / "cpu", path):
                quota = next(iter(_words(folder / "cpu.cfs_quota_us")), "")
                period = next(iter(_words(folder / "cpu.cfs_period_us")), "")
                yield from _share(quota, period)


def _upwards(top: Path, path: str) -> Iterator[Path]:
    """Give a group's folder and those above it; in a container only `top` may be there."""
    inside = [part for part in path.split("/") if part and part != ".."]
    for length in range(len(inside), -1, -1):
        yield top.joinpath(*inside[:length])


def _share(quota: str, period: str) -> Iterator[float]:
    """Give the share, unless there is none: ``max`` in version 2, ``-1`` in version 1."""
    are_numbers = all(each.isascii() and each.isdigit() for each in (quota, period))
    if are_numbers and max(len(quota), len(period)) < 16 and int(quota) and int(period):
        yield int(quota) / int(period)


def _words(path: Path, split: str | None = None) -> list[str]:
    """Return the words or lines of a file of the kernel; none if it cannot be read."""
    try:
        return path.read_text("utf-8", "replace").split(split)
    except (OSError, ValueError):
        return []
