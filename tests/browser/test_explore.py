"""Exploring: filters, undo, selections, by role and by name, with pixels read back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.acting import drag, until
from tests.browser.conftest import Visit
from tests.browser.test_page import plot_pixels

pytestmark = pytest.mark.browser


def open_filters(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("tab", name="Filter").click()
    expect(page.get_by_role("region", name="Charts")).to_be_visible()
    # Charts come as their columns do, and push each other away.
    visit.settle()


def test_bars_brush_legend_and_cloud_filter_together(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    visit.settle()
    before = plot_pixels(page)
    open_filters(visit)
    charts = page.get_by_role("region", name="Charts")
    label = charts.get_by_role("region", name="label", exact=True)
    label.get_by_role("button", name="3").first.click()
    shown = page.get_by_role("group", name="Shown points")
    expect(shown).to_contain_text("183 of 1,797")
    legend = page.get_by_role("list", name="Legend")
    expect(legend.get_by_role("button", pressed=True)).to_have_count(1)
    assert visit.stats()["pointsDrawn"] == 1797, "what is filtered out stays as a ghost"
    assert (plot_pixels(page) != before).mean() > 0.005
    # A second category from the legend, a range from the keyboard.
    legend.get_by_role("button").nth(7).click()
    expect(shown).to_contain_text("362 of 1,797")
    chart = charts.get_by_role("region", name="final_confidence")
    chart.get_by_role("button", name="Filter final_confidence by range").press("Enter")
    low = chart.get_by_role("slider", name="Minimum of final_confidence")
    low.press("End")
    expect(shown).not_to_contain_text("362 of")
    page.get_by_role("checkbox", name="Keep filtered points as ghosts").uncheck()
    until(page, lambda: visit.stats()["pointsDrawn"] < 362, "ghosts are gone")
    page.get_by_role("button", name="Remove filter on label").click()
    expect(legend.get_by_role("button", pressed=True)).to_have_count(0)
    page.get_by_role("button", name="Clear all").click()
    until(page, lambda: visit.stats()["pointsDrawn"] == 1797, "all are back")


def test_a_brush_is_drawn_by_the_pointer_and_is_in_the_address(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    open_filters(visit)
    chart = page.get_by_role("region", name="Charts").get_by_role("region", name="final_confidence")
    bars = chart.get_by_role("img")
    drag(page, bars, (2, 20), (200, 0))
    shown = page.get_by_role("group", name="Shown points")
    expect(shown).to_be_visible()
    visit.settle()
    text = shown.inner_text()
    until(page, lambda: "final_confidence" in page.url, "the address")
    page.reload()
    visit.ready()
    expect(page.get_by_role("group", name="Shown points")).to_have_text(text.replace("\n", ""))


def test_undo_and_redo_of_selection_filter_and_color(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.evaluate("window.projector.select([1, 2, 3])")
    page.get_by_role("combobox", name="Color by").select_option("split")
    page.get_by_role("list", name="Legend").get_by_role("button", name="train").click()
    shown = page.get_by_role("group", name="Shown points")
    expect(shown).to_be_visible()
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("Control+z")
    expect(shown).to_be_hidden()
    page.keyboard.press("Control+z")
    until(page, lambda: visit.state()["color"] == "label", "the former color")
    page.keyboard.press("Control+z")
    until(page, lambda: visit.state()["selection"] == [], "the former selection")
    page.get_by_role("button", name="Redo").click()
    until(page, lambda: visit.state()["selection"] == [1, 2, 3], "the selection again")


def test_isolate_hide_and_show_all_with_a_breadcrumb(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.evaluate("window.projector.select(Array.from({length: 200}, (_, i) => i))")
    page.get_by_role("button", name="Isolate").click()
    until(page, lambda: visit.stats()["pointsDrawn"] == 200, "isolation")
    page.evaluate("window.projector.select([0, 1, 2, 3, 4])")
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("Delete")
    until(page, lambda: visit.stats()["pointsDrawn"] == 195, "hiding")
    trail = page.get_by_role("navigation", name="Isolated and hidden")
    expect(trail).to_contain_text("Isolated 200")
    trail.get_by_role("button", name="Isolated 200").click()
    until(page, lambda: visit.stats()["pointsDrawn"] == 200, "one step back")
    trail.get_by_role("button", name="Show all").click()
    until(page, lambda: visit.stats()["pointsDrawn"] == 1797, "all")


def test_selections_are_saved_and_combined(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.evaluate("window.projector.select([1, 2, 3, 4])")
    page.get_by_role("button", name="Save", exact=True).click()
    name = page.get_by_role("textbox", name="Name of Selection 1")
    name.fill("first")
    name.press("Enter")
    page.evaluate("window.projector.select([3, 4, 5])")
    page.get_by_role("button", name="Intersect the selection with first").click()
    until(page, lambda: visit.state()["selection"] == [3, 4], "and")
    page.evaluate("window.projector.select([3, 4, 5])")
    page.get_by_role("button", name="Subtract first from the selection").click()
    until(page, lambda: visit.state()["selection"] == [5], "not")
    page.get_by_role("button", name="Add first to the selection").click()
    until(page, lambda: visit.state()["selection"] == [1, 2, 3, 4, 5], "or")
    page.get_by_role("button", name="Invert").click()
    until(page, lambda: len(visit.state()["selection"]) == 1792, "invert")


def test_every_action_is_found_by_its_name(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Command")
    expect(field).to_be_focused()
    page.keyboard.type("color split")
    expect(
        page.get_by_role("listbox", name="Commands").get_by_role("option").first
    ).to_contain_text("Color by split")
    page.keyboard.press("Enter")
    until(page, lambda: visit.state()["color"] == "split", "color")
    expect(field).to_be_hidden()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard and pointer")
    expect(sheet).to_contain_text("Ctrl Shift Z")


def test_a_box_takes_points_behind_others_or_only_those_in_front(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32&dims=3")
    plot = page.get_by_role("application", name="Point cloud")
    page.get_by_role("slider", name="Size").focus()
    page.keyboard.press("End")

    def select_middle() -> int:
        page.keyboard.press("b")
        visit.settle()
        drag(page, plot, (250, 150), (250, 250))
        until(page, lambda: len(visit.state()["selection"]) > 0, "a selection")
        n = len(visit.state()["selection"])
        page.keyboard.press("Escape")
        until(page, lambda: visit.state()["selection"] == [], "none")
        return n

    through = select_middle()
    page.get_by_role("button", name="Select visible points only").click()
    page.keyboard.press("Escape")
    front = select_middle()
    assert 0 < front < through


def test_size_opacity_ramp_and_own_colors_change_the_picture(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    page.mouse.move(640, 5)
    visit.settle()

    def changed_by(act: Callable[[], object]) -> float:
        before = plot_pixels(page)
        act()
        visit.settle()
        return float((plot_pixels(page) != before).mean())

    size = page.get_by_role("combobox", name="Size by")
    assert changed_by(lambda: size.select_option("final_confidence")) > 0.005
    opacity = page.get_by_role("combobox", name="Opacity by")
    assert changed_by(lambda: opacity.select_option("final_confidence")) > 0.001
    color = page.get_by_label("Color of 3")
    assert changed_by(lambda: color.fill("#00ff00")) > 0.005
    page.get_by_role("combobox", name="Color by").select_option("final_confidence")
    visit.settle()
    scale = page.get_by_role("combobox", name="Scale")
    # Confidences are so skewed that they are colored by rank by themselves.
    assert changed_by(lambda: scale.select_option("linear")) > 0.01


def test_a_deep_picture_turns_as_a_plate_and_is_seen_in_parallel(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32&dims=3")
    visit.settle()
    before = plot_pixels(page)
    page.get_by_role("radio", name="Orthographic").check(force=True)
    until(page, lambda: bool((plot_pixels(page) != before).any()), "parallel lines of sight")
    page.get_by_role("radio", name="Turntable").check(force=True)
    plot = page.get_by_role("application", name="Point cloud")
    visit.settle()
    before_turn = visit.state()["view"]
    drag(page, plot, (300, 250), (120, 60))
    until(page, lambda: visit.state()["view"] != before_turn, "the turn")
    visit.settle()
    x, y, z, w = visit.state()["view"]["rotation"]
    assert abs(2 * (x * y - z * w)) < 1e-6, "up stays up"
    until(page, lambda: "turning=turntable" in page.url, "the address")
