"""A selection gives an answer: its summary, its own dataset, checks that select."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acting import until
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

THREES = "window.projector.select([...Array(1797).keys()].filter((row) => row % 10 === 3))"


def test_a_selection_says_what_it_is_and_is_projected_alone(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    visit.settle()
    page.evaluate(THREES)
    summary = page.get_by_role("region", name="Summary")
    expect(summary.get_by_role("group", name="Images of the selection")).to_be_visible()
    page.get_by_role("toolbar", name="Selected points").get_by_role(
        "button", name="Project"
    ).click()
    trail = page.get_by_role("navigation", name="Part of")
    expect(trail).to_contain_text("All 1,797")
    until(page, lambda: not visit.state()["busy"], "the part")
    # Its second point is the row 13 of the whole, and is that again on the way back.
    page.evaluate("window.projector.select([1])")
    expect(page.get_by_text("row 13", exact=True)).to_be_visible()
    trail.get_by_role("button", name="All 1,797").click()
    until(page, lambda: visit.state()["selection"] == [13], "the same point in the whole")


def test_a_cell_of_the_cross_table_selects(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    visit.settle()
    page.get_by_role("tab", name="Checks").click()
    table = page.get_by_role("table", name="label by predicted")
    table.get_by_role("button", name="label 0, predicted 0").click()
    until(page, lambda: len(visit.state()["selection"]) > 100, "the zeros")
    page.get_by_role("button", name="Measure").click()
    expect(page.get_by_role("listbox", name="Outliers")).to_be_visible()


def test_a_condition_filters_with_or_and_not(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    visit.settle()
    page.get_by_role("tab", name="Filter").click()
    field = page.get_by_role("textbox", name="Condition")
    field.fill("label == 0 or not label < 9")
    field.press("Enter")
    expect(page.get_by_role("group", name="Shown points")).to_contain_text("358 of 1,797")
    field.fill("label = ")
    field.press("Enter")
    expect(page.get_by_text("a value is missing")).to_be_visible()
    visit.forgive("/where")
