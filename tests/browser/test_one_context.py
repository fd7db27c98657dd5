"""Many views, one WebGL context: what each shows, selects and saves, and when nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

import projector
from projector.server.server import Server
from tests.browser.acting import drag, still_box, until
from tests.browser.conftest import Visit, a_page
from tests.browser.contexts import keep_contexts, lose_and_restore, n_contexts
from tests.browser.pixels import n_differing, pixels_of, strong_hues
from tests.browser.test_explore_access import violations
from tests.browser.test_views import rows, views_of

pytestmark = pytest.mark.browser

N = 400
#: One more view, of the other run.
OTHER = "&view=run%3Db"
FOUR = "#run=a" + OTHER + OTHER + "&view=run%3Da"
N_MANY = 500_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve two runs with the same points at other places: they are drawn as they are."""
    log = tmp_path_factory.mktemp("two")
    rng = np.random.default_rng(4)
    groups = np.arange(N) % 6
    labels = "\n".join(["group\tpart", *(f"g{g}\tp{i % 5}" for i, g in enumerate(groups))])
    centers = 6 * rng.normal(size=(6, 2))
    for run, turn in (("a", np.eye(2)), ("b", np.array([[0.0, -1], [1, 0]]))):
        (log / run).mkdir()
        at = (centers[groups] + rng.normal(size=(N, 2))) @ turn
        np.save(log / run / "flat.npy", at.astype(np.float32))
        (log / run / "metadata.tsv").write_text(labels + "\n")
    with projector.serve(log, port=0) as made:
        yield made


@pytest.fixture
def see(browser: Browser, server: Server) -> Iterator[Visit]:
    with a_page(browser, server.url) as made:
        yield made


def plots(page: Page) -> list[Locator]:
    return page.get_by_role("application", name="Point cloud").all()


def open_views(visit: Visit, fragment: str, n_views: int) -> Page:
    """Open so many views, with their contexts kept, and wait until all of them rest."""
    keep_contexts(visit.page)
    page = visit.open(fragment)
    until(page, lambda: len(views_of(page)) == n_views, f"{n_views} views")
    visit.settle()
    drawn = "window.projector.views().map(({id}) => window.projector.stats(id))"
    until(
        page,
        lambda: all(each["pointsDrawn"] > 0 and each["isWhole"] for each in page.evaluate(drawn)),
        "all points of all views",
    )
    return page


@pytest.mark.parametrize("n_views", [1, 4, 12])
def test_a_page_has_one_context(see: Visit, n_views: int) -> None:
    page = open_views(see, "#run=a" + OTHER * (n_views - 1), n_views)
    assert n_contexts(page) == 1
    assert page.evaluate("window.contexts.length") == 1
    if n_views == 1:
        return
    page.get_by_role("button", name="Close view B").click()
    until(page, lambda: len(views_of(page)) == n_views - 1, "one view less")
    see.settle()
    assert n_contexts(page) == 1


def test_each_view_has_its_own_picture(see: Visit) -> None:
    page = open_views(see, FOUR, 4)
    assert violations(page) == []
    pictures = [pixels_of(plot) for plot in plots(page)]
    assert all(len(strong_hues(picture)) >= 5 for picture in pictures)
    # Views may differ in size by a pixel.
    height, width = np.min([picture.shape[:2] for picture in pictures], axis=0)

    def differing(a: int, b: int) -> int:
        return n_differing(pictures[a][:height, :width], pictures[b][:height, :width], by=90)

    # The second and the third view show the same, the others another run.
    assert differing(1, 2) < 0.1 * differing(0, 1)
    assert differing(0, 1) > 500
    assert differing(2, 3) > 500


def test_equal_colors_of_four_views_are_uploaded_once(see: Visit) -> None:
    page = open_views(see, "#run=a" + OTHER * 3, 4)
    uploaded = "window.projector.views().map(({id}) => window.projector.stats(id).bytesUploaded)"
    color = page.get_by_role("combobox", name="Color by", exact=True)
    if not color.is_visible():
        # Panels make room for several views in a small window.
        page.get_by_role("button", name="Left panel").click()
    color.wait_for()
    see.settle()
    before = sum(page.evaluate(uploaded))
    color.select_option(label="part")
    until(page, lambda: sum(page.evaluate(uploaded)) > before, "other colors")
    see.settle()
    # Two bytes a point of colors, perhaps one of flags; each view by itself would need eight.
    assert 2 * N <= sum(page.evaluate(uploaded)) - before <= 3 * N


def test_nothing_is_drawn_while_nothing_changes(see: Visit) -> None:
    see.page.add_init_script(
        """window.nFrames = 0;
        const real = window.requestAnimationFrame;
        window.requestAnimationFrame = (callback) => {
            window.nFrames += 1;
            return real(callback);
        };
        """
    )
    page = open_views(see, FOUR, 4)
    drawn = "window.projector.views().map(({id}) => window.projector.stats(id).frames)"
    before = page.evaluate(drawn)
    # A second of frames that the browser had to give, had anybody asked.
    counted = """() => new Promise(done => {
        const before = window.nFrames;
        setTimeout(() => done(window.nFrames - before), 1000);
    })"""
    assert page.evaluate(counted) == 0
    assert page.evaluate(drawn) == before
    box = still_box(plots(page)[1])
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -120)
    until(
        page,
        lambda: all(now > old for now, old in zip(page.evaluate(drawn), before, strict=True)),
        "all linked views to be drawn",
    )


def test_a_lost_context_comes_back_in_all_views(see: Visit) -> None:
    page = open_views(see, FOUR, 4)
    before = [pixels_of(plot).astype(int) for plot in plots(page)]
    lose_and_restore(page)
    assert n_contexts(page) == 1
    for at, plot in enumerate(plots(page)):
        until(
            page,
            lambda at=at, plot=plot: np.abs(pixels_of(plot) - before[at]).mean() < 1,  # type: ignore[misc]
            f"the picture of view {at}",
        )


def test_an_image_is_of_one_view(see: Visit) -> None:
    page = open_views(see, FOUR, 4)
    page.get_by_role("button", name="B: ").click()
    second = pixels_of(plots(page)[1])
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as coming:
        image = page.get_by_role("dialog", name="Share").get_by_role("region", name="Image")
        image.get_by_role("button", name="Save PNG").click()
    with Image.open(Path(coming.value.path())) as saved:
        colors = np.asarray(saved.convert("RGB"))
    assert strong_hues(colors) >= strong_hues(second)
    # Saved by itself, the view is neither the page nor another view's size.
    ink = n_differing(colors, colors[:1, :1], by=60) / (colors.shape[0] * colors.shape[1])
    assert 0.01 < ink < 0.6


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    rng = np.random.default_rng(3)
    flat = rng.normal(size=(N_MANY, 2)).astype(np.float32)
    flat[7] = (9, 0)
    for name in ("one", "other"):
        folder = tmp_path_factory.getbasetemp() / "twice" / name
        folder.mkdir(parents=True)
        np.save(folder / "flat.npy", flat if name == "one" else flat[:, ::-1].copy())
    with projector.serve(tmp_path_factory.getbasetemp() / "twice", port=0) as made:
        yield made


@pytest.mark.slow
def test_half_a_million_points_are_selected_in_both_views(browser: Browser, many: Server) -> None:
    with a_page(browser, many.url, (1000, 640)) as visit:
        page = open_views(visit, "#run=one&view=run%3Dother", 2)
        first = plots(page)[0]
        box = still_box(first)
        at = page.evaluate("window.projector.screenPosition(7, '1')")
        page.keyboard.press("b")
        drag(page, first, (at["x"] - box["x"] - 15, at["y"] - box["y"] - 15), (30, 30))
        until(page, lambda: rows(page, "1") == [7], "the point that stands alone")
        until(page, lambda: rows(page, "2") == [7], "the same point in the other view")
        page.evaluate("window.projector.select(Array.from({length: 200000}, (_, i) => 2 * i), '2')")
        until(page, lambda: len(rows(page, "1")) == 200_000, "many points")
        visit.settle()
