"""The drift between two views: columns of both, means by category, neighbors kept and lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import until
from tests.browser.conftest import Visit
from tests.browser.test_beside import visiting
from tests.browser.test_explore_access import violations
from tests.browser.test_explore_files import download, text_of
from tests.browser.test_views import command
from tests.conftest import write_log

pytestmark = pytest.mark.browser

#: Points, and those of them that get the neighbors of others: every sixth is of the kind "b".
N, MOVED = 300, 50


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drift")
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(6, 12)) * 8
    kind = np.arange(N) % 6
    before = (centers[kind] + rng.normal(size=(N, 12))).astype(np.float32)
    after = before.copy()
    # The kind "b" is scattered among the others; they stay as they are.
    after[kind == 1] = before[rng.choice(np.flatnonzero(kind != 1), MOVED)] + 0.3
    for step, vectors in ((0, before), (10, after)):
        write_log(folder, vectors, step=step)
    return folder


@pytest.fixture(scope="module")
def visit(browser: Browser, log: Path) -> Iterator[Visit]:
    with visiting(browser, log) as made:
        # Both views have the panels beside them.
        made.page.set_viewport_size({"width": 1440, "height": 810})
        yield made


@pytest.fixture
def compared(visit: Visit) -> Page:
    page = visit.open("#dims=2&metric=euclidean")
    visit.settle()
    command(page, "compare the first and the last step")
    steps = "window.projector.views().map(({id}) => window.projector.state(id).step)"
    until(page, lambda: page.evaluate(steps) == [0, 10], "both steps")
    visit.settle()
    command(page, "show the drift from a to b")
    expect(page.get_by_role("table", name="Mean drift by label")).to_be_visible()
    return page


def test_it_is_a_column_with_fixed_colors_and_means_by_category(compared: Page) -> None:
    expect(compared.get_by_role("contentinfo")).to_contain_text("kept neighbors A→B")
    page = compared
    color = page.get_by_role("combobox", name="Color by")
    expect(color.locator("option:checked")).to_have_text("kept neighbors")
    group = color.locator('optgroup[label="Drift A→B"] option')
    expect(group).to_have_text(["kept neighbors", "shift", "state"])
    expect(page.get_by_role("img", name="Color ramp from 0 to 1", exact=True)).to_be_visible()
    colors = "window.projector.views().map(({id}) => window.projector.state(id).color)"
    assert page.evaluate(colors) == ["kept neighbors"] * 2
    rows = page.get_by_role("table", name="Mean drift by label").get_by_role("row").all()
    found = {}
    for row in rows[1:]:
        name, n, kept, shift = row.locator("th, td").all_inner_texts()
        assert int(n) == MOVED
        found[name.strip()] = (float(kept.removesuffix(" %")), float(shift))
    assert set(found) == set("abcdef")
    # What was scattered kept next to nothing and moved; the others stayed.
    scattered = found.pop("b")
    assert scattered[0] < 20 < 60 < min(each[0] for each in found.values())
    assert scattered[1] > 2 * max(each[1] for each in found.values())
    assert violations(page) == []


def test_a_category_and_a_state_filter_both_views(compared: Page) -> None:
    page = compared
    means = page.get_by_role("table", name="Mean drift by label")
    means.get_by_role("button", name="b", exact=True).click()
    drawn = "window.projector.views().map(({id}) => window.projector.stats(id).pointsDrawn)"
    page.get_by_role("tab", name="Filter").click()
    page.get_by_role("checkbox", name="Keep filtered points as ghosts").uncheck()
    until(page, lambda: page.evaluate(drawn) == [MOVED, MOVED], "one kind in both views")
    page.get_by_role("combobox", name="Color by").select_option(label="state")
    legend = page.get_by_role("list", name="Legend")
    expect(legend.get_by_role("button", name="stayed")).to_be_visible()
    expect(legend.get_by_role("button", name="new neighbors")).to_be_visible()


def test_a_point_lists_its_kept_lost_and_gained_neighbors(compared: Page) -> None:
    page = compared
    page.get_by_role("tab", name="Inspect").click()
    page.evaluate("window.projector.select([1])")  # of the kind that was scattered
    near = page.get_by_role("region", name="Neighbors kept, lost and gained")
    expect(near.get_by_role("heading")).to_contain_text("of 15 kept")
    rows = near.get_by_role("option")
    expect(rows.first).to_be_visible()
    text = near.get_by_role("heading").inner_text()
    n_kept, n_lost = int(text.split()[0]), int(text.split("kept,")[1].split()[0])
    assert n_kept + n_lost == 15
    assert n_lost > 10
    # A neighbor of one step only is near in that one and far away in the other.
    lost = rows.filter(has_text="lost").first
    near_a, near_b = (float(each) for each in lost.locator(".number").all_inner_texts())
    assert near_a < near_b
    page.get_by_role("radio", name="Nearest").check(force=True)
    expect(page.get_by_role("region", name="Nearest neighbors")).to_be_visible()
    assert violations(page) == []


def test_lines_lead_to_the_places_in_the_other_view(compared: Page) -> None:
    page = compared
    plots = page.get_by_role("application", name="Point cloud")

    def pictures() -> list[bytes]:
        return [plots.nth(at).screenshot() for at in range(2)]

    before = pictures()
    lines = page.get_by_role("checkbox", name="Lines to the places in B")
    lines.check()
    drift = page.get_by_role("region", name="Drift")
    expect(drift).to_contain_text(f"200 of {N} points, those that shifted most.")
    until(page, lambda: all(a != b for a, b in zip(before, pictures(), strict=True)), "lines")
    page.evaluate("window.projector.select([1, 7, 13])")
    expect(drift).to_contain_text("3 of 3 selected points.")
    assert violations(page) == []
    page.evaluate("window.projector.select([])")
    lines.uncheck()
    expect(drift).not_to_contain_text("residual")


def test_a_group_that_moved_alike_is_selected_in_both_views(compared: Page) -> None:
    page = compared
    page.get_by_role("button", name="moved alike").click()
    groups = page.get_by_role("region", name="Groups that moved alike").get_by_role("button")
    expect(groups.first).to_contain_text("points")
    n_points = int(groups.first.inner_text().split()[0])
    groups.first.click()
    selected = "window.projector.views().map(({id}) => [...window.projector.state(id).selection])"
    until(page, lambda: len(page.evaluate(selected)[0]) == n_points, "the group")
    first, second = page.evaluate(selected)
    assert first == second
    assert violations(page) == []


def test_its_columns_are_in_the_table_and_in_files(compared: Page) -> None:
    page = compared
    page.get_by_role("button", name="Share").click()
    lines = text_of(download(page, "Metadata", "TSV")).splitlines()
    page.keyboard.press("Escape")
    assert lines[0].split("\t")[-3:] == ["kept neighbors", "shift", "state"]
    assert len(lines) == N + 1
    page.keyboard.press("m")
    grid = page.get_by_role("grid")
    expect(grid.get_by_role("columnheader", name="kept neighbors")).to_be_visible()


def test_it_is_there_again_after_a_reload(compared: Page, visit: Visit) -> None:
    page = compared
    until(page, lambda: "color" in page.url, "the address")
    page.reload()
    visit.ready()
    visit.settle()
    region = page.get_by_role("region", name="Drift")
    expect(region).to_contain_text("of the 15 nearest neighbors (euclidean) kept from A to B")
    expect(region.get_by_role("table", name="Mean drift by label")).to_be_visible()
