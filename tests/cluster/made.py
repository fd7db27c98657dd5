"""Parts and faults for the tests of clusters, which workers import from here."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned import part_file
from projector.api.partitioned.sources import Sources
from projector.jobs.executors import library_versions

_LATER: list[Any] = []


@dataclass(frozen=True)
class GatedPart:
    """Made rows; those of a part with a gate come when its file is there, in small chunks."""

    number: int
    n_rows: int
    n_dims: int
    gate: Path | None = None

    @property
    def name(self) -> str:
        return f"part {self.number}"

    @property
    def first_row(self) -> int:
        return self.number * self.n_rows

    @property
    def fingerprint(self) -> str:
        return self.name

    def rows(self) -> NDArray[np.float32]:
        about = np.random.default_rng(0)
        centers = 3 * about.standard_normal((6, self.n_dims), np.float32)
        rng = np.random.default_rng(self.number + 1)
        rows = rng.standard_normal((self.n_rows, self.n_dims), np.float32)
        return np.asarray(rows + centers[rng.integers(0, 6, self.n_rows)], np.float32)

    def chunks(self, most_rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        rows = self.rows()
        for at in range(0, self.n_rows, 100):
            # Each chunk ends after a while, as reading does, so that a task can be cancelled.
            if self.gate is not None and not self.gate.exists():
                time.sleep(0.1)
            yield self.first_row + at, rows[at : at + 100]
        while self.gate is not None and not self.gate.exists():
            time.sleep(0.02)
            yield self.first_row + self.n_rows, rows[:0]


def made(n_parts: int, n_rows: int, n_dims: int, open_parts: int, gate: Path | None) -> Sources:
    """Return parts of which all but the first few wait for the gate."""
    parts = [
        GatedPart(number, n_rows, n_dims, None if number < open_parts else gate)
        for number in range(n_parts)
    ]
    return Sources.of(parts, n_dims)


def whole(sources: Sources) -> NDArray[np.float32]:
    return np.concatenate([rows for part in sources.parts for _, rows in part.chunks(1 << 20)])


class _Full:
    """A file on a disk that is full."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def fill_disk() -> None:
    """Let this process write no more parts."""
    real = vars(part_file)["atomic_write"]
    _LATER.append(lambda: vars(part_file).update(atomic_write=real))

    @contextlib.contextmanager
    def full(path: Path, **options: Any) -> Iterator[Any]:
        with real(path, **options) as file:
            yield _Full(file)

    vars(part_file).update(atomic_write=full)


def pretend_other_numpy() -> None:
    """Let this process say that it has another version of numpy."""
    real = library_versions.installed
    _LATER.append(lambda: setattr(library_versions, "installed", real))

    def other(name: str) -> str:
        return "1.0.0" if name == "numpy" else real(name)

    library_versions.installed = other


def mend() -> None:
    """Take back what was done to this process."""
    while _LATER:
        _LATER.pop()()


def peak_bytes() -> int:
    """Return the most memory that this process took; on Linux.

    Not ru_maxrss, which a process takes over from the one that started it.
    """
    text = Path("/proc/self/status").read_text()
    return 1024 * int(text.partition("VmHWM:")[2].split()[0])


def own_pid() -> int:
    return os.getpid()
