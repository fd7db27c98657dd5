"""Several views in windows that have no room for panels beside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit
from tests.browser.pixels import n_vivid, pixels_of
from tests.browser.test_explore_access import violations
from tests.browser.test_views import views_of

pytestmark = pytest.mark.browser

TWO = "#run=mlp-relu-16&method=pca&step=2000&view=run%3Dcnn-tanh-32%26method%3Dpca%26step%3D2000"


def view(page: Page, letter: str) -> Locator:
    return page.get_by_role("region", name=f"View {letter}")


def plot(page: Page, letter: str) -> Locator:
    return view(page, letter).get_by_role("application", name="Point cloud")


def opened(visit: Visit, width: int, height: int) -> Page:
    visit.page.set_viewport_size({"width": width, "height": height})
    page = visit.open(TWO)
    until(page, lambda: len(views_of(page)) == 2, "two views")
    visit.settle()
    return page


def test_at_1280_by_720_the_views_have_the_width(visit: Visit) -> None:
    page = opened(visit, 1280, 720)
    boxes = [still_box(view(page, letter)) for letter in "AB"]
    for box in boxes:
        assert 590 <= box["width"] <= 640
        assert box["height"] >= 440
    rail = page.get_by_role("navigation", name="Panels over the views")
    assert still_box(rail)["width"] <= 48
    expect(rail.get_by_role("list", name="Colors").get_by_role("listitem")).to_have_count(10)
    expect(page.get_by_role("combobox", name="Color by")).to_have_count(0)
    assert violations(page) == []

    # The panels are drawers: they lie over the views, which keep their size.
    inspector = page.get_by_role("complementary", name="Inspector")
    rail.get_by_role("button", name="Inspector").click()
    expect(inspector).to_be_visible()
    assert still_box(inspector)["x"] >= 900
    rail.get_by_role("button", name="Projection and colors").click()
    expect(page.get_by_role("combobox", name="Color by")).to_be_visible()
    expect(inspector).to_be_hidden()
    assert [still_box(view(page, letter)) for letter in "AB"] == boxes
    assert violations(page) == []
    rail.get_by_role("button", name="Projection and colors").click()
    expect(page.get_by_role("combobox", name="Color by")).to_have_count(0)

    # One view has the panels beside it, as ever.
    page.get_by_role("button", name="Close view B").click()
    expect(page.get_by_role("combobox", name="Color by")).to_be_visible()
    expect(inspector).to_be_visible()
    expect(rail).to_have_count(0)


def test_at_1024_by_768_one_view_is_large_and_the_others_are_thumbnails(visit: Visit) -> None:
    page = opened(visit, 1024, 768)
    large, small = still_box(plot(page, "A")), still_box(plot(page, "B"))
    assert large["width"] > 3.5 * small["width"]
    assert large["height"] > 400
    assert 150 <= small["width"] <= 220
    assert violations(page) == []
    for letter in "AB":
        assert n_vivid(pixels_of(plot(page, letter))) > 100, letter
    view(page, "B").get_by_role("button").first.click()
    until(page, lambda: still_box(plot(page, "B"))["width"] > 600, "B to be the large one")
    assert still_box(plot(page, "A"))["width"] < 220


def test_on_a_phone_the_views_are_switched_and_overlaid(visit: Visit) -> None:
    page = opened(visit, 390, 844)
    plots = page.get_by_role("application", name="Point cloud")
    expect(plots).to_have_count(1)
    before = n_vivid(pixels_of(plot(page, "A")))
    overlay = page.get_by_role("button", name="Overlay of the others on view A")
    overlay.click()
    expect(plots).to_have_count(2)
    one, other = (still_box(plots.nth(at)) for at in (0, 1))
    assert one == other
    visit.settle()
    assert n_vivid(pixels_of(plots.first)) > 1.2 * before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    overlay.click()
    expect(plots).to_have_count(1)
