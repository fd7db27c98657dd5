"""Measures of all steps below the timeline: health, similarity, dimensions and histograms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import WIDE, Visit
from tests.browser.test_beside import visiting
from tests.browser.test_explore_access import violations
from tests.browser.test_views import command
from tests.loaders import writers as w

pytestmark = pytest.mark.browser
WINDOW_SIZE = WIDE

MLP = "#run=mlp-relu-16"


def opened(visit: Visit, tab: str, fragment: str = MLP) -> Locator:
    """Open one of the measures; return the part of the page with it."""
    page = visit.open(fragment)
    visit.settle()
    page.keyboard.press("Shift+H")
    region = page.get_by_role("region", name="Measures of all steps")
    region.get_by_role("tab", name=tab, exact=True).click()
    return region


def measured(region: Locator, words: str) -> None:
    expect(region.get_by_text(re.compile(words))).to_be_visible()


def test_health_says_what_is_alarming_and_where(visit: Visit) -> None:
    region = opened(visit, "Health")
    page = visit.page
    measured(region, "^7 alarms at 8 steps")
    dots = region.get_by_role("list", name="Health by step").get_by_role("button")
    expect(dots).to_have_count(7)
    expect(dots.first).to_have_accessible_name(
        re.compile(r"^step 20: 3 of 16 dimensions are dead, .*: 5, 8, 12\.$")
    )
    assert violations(page) == []
    circles = page.locator(".timeline-chart .timeline-step")

    def is_below(at: int) -> bool:
        dot, circle = still_box(dots.nth(at)), still_box(circles.nth(at + 1))
        return abs(dot["x"] + dot["width"] / 2 - circle["x"] - circle["width"] / 2) < 1.5

    # Each dot stands below its step on the timeline, on the axis of the loss or of the steps alone.
    assert all(map(is_below, range(7)))
    page.get_by_role("button", name="Hide scalars").click()
    until(page, lambda: is_below(6) and is_below(0), "the dots to follow the axis")
    page.get_by_role("button", name="Scalars").click()
    until(page, lambda: is_below(6), "the dots to follow the axis back")
    dots.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    until(page, lambda: visit.state()["step"] == 100, "step 100")
    row = region.get_by_role("listitem").filter(has_text="Effective rank")
    expect(row).to_contain_text("4.4")
    assert visit.defects == []


def test_what_is_open_is_remembered(visit: Visit) -> None:
    region = opened(visit, "Dimensions")
    page = visit.page
    page.reload()
    visit.ready()
    expect(region.get_by_role("tab", name="Dimensions")).to_have_attribute("aria-selected", "true")
    plot = still_box(page.get_by_role("application", name="Point cloud"))
    assert plot["y"] + plot["height"] <= still_box(region)["y"], "nothing covers the points"
    region.get_by_role("button", name="Close the measures").click()
    expect(region).to_have_count(0)
    page.reload()
    visit.ready()
    visit.settle()
    expect(region).to_have_count(0)


def test_a_pair_of_the_matrix_opens_as_two_views(visit: Visit) -> None:
    region = opened(visit, "Similarity")
    page = visit.page
    grid = region.get_by_role("grid", name="Similarity of steps")
    cell = grid.get_by_role("gridcell")
    cell.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowUp")
    expect(cell).to_have_accessible_name(
        re.compile(r"^step 1,000 and step 2,000: 0\.897, 1,797 points$")
    )
    expect(region.get_by_role("tooltip")).to_contain_text("step 1,000 and step 2,000")
    assert violations(page) == []
    page.keyboard.press("Enter")
    steps = "window.projector.views().map(({id}) => window.projector.state(id).step)"
    until(page, lambda: page.evaluate(steps) == [1000, 2000], "both views")
    visit.settle()


def test_runs_are_compared_at_their_last_common_step(visit: Visit) -> None:
    region = opened(visit, "Similarity")
    page = visit.page
    region.get_by_role("radio", name="Runs").check(force=True)
    measured(region, "^At step 2,000, the last one that all have")
    cell = region.get_by_role("grid", name="Similarity of runs").get_by_role("gridcell")
    kept = re.compile(r"^(mlp-relu-16 and cnn-tanh-32|cnn-tanh-32 and mlp-relu-16): 0\.397,")
    cell.focus()
    page.keyboard.press("End")
    expect(cell).to_have_accessible_name(kept)
    box = still_box(cell)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    runs = "window.projector.views().map(({id}) => window.projector.state(id).run)"
    until(page, lambda: len(set(page.evaluate(runs))) == 2, "both runs")
    visit.settle()


def test_a_dead_unit_is_seen_among_the_dimensions(visit: Visit) -> None:
    region = opened(visit, "Dimensions")
    page = visit.page
    measured(region, "3 at step 20, 4 at step 50, 3 at step 100")
    measured(region, "^All 16 dimensions. Smallest deviation at the last step first")
    cell = region.get_by_role("gridcell")
    expect(cell).to_have_accessible_name(
        re.compile("^dimension 5, step 2,000: standard deviation 0, mean .*, dead$")
    )
    cell.focus()
    page.keyboard.press("Home")
    expect(cell).to_have_accessible_name(re.compile("^dimension 5, step 0: .*, mean [^,]*$"))
    assert violations(page) == []
    region.get_by_role("radio", name="Lengths").check(force=True)
    lengths = region.get_by_role("slider", name="Lengths of the vectors")
    lengths.press("Home")
    expect(lengths).to_have_attribute("aria-valuetext", re.compile("^step 0: median 0.33"))


@pytest.fixture
def events(tmp_path: Path, browser: Browser) -> Iterator[Visit]:
    """Open a run with two steps of an embedding, and histograms in its event file."""
    rng = np.random.default_rng(0)
    for step in (0, 10):
        np.save(tmp_path / f"emb_{step}.npy", rng.normal(size=(40, 6)).astype(np.float32))
    edges = np.linspace(-1, 1, 5)
    rows = np.stack([edges[:-1], edges[1:], [1.0, 2.0, 2.0, 1.0]], axis=1)
    records = [w.histogram_event("weights", step, rows) for step in (0, 5, 10)]
    w.write(tmp_path / "events.out.tfevents.1.host", b"".join(records))
    with visiting(browser, tmp_path) as made:
        yield made


def test_histograms_of_event_files_are_bands(events: Visit) -> None:
    region = opened(events, "Histograms", "")
    bands = region.get_by_role("slider", name="weights")
    expect(bands).to_have_attribute("aria-valuetext", re.compile("^step 10: median 0,"))
    bands.press("Home")
    expect(bands).to_have_attribute("aria-valuetext", re.compile("^step 0: .* all from −1 to 1$"))
    assert [each for each in violations(events.page) if "bands" in each] == []


def test_commands_open_and_close_the_measures(visit: Visit) -> None:
    page: Page = visit.open(MLP)
    visit.settle()
    command(page, "similarity of steps and runs")
    region = page.get_by_role("region", name="Measures of all steps")
    expect(region.get_by_role("grid", name="Similarity of steps")).to_be_visible()
    page.get_by_role("button", name="Health and similarity of all steps").click()
    expect(region).to_have_count(0)
