"""The page in a real, headless Chromium, with software rendering so that it runs anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

import projector
from projector.server.server import Server
from tests.browser.acting import PATIENCE_MS, until
from tests.conftest import DEMO

#: A window in which several views have the panels beside them.
WIDE = (1440, 810)
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
    # Without a GPU the processor paints the page itself, as opposed to WebGL, in a fifth less time.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
)
expect.set_options(timeout=PATIENCE_MS)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium, or the one that playwright brought."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = launch(playwright)
        yield made
        made.close()


@pytest.fixture(scope="session")
def demo_server() -> Iterator[Server]:
    with projector.serve(DEMO, port=0) as server:
        yield server


class Visit:
    """One page and everything that it said and asked for."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        #: Parts of complaints that are provoked; Chromium tells of them whenever it likes.
        self.provoked: list[str] = ["GPU stall due to ReadPixels"]
        self.requests: list[str] = []
        self._unanswered: set[Request] = set()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)

    def open(self, fragment: str = "") -> Page:
        """Go to the page and wait for its first picture."""
        self.page.goto(self.url + fragment)
        self.ready()
        return self.page

    def ready(self) -> None:
        self.page.evaluate("window.projector.ready")

    def forgive(self, address: str) -> None:
        """Take it for granted that the server refused this: Chromium tells of it in any case."""
        assert any(address in each for each in self.complaints), "nothing was refused"
        self.complaints[:] = [each for each in self.complaints if address not in each]

    def settle(self) -> None:
        """Wait until the page rests: all it asked is answered, and it draws nothing any more."""
        before: tuple[int, int] = (-1, -1)
        rests = 0

        def is_at_rest() -> bool:
            nonlocal before, rests
            now = (self.stats()["frames"], len(self.requests))
            is_still = now == before and not self._unanswered and not self.state()["busy"]
            is_still = is_still and self.stats()["isWhole"]
            rests = rests + 1 if is_still else 0
            before = now
            return rests >= 10

        until(self.page, is_at_rest, "the page to rest")

    @property
    def defects(self) -> list[str]:
        """What the page complained of, without what software rendering says of itself."""
        return [each for each in self.complaints if not any(part in each for part in self.provoked)]

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("window.projector.state()")
        return found

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("window.projector.stats()")
        return found

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        # The stream of events stays open as long as the page does.
        if not request.url.endswith("/events"):
            self._unanswered.add(request)

    def _answered(self, request: Request) -> None:
        self._unanswered.discard(request)


@contextmanager
def a_page(
    browser: Browser, url: str, size: tuple[int, int] = (1280, 720), **context: Any
) -> Iterator[Visit]:
    """Give a page of its own that has not gone anywhere yet; none may complain on the console.

    Chromium tells there of every refused request and of every script error.
    """
    settings: dict[str, Any] = {"device_scale_factor": 1, "reduced_motion": "reduce", **context}
    made = browser.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
    made.set_default_timeout(PATIENCE_MS)
    visit = Visit(made.new_page(), url)
    try:
        yield visit
    finally:
        made.close()
    assert visit.defects == [], "the page complained on the console"


@pytest.fixture
def window_size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Return the size of the window; a file of tests says WINDOW_SIZE if it has one of its own."""
    size: tuple[int, int] = getattr(request.module, "WINDOW_SIZE", (1280, 720))
    return size


@pytest.fixture
def visit(browser: Browser, demo_server: Server, window_size: tuple[int, int]) -> Iterator[Visit]:
    with a_page(browser, demo_server.url, window_size) as made:
        yield made
    away = [u for u in made.requests if not u.startswith((demo_server.url, "blob:", "data:"))]
    assert away == [], "a request left the machine"
