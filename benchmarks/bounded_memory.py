"""Measures by how much memory grows while a memory map is worked on: PCA, neighbors, quality.

    python benchmarks/bounded_memory.py

Counted is what cannot be written out, unlike pages of a file; Linux only. The process has a limit
below the size of the data and one copy of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

#: What is measured, and of how many points and dimensions.
PARTS = ("pca", "neighbors", "quality")
N_POINTS, N_DIMS = 120_000, 512
#: Where a checkout's engine is found.
ROOT = Path(__file__).resolve().parents[1]
#: Run apart: anonymous memory is what cannot be written out, unlike pages of a file.
MEASURE = """
import json, resource, sys, threading, time
import numpy as np
from projector.compute.linear import decomposition
from projector.compute.linear.components import principal_components
from projector.compute.neighbors.search import find_neighbors
from projector.compute.quality.scores import measure_quality
from projector.compute.precompile import warm_up

warm_up()
small = np.random.default_rng(0).normal(size=(3000, 64)).astype(np.float32)
decomposition.CHUNK_SIZE = 10_000  # every thread that multiplies has its buffer from now on
principal_components(small, 2)
decomposition.CHUNK_SIZE = 1_000_000
near = find_neighbors(small, 5)
measure_quality(small, small[:, :2].copy(), k=5, neighbors=near)

def held(what):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what)) / 1024

before, most, ended = held("RssAnon"), 0.0, False
def watch():
    global most
    while not ended:
        most = max(most, held("RssAnon"))
        time.sleep(0.005)
limit = int((held("VmData") + float(sys.argv[2])) * 2**20)
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
watcher = threading.Thread(target=watch)
watcher.start()
vectors = np.load(sys.argv[1], mmap_mode="r")
grown = {}
try:
    found = principal_components(vectors, 2)
    positions = found.scores(vectors)
    grown["pca"], most = most - before, 0.0
    near = find_neighbors(vectors, 5, metric="cosine")
    grown["neighbors"], most = most - before, 0.0
    quality = measure_quality(vectors, positions, k=5, metric="cosine", neighbors=near)
    grown["quality"] = most - before
finally:
    ended = True
print(json.dumps({**grown, "recall": near.recall, **quality.scores.means()}))
"""


def measure() -> dict[str, float]:
    """Return MB by which memory grew in each of `PARTS`, the data's ``size``, and figures.

    Raises
    ------
    RuntimeError
        The work did not fit below the limit.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        vectors = np.lib.format.open_memmap(path, "w+", np.float32, (N_POINTS, N_DIMS))
        rng = np.random.default_rng(0)
        centers = rng.normal(size=(300, N_DIMS)).astype(np.float32)
        for start in range(0, N_POINTS, 10_000):
            noise = rng.standard_normal((10_000, 24), np.float32) @ rng.standard_normal(
                (24, N_DIMS), np.float32
            )
            vectors[start : start + 10_000] = centers[rng.integers(300, size=10_000)] + noise / 4
        size = vectors.nbytes / 2**20
        del vectors
        # Data and one copy would be twice its size; the limit stands for the buffers that each
        # thread that multiplies is given, too.
        ended = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path), str(1.1 * size)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    found: dict[str, float] = json.loads(ended.stdout)
    return {**found, "size": size}


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print the numbers alone")
    options = parser.parse_args()
    found = measure()
    if options.json:
        print(json.dumps(found))
        return
    print(f"{N_POINTS:,} × {N_DIMS} numbers, {found['size']:.0f} MB, k = 5")
    for part in PARTS:
        print(f"{part}: {found[part]:.0f} MB")
    print(f"recall {found['recall']:.3f}, trustworthiness {found['trustworthiness']:.3f}")


if __name__ == "__main__":
    main()
