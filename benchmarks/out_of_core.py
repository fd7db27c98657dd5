"""Projects data that is never in memory: rows, seconds, processor seconds, and memory at the peak.

    python benchmarks/out_of_core.py [--rows 100000000] [--dims 32] [--method pca] [--limit 8e9]

The rows are made when they are read and stored nowhere; the positions are written, and removed.
The time to make them is measured apart. Exits with 1 where the peak is above the limit.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from made_parts import made_sources

import projector
from projector.machine.byte_size import byte_size
from projector.model.progress import Progress


def main() -> None:
    """Print one row of a table."""
    options = _options()
    sources = made_sources(options.rows, options.dims, options.parts)
    making = _time_of_making(options.rows, options.dims, options.parts)
    params = {} if options.method == "pca" else {"n_landmarks": options.n_landmarks}
    executor = None if options.executor == "serial" else options.executor
    with tempfile.TemporaryDirectory(prefix="projector-", dir=options.folder) as folder:
        before, started = _processor_seconds(), time.monotonic()
        found = projector.project(
            sources,
            options.method,
            executor=executor,
            out=Path(folder) / "out",
            memory_limit=options.memory_limit,
            progress=_Line() if sys.stderr.isatty() else None,
            **params,
        )
        seconds, busy = time.monotonic() - started, _processor_seconds() - before
        written = sum(path.stat().st_size for path in found.paths)
    peak = _peak_bytes()
    # To find components or landmarks, and to write the positions.
    print(
        "| method | executor | rows | dimensions | bytes of vectors | seconds | of these made the "
        "rows | processor seconds | peak memory | written |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    size = 4 * options.rows * options.dims
    print(
        f"| {options.method} | {options.executor} | {options.rows:,} | {options.dims} "
        f"| {byte_size(size)} | {seconds:,.0f} | {2 * making:,.0f} | {busy:,.0f} "
        f"| {byte_size(peak)} | {byte_size(written)} |"
    )
    phases = found.details["seconds"]
    for phase, took in phases.items() if isinstance(phases, dict) else ():
        print(f"{phase}: {float(str(took)):,.1f} s")
    if peak > options.limit:
        print(f"The peak is above the limit of {byte_size(int(options.limit))}.")
        raise SystemExit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--dims", type=int, default=32)
    parser.add_argument("--parts", type=int, default=100)
    parser.add_argument("--method", default="pca")
    parser.add_argument("--n-landmarks", type=int, default=2_000)
    parser.add_argument("--executor", default="serial", help="serial, processes, or an address")
    parser.add_argument("--memory-limit", type=int, default=None, help="bytes of one task")
    parser.add_argument("--limit", type=float, default=8e9, help="bytes of all processes")
    parser.add_argument("--folder", default=None, help="where positions are written")
    return parser.parse_args()


def _time_of_making(n_rows: int, n_dims: int, n_parts: int) -> float:
    """Return the seconds to make all rows once, from those to make some."""
    some = min(n_rows, 4 * 65_536)
    part = made_sources(some, n_dims, 1).parts[0]
    started = time.monotonic()
    for _, rows in part.chunks(65_536):
        assert np.isfinite(rows[0, 0])
    return (time.monotonic() - started) * n_rows / some


def _processor_seconds() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak_bytes() -> int:
    """Return the most that this process took, and the largest child as often as there may be."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    from projector.machine.processors import usable_processors

    return 1024 * int(own + child * usable_processors())


class _Line:
    """Shows progress on one line of standard error."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 1
        left = progress.remaining_seconds
        rest = "" if left is None else f", {left:,.0f} s left"
        print(
            f"\r{progress.phase}: {progress.done:,} of {progress.total:,}{rest}   ",
            end="",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
