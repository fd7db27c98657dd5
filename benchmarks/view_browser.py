"""A Chromium for one visit: its memory, real pointer events, and when its picture comes."""

from __future__ import annotations

import base64
import io
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Frame, Page, Playwright

#: The same for everybody: WebGL and WebGPU by software, so that no figure depends on a card.
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--disable-background-networking",
    "--no-first-run",
)
PROBE = (Path(__file__).parent / "view_probe.js").read_text()
#: Seconds that a page may take to show everything.
PATIENCE = 60
SAMPLING_SECONDS = 0.2
#: A picture is there where so much of the last one's ink has its color, and complete with so much.
FIRST_INK, FULL_INK = 0.2, 0.97

Box = dict[str, float]


@dataclass
class Visit:
    """One page in a browser of its own, whose renderer and GPU process are watched."""

    page: Page
    peak_megabytes: float = 0.0
    _is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def frame(self) -> Frame:
        """The innermost document, where the points are."""
        return self.page.frames[-1]

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Run JavaScript beside the points."""
        return self.frame.evaluate(script, argument)

    def wait(self, condition: str, seconds: float = PATIENCE) -> None:
        """Wait until a condition in JavaScript holds."""
        # Not wait_for_function, which a page's content security policy may forbid.
        end = time.perf_counter() + seconds
        while True:
            try:
                if self.evaluate(f"Boolean({condition})"):
                    return
            except BrowserError:
                pass  # The document is only just being made.
            if time.perf_counter() > end:
                raise TimeoutError(f"waited {seconds} s for {condition}")
            self.page.wait_for_timeout(20)

    def open(self, url: str, is_done: str, linger: int = 400) -> list[tuple[float, bytes]]:
        """Go to an address; return what the screen showed since, with seconds, until all is done.

        What counts is what the browser puts on the screen, not what a page says of itself.
        `is_done` is a condition in JavaScript that holds once nothing more will come but the
        picture itself, which has `linger` milliseconds.
        """
        shots: list[tuple[float, bytes]] = []
        session = self.page.context.new_cdp_session(self.page)

        def keep(event: dict[str, Any]) -> None:
            shots.append((event["metadata"]["timestamp"], base64.b64decode(event["data"])))
            session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

        session.on("Page.screencastFrame", keep)
        session.send("Page.startScreencast", {"format": "jpeg", "quality": 60, "everyNthFrame": 1})
        self.page.goto(url, wait_until="commit")
        self.wait(is_done)
        self.page.screenshot()  # It waits for the GPU.
        self.page.wait_for_timeout(linger)
        session.send("Page.stopScreencast")
        began = self.page.evaluate("performance.timeOrigin") / 1000
        session.detach()
        return [(at - began, shot) for at, shot in shots if at > began]

    def drag(self, box: Box, seconds: float) -> list[float]:
        """Drag in circles for a while; return milliseconds between the page's frames."""
        x, y = middle(box)
        radius = min(box["width"], box["height"]) / 5
        mouse = self.page.mouse
        mouse.move(x + radius, y)
        mouse.down()
        mouse.move(x + radius - 8, y + 3)
        self.evaluate("void (window.bench.stop = window.bench.frames())")
        began = time.perf_counter()
        while (t := time.perf_counter() - began) < seconds:
            mouse.move(x + radius * np.cos(2.5 * t), y + radius * np.sin(2.5 * t))
        gaps: list[float] = self.evaluate("window.bench.stop()")
        mouse.up()
        return gaps

    def hover(self, box: Box, hovered: str, n: int = 6) -> list[float]:
        """Point at places around the middle; return milliseconds until the point there is told."""
        x, y = middle(box)
        spread = min(box["width"], box["height"]) / 9
        found = []
        for at in range(n):
            self.page.mouse.move(box["x"] + 3, box["y"] + 3)
            self.page.wait_for_timeout(250)
            self.evaluate(
                "() => void (window.bench.answer = window.bench.after('pointermove', () => "
                f"({hovered}) !== null, 3000).catch(() => null))"
            )
            angle = 2 * np.pi * at / n
            self.page.mouse.move(x + spread * np.cos(angle), y + spread * np.sin(angle))
            answer = self.evaluate("window.bench.answer")
            if answer is not None:
                found.append(float(answer["shown"]))
        return found

    def draw_around(self, box: Box, selected: str) -> float:
        """Draw a crooked lasso; return milliseconds from letting go to the selection."""
        x, y = middle(box)
        mouse = self.page.mouse
        path = [
            (
                x + np.cos(t) * box["width"] / 3 * (1 + 0.2 * np.cos(9 * t)),
                y + np.sin(t) * box["height"] / 3,
            )
            for t in np.linspace(0, 2 * np.pi, 24)
        ]
        mouse.move(*path[0])
        mouse.down()
        for place in path:
            mouse.move(*place)
        self.page.wait_for_timeout(300)
        answer = self.timed("pointerup", selected, mouse.up)
        return float(answer["shown"])

    def timed(self, event: str, is_met: str, act: Any) -> dict[str, float]:
        """Return milliseconds from an event that `act` causes until something holds."""
        self.evaluate(
            f"() => void (window.bench.answer = window.bench.after('{event}', () => ({is_met})))"
        )
        act()
        answer: dict[str, float] = self.evaluate("window.bench.answer")
        return answer

    def watch(self) -> None:
        """Keep the highest memory until the end."""
        while not self._is_over.wait(SAMPLING_SECONDS):
            self.peak_megabytes = max(self.peak_megabytes, megabytes())

    def end(self) -> None:
        """Watch no longer."""
        self._is_over.set()


def middle(box: Box) -> tuple[float, float]:
    """Return the middle of a box."""
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def times_of(shots: list[tuple[float, bytes]], box: Box) -> tuple[float, float]:
    """Return seconds to the first and to the full picture within a box."""
    parts = [(at, part_of(shot, box)) for at, shot in shots]
    last = parts[-1][1]
    # The ground is what is most often seen of one color: points are of many.
    colors, counts = np.unique(last.reshape(-1, 3), axis=0, return_counts=True)
    inked = np.abs(last - colors[counts.argmax()]).max(axis=2) > 24
    alike = [(at, (np.abs(part - last).max(axis=2)[inked] <= 48).mean()) for at, part in parts]
    first = next(at for at, share in alike if share >= FIRST_INK)
    full = next(at for at, share in alike if share >= FULL_INK)
    return first, max(first, full)


def part_of(shot: bytes, box: Box) -> NDArray[np.int16]:
    """Return a part of a picture, shape (height, width, 3)."""
    with Image.open(io.BytesIO(shot)) as image:
        pixels = np.asarray(image.convert("RGB")).astype(np.int16)
    left, top = int(box["x"]), int(box["y"])
    return pixels[top : top + int(box["height"]), left : left + int(box["width"])]


def megabytes() -> float:
    """Return the proportional memory of all pages' and GPU processes below this one, MB."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            line = " ".join(process.cmdline())
            if "--type=renderer" in line or "--type=gpu-process" in line:
                total += process.memory_full_info().pss
        except psutil.Error:
            continue  # It ended while it was looked at.
    return total / 1e6


@contextmanager
def visit(playwright: Playwright) -> Iterator[Visit]:
    """Start a browser that has drawn something already, and end it with its page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    page = browser.new_page(viewport={"width": 1280, "height": 720}, device_scale_factor=1)
    page.set_default_timeout(PATIENCE * 1000)
    # A person's browser runs already, and so does its GPU process.
    page.evaluate("document.createElement('canvas').getContext('webgl2').finish()")
    page.add_init_script(PROBE)
    made = Visit(page)
    sampler = threading.Thread(target=made.watch, daemon=True)
    sampler.start()
    try:
        yield made
    finally:
        made.end()
        sampler.join()
        browser.close()
