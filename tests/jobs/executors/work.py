"""Work for the tests of executors: imported by other processes, so it lives in a real module."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.jobs.executors.protocol import Watch
from projector.typing import AnyArray


def doubled(watch: Watch, number: int) -> int:
    watch.rows(1)
    return 2 * number


def scaled_sum(watch: Watch, values: AnyArray, factor: int) -> float:
    return float(np.sum(values)) * factor


def text(watch: Watch, name: str) -> str:
    watch.rows(10)
    return name


def joined(watch: Watch, one: str, other: str) -> str:
    return f"({one} {other})"


def wrong_shape(watch: Watch, name: str) -> None:
    raise ShapeError(f"{name} has 3 dimensions.")


def defect(watch: Watch) -> None:
    raise KeyError("missing")


def full_disk(watch: Watch, path: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def dies_once(watch: Watch, mark: Path) -> str:
    """End the process by force, unless it was done before."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def dies(watch: Watch) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def endless(watch: Watch, mark: Path) -> None:
    """Go on until it is cancelled, and say so in a file."""
    mark.touch()
    try:
        while True:
            watch.rows(1)
            time.sleep(0.01)
    finally:
        mark.with_suffix(".ended").touch()


def thread_limit(watch: Watch) -> int:
    from projector.machine.processors import usable_processors

    return usable_processors()


def slow_text(watch: Watch, name: str, seconds: float) -> Any:
    time.sleep(seconds)
    watch.rows(10)
    return name
