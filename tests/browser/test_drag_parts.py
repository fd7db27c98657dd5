"""A run, a step or a method that is dragged onto a view opens one there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import WIDE, Visit
from tests.browser.test_views import command, views_of

pytestmark = pytest.mark.browser
WINDOW_SIZE = WIDE


def middle(target: Locator) -> tuple[float, float]:
    box = still_box(target)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drop(page: Page, zone: str) -> None:
    """Move what is held onto a place that says what it is, and let it go."""
    target = page.get_by_role("img", name=zone)

    def is_offered() -> bool:
        # The code for it comes with the first press: until it has, nobody hears how far it moved.
        page.mouse.move(500, 300)
        page.mouse.move(520, 310)
        return target.is_visible()

    until(page, is_offered, "the places to drop it")
    page.mouse.move(*middle(target), steps=4)
    page.mouse.up()
    expect(page.get_by_role("img", name=re.compile("^(Open|Show) "))).to_have_count(0)


def shown(page: Page, what: str) -> list[object]:
    found: list[object] = page.evaluate(
        "what => window.projector.views().map(({id}) => window.projector.state(id)[what])", what
    )
    return found


def test_a_method_is_dragged_to_either_side_of_a_view_and_onto_it(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&method=pca")
    visit.settle()
    tab = page.get_by_role("tab", name="Axes")
    page.mouse.move(*middle(tab))
    page.mouse.down()
    page.mouse.move(500, 300, steps=4)
    drop(page, "Open Axes before view A")
    until(page, lambda: len(views_of(page)) == 2, "two views")
    until(page, lambda: shown(page, "method") == ["axes", "pca"], "the method on the left")

    # What is dropped in the middle of a view changes it, and opens none.
    page.mouse.move(*middle(page.get_by_role("tab", name="Raw dimensions")))
    page.mouse.down()
    page.mouse.move(500, 300, steps=4)
    drop(page, "Show Raw dimensions in view A")
    until(page, lambda: shown(page, "method")[1] == "pca", "the other as it was")
    until(page, lambda: shown(page, "method")[0] not in ("axes", "pca"), "another method")
    assert len(views_of(page)) == 2


def test_a_step_is_pulled_out_of_the_timeline(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&method=pca&step=2000")
    visit.settle()
    timeline = page.get_by_role("slider", name="Step")
    box = still_box(timeline)
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    until(page, lambda: shown(page, "step") == [0], "the step under the pointer")
    # Straight up: along the timeline the pointer would choose another step.
    page.mouse.move(box["x"] + 4, box["y"] - 60, steps=5)
    drop(page, "Open step 0 behind view A")
    until(page, lambda: shown(page, "step") == [2000, 0], "the first step beside the last")


def test_a_run_is_dragged_out_of_the_table(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&method=pca")
    visit.settle()
    page.keyboard.press("Shift+R")
    cell = page.get_by_role("dialog").get_by_role("cell", name="cnn-tanh-32", exact=True)
    page.mouse.move(*middle(cell))
    page.mouse.down()
    page.mouse.move(500, 320, steps=4)
    expect(page.get_by_role("dialog")).to_have_count(0)
    drop(page, "Open run cnn-tanh-32 behind view A")
    until(page, lambda: shown(page, "run") == ["mlp-relu-16", "cnn-tanh-32"], "both runs")


def test_a_drag_ends_without_a_trace_by_escape_and_outside(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&method=pca")
    visit.settle()
    tab = page.get_by_role("tab", name="UMAP")
    zones = page.get_by_role("img", name=re.compile("^(Open|Show) "))
    for end in ("Escape", ""):
        page.mouse.move(*middle(tab))
        page.mouse.down()
        page.mouse.move(500, 300, steps=4)
        expect(zones).to_have_count(3)
        if end:
            page.keyboard.press(end)
        else:
            page.mouse.move(20, 10, steps=3)
        page.mouse.up()
        expect(zones).to_have_count(0)
        assert shown(page, "method") == ["pca"]
    # A press that stays where it is is still a click.
    page.get_by_role("tab", name="t-SNE").click()
    expect(page.get_by_role("tab", name="t-SNE")).to_have_attribute("aria-selected", "true")


def test_twelve_views_are_enough(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&method=pca" + "&view=method%3Dpca" * 11)
    until(page, lambda: len(views_of(page)) == 12, "twelve views")
    page.mouse.move(*middle(page.get_by_role("tab", name="Axes")))
    page.mouse.down()
    page.mouse.move(500, 300, steps=4)
    expect(page.get_by_role("img", name=re.compile("^Show "))).to_have_count(12)
    expect(page.get_by_role("img", name=re.compile("^Open "))).to_have_count(0)
    page.keyboard.press("Escape")
    page.mouse.up()
    command(page, "close this view")
    until(page, lambda: len(views_of(page)) == 11, "one less")
