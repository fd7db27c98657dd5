"""Steps that are laid out together: the same picture on every way, and what its motion means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import projector
from projector.server.server import Server
from tests.browser.acting import still_box, until
from tests.browser.conftest import WIDE, Visit, a_page
from tests.browser.pixels import pixels_of
from tests.browser.test_explore_access import violations
from tests.browser.test_views import command
from tests.compute.series.known import known_series
from tests.conftest import write_log

pytestmark = pytest.mark.browser
WINDOW_SIZE = WIDE

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
    with a_page(browser, server.url, WIDE) as made:
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
        page.get_by_role("button", name=re.compile(f"^{letter}: ")).click()
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


def motion(page: Page) -> Locator:
    return page.get_by_role("region", name="Motion of the steps")


def test_what_motion_means_is_said_beside_the_steps(steps: Visit) -> None:
    page = steps.open(UMAP)
    go(steps, 200)
    said = motion(page).get_by_role("status")
    expect(said).to_have_text(
        re.compile(
            r"Points that stayed move \d+\.\d % of the picture, those that changed \d+\.\d %"
        )
    )
    assert "at least 80 % of 15 neighbors" in (said.get_attribute("title") or "")
    described = page.locator(f"#{said.get_attribute('aria-describedby')}")
    assert described.text_content() == said.get_attribute("title")
    assert "is-caution" not in (said.get_attribute("class") or "")
    page.get_by_role("checkbox", name="Lay out all steps together").uncheck()
    expect(said).to_have_text("Each step is laid out by itself: points move that did not change")
    color = said.evaluate("element => getComputedStyle(element).color")
    page.get_by_role("checkbox", name="Lay out all steps together").check()
    expect(said).to_contain_text("Points that stayed move")
    assert said.evaluate("element => getComputedStyle(element).color") != color, "amber before"
    assert violations(page) == []


def test_every_step_is_ready_at_once_and_play_goes_through_them(steps: Visit) -> None:
    page = steps.open("#method=umap&p.n_epochs=61&p.n_neighbors=10&steps=alone&step=100")
    steps.settle()
    slider = page.get_by_role("slider", name="Step", exact=True)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    expect(slider).to_contain_text("step 300, not computed yet")
    page.get_by_role("checkbox", name="Lay out all steps together").check()
    expect(motion(page).get_by_role("status")).to_contain_text("Points that stayed move")
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2 + 1)
    expect(slider.get_by_text("step 300", exact=True)).to_be_visible()
    page.get_by_role("button", name="Play through the steps").click()
    page.get_by_role("combobox", name="Seconds per step").select_option("0.5")
    until(page, lambda: is_at(steps, 300), "the last step")
    expect(page.get_by_role("button", name="Play through the steps")).to_be_visible()


def inked(page: Page) -> int:
    """Count the dark pixels of the plot, in the light theme: points are colored."""
    pixels = pixels_of(page.get_by_role("application", name="Point cloud"))
    return int((pixels.max(axis=2) < 110).sum())


@pytest.mark.parametrize("dims", [2, 3])
def test_trails_show_what_changed_where_nothing_moves(steps: Visit, dims: int) -> None:
    page = steps.open(UMAP + ("&dims=3" if dims == 3 else ""))
    go(steps, 300)
    trails = motion(page).get_by_role("checkbox", name="Trails")
    expect(trails).to_be_checked()
    expect(motion(page)).to_contain_text(re.compile(r"\d+ points that changed since step 200"))
    steps.settle()
    with_trails = inked(page)
    trails.uncheck()
    steps.settle()
    without = inked(page)
    assert with_trails > without + 100, (with_trails, without)
    until(page, lambda: "trails=off" in page.url, "the address")
    page.evaluate("window.projector.select([3, 4])")
    trails.check()
    expect(motion(page)).to_contain_text("paths of 2 selected points")
    steps.settle()
    assert inked(page) > without + 100
    trails.uncheck()
    go(steps, 100)
    trails.check()
    expect(motion(page)).to_contain_text("no step before this one")


def test_points_move_and_have_no_trails_by_default(browser: Browser, server: Server) -> None:
    with a_page(browser, server.url, WIDE, reduced_motion="no-preference") as visit:
        page = visit.open(UMAP)
        go(visit, 200)
        before = places(page)
        trails = motion(page).get_by_role("checkbox", name="Trails")
        expect(trails).not_to_be_checked()
        go(visit, 300)
        after = places(page)
        still = np.linalg.norm(after - before, axis=1) < 1
        assert 0 < still.sum() < len(still)
        trails.check()
        expect(motion(page)).to_contain_text("that changed since step 200")


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_data_that_is_only_turned_stays_where_it_is(
    browser: Browser, tmp_path: Path, method: str
) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 8)) * [4, 3.8, 2, 1, 1, 1, 1, 1]
    turn = np.linalg.qr(rng.normal(size=(8, 8)))[0]
    for step, vectors in ((1, x), (2, 2.5 * x @ turn)):
        write_log(tmp_path, vectors.astype(np.float32), step=step)
    epochs = "&p.n_epochs=60" if method == "umap" else ""
    views = [f"method={method}{epochs}&dims=2&steps=together&step={step}" for step in (1, 2)]
    with projector.serve(tmp_path, port=0) as made, a_page(browser, made.url) as visit:
        page = visit.open(f"#{views[0]}&view={quote(views[1], safe='')}")
        # The layout of both steps, and not what is shown until it is there.
        until(page, lambda: all(is_laid_out(visit, id, method) for id in "12"), "both steps", 240)

        def moved() -> float:
            found = []
            for id, letter in (("1", "A"), ("2", "B")):
                region = page.get_by_role("region", name=f"View {letter}")
                box = still_box(region.get_by_role("application", name="Point cloud"))
                found.append(places(page, id) - [box["x"], box["y"]])
            away = np.linalg.norm(found[1] - found[0], axis=1)
            return float(np.nanmedian(away) * 800 / min(box["width"], box["height"]))

        until(page, lambda: moved() < 2, "less than two pixels in a picture of 800")
        assert page.evaluate("['1', '2'].map(id => window.projector.state(id).step)") == [1, 2]


def is_laid_out(visit: Visit, view: str, method: str) -> bool:
    now: dict[str, Any] = visit.page.evaluate("id => window.projector.state(id)", view)
    drawn: int = visit.page.evaluate("id => window.projector.stats(id).pointsDrawn", view)
    return now["method"] == method and not now["live"] and not now["busy"] and drawn == 400


def strong(page: Page) -> int:
    """Count the pixels of the plot that have much color."""
    pixels = pixels_of(page.get_by_role("application", name="Point cloud"))
    return int((np.ptp(pixels.astype(int), axis=2) > 110).sum())


def test_what_stays_fades_while_steps_are_played(browser: Browser, server: Server) -> None:
    size = (1440, 810)
    with a_page(browser, server.url, size, reduced_motion="no-preference") as visit:
        page = visit.open(UMAP)
        go(visit, 300)
        whole = strong(page)
        line = motion(page).get_by_role("status")
        expect(line).not_to_contain_text("faded")
        page.get_by_role("button", name="Play through the steps").click()
        page.get_by_role("combobox", name="Seconds per step").select_option("4")
        said = re.compile(r"(\d+) of 400 move less than 10.0 % and are faded")
        until(page, lambda: is_at(visit, 200), "the next step")
        expect(line).to_contain_text(said)
        found = said.search(line.inner_text())
        assert found is not None
        assert 40 < int(found[1]) < 400
        until(page, lambda: strong(page) < 0.8 * whole, "the points that stay to fade")
        page.get_by_role("button", name="Pause the steps").click()
        expect(line).not_to_contain_text("faded")
        until(page, lambda: strong(page) > 0.8 * whole, "the color to come back")


def test_nothing_fades_where_nothing_moves(steps: Visit) -> None:
    page = steps.open(UMAP)
    go(steps, 300)
    page.get_by_role("button", name="Play through the steps").click()
    page.get_by_role("combobox", name="Seconds per step").select_option("4")
    until(page, lambda: is_at(steps, 200), "the next step")
    # The steps are cut to, and trails say what moved.
    expect(motion(page)).to_contain_text(re.compile(r"\d+ points that changed since step 100"))
    expect(motion(page).get_by_role("status")).not_to_contain_text("faded")
