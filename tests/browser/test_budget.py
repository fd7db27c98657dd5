"""More points than a machine without a GPU draws in a frame: nothing waits, and all come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

import projector
from tests.browser.acting import still_box, until
from tests.browser.conftest import a_page

pytestmark = pytest.mark.browser

N_POINTS = 400_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("many")
    points = np.random.default_rng(3).normal(size=(N_POINTS, 2)).astype(np.float32)
    np.save(folder / "many.npy", points)
    with projector.serve(folder, port=0) as server:
        yield server.url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with a_page(browser, url, (1000, 640), reduced_motion="no-preference") as visit:
        page = visit.open("#draw=points")
        until(page, lambda: is_whole(page), "all points")
        yield page


def is_whole(page: Page) -> bool:
    found: bool = page.evaluate("window.projector.stats().isWhole")
    return found


def test_a_movement_ends_with_all_points(page: Page) -> None:
    box = still_box(page.get_by_role("application", name="Point cloud"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.evaluate("window.projector.stats().frames")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 20, steps=8)
    page.mouse.up()
    until(
        page,
        lambda: bool(page.evaluate("window.projector.stats().frames") > before) and is_whole(page),
        "all points after the movement",
    )
