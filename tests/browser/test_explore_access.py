"""The page for those who do not see it or do not use a mouse: axe-core finds nothing; it fits."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

OPEN = "#run=cnn-tanh-32"
AXE = Path(__file__).resolve().parents[2] / "static/node_modules/axe-core/axe.min.js"
IS_AT_REST = "() => !window.projector?.state?.()?.busy"
NOTHING_IS_DIMMED = "() => !document.querySelector('[aria-busy=\"true\"]')"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, a line for each place.

    What is being fetched is dimmed, and looked at when it is there; a running projection is not
    waited for. A fetch may begin while axe-core looks: a fault is what is found a second time.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = found_at_rest(page)
    return found and [each for each in found_at_rest(page) if each in found]


def found_at_rest(page: Page) -> list[str]:
    with contextlib.suppress(PlaywrightTimeoutError):
        page.wait_for_function(IS_AT_REST, timeout=15_000)
    page.wait_for_function(NOTHING_IS_DIMMED)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wherever_one_is(visit: Visit, theme: str) -> None:
    visit.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page = visit.open(OPEN)
    page.evaluate("window.projector.select([7])")
    page.get_by_role("listbox", name="Neighbors").get_by_role("option").first.wait_for()
    assert violations(page) == [], "the inspector"
    page.evaluate("window.projector.select([3, 7, 129])")
    page.keyboard.press("s")
    page.get_by_role("button", name="Isolate").click()
    page.get_by_role("button", name="Table").click()
    page.get_by_role("tab", name="Filter").click()
    page.get_by_role("region", name="Charts").get_by_role("button", name="yes").click()
    visit.settle()
    assert violations(page) == [], "charts and table"
    page.get_by_role("tab", name="Checks").click()
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("listbox", name="Outliers").get_by_role("option").first.wait_for()
    assert violations(page) == [], "checks"
    page.get_by_role("tab", name="Inspect").click()
    page.get_by_role("group", name="Images of the selection").wait_for()
    assert violations(page) == [], "the summary of a selection"
    page.get_by_role("tab", name="Bookmarks").click()
    page.get_by_role("button", name="Bookmark this view").click()
    assert violations(page) == [], "bookmarks"
    for key, name in (("Control+k", "Commands"), ("?", "Keyboard and pointer"), ("e", "Share")):
        page.get_by_role("application", name="Point cloud").focus()
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert violations(page) == [], name
        page.keyboard.press("Escape")


@pytest.mark.parametrize("size", [(700, 900), (640, 360), (1280, 720), (3840, 2160)])
def test_nothing_is_cut_in_any_window(visit: Visit, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    plot = still_box(page.get_by_role("application", name="Point cloud"))
    assert plot["width"] > 300
    assert plot["height"] > 150
    for name in ("Undo", "All commands", "Keyboard shortcuts", "Share"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0], name


def test_all_is_done_by_keys_and_is_said(visit: Visit) -> None:
    page = visit.open(OPEN)
    # What the page says of itself while it loads is over.
    visit.settle()
    page.keyboard.press("Control+a")
    until(page, lambda: len(visit.state()["selection"]) == 1797, "all selected")
    expect(page.get_by_text("Selected 1,797 points")).to_have_count(1)
    page.keyboard.press("x")
    page.get_by_role("tab", name="Filter").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Checks")).to_be_focused()
