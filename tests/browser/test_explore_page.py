"""The page around the plot: table, panels, steps, pictures; by role and by name."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit
from tests.browser.test_page import place

pytestmark = pytest.mark.browser


def test_the_selection_is_a_table_that_is_sorted_and_leads_to_points(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.evaluate("window.projector.select([3, 7, 11, 129])")
    page.get_by_role("button", name="Table").click()
    grid = page.get_by_role("grid", name="Metadata of the points")
    expect(grid.get_by_role("row")).to_have_count(5)
    grid.get_by_role("button", name="final_confidence").click()
    expect(grid.get_by_role("row").nth(1)).to_contain_text("129")
    expect(grid.get_by_role("columnheader", name="final_confidence")).to_have_attribute(
        "aria-sort", "ascending"
    )
    before = place(page, 129)
    grid.get_by_role("row").nth(1).click()
    until(page, lambda: place(page, 129) != before, "flight to the point")
    grid.get_by_role("row").nth(1).dblclick()
    until(page, lambda: visit.state()["selection"] == [129], "the point alone")


def test_panels_are_resized_by_keys_and_pointer_fold_and_remember(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    plot = page.get_by_role("application", name="Point cloud")
    before = still_box(plot)
    line = page.get_by_role("separator", name="Width of the right panel")
    line.press("ArrowLeft")
    page.get_by_role("button", name="Left panel").click()
    expect(page.get_by_role("complementary", name="Projection and appearance")).to_be_hidden()
    page.reload()
    visit.ready()
    after = still_box(plot)
    assert after["x"] == pytest.approx(0, abs=2)
    assert before["x"] + before["width"] - after["width"] == pytest.approx(24, abs=3)
    page.keyboard.press(",")
    expect(page.get_by_role("complementary", name="Projection and appearance")).to_be_visible()


def test_steps_are_played_and_the_last_picture_is_one_key_away(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.get_by_role("slider", name="Step", exact=True).press("Home")
    until(page, lambda: visit.state()["step"] == 0, "the first step")
    page.get_by_role("button", name="Play through the steps").click()
    page.get_by_role("combobox", name="Seconds per step").select_option("0.5")
    until(page, lambda: visit.state()["step"] == 2000, "the last step")
    expect(page.get_by_role("button", name="Play through the steps")).to_be_visible()
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("c")
    until(page, lambda: visit.state()["step"] == 1000, "the picture before")
    page.keyboard.press("c")
    until(page, lambda: visit.state()["step"] == 2000, "and back")
