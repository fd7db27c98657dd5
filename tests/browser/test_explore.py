"""Exploring: filters, undo, selections, by role and by name, with pixels read back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_page import plot_pixels, until

pytestmark = pytest.mark.browser


def open_filters(page: Page) -> None:
    page.get_by_role("tab", name="Filter").click()
    expect(page.get_by_role("region", name="Charts")).to_be_visible()


def test_bars_brush_legend_and_cloud_filter_together(visit: Visit) -> None:
    page = visit.open()
    before = plot_pixels(page)
    open_filters(page)
    charts = page.get_by_role("region", name="Charts")
    label = charts.get_by_role("region", name="label", exact=True)
    label.get_by_role("button", name="3").first.click()
    shown = page.get_by_role("group", name="What is shown")
    expect(shown).to_contain_text("183 of 1,797")
    legend = page.get_by_role("list", name="Legend")
    expect(legend.get_by_role("button", pressed=True)).to_have_count(1)
    assert visit.stats()["pointsDrawn"] == 1797, "what is filtered out stays as a ghost"
    assert (plot_pixels(page) != before).mean() > 0.005
    # A second category from the legend, a range from the keyboard.
    legend.get_by_role("button").nth(7).click()
    expect(shown).to_contain_text("362 of 1,797")
    chart = charts.get_by_role("region", name="final_confidence")
    chart.get_by_role("button", name="Filter final_confidence by a range").press("Enter")
    low = chart.get_by_role("slider", name="Minimum of final_confidence")
    low.press("End")
    expect(shown).not_to_contain_text("362 of")
    page.get_by_role("checkbox", name="Keep the rest as ghosts").uncheck()
    until(page, lambda: visit.stats()["pointsDrawn"] < 362, "ghosts are gone")
    page.get_by_role("button", name="Remove the filter of label").click()
    expect(legend.get_by_role("button", pressed=True)).to_have_count(0)
    page.get_by_role("button", name="Clear all").click()
    until(page, lambda: visit.stats()["pointsDrawn"] == 1797, "all are back")


def test_a_brush_is_drawn_by_the_pointer_and_is_in_the_address(visit: Visit) -> None:
    page = visit.open()
    open_filters(page)
    chart = page.get_by_role("region", name="Charts").get_by_role("region", name="final_confidence")
    chart.scroll_into_view_if_needed()
    box = chart.get_by_role("img").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20, steps=4)
    page.mouse.up()
    shown = page.get_by_role("group", name="What is shown")
    expect(shown).to_be_visible()
    text = shown.inner_text()
    page.wait_for_timeout(600)
    page.reload()
    visit.ready()
    expect(page.get_by_role("group", name="What is shown")).to_have_text(text.replace("\n", ""))
