"""What leaves the page: an image in millimeters, a page with filters, a call in Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import until
from tests.browser.conftest import Visit
from tests.browser.pixels import Pixels, n_differing, n_vivid, pixels_of
from tests.browser.test_beside import visiting
from tests.browser.test_views import views_of

pytestmark = pytest.mark.browser

N = 240


@pytest.fixture
def see(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    rng = np.random.default_rng(0)
    groups = np.arange(N) % 3
    vectors = rng.normal(size=(N, 8)) + 4 * np.eye(8)[groups]
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float32))
    rows = [f"{'abc'[g]}\tword {i}" for i, g in enumerate(groups)]
    (tmp_path / "metadata.tsv").write_text("\n".join(["group\tname", *rows]) + "\n")
    with visiting(browser, tmp_path) as made:
        yield made


def saved(page: Page, region: str, button: str) -> Path:
    with page.expect_download() as coming:
        row = page.get_by_role("dialog", name="Share").get_by_role("region", name=region)
        row.get_by_role("button", name=button).click()
    return Path(coming.value.path())


def test_the_call_in_python_gives_the_picture(see: Visit) -> None:
    page = see.open("#method=umap&p.n_neighbors=9")
    until(page, lambda: see.state()["method"] == "umap" and not see.state()["busy"], "UMAP")
    page.get_by_role("button", name="Share").click()
    call = page.get_by_role("region", name="Python").locator("pre").inner_text()
    assert "n_neighbors=9" in call
    names: dict[str, Any] = {}
    exec(call, names)
    table = saved(page, "Projection", "TSV").read_text("utf-8").splitlines()[1:]
    shown = np.array([line.split("\t")[2:] for line in table], float)
    np.testing.assert_allclose(names["positions"], shown, rtol=1e-5, atol=1e-5)


def test_an_image_has_the_size_that_was_asked_for(see: Visit) -> None:
    page = see.open("")
    see.settle()
    page.get_by_role("button", name="Share").click()
    page.get_by_role("textbox", name="Title of the image").fill("Three groups")
    page.get_by_role("spinbutton", name="Width in mm").fill("80")
    page.get_by_role("spinbutton", name="Resolution in dpi").fill("254")
    page.keyboard.press("Tab")
    with Image.open(saved(page, "Image", "Save PNG")) as image:
        assert image.width == 800
        assert image.info["dpi"] == pytest.approx((254, 254), abs=0.1)
        colors = np.asarray(image.convert("RGB"))
    # The legend is at the right: dots in the colors of the groups beside the plot.
    right = colors[:, 660:].reshape(-1, 3).astype(int)
    assert (np.ptp(right, axis=1) > 60).sum() > 50
    svg = saved(page, "Image", "Save SVG").read_text("utf-8")
    assert 'width="80mm"' in svg
    assert "Three groups" in svg


def saved_page(page: Page, file: Path) -> Page:
    """Save all views as a web page, and open that."""
    page.get_by_role("button", name="Share").click()
    file.write_bytes(saved(page, "Web page", "Save HTML").read_bytes())
    other = page.context.browser.new_page()  # type: ignore[union-attr]
    other.goto(file.as_uri())
    return other


def test_a_saved_page_searches_and_filters(see: Visit, tmp_path: Path) -> None:
    page = see.open("")
    see.settle()
    other = saved_page(page, tmp_path / "shared.html")
    found = other.get_by_role("status")
    other.get_by_role("combobox", name="Filter by").select_option("group")
    other.get_by_role("combobox", name="Value").select_option("b")
    expect(found).to_have_text(f"{N // 3} of {N}")
    other.get_by_role("searchbox", name="Search labels").fill("word 1")
    n_words = sum(f"word {i}".startswith("word 1") and i % 3 == 1 for i in range(N))
    expect(found).to_have_text(f"{n_words} of {N}")
    other.close()


def test_a_saved_page_has_all_views_with_their_selection_and_one_camera(
    see: Visit, tmp_path: Path
) -> None:
    see.page.set_viewport_size({"width": 1440, "height": 810})
    page = see.open("#method=pca&view=method%3Dpca%26dims%3D2%26p.center%3Dfalse")
    until(page, lambda: len(views_of(page)) == 2, "two views")
    see.settle()
    page.evaluate("window.projector.select([3, 17])")
    other = saved_page(page, tmp_path / "views.html")
    plots = other.locator("figure")
    expect(plots).to_have_count(2)
    for plot, letter in zip(plots.all(), "AB", strict=True):
        expect(plot.get_by_role("heading")).to_contain_text(f"{letter}: ")
    chosen = other.get_by_label("Selection")
    expect(chosen).to_have_text("2 selected: word 3, word 17")

    def pictures() -> list[Pixels]:
        return [pixels_of(plot.locator("canvas")) for plot in plots.all()]

    def are_other(than: list[Pixels]) -> bool:
        pairs = zip(than, pictures(), strict=True)
        return all(n_differing(before, now, by=0) > 0 for before, now in pairs)

    before = pictures()
    assert min(map(n_vivid, before)) > 300
    # A turn of the wheel over one view moves both.
    box = plots.first.bounding_box()
    assert box is not None
    other.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    other.mouse.wheel(0, -400)
    until(other, lambda: are_other(before), "both to be zoomed")
    # A click beside the points selects none: the rings go, in both.
    zoomed = pictures()
    other.mouse.wheel(0, 4000)
    until(other, lambda: are_other(zoomed), "both from far away")
    far = pictures()
    other.mouse.click(box["x"] + 8, box["y"] + box["height"] - 8)
    expect(chosen).to_have_text("")
    until(other, lambda: are_other(far), "no rings")
    other.close()
