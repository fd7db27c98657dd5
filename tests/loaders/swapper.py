"""The program of a hostile process: swaps a file or a folder for a link to another, for ever.

``python -m tests.loaders.swapper PLACE TARGET``. Renaming is atomic: at every moment there is
either what was at PLACE or a link to TARGET, or nothing at all.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def swap(place: str, target: str) -> None:
    """Swap until the process is killed."""
    real, link = f"{place}.real", f"{place}.link"
    os.symlink(target, link)
    for number in itertools.count(1):
        if number % 1000 == 0:
            # Now and then it rests: what takes many calls would otherwise never be done.
            time.sleep(0.01)
        os.rename(place, real)
        os.rename(link, place)
        os.rename(place, link)
        os.rename(real, place)


@contextmanager
def swapping(place: Path, target: Path) -> Iterator[None]:
    """Swap in another process inside the block."""
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.loaders.swapper", str(place), str(target)], cwd=root
    )
    try:
        while not os.path.lexists(f"{place}.link") and process.poll() is None:
            continue
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    swap(*sys.argv[1:3])
