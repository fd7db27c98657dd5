"""What many points cost a page: bytes on the graphics card and in the heap, and its longest tasks.

    python benchmarks/page_cost.py                    1,000,000 and 10,000,000, flat and solid
    python benchmarks/page_cost.py 20000000 --dims 2

A round opens the page, turns or pans the picture, colors it, and selects by a box, as a hand does.
A task is a piece of script that keeps the page from answering; the browser reports those above
50 ms. Bytes on the card are what buffers were given, less what was deleted; bytes in the heap those
of objects and of arrays after a collection. Rendering is by software.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
#: Milliseconds for which nothing may happen before a step counts as done.
REST = 300
PROBE = """
window.tasks = [];
new PerformanceObserver(list => list.getEntries().forEach(({startTime, duration}) =>
  window.tasks.push([startTime, duration]))).observe({type: 'longtask', buffered: true});
const gl = WebGL2RenderingContext.prototype, held = new Map(), bound = new Map();
window.onCard = () => [...held.values()].reduce((sum, each) => sum + each, 0);
const {bindBuffer, bufferData, deleteBuffer} = gl;
gl.bindBuffer = function (target, buffer) {
  bound.set(target, buffer); return bindBuffer.call(this, target, buffer); };
gl.bufferData = function (target, data, ...rest) {
  held.set(bound.get(target), typeof data === 'number' ? data : data?.byteLength ?? 0);
  return bufferData.call(this, target, data, ...rest); };
gl.deleteBuffer = function (buffer) {
  held.delete(buffer); return deleteBuffer.call(this, buffer); };
"""


def serve(folder: Path, n_points: int, n_dims: int) -> tuple[subprocess.Popen[str], str]:
    """Serve points in 20 groups, with their names, by a process with an empty cache."""
    rng = np.random.default_rng(0)
    path = folder / "tensors.npy"
    points = np.lib.format.open_memmap(path, "w+", np.float32, (n_points, n_dims))
    centers = 6 * rng.normal(size=(20, n_dims))
    with (folder / "metadata.tsv").open("w") as file:
        file.write("group\tvalue\n")
        for start in range(0, n_points, 1_000_000):
            some = points[start : start + 1_000_000]
            groups = rng.integers(20, size=len(some))
            some[:] = rng.normal(size=some.shape) + centers[groups]
            file.writelines(f"g{group}\t{at % 100}\n" for at, group in enumerate(groups))
    points.flush()
    server = subprocess.Popen(
        [sys.executable, "-m", "projector", "--port", "0", "--no-open", "--logdir", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PROJECTOR_CACHE_DIR": str(folder / "cache")},
    )
    assert server.stdout is not None
    return server, server.stdout.readline().split(maxsplit=1)[1].strip()


class Round:
    """One page, and the longest task of each thing that is done to it."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 720})
        self.page.set_default_timeout(600_000)
        self.page.add_init_script(PROBE)
        self.longest: dict[str, float] = {}

    def do(self, name: str, act: Any) -> None:
        """Act, wait until the page rests, and note the longest task since."""
        since = self.page.evaluate("performance.now()") if self.longest else 0
        act()
        self.page.evaluate("window.projector?.ready")
        self.page.wait_for_function(
            "() => window.projector.stats().isWhole && !window.projector.state().busy"
        )
        self.page.wait_for_timeout(REST)
        tasks = self.page.evaluate("window.tasks")
        self.longest[name] = max((length for start, length in tasks if start >= since), default=0)

    def drag(self, by: tuple[int, int]) -> None:
        """Drag in the middle of the plot."""
        mouse = self.page.mouse
        mouse.move(640, 360)
        mouse.down()
        for step in range(1, 21):
            mouse.move(640 + by[0] * step / 20, 360 + by[1] * step / 20)
        mouse.up()

    def heap(self) -> int:
        """Return the bytes of objects and arrays after a collection."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")
        return int(used["usedSize"] + used.get("backingStorageSize", 0))


def measure(browser: Browser, url: str) -> tuple[dict[str, float], float, int, int]:
    """Return the longest tasks, seconds to the first picture, and bytes of card and heap."""
    one = Round(browser)
    page, began = one.page, time.perf_counter()
    one.do("open", lambda: page.goto(url))
    first = time.perf_counter() - began
    one.do("turn", lambda: one.drag((200, 80)))
    color = page.get_by_label("Color by", exact=True)
    one.do("color", lambda: color.select_option(label="value"))
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("b")
    one.do("select", lambda: one.drag((160, 120)))
    found = one.longest, first, page.evaluate("window.onCard()"), one.heap()
    page.close()
    return found


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("points", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--dims", type=int, choices=(2, 3))
    options = parser.parse_args()
    print("| points | picture at rest, s | longest task, ms: open | turn | color | select "
          "| bytes a point, card | heap |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for n_points in options.points:
            for n_dims in (options.dims,) if options.dims else (2, 3):
                with tempfile.TemporaryDirectory() as folder:
                    server, url = serve(Path(folder), n_points, n_dims)
                    longest, first, card, heap = measure(browser, url)
                    server.terminate()
                    server.wait()
                tasks = " | ".join(f"{longest[name]:.0f}" for name in longest)
                print(f"| {n_points:,} × {n_dims} | {first:.1f} | {tasks} "
                      f"| {card / n_points:.1f} | {heap / n_points:.1f} |", flush=True)  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main()
