"""A million points through UMAP and t-SNE, whole: seconds and memory, phase by phase.

    python benchmarks/million.py                          1,000,000 x 50, both methods
    python benchmarks/million.py umap --points 200000

Each method runs in a process of its own with an empty cache, by its defaults and in two
dimensions, on a thousand groups that each vary along directions of their own. The peak of memory
is the process's, less what it held with the data alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def peak_bytes() -> int:
    """Return the most memory that this process held."""
    # In KiB, but on macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )


def one(name: str, n_points: int, n_dims: int) -> None:
    """Lay out in this process, and print what it took as JSON."""
    from neighbors import clusters

    import projector

    vectors = clusters(n_points, n_dims)
    data = projector.Dataset(vectors)
    held, wall, processor = peak_bytes(), time.perf_counter(), time.process_time()
    found = projector.project(data, name, n_components=2)
    told = {
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "bytes": peak_bytes() - held,
        "phases": found.details["phases"],
    }
    print(json.dumps(told))


def main() -> None:
    """Print a table for each method."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("methods", nargs="*", default=["umap", "tsne"])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--dims", type=int, default=50)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.methods[0], options.points, options.dims)
        return
    for name in options.methods:
        with tempfile.TemporaryDirectory() as cache:
            size = ["--points", str(options.points), "--dims", str(options.dims)]
            done = subprocess.run(
                [sys.executable, __file__, name, "--one", *size],
                env={**os.environ, "PROJECTOR_CACHE_DIR": cache},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        told = json.loads(done.stdout)
        print(f"\n### {name}, {options.points:,} x {options.dims}\n")
        print("| phase | wall s | processor s |\n|---|---|---|")
        for each in told["phases"]:
            print(f"| {each['phase']} | {each['seconds']:.1f} | {each['processor_seconds']:.1f} |")
        print(f"| all | {told['wall']:.1f} | {told['processor']:.1f} |")
        print(f"\npeak of memory above the data: {told['bytes'] / 1e6:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
