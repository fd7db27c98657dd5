"""Steps that are laid out together: the same picture on every way, and what its motion means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import projector
from projector.server.server import Server
from tests.browser.acting import until
from tests.browser.conftest import Visit, a_page
from tests.browser.test_views import command
from tests.compute.series.known import known_series
from tests.conftest import write_log

pytestmark = pytest.mark.browser

STEPS = (100, 200, 300)
#: A quick UMAP of all steps, at the first of them.
UMAP = "#method=umap&p.n_epochs=60&p.n_neighbors=10&steps=together&step=100"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("runs")
    for step, x in zip(STEPS, known_series(400, 3, d=16)[0], strict=True):
        write_log(folder, x, step=step)
    with projector.serve(folder, port=0) as made:
        yield made


@pytest.fixture
def steps(browser: Browser, server: Server) -> Iterator[Visit]:
    with a_page(browser, server.url) as made:
        yield made


def go(visit: Visit, step: int) -> None:
    """Go to a step by the slider, and wait until it is drawn."""
    slider = visit.page.get_by_role("slider", name="Step", exact=True)
    slider.press("Home")
    for _ in range(STEPS.index(step)):
        slider.press("ArrowRight")
    until(visit.page, lambda: is_at(visit, step), f"step {step}")
    visit.settle()


def is_at(visit: Visit, step: int, view: str | None = None) -> bool:
    now: dict[str, Any] = visit.page.evaluate("id => window.projector.state(id ?? undefined)", view)
    return now["step"] == step and not now["live"]


def places(page: Page, view: str | None = None) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return where all points are on the screen, NaN for those out of view."""
    found = page.evaluate(
        """view => Array.from({length: 400}, (_, i) => {
            const at = window.projector.screenPosition(i, view ?? undefined);
            return at ? [at.x, at.y] : [NaN, NaN];
        })""",
        view,
    )
    return np.array(found)


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_a_step_is_the_same_however_one_came_to_it(steps: Visit, method: str) -> None:
    steps.open(UMAP if method == "umap" else "#steps=together&step=100")
    there, back = {}, {}
    for step in STEPS:
        go(steps, step)
        there[step] = places(steps.page)
    for step in reversed(STEPS):
        go(steps, step)
        back[step] = places(steps.page)
    for step in STEPS:
        np.testing.assert_array_equal(there[step], back[step])
    assert np.nanmax(np.abs(there[100] - there[300])) > 20, "what changed moves"
    expect(steps.page.get_by_role("checkbox", name="Lay out all steps together")).to_be_checked()


def test_all_steps_stand_in_one_frame(steps: Visit) -> None:
    page = steps.open("#step=200")
    steps.settle()
    command(page, "show all 3 steps side by side")
    for id, step in zip("123", STEPS, strict=True):
        until(page, lambda id=id, step=step: is_at(steps, step, id), f"view {id}")  # type: ignore[misc]
    steps.settle()
    corners = [
        page.get_by_role("region", name=f"View {letter}")
        .get_by_role("application", name="Point cloud")
        .bounding_box()
        for letter in "ABC"
    ]
    found = []
    for id, box in zip("123", corners, strict=True):
        assert box is not None
        found.append(places(page, id) - [box["x"], box["y"]])
    moved = np.linalg.norm(found[1] - found[0], axis=1)
    assert np.nanmedian(moved) < 15, "most points stay where they are, in the same place of each"
    for letter in "ABC":
        page.get_by_role("button", name=re.compile(f"^{letter} ?step")).click()
        expect(page.get_by_role("checkbox", name="Lay out all steps together")).to_be_checked()


def test_a_person_can_lay_steps_out_one_by_one(steps: Visit) -> None:
    page = steps.open(UMAP)
    go(steps, 200)
    together = page.get_by_role("checkbox", name="Lay out all steps together")
    expect(together).to_be_checked()
    expect(page.get_by_role("checkbox", name="Keep orientation between steps")).to_have_count(0)
    together.uncheck()
    expect(page.get_by_role("checkbox", name="Keep orientation between steps")).to_be_visible()
    until(page, lambda: "steps=alone" in page.url, "the address")
    steps.settle()
    go(steps, 300)
    expect(together).not_to_be_checked()


def test_what_the_server_refuses_to_lay_out_together_is_said(steps: Visit) -> None:
    page = steps.open("#method=umap&p.n_epochs=60&p.n_landmarks=100&step=100")
    steps.settle()
    page.get_by_role("slider", name="Step", exact=True).press("End")
    said = page.get_by_text("Each step is laid out by itself: ")
    expect(said.first).to_be_visible()
    until(page, lambda: is_at(steps, 300), "the last step")
    steps.forgive("projections")
    expect(page.get_by_role("checkbox", name="Lay out all steps together")).not_to_be_checked()
