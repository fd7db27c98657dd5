"""The peers of the view: how they are installed, started and measured.

They are installed into a folder of their own, PROJECTOR_BENCH_PEERS or one in the temporary
directory, and are no part of this project: `python benchmarks/view.py --peers` does it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Playwright
from view_browser import Visit, times_of, visit
from view_data import TENSORBOARD_ROWS, bytes_of, tensorboard_directory

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(__file__).parent / "view_pages"
PEERS = Path(
    os.environ.get("PROJECTOR_BENCH_PEERS", Path(tempfile.gettempdir()) / "projector-peers")
)
TENSORBOARD = PEERS / "venv" / "bin" / "tensorboard"
BUNDLES = PEERS / "npm" / "dist"
SECONDS_OF_DRAGGING = 2.0

Figures = dict[str, float]


class NotMeasured(Exception):
    """A peer that is not there, or that does not run here; the message says why."""


def install() -> None:
    """Install every peer that is available; report and leave out the others."""
    (PEERS / "npm").mkdir(parents=True, exist_ok=True)
    say("TensorBoard", [sys.executable, "-m", "venv", str(PEERS / "venv")])
    pip = [str(PEERS / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    say("TensorBoard", [*pip, "tensorboard", "setuptools<81"])
    npm = shutil.which("npm")
    if npm is None:
        print("regl-scatterplot and Embedding Atlas: there is no npm on PATH")
        return
    add = [npm, "install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--silent"]
    (PEERS / "npm" / "package.json").write_text('{"private": true, "type": "module"}\n')
    for page in PAGES.iterdir():
        shutil.copy(page, PEERS / "npm")
    got = [
        page
        for page, package in (("regl", "regl-scatterplot"), ("atlas", "embedding-atlas"))
        if say(package, [*add, package])
    ]
    vite = ROOT / "static" / "node_modules" / "vite" / "bin" / "vite.js"
    bundle = ["node", str(vite), "build", "--logLevel", "error"]
    pages = [*got, *(["four"] if "regl" in got else [])]
    os.environ["PAGES"] = ",".join(f"{page}.html" for page in pages)
    say("bundles", bundle)


def say(what: str, command: list[str]) -> bool:
    """Run a command in the peers' folder; print the end of what it said if it fails."""
    done = subprocess.run(
        command, cwd=PEERS / "npm", capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode != 0:
        print(f"{what}: {' '.join(command[-2:])} failed\n{(done.stdout + done.stderr)[-600:]}")
    return done.returncode == 0


class Pages(SimpleHTTPRequestHandler):
    """The bundles, and the points as raw arrays."""

    points: ClassVar[dict[int, dict[str, bytes]]] = {}

    def do_GET(self) -> None:
        """Answer with a file or with an array."""
        parts = self.path.split("/")
        if parts[1:2] != ["points"]:
            super().do_GET()
            return
        body = self.points[int(parts[2])][parts[3]]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def pages(*sizes: int) -> Iterator[str]:
    """Serve the pages of libraries with the points of these numbers."""
    Pages.points = {n: bytes_of(n) for n in sizes}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(BUNDLES)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


@contextmanager
def tensorboard() -> Iterator[str]:
    """Run TensorBoard on as many rows as its page takes."""
    if not TENSORBOARD.exists():
        raise NotMeasured("not installed: python benchmarks/view.py --peers")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    logdir = tensorboard_directory(TENSORBOARD_ROWS)
    command = [str(TENSORBOARD), "--logdir", str(logdir), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/data/plugin_entry.html?name=projector"
    try:
        for _ in range(300):
            time.sleep(0.2)
            try:
                urllib.request.urlopen(url, timeout=2).close()
                break
            except OSError:
                continue
        yield url
    finally:
        process.terminate()
        process.wait()


HOST = (
    "(() => { const r = document.getElementById('plot').getBoundingClientRect();"
    " return {x: r.x, y: r.y, width: r.width, height: r.height} })()"
)


def measure_regl(playwright: Playwright, url: str, n_points: int) -> Figures:
    """Measure regl-scatterplot: what it draws, and its events."""
    if not (BUNDLES / "regl.html").exists():
        raise NotMeasured("not installed: python benchmarks/view.py --peers")
    with visit(playwright) as one:
        shots = one.open(f"{url}/regl.html?n={n_points}", "window.peer && window.peer.isReady")
        box = one.evaluate(HOST)
        found = dict(zip(("first", "full"), times_of(shots, box), strict=True))
        found |= gaps_of(one.drag(box, SECONDS_OF_DRAGGING))
        settle(one)
        found["hover"] = median(one.hover(box, "window.peer.hover"))
        for kind in ("number", "category"):
            found[kind] = float(
                one.evaluate(
                    """kind => new Promise(done => {
                        const n = window.peer.nDrawn, began = window.peer.recolor(kind);
                        const look = () => window.peer.nDrawn > n
                            ? done(performance.now() - began) : setTimeout(look, 2);
                        look();
                    })""",
                    kind,
                )
            )
            settle(one)
        one.evaluate("window.peer.lasso(true)")
        found["lasso"] = one.draw_around(box, "window.peer.nSelected > 0")
        settle(one)
        found["memory"] = one.peak_megabytes
    return found


def measure_atlas(playwright: Playwright, url: str, n_points: int) -> Figures:
    """Measure Embedding Atlas' component where the browser can run it."""
    if not (BUNDLES / "atlas.html").exists():
        raise NotMeasured("not installed: python benchmarks/view.py --peers")
    with visit(playwright) as one:
        done = "window.peer && (window.peer.isReady || window.peer.failure)"
        shots = one.open(f"{url}/atlas.html?n={n_points}", done)
        failure = one.evaluate("window.peer.failure")
        if failure is not None:
            raise NotMeasured(str(failure))
        box = one.evaluate(HOST)
        found = dict(zip(("first", "full"), times_of(shots, box), strict=True))
        found |= gaps_of(one.drag(box, SECONDS_OF_DRAGGING))
        found["memory"] = one.peak_megabytes
    return found


#: Finds an element through all shadow roots.
DIG = """(() => { const dig = (root, query) => {
    for (const each of root.querySelectorAll('*')) {
        if (each.matches(query)) return each;
        const found = each.shadowRoot && dig(each.shadowRoot, query);
        if (found) return found;
    }
    return null;
}; return dig; })()"""


def measure_tensorboard(playwright: Playwright, url: str) -> Figures:
    """Measure TensorBoard's projector: its picture, its orbit and its hover."""
    with visit(playwright) as one:
        canvas = f"{DIG}(document, 'canvas')"
        projector = f"{DIG}(document, 'vz-projector')"
        loaded = f"{canvas} && {projector}.dataSet && {projector}.projection"
        # It says that it computes for a while after it has.
        shots = one.open(url, loaded, linger=4000)
        box = one.evaluate(
            f"(() => {{ const r = {canvas}.getBoundingClientRect();"
            " return {x: r.x + 20, y: r.y + 20, width: r.width - 40, height: r.height - 120} })()"
        )
        # Its cloud turns by itself from then on: no picture is the last one.
        found = {"first": times_of(shots, box)[0]}
        found |= gaps_of(one.drag(box, SECONDS_OF_DRAGGING))
        settle(one, 2000)
        one.evaluate(
            f"""(() => {{ const projector = {projector};
            window.hovered = null;
            projector.registerHoverListener(at => {{ window.hovered = at ?? null }}); }})()"""
        )
        found["hover"] = median(one.hover(box, "window.hovered"))
        found["memory"] = one.peak_megabytes
    return found


def settle(one: Visit, milliseconds: int = 800) -> None:
    """Let the picture come to rest."""
    one.page.wait_for_timeout(milliseconds)
    one.page.screenshot()


def gaps_of(gaps: list[float]) -> Figures:
    """Return frames a second and the milliseconds of usual and of slow frames."""
    if not gaps:
        return {"rate": 1 / SECONDS_OF_DRAGGING, "p50": 2000.0, "p95": 2000.0}
    ordered = sorted(gaps)
    return {
        "rate": 1000 * len(gaps) / sum(gaps),
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[int(len(ordered) * 0.95)],
    }


def median(values: list[float]) -> float:
    """Return the middle one; not a number where there is none."""
    return sorted(values)[len(values) // 2] if values else float("nan")
