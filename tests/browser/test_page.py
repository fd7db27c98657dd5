"""The page on the demo data, by role and by name, with pixels read back."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import drag, still_box, until
from tests.browser.conftest import Visit
from tests.browser.contexts import keep_contexts, lose_and_restore
from tests.browser.pixels import Pixels, pixels_of
from tests.conftest import DEMO

pytestmark = pytest.mark.browser


def plot_pixels(page: Page) -> Pixels:
    """Return what the plot shows, (height, width, 3)."""
    return pixels_of(page.get_by_role("application", name="Point cloud"))


def colors_in(pixels: Pixels, at_least: int = 150) -> set[tuple[int, ...]]:
    """Return the saturated colors, in steps of 32, that cover so many pixels."""
    flat = pixels.reshape(-1, 3)
    vivid = flat[np.ptp(flat.astype(int), axis=1) > 60] // 32
    colors, counts = np.unique(vivid, axis=0, return_counts=True)
    return {tuple(map(int, color)) for color in colors[counts >= at_least]}


def place(page: Page, index: int) -> dict[str, float]:
    found: dict[str, float] | None = page.evaluate(f"window.projector.screenPosition({index})")
    assert found is not None, f"point {index} is not on the screen"
    return found


def isolated_point(page: Page) -> int:
    """Return a point that no other one is near on the screen."""
    places = page.evaluate(
        "Array.from({length: 1797}, (_, i) => window.projector.screenPosition(i))"
    )
    table = np.array([[p["x"], p["y"]] if p else [np.nan] * 2 for p in places])
    box = still_box(page.get_by_role("application", name="Point cloud"))
    inside = (
        (table[:, 0] > box["x"] + 40)
        & (table[:, 0] < box["x"] + box["width"] - 40)
        & (table[:, 1] > box["y"] + 60)
        & (table[:, 1] < box["y"] + box["height"] - 40)
    )
    gaps = np.linalg.norm(table[:, None] - table[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    nearest = np.where(inside, np.nanmin(gaps, axis=1), -1)
    return int(np.nanargmax(nearest))


def choose_method(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_the_page_draws_every_point_in_its_color(visit: Visit) -> None:
    page = visit.open()
    assert visit.state()["method"] == "pca"
    assert visit.stats()["pointsDrawn"] == 1797
    assert len(colors_in(plot_pixels(page))) >= 8, "ten digits, ten colors"
    expect(page.get_by_text("1,797 points")).to_be_visible()


def test_what_the_page_offers_to_programs_is_documented(visit: Visit) -> None:
    page = visit.open()
    text = (DEMO.parent / "docs/page.md").read_text("utf-8")
    offers = page.evaluate("Object.keys(window.projector)")
    for name in [*offers, *visit.state(), *visit.stats()]:
        assert re.search(rf"^\|[^|]*`{name}\b", text, re.MULTILINE), name


def test_the_page_is_small(visit: Visit) -> None:
    """What the page itself names has to be there before a picture; all else comes meanwhile."""
    page = visit.open()
    html = page.request.get(page.url.partition("#")[0]).text()
    scripts = re.findall(r'src="([^"]+\.js)"', html)
    assert scripts
    packed = [
        len(gzip.compress(page.request.get(urljoin(page.url, each)).body())) for each in scripts
    ]
    assert sum(packed) <= 150_000, "bytes of script, gzipped"


def test_it_opens_on_the_last_step(visit: Visit) -> None:
    visit.open()
    assert visit.state()["step"] == 2000


def test_hover_and_click_hit_the_point_that_screen_position_names(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    index = isolated_point(page)
    at = place(page, index)
    page.mouse.move(at["x"] + 1, at["y"] + 1)
    until(page, lambda: visit.state()["hover"] == index, "hover")
    page.mouse.click(at["x"] + 1, at["y"] + 1)
    until(page, lambda: visit.state()["selection"] == [index], "selection")
    page.mouse.move(5, 400)
    until(page, lambda: visit.state()["hover"] is None, "no hover")


def test_a_selected_point_shows_its_data_and_its_true_neighbors(visit: Visit) -> None:
    page = visit.open("#run=mlp-relu-16")
    page.evaluate("window.projector.select([7])")
    inspector = page.get_by_role("complementary", name="Inspector")
    expect(inspector.get_by_role("rowheader", name="confidence")).to_be_visible()
    found = page.evaluate(
        """async () => {
            const log = await (await fetch('/api/v1/log')).json();
            const now = window.projector.state();
            const entry = log.entries.find(
                e => e.run === now.run && e.name === now.tensor && e.step === now.step);
            const url = `/api/v1/datasets/${entry.id}/points/7/neighbors?k=10&metric=cosine`;
            return await (await fetch(url)).json();
        }"""
    )
    rows = inspector.get_by_role("listbox", name="Neighbors").get_by_role("option")
    expect(rows.first).to_contain_text(f"{found['distances'][0]:.3g}"[:5])
    rows.first.click()
    until(page, lambda: visit.state()["selection"] == [found["indices"][0]], "the neighbor")
    page.get_by_role("button", name="Previous selection").click()
    until(page, lambda: visit.state()["selection"] == [7], "back")


def test_coloring_by_another_column_changes_the_drawn_colors(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    digits = colors_in(plot_pixels(page))
    page.get_by_role("combobox", name="Color by").select_option("correct")
    until(page, lambda: len(colors_in(plot_pixels(page))) < len(digits), "two colors")
    yes_and_no = colors_in(plot_pixels(page))
    page.get_by_role("combobox", name="Color by").select_option("confidence")
    until(page, lambda: visit.state()["colorScale"] == "numeric", "ramp")
    until(page, lambda: colors_in(plot_pixels(page)) != yes_and_no, "a ramp of colors")


def test_another_step_moves_the_points_and_keeps_the_view(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("window.projector.select([3, 4])")
    visit.settle()
    before = place(page, 5)
    page.get_by_role("button", name="Previous step").click()
    until(page, lambda: visit.state()["step"] == 1000, "step")
    until(page, lambda: place(page, 5) != before, "movement")
    assert visit.state()["selection"] == [3, 4]
    assert visit.state()["color"] == "label"


def test_umap_streams_frames_and_its_result_is_another_picture(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    before = place(page, 5)
    choose_method(page, "UMAP")
    # Another number of epochs than other tests have: what is in the cache has nothing to stream.
    page.get_by_text("Advanced").click()
    page.get_by_role("textbox", name="n_epochs", exact=True).fill("2777")
    page.get_by_role("button", name="Run UMAP").click()
    until(page, lambda: visit.stats()["streamedFrames"] >= 3, "three frames")
    until(page, lambda: not visit.state()["live"], "the end")
    assert visit.state()["method"] == "umap"
    assert place(page, 5) != before
    choose_method(page, "PCA")
    until(page, lambda: visit.state()["method"] == "pca", "PCA again")
    until(page, lambda: place(page, 5) == before, "the former picture")


@pytest.mark.parametrize("method", ["UMAP", "t-SNE"])
def test_a_run_can_be_stopped(visit: Visit, method: str) -> None:
    page = visit.open()
    choose_method(page, method)
    page.get_by_text("Advanced").click()
    long = {"UMAP": "n_epochs", "t-SNE": "n_iter"}[method]
    page.get_by_role("textbox", name=long, exact=True).fill("5000")
    page.get_by_role("button", name=f"Run {method}").click()
    until(page, lambda: visit.stats()["streamedFrames"] >= 2, "movement")
    page.get_by_role("button", name="Stop").click()
    until(page, lambda: not visit.state()["live"], "stop")
    frames = visit.stats()["streamedFrames"]
    page.wait_for_timeout(500)
    assert visit.stats()["streamedFrames"] == frames
    expect(page.get_by_role("button", name=f"Run {method}")).to_be_enabled()


def test_nothing_is_drawn_and_nothing_asked_while_nobody_asks(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    frames, requests = visit.stats()["frames"], len(visit.requests)
    page.wait_for_timeout(2000)
    assert visit.stats()["frames"] == frames
    assert visit.requests[requests:] == []


def test_2d_pans_and_zooms_and_3d_turns(visit: Visit) -> None:
    page = visit.open()
    plot = page.get_by_role("application", name="Point cloud")
    visit.settle()
    one, two = place(page, 5), place(page, 6)
    drag(page, plot, (300, 250), (60, 30))
    until(page, lambda: place(page, 5)["x"] - one["x"] > 55, "pan")
    visit.settle()
    moved, other = place(page, 5), place(page, 6)
    assert moved["x"] - one["x"] == pytest.approx(60, abs=2)
    assert other["y"] - two["y"] == pytest.approx(30, abs=2)
    page.mouse.wheel(0, -400)
    until(page, lambda: place(page, 5) != moved, "zoom")
    page.get_by_role("radio", name="3D").check(force=True)
    until(page, lambda: visit.state()["dims"] == 3, "3D")
    visit.settle()
    before = place(page, 5)
    drag(page, plot, (300, 250), (60, 30))
    until(page, lambda: place(page, 5) != before, "turn")


def test_search_finds_and_selects(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("/")
    box = page.get_by_role("textbox", name="Search points")
    expect(box).to_be_focused()
    page.get_by_role("combobox", name="Search in column").select_option("label")
    box.fill("7")
    expect(page.get_by_text("179 matches")).to_be_visible()
    page.get_by_role("listbox", name="Search results").get_by_role("option").first.click()
    until(page, lambda: len(visit.state()["selection"]) == 1, "selection")


def test_images_are_drawn_at_the_points(visit: Visit) -> None:
    page = visit.open()
    visit.settle()
    before = plot_pixels(page)
    page.get_by_role("checkbox", name="Images").check(force=True)
    until(page, lambda: visit.state()["sprites"], "sprites")
    until(page, lambda: np.abs(plot_pixels(page).astype(int) - before).mean() > 1, "images")


def test_light_and_dark(visit: Visit) -> None:
    page = visit.open()
    button = page.get_by_role("button", name="Theme")
    seen = set()
    for _ in range(3):
        button.click()
        visit.settle()
        seen.add((visit.state()["theme"], int(plot_pixels(page)[3, 300].mean()) > 128))
    assert seen == {("light", True), ("dark", False)}


def test_the_address_restores_the_view(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("combobox", name="Color by").select_option("split")
    page.get_by_role("button", name="Previous step").click()
    until(page, lambda: visit.state()["step"] == 1000, "step")
    until(page, lambda: "step=1000" in page.url and ".split" in page.url, "the address")
    page.reload()
    visit.ready()
    state = visit.state()
    assert (state["step"], state["color"]) == (1000, "split")


def test_a_lost_context_comes_back(visit: Visit) -> None:
    keep_contexts(visit.page)
    page = visit.open()
    visit.settle()
    before = plot_pixels(page)
    lose_and_restore(page)
    until(page, lambda: np.abs(plot_pixels(page).astype(int) - before).mean() < 1, "the picture")


def test_a_pattern_between_slashes_is_a_regular_expression(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("combobox", name="Search in column").select_option("label")
    box = page.get_by_role("textbox", name="Search points")
    box.fill("/^[07]$/")
    expect(page.get_by_text("357 matches")).to_be_visible()
    assert not [c for c in visit.complaints if "400" in c]


def test_a_link_whose_parameters_are_refused_still_opens_and_says_why(visit: Visit) -> None:
    page = visit.open("#method=umap&p.n_neighbors=99999")
    assert visit.state()["method"] == "pca"
    assert visit.stats()["pointsDrawn"] == 1797
    expect(page.get_by_text("must be a whole number from").first).to_be_visible()
    # The browser itself tells of the refused request.
    assert any("400" in complaint for complaint in visit.complaints)
    visit.complaints.clear()
