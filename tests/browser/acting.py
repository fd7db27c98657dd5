"""How a test waits and points: for conditions and never for a time, at things that stand still."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import FloatRect, Locator, Page

#: Everything in the browser may take long on a machine without a GPU and with two busy cores.
#: Nothing waits so long when all is well.
PATIENCE_MS = 60_000


def until(page: Page, met: Callable[[], bool], what: str, seconds: float = 90) -> None:
    """Wait until a condition is met; the page goes on meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if met():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"waited {seconds} s for: {what}")


def still_box(target: Locator) -> FloatRect:
    """Return where something stands, once it stands there in ten frames and 300 ms on end.

    What arrives late (a figure, a picture, a chart) pushes what is below it away, and a pointer
    that is already on its way lands beside it.
    """
    target.scroll_into_view_if_needed()
    box: FloatRect = target.evaluate(
        """element => new Promise(done => {
            let last = '', frames = 0, since = 0;
            const look = now => {
                const {x, y, width, height} = element.getBoundingClientRect();
                const box = JSON.stringify({x, y, width, height});
                if (box !== last) { last = box; frames = 0; since = now; }
                if (++frames > 10 && now - since > 300) done(JSON.parse(box));
                else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        })"""
    )
    return box


def drag(
    page: Page, target: Locator, start: tuple[float, float], by: tuple[float, float]
) -> FloatRect:
    """Drag by the pointer from a place in something, in CSS pixels; return where it stood."""
    box = still_box(target)
    x, y = box["x"] + start[0], box["y"] + start[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=4)
    page.mouse.up()
    return box


def tap_open_or_shut(page: Page, button: Locator) -> None:
    """Tap what opens and shuts a panel, until it has.

    A finger that a busy machine lifts half a second late has pressed long, which is no click.
    """
    is_open = button.get_attribute("aria-expanded")
    for _ in range(5):
        button.tap()
        for _ in range(100):
            if button.get_attribute("aria-expanded") != is_open:
                return
            page.wait_for_timeout(50)
    raise AssertionError("tapped five times, and nothing opened or shut")
