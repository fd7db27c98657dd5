"""How the cost of each phase grows with its work: exponents of processor seconds.

    python benchmarks/growth.py                  every phase at four sizes
    python benchmarks/growth.py --scale 0.25     a quarter of the points
    python benchmarks/growth.py hashing draw     some phases

The exponent is the slope of the logarithms: 1 is in proportion, 2 is every pair. Each size is the
better of two runs after a small one that compiles. Drawing is what Chromium and its processes
compute, by software rendering, from the positions to the picture at rest, less what an almost
empty page costs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import psutil
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Array = NDArray[np.float32]
#: From n points to what is measured.
Work = Callable[[int], Callable[[], object]]


def points(n: int, n_dims: int) -> Array:
    """Return n points in 20 groups."""
    rng = np.random.default_rng(0)
    found: Array = rng.normal(size=(n, n_dims)).astype(np.float32)
    found += rng.integers(0, 20, n)[:, None] * np.linspace(0, 1, n_dims, dtype=np.float32)
    return found


def listing(n: int) -> Callable[[], object]:
    """List n arrays, twenty for each run."""
    from listing import arrays_of_runs

    from projector.loaders import open_logdir

    folder = Path(tempfile.mkdtemp(dir=TEMPORARY))
    arrays_of_runs(folder, n)
    return lambda: open_logdir(folder)


def reading(n: int) -> Callable[[], object]:
    """Read an array of 64 dimensions."""
    from projector import load

    path = Path(tempfile.mkdtemp(dir=TEMPORARY)) / "x.npy"
    np.save(path, points(n, 64))
    return lambda: load(path).vectors.shape


def metadata(n: int) -> Callable[[], object]:
    """Read n lines of metadata: a name, one of 12 groups, a number."""
    from projector.loaders.companions.metadata_tsv import read_metadata

    path = Path(tempfile.mkdtemp(dir=TEMPORARY)) / "m.tsv"
    lines = (f"point {row}\tg{row % 12}\t{row / 7:.4f}\n" for row in range(n))
    path.write_text("name\tgroup\tvalue\n" + "".join(lines))
    return lambda: read_metadata(path, n)


def hashing(n: int) -> Callable[[], object]:
    """Hash an array of 64 dimensions."""
    from projector.machine.hashing import content_hash

    return partial(content_hash, points(n, 64))


def pca(n: int) -> Callable[[], object]:
    """Find the variances and 50 scores in 64 dimensions."""
    from projector.compute.linear.components import principal_components

    vectors = points(n, 64)
    return lambda: principal_components(vectors, 50).scores(vectors)


def neighbors(n: int) -> Callable[[], object]:
    """Find 15 neighbors in 32 dimensions, of points that vary along 8 directions and a little."""
    from projector.compute.neighbors.search import find_neighbors

    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(n, 8)) @ rng.normal(size=(8, 32)) + 0.1 * rng.normal(size=(n, 32))
    return partial(find_neighbors, vectors.astype(np.float32), 15)


def layout(name: str, k: int, n: int, **given: Any) -> Callable[[], object]:
    """Return a layout in 2D of a graph that is given."""
    from projector.compute import METHODS, MethodInput
    from projector.compute.neighbors.search import find_neighbors
    from projector.model.parameters import resolve

    vectors, method = points(n, 32), METHODS[name]
    params = resolve(method.parameters, given, owner=name)
    graph = find_neighbors(vectors, k)
    return lambda: method.run(MethodInput(vectors, params, graph, progress=lambda _: None))


def quality(n: int) -> Callable[[], object]:
    """Measure four scores, with the graph given."""
    from projector.compute.neighbors.search import find_neighbors
    from projector.compute.quality.scores import measure_quality

    vectors = points(n, 32)
    positions, graph = np.ascontiguousarray(vectors[:, :2]), find_neighbors(vectors, 15)
    return lambda: measure_quality(vectors, positions, neighbors=graph)


def transfer(n: int) -> Callable[[], object]:
    """Send n positions in 3D to a client of the server, compressed or not as it is asked for."""
    import projector

    result = projector.project(points(n, 3), "pca", n_components=3)
    server = projector.serve(result, port=0)
    OPEN.callback(server.close)
    session = server.session
    (entry,) = session.listing.entries
    data = session.dataset(entry.id).data
    found = session.projections.start(entry.id, data, "pca", {})
    while not found.snapshot().ended:
        time.sleep(0.05)
    address = f"{server.url.rstrip('/')}/api/v1/projections/{found.id}/positions"
    return lambda: len(urlopen(address).read())


def draw(n: int) -> Callable[[], float]:
    """Draw n points in a browser; returns the processor seconds of it and of its processes."""
    import projector

    server = projector.serve(points(n, 2), port=0)
    OPEN.callback(server.close)
    return lambda: _drawn(server.url)


def _drawn(url: str) -> float:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(600_000)
        page.goto(url)
        page.evaluate("window.projector.ready")
        page.wait_for_function("() => !window.projector.state().busy")
        seconds = 0.0
        for each in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "chrom" in each.name():
                    times = each.cpu_times()
                    seconds += times.user + times.system
        browser.close()
    return seconds


PHASES: dict[str, tuple[Work, int]] = {
    "listing": (listing, 8_000),
    "reading": (reading, 1_000_000),
    "metadata": (metadata, 1_000_000),
    "hashing": (hashing, 1_000_000),
    "PCA": (pca, 800_000),
    "neighbors, all pairs": (neighbors, 16_000),
    "neighbors, approximate": (neighbors, 200_000),
    "UMAP, 50 epochs": (lambda n: layout("umap", 15, n, n_epochs=50), 200_000),
    "t-SNE, 100 iterations": (lambda n: layout("tsne", 90, n, n_iter=100), 100_000),
    "quality": (quality, 200_000),
    "transfer": (transfer, 4_000_000),
    "draw": (draw, 4_000_000),
}
TEMPORARY = ""
OPEN = contextlib.ExitStack()


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    global TEMPORARY
    with tempfile.TemporaryDirectory() as TEMPORARY, OPEN:
        os.environ["PROJECTOR_CACHE_DIR"] = TEMPORARY
        yield


def measured(work: Callable[[], object]) -> float:
    """Return the processor seconds of this process, or what the work says that it took."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        told = work()
        took = told if isinstance(told, float) else time.process_time() - began
        best = min(best, took)
    return best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("phases", nargs="*", help=f"of {', '.join(PHASES)}; all by default")
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of points")
    options = parser.parse_args()
    print("| phase | processor seconds by number | exponent |\n|---|---|---|")
    with _folder():
        for name, (work, most) in PHASES.items():
            if options.phases and not any(name.startswith(each) for each in options.phases):
                continue
            work(max(200, most // 100))()
            idle = measured(work(1000)) if name == "draw" else 0.0
            sizes = [int(most * options.scale) // part for part in (8, 4, 2, 1)]
            times = [measured(work(n)) - idle for n in sizes]
            slope = np.polyfit(np.log(sizes), np.log(times), 1)[0]
            told = ", ".join(f"{n:,}: {s:.3g}" for n, s in zip(sizes, times, strict=True))
            print(f"| {name} | {told} | {slope:.2f} |", flush=True)


if __name__ == "__main__":
    main()
