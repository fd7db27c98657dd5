"""Several views: the same points selected, seen from the same side, and found again by a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import WIDE, Visit
from tests.browser.pixels import n_differing, pixels_of, strong_hues
from tests.browser.test_explore_access import violations

pytestmark = pytest.mark.browser
WINDOW_SIZE = WIDE


def command(page: Page, text: str) -> None:
    """Run the command that the palette finds first."""
    page.keyboard.press("Control+K")
    field = page.get_by_role("combobox", name="Command")
    field.fill(text)
    page.get_by_role("listbox", name="Commands").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def views_of(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.projector.views().map(({id}) => id)")
    return found


def rows(page: Page, view: str) -> list[int]:
    found: list[int] = page.evaluate("id => [...window.projector.state(id).selection]", view)
    return found


def stands(page: Page, view: str) -> tuple[float, float]:
    """Return where point 0 is in a view, from the corner of the window."""
    at = page.evaluate("id => window.projector.screenPosition(0, id)", view)
    return at["x"], at["y"]


def n_colors(plot: Locator) -> int:
    """Count the strong hues among the pixels of a plot, in twelfths of the circle."""
    return len(strong_hues(pixels_of(plot)))


def test_two_runs_side_by_side(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    visit.settle()
    command(page, "compare the 2 runs")
    first, second = (
        page.get_by_role("region", name="View A"),
        page.get_by_role("region", name="View B"),
    )
    expect(second).to_be_visible()
    until(page, lambda: page.evaluate("window.projector.state('2').run") == "cnn-tanh-32", "B")
    visit.settle()
    for view in (first, second):
        assert n_colors(view.get_by_role("application", name="Point cloud")) >= 5
    expect(page.get_by_role("contentinfo")).to_contain_text("1,797 matched by row")

    page.evaluate("window.projector.select([3, 7], '2')")
    assert rows(page, "1") == rows(page, "2") == [3, 7]
    page.keyboard.press("Control+Z")
    until(page, lambda: rows(page, "1") == rows(page, "2") == [], "both undone")

    def is_zoomed(view: str, before: tuple[float, float]) -> bool:
        return sum(abs(a - b) for a, b in zip(stands(page, view), before, strict=True)) > 4

    places = {id: stands(page, id) for id in ("1", "2")}
    box = still_box(second.get_by_role("application", name="Point cloud"))
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -300)
    until(page, lambda: all(is_zoomed(*each) for each in places.items()), "both to be zoomed")

    # What is pressed is what the panels act on.
    second.get_by_role("button").first.click()
    until(page, lambda: page.evaluate("window.projector.state().run") == "cnn-tanh-32", "B's run")
    first.get_by_role("button", name="Close view A").click()
    expect(page.get_by_role("region", name="View B")).to_have_count(0)
    assert views_of(page) == ["2"]
    expect(page.get_by_role("application", name="Point cloud")).to_have_count(1)


def test_steps_side_by_side_come_back_by_their_link(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&step=0")
    command(page, "steps side by side")
    until(page, lambda: len(views_of(page)) == 8, "eight views")
    steps = "window.projector.views().map(({id}) => window.projector.state(id).step)"
    expected = [0, 20, 50, 100, 200, 500, 1000, 2000]
    until(page, lambda: page.evaluate(steps) == expected, "their steps")
    visit.settle()
    assert violations(page) == []
    until(page, lambda: page.url.count("&view=") == 7, "the address")
    page.reload()
    visit.ready()
    until(page, lambda: page.evaluate(steps) == expected, "the same steps again")
    # Each was drawn: nothing is left to come.
    visit.settle()
    drawn = "window.projector.views().map(({id}) => window.projector.stats(id).pointsDrawn)"
    assert page.evaluate(drawn) == [1797] * 8


def test_a_narrow_window_shows_one_and_switches(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open("#run=mlp-relu-16&view=run%3Dcnn-tanh-32")
    plots = page.get_by_role("application", name="Point cloud")
    expect(plots).to_have_count(1)
    assert still_box(plots)["height"] > 150
    page.get_by_role("region", name="View B").get_by_role("button").first.click()
    until(page, lambda: page.evaluate("window.projector.state().run") == "cnn-tanh-32", "B")
    expect(plots).to_have_count(1)
    assert still_box(plots)["height"] > 150
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_an_arrow_shows_where_a_hovered_point_is_out_of_view(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    page.keyboard.press("\\")
    page.get_by_role("region", name="View B").wait_for()
    visit.settle()
    page.keyboard.press("k")  # B is looked at from elsewhere
    first, second = (
        page.get_by_role("region", name=f"View {letter}").get_by_role(
            "application", name="Point cloud"
        )
        for letter in "AB"
    )
    box = still_box(second)
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    for _ in range(6):
        page.mouse.wheel(0, -600)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 60)
    is_outside = "window.projector.screenPosition(0, '2') === null"
    until(page, lambda: bool(page.evaluate(is_outside)), "point 0 to be out of view")
    visit.settle()
    before = pixels_of(second)
    page.mouse.move(*stands(page, "1"))

    def n_changed() -> int:
        return n_differing(pixels_of(second), before, by=40)

    until(page, lambda: 60 < n_changed() < 2000, "an arrow")
    assert first.is_visible()


def test_a_second_view_has_the_names_of_the_categories(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    page.keyboard.press("\\")
    second = page.get_by_role("region", name="View B")
    plot = second.get_by_role("application", name="Point cloud")
    plot.wait_for()
    visit.settle()
    named = pixels_of(plot)
    page.get_by_role("checkbox", name="Category names").uncheck(force=True)
    visit.settle()

    def n_changed() -> int:
        return n_differing(pixels_of(plot), named, by=60)

    until(page, lambda: n_changed() > 100, "the names to go")


def test_words_of_a_caption_choose_what_its_view_shows(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&view=run%3Dcnn-tanh-32%26step%3D0")
    visit.settle()
    steps = "window.projector.views().map(({id}) => window.projector.state(id).step)"
    runs = "window.projector.views().map(({id}) => window.projector.state(id).run)"
    second = page.get_by_role("region", name="View B")
    assert page.evaluate("window.projector.state().run") == "mlp-relu-16"
    second.get_by_role("combobox", name="Step of view B").select_option(label="step 500")
    until(page, lambda: page.evaluate(steps)[1] == 500, "B's step")
    # Who chooses in a view has it before the panels, too.
    assert page.evaluate("window.projector.state().run") == "cnn-tanh-32"
    second.get_by_role("combobox", name="Run of view B").select_option("mlp-relu-16")
    until(page, lambda: page.evaluate(runs) == ["mlp-relu-16"] * 2, "one run in both")
    # They went to the same step together, so nothing differs any more, and all of it is told.
    until(page, lambda: page.evaluate(steps) == [500, 500], "A at B's step")
    expect(second.get_by_role("combobox", name="Method of view B")).to_have_value("pca")
    visit.settle()
    assert violations(page) == []


def test_one_view_can_be_moved_apart_and_joins_the_others_again(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&view=run%3Dcnn-tanh-32")
    visit.settle()
    views = [page.get_by_role("region", name=f"View {letter}") for letter in "AB"]
    plots = [each.get_by_role("application", name="Point cloud") for each in views]
    cameras = "['1', '2'].map(id => JSON.stringify(window.projector.state(id).view))"

    def zoom(at: int) -> list[str]:
        box, before = still_box(plots[at]), page.evaluate(cameras)
        page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        page.mouse.wheel(0, -200)
        until(page, lambda: page.evaluate(cameras)[at] != before[at], "the camera to move")
        found: list[str] = page.evaluate(cameras)
        return found

    assert len(set(zoom(0))) == 1
    link = views[1].get_by_role("button", name="Move view B with the others")
    expect(link).to_have_attribute("aria-pressed", "true")
    link.click()
    both = zoom(1)
    assert len(set(both)) == 2
    assert zoom(0)[1] == both[1]
    link.click()
    until(page, lambda: len(set(page.evaluate(cameras))) == 1, "B where A is")
    assert len(set(zoom(1))) == 1


def test_an_earlier_projection_is_shown_beside(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16&dims=2")
    visit.settle()
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("button", name="Run t-SNE").click()
    until(page, lambda: page.evaluate("window.projector.state().method") == "tsne", "t-SNE")
    visit.settle()
    page.get_by_text("Previous projections").click()
    page.get_by_role("button", name="Show beside: PCA").click()
    methods = "window.projector.views().map(({id}) => window.projector.state(id).method)"
    until(page, lambda: page.evaluate(methods) == ["tsne", "pca"], "PCA beside t-SNE")
    visit.settle()
    expect(page.get_by_role("combobox", name="Method of view B")).to_have_value("pca")
