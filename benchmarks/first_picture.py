"""How long a person waits: from the start of the process to the first picture, phase by phase.

    python benchmarks/first_picture.py                  the demo data, five rounds
    python benchmarks/first_picture.py 1M×3 1M×128      larger data, made in a temporary folder
    python benchmarks/first_picture.py demo --load 5    beside five processes that keep cores busy

Each round starts a fresh process with an empty cache and opens the page in a Chromium that runs
already; rendering is by software, so that the figure does not depend on a graphics card. The bound
is what reading the numbers, hashing them once and one pass of arithmetic cost, in this process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
)
#: Points, dimensions and whether there are metadata, by name.
DATA = {
    "1M×3": (1_000_000, 3, True),
    "1M×128": (1_000_000, 128, True),
    "5M×64": (5_000_000, 64, False),
    "10M×3": (10_000_000, 3, False),
}
#: Points that are made at a time.
ROWS = 250_000
PHASES = ("serving line", "page loaded", "listing", "first picture", "at rest")
TOLD = ("server", "worker", "positions MB")
BUSY = "while True: sum(range(100_000))"
#: An installed program has its modules compiled.
_AS_INSTALLED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def make(folder: Path, n_points: int, n_dims: int, *, has_metadata: bool) -> None:
    """Write vectors in 20 groups, and a line of metadata for each."""
    rng = np.random.default_rng(0)
    path = folder / "tensors.npy"
    vectors = np.lib.format.open_memmap(path, "w+", np.float32, (n_points, n_dims))
    for start in range(0, n_points, ROWS):
        count = min(ROWS, n_points - start)
        centers = rng.integers(0, 20, count)[:, None] * np.linspace(0, 1, n_dims) % 3
        vectors[start : start + count] = rng.normal(size=(count, n_dims)) + centers
    vectors.flush()
    if has_metadata:
        with (folder / "metadata.tsv").open("w") as file:
            file.write("name\tgroup\tvalue\n")
            file.writelines(f"point {i}\tg{i % 12}\t{i / 7:.4f}\n" for i in range(n_points))


def bound(path: Path) -> float:
    """Return the processor seconds of reading, hashing, and one pass of arithmetic."""
    from projector.machine.hashing import content_hash

    began = time.process_time()
    vectors = np.load(path)
    content_hash(vectors)
    for start in range(0, len(vectors), ROWS):
        block = vectors[start : start + ROWS]
        block.T @ block
    return time.process_time() - began


def one_round(browser: Browser, log: Path | None) -> dict[str, float]:
    """Return the seconds to each phase, processor seconds, and megabytes of positions."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "projector", "--port", "0", "--no-open"]
            + (["--logdir", str(log)] if log else []),
            stdout=subprocess.PIPE,
            text=True,
            env={**_AS_INSTALLED, "PROJECTOR_CACHE_DIR": cache},
        )
        assert process.stdout is not None
        url = process.stdout.readline().split(maxsplit=1)[1].strip()
        found["serving line"] = time.perf_counter() - began
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(600_000)
        page.goto(url)
        found["page loaded"] = time.perf_counter() - began
        page.evaluate("window.projector.ready")
        found["first picture"] = time.perf_counter() - began
        found |= processor_seconds(process.pid)
        page.wait_for_function("() => !window.projector.state().busy", timeout=600_000)
        found["at rest"] = time.perf_counter() - began
        found |= page.evaluate(
            """(loaded) => {
              const all = performance.getEntriesByType("resource");
              const list = all.find(({name}) => /api\\/v1\\/log/.test(name));
              const positions = all.filter(({name}) => /frames|positions/.test(name));
              const start = performance.getEntriesByType("navigation")[0].loadEventEnd;
              return {
                "listing": loaded + Math.max(0, (list?.responseEnd ?? 0) - start) / 1000,
                "positions MB": positions.reduce((sum, {transferSize}) => sum + transferSize, 0)
                  / 1e6,
              };
            }""",
            found["page loaded"],
        )
        page.close()
        process.terminate()
        process.wait()
    return found


def processor_seconds(pid: int) -> dict[str, float]:
    """Return what the server and its processes have computed."""
    server = psutil.Process(pid)
    times = [each.cpu_times() for each in server.children(recursive=True)]
    own = server.cpu_times()
    return {
        "server": own.user + own.system,
        "worker": float(sum(each.user + each.system for each in times)),
    }


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep cores busy by as many other processes."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def show(name: str, rounds: list[dict[str, float]], least: float | None) -> None:
    """Print one table."""
    known = f"; bound {least:.2f} processor s" if least is not None else ""
    print(f"\n{name}, empty cache, {len(rounds)} rounds: median (fastest to slowest){known}")
    for title in (*PHASES, *TOLD):
        values = [each[title] for each in rounds]
        unit = "MB" if title.endswith("MB") else "processor s" if title in TOLD else "s"
        spread = f"({min(values):.2f} to {max(values):.2f})"
        print(f"{title:16} {statistics.median(values):8.2f} {unit:12} {spread}", flush=True)


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="*", default=["demo"], choices=["demo", *DATA])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--load", type=int, default=0, help="busy processes beside it")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, busy(options.load):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        browser.new_page().close()
        for name in options.data:
            with tempfile.TemporaryDirectory() as made:
                folder, least = None, None
                if name in DATA:
                    folder = Path(made)
                    n_points, n_dims, has_metadata = DATA[name]
                    make(folder, n_points, n_dims, has_metadata=has_metadata)
                    least = bound(folder / "tensors.npy")
                show(name, [one_round(browser, folder) for _ in range(options.rounds)], least)
        browser.close()


if __name__ == "__main__":
    main()
