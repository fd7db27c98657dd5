"""Benchmarks the listing of large log directories, in processor seconds, beside its bound.

Each layout is made in a temporary folder and measured in a process of its own: the first listing,
looking again where nothing changed, after one changed file (with and without a watch that reports
it), the bytes that pages are sent, and the peak of memory. The bound is what it takes to list the
folders and to open and read 4 KiB of every file; the ratio is that of the first listing. Two sizes
of each layout give the exponent of growth. `--quick` makes a tenth of the files.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
X = np.ones((8, 4), np.float32)
#: A folder that changed so many seconds ago is not read again.
_SETTLED = 2.2


def torch_steps(folder: Path, n: int) -> None:
    """Write n steps as add_embedding does, ten for each run."""
    for number in range(n):
        place = folder / f"run{number // 10}" / f"{number % 10:05d}" / "h"
        place.mkdir(parents=True)
        (place / "tensors.tsv").write_text("0.5\t0.25\t1\n" * 20)
        (place / "metadata.tsv").write_text("a\nb\n" * 10)


def checkpoints(folder: Path, n: int) -> None:
    """Write n TensorFlow checkpoints of two tensors into one folder."""
    from tests.loaders.writers import checkpoint

    for number in range(n):
        checkpoint(folder / f"model.ckpt-{number}", {"emb": X, "kernel": X})


def arrays_of_runs(folder: Path, n: int) -> None:
    """Write n arrays, twenty for each run."""
    for number in range(n):
        place = folder / f"run{number // 20}"
        place.mkdir(exist_ok=True)
        np.save(place / f"emb_step{number % 20}.npy", X)


def one_folder(folder: Path, n: int) -> None:
    """Write n arrays into one folder."""
    for number in range(n):
        np.save(folder / f"emb_step{number}.npy", X)


def folders(folder: Path, n: int) -> None:
    """Write n folders with one array each."""
    for number in range(n):
        (folder / f"run{number}").mkdir()
        np.save(folder / f"run{number}" / "emb.npy", X)


LAYOUTS: tuple[tuple[str, Callable[[Path, int], None], tuple[int, int]], ...] = (
    ("1,000 runs x 10 steps, torch", torch_steps, (2_500, 10_000)),
    ("one folder, 4,000 checkpoints", checkpoints, (1_000, 4_000)),
    ("2,000 runs x 20 steps", arrays_of_runs, (10_000, 40_000)),
    ("one folder, 100,000 arrays", one_folder, (25_000, 100_000)),
    ("20,000 folders", folders, (5_000, 20_000)),
)


def bare(folder: Path) -> float:
    """Return the processor seconds of listing all folders and reading the start of each file."""
    before = time.process_time()
    waiting = [str(folder)]
    while waiting:
        for entry in os.scandir(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
                continue
            handle = os.open(entry.path, os.O_RDONLY)
            os.read(handle, 4096)
            os.close(handle)
    return time.process_time() - before


def measured(folder: Path) -> dict[str, float]:
    """Measure one log directory in this process."""
    from projector.loaders import open_logdir
    from projector.server.listing_forms import ListingForms

    bound = min(bare(folder) for _ in range(3))
    found: dict[str, float] = {"bound": bound}

    def timed(name: str, act: Callable[[], object]) -> None:
        before = time.process_time()
        act()
        found[name] = time.process_time() - before

    before = time.process_time()
    log = open_logdir(folder)
    found["first"] = time.process_time() - before
    timed("again", log.refresh)
    forms = ListingForms(lambda: log.listing, read_only=False)
    old = forms.now()
    found["entries"] = len(log.entries)
    found["bytes"] = len(old.short.content(compressed=True))
    changed = folder / log.entries[len(log.entries) // 2].path
    for name, touched in (("changed", None), ("reported", [str(changed)])):
        os.utime(changed)
        time.sleep(_SETTLED)
        timed(name, lambda touched=touched: log.refresh(touched))  # type: ignore[misc]
    changes = forms.now().since(old)
    found["delta"] = len(changes.content(compressed=True)) if changes is not None else math.nan
    # What the operating system counts; in KiB, but on macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["peak"] = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return found


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(ROOT))
    if "--one" in sys.argv:
        print(json.dumps(measured(Path(sys.argv[2]).resolve())))
        return
    scale = 0.1 if "--quick" in sys.argv else 1.0
    columns = ("first", "again", "changed", "reported", "bound")
    head = "".join(f"{name:>10}" for name in columns)
    print(f"{'processor seconds':36}{'entries':>9}{head}{'ratio':>7}{'kB':>7}{'delta':>7}{'MB':>6}")
    for title, make, sizes in LAYOUTS:
        firsts = []
        for n in (int(size * scale) for size in sizes):
            with tempfile.TemporaryDirectory() as made:
                make(Path(made), n)
                os.sync()
                time.sleep(_SETTLED)
                done = subprocess.run(
                    [sys.executable, __file__, "--one", made],
                    capture_output=True,
                    text=True,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                    check=True,
                )
            row = json.loads(done.stdout.strip().splitlines()[-1])
            firsts.append(row["first"])
            numbers = "".join(f"{row[name]:10.3f}" for name in columns)
            ratio = row["first"] / max(row["bound"], 1e-9)
            sent = f"{row['bytes'] / 1e3:7.0f}{row['delta'] / 1e3:7.1f}{row['peak']:6.0f}"
            print(f"{title if n == int(sizes[1] * scale) else '':36}"
                  f"{row['entries']:9,.0f}{numbers}{ratio:7.1f}{sent}")  # fmt: skip
        growth = math.log(firsts[1] / firsts[0]) / math.log(sizes[1] / sizes[0])
        print(f"{'':36}exponent {growth:.2f}")


if __name__ == "__main__":
    main()
