"""The plot: lassos that add and subtract, ways home, sequences, neighbors; by pointer and key."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from projector.server.server import Server
from tests.browser.acting import drag, still_box, until
from tests.browser.conftest import Visit, a_page
from tests.browser.test_beside import visiting
from tests.browser.test_page import isolated_point, place, plot_pixels

pytestmark = pytest.mark.browser

RUN = "#run=cnn-tanh-32"


def lasso(page: Page, corners: list[tuple[float, float]], key: str | None = None) -> None:
    """Draw a path over the plot, in shares of its width and height."""
    box = still_box(page.get_by_role("application", name="Point cloud"))
    path = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    if key is not None:
        page.keyboard.down(key)
    page.mouse.move(*path[0])
    page.mouse.down()
    for x, y in [*path[1:], path[0]]:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()
    if key is not None:
        page.keyboard.up(key)


def inside(page: Page, corners: list[tuple[float, float]]) -> set[int]:
    """Return the points in a box that is given as a lasso is."""
    box = still_box(page.get_by_role("application", name="Point cloud"))
    places = page.evaluate(
        "Array.from({length: 1797}, (_, i) => window.projector.screenPosition(i))"
    )
    xs, ys = zip(*corners, strict=True)
    left, right = box["x"] + min(xs) * box["width"], box["x"] + max(xs) * box["width"]
    top, bottom = box["y"] + min(ys) * box["height"], box["y"] + max(ys) * box["height"]
    return {
        i for i, p in enumerate(places) if p and left < p["x"] < right and top < p["y"] < bottom
    }


def test_a_lasso_takes_adds_and_takes_away(visit: Visit) -> None:
    page = visit.open(RUN)
    visit.settle()
    left = [(0.2, 0.2), (0.5, 0.2), (0.5, 0.8), (0.2, 0.8)]
    right = [(0.5, 0.2), (0.8, 0.2), (0.8, 0.8), (0.5, 0.8)]
    low = [(0.2, 0.6), (0.8, 0.6), (0.8, 0.8), (0.2, 0.8)]

    one, other, below = (inside(page, corners) for corners in (left, right, low))

    def is_about(expected: set[int]) -> bool:
        # A pixel on the line may be on either side of it.
        return len(expected.symmetric_difference(visit.state()["selection"])) <= 8

    page.keyboard.press("l")
    lasso(page, left)
    until(page, lambda: is_about(one), "the points inside")
    lasso(page, right, "Shift")
    until(page, lambda: is_about(one | other), "both sides")
    lasso(page, low, "Alt")
    until(page, lambda: is_about((one | other) - below), "without what is below")
    page.keyboard.press("Control+z")
    until(page, lambda: is_about(one | other), "undone")


def test_one_key_leads_home_and_to_the_selection(visit: Visit) -> None:
    page = visit.open(RUN)
    visit.settle()
    home = place(page, 5)
    plot = page.get_by_role("application", name="Point cloud")
    drag(page, plot, (300, 250), (120, 40))
    until(page, lambda: place(page, 5) != home, "a pan")
    page.keyboard.press("h")
    until(page, lambda: place(page, 5) == home, "home")
    page.evaluate("window.projector.select([5])")
    plot.focus()
    page.keyboard.press("f")
    box = still_box(plot)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def is_in_the_middle() -> bool:
        at = place(page, 5)
        return abs(at["x"] - middle[0]) < 3 and abs(at["y"] - middle[1]) < 3

    until(page, is_in_the_middle, "the selected point in the middle")


class Screen:
    """A screen that is touched, as the browser hears of it."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def swipe(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Move one finger a way, from a place to a place, all at once."""
        for step in range(7):
            fingers = [
                (x + (to_x - x) * step / 6, y + (to_y - y) * step / 6)
                for (x, y), (to_x, to_y) in ways
            ]
            self._tell("touchMove" if step else "touchStart", fingers)
        self._tell("touchEnd", [])

    def _tell(self, kind: str, fingers: list[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(fingers)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_pans_two_fingers_zoom_and_a_tap_selects(
    browser: Browser, demo_server: Server
) -> None:
    with a_page(browser, demo_server.url, (1024, 768), has_touch=True) as visit:
        page = visit.open(RUN)
        visit.settle()
        box = still_box(page.get_by_role("application", name="Point cloud"))
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before = place(page, 5)
        screen = Screen(page)
        screen.swipe(((x, y), (x + 60, y)))
        until(page, lambda: place(page, 5)["x"] - before["x"] > 20, "a pan")
        visit.settle()
        zoom = visit.state()["view"]["zoom"]
        screen.swipe(((x - 40, y), (x - 100, y)), ((x + 40, y), (x + 100, y)))
        until(page, lambda: visit.state()["view"]["zoom"] > 1.5 * zoom, "a zoom")
        page.keyboard.press("h")
        visit.settle()
        alone = isolated_point(page)
        at = place(page, alone)
        page.touchscreen.tap(at["x"], at["y"])
        until(page, lambda: visit.state()["selection"] == [alone], "the point that was tapped")


def test_what_follows_what_is_joined_by_lines(browser: Browser, tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    np.savetxt(tmp_path / "vectors.tsv", vectors, delimiter="\t")
    rows = [f"step {i}\t{i + 1 if i < 11 else ''}" for i in range(12)]
    (tmp_path / "metadata.tsv").write_text("\n".join(["name\t__next__", *rows]) + "\n")
    with visiting(browser, tmp_path) as visit:
        page = visit.open()
        visit.settle()
        switch = page.get_by_role("checkbox", name="Sequences")
        expect(switch).to_be_checked()
        joined = plot_pixels(page)
        switch.uncheck()
        until(page, lambda: bool((plot_pixels(page) != joined).any()), "no lines")
        assert visit.complaints == []


def test_neighbors_follow_their_number_and_metric(visit: Visit) -> None:
    page = visit.open(RUN)
    page.evaluate("window.projector.select([7])")
    near = page.get_by_role("listbox", name="Neighbors").get_by_role("option")
    expect(near).to_have_count(10)
    first = near.first.inner_text()
    page.get_by_role("combobox", name="Metric").select_option("euclidean")
    expect(near.first).not_to_have_text(first)
    number = page.get_by_role("spinbutton", name="Number of neighbors").or_(
        page.get_by_role("textbox", name="Number of neighbors")
    )
    number.fill("4")
    number.press("Enter")
    expect(near).to_have_count(4)
