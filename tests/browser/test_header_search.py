"""The search field: in the header's middle, above the inspector in a narrow window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit
from tests.browser.test_explore_access import violations

pytestmark = pytest.mark.browser

#: Named, as widths of a window at 100 % and 200 %.
WIDE, NARROW = (1280, 1440, 1920), (1024, 720, 512)


def in_header(page: Page) -> bool:
    return page.get_by_role("banner").get_by_role("textbox", name="Search points").count() == 1


def test_search_stands_in_the_middle_and_stays_there(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    header = page.get_by_role("banner")
    field = page.get_by_role("textbox", name="Search points")
    for width in WIDE:
        page.set_viewport_size({"width": width, "height": 800})
        expect(field).to_be_visible()
        assert in_header(page), width
        box = still_box(field)
        assert 0.33 * width < box["x"] + box["width"] / 2 < 0.67 * width, width
        # Nothing in the header lies over something else, and nothing is cut.
        parts = [
            header.get_by_role("group", name="Data"),
            field,
            page.get_by_role("button", name="Share"),
            page.get_by_role("button", name="Keyboard shortcuts"),
        ]
        boxes = [still_box(part) for part in parts]
        for one, next_one in pairwise(boxes):
            assert one["x"] + one["width"] <= next_one["x"], width
        assert boxes[-1]["x"] + boxes[-1]["width"] <= width
        # Another run has a longer name, and the field stays where it is.
        page.get_by_role("combobox", name="Run").select_option("cnn-tanh-32")
        until(page, lambda: visit.state()["run"] == "cnn-tanh-32", "the other run")
        assert still_box(field) == box
        page.get_by_role("combobox", name="Run").select_option("mlp-relu-16")
        until(page, lambda: visit.state()["run"] == "mlp-relu-16", "the first run")
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 700})
        until(page, lambda: not in_header(page), "the field out of the header")
        page.keyboard.press("Control+f")
        expect(field).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Escape")


def test_a_search_opens_the_panel_with_what_it_found(visit: Visit) -> None:
    page = visit.open()
    field = page.get_by_role("textbox", name="Search points")
    page.get_by_role("button", name="Right panel").click()
    expect(page.get_by_role("complementary", name="Inspector")).to_be_hidden()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(page.get_by_role("complementary", name="Inspector")).to_be_hidden()
    page.get_by_role("combobox", name="Search in column").select_option("label")
    field.fill("7")
    found = page.get_by_role("listbox", name="Search results")
    expect(page.get_by_text("179 matches")).to_be_visible()
    assert violations(page) == []
    field.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    until(page, lambda: len(visit.state()["selection"]) == 1, "selection")


def test_a_search_is_one_for_all_views(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&view=run%3Dcnn-tanh-32")
    until(page, lambda: page.evaluate("window.projector.views().length") == 2, "two views")
    page.get_by_role("textbox", name="Search points").fill("7")
    asked = "window.projector.views().map(({id}) => window.projector.state(id).search)"
    until(page, lambda: page.evaluate(asked) == ["7", "7"], "both views")
    page.get_by_role("button", name="Clear search").click()
    until(page, lambda: page.evaluate(asked) == ["", ""], "both views")
