"""Bookmarks and downloads: files that the page makes and reads, by role and by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.acting import until
from tests.browser.conftest import Visit
from tests.browser.test_beside import visiting

pytestmark = pytest.mark.browser

OPEN = "#run=cnn-tanh-32"


def download(page: Page, region: str, button: str) -> Any:
    with page.expect_download() as coming:
        row = page.get_by_role("dialog", name="Share").get_by_role("region", name=region)
        row.get_by_role("button", name=button).click()
    return coming.value


def text_of(found: Any) -> str:
    return Path(found.path()).read_text("utf-8")


def test_everything_shown_becomes_a_file(visit: Visit) -> None:
    page = visit.open(OPEN)
    page.evaluate("window.projector.select([3, 129])")
    page.get_by_role("button", name="Share").click()
    rows = text_of(download(page, "Projection", "TSV")).splitlines()
    assert rows[0].split("\t") == ["row", "label", "x", "y"]
    assert len(rows) == 1798
    assert rows[4].split("\t")[0] == "3"
    metadata = text_of(download(page, "Metadata", "TSV")).splitlines()
    assert metadata[0].startswith("label\t")
    assert len(metadata) == 1798
    selected = text_of(download(page, "Selection", "TSV")).splitlines()
    assert [line.split("\t")[0] for line in selected] == ["row", "3", "129"]
    assert text_of(download(page, "Image", "Save SVG")).count("<circle") == 1797
    png = download(page, "Image", "Save PNG")
    assert Path(png.path()).read_bytes().startswith(b"\x89PNG")


def test_some_points_are_named_and_all_where_few_are_in_view(
    browser: Browser, tmp_path: Path
) -> None:
    vectors = np.random.default_rng(3).normal(size=(600, 3)).astype(np.float32)
    np.savetxt(tmp_path / "vectors.tsv", vectors, delimiter="\t")
    (tmp_path / "metadata.tsv").write_text("\n".join(f"word {i}" for i in range(600)) + "\n")
    with visiting(browser, tmp_path) as visit:
        page = visit.open("#dims=2")
        visit.settle()

        def names() -> int:
            """Return how many names the picture has."""
            page.get_by_role("button", name="Share").click()
            picture = text_of(download(page, "Image", "Save SVG"))
            page.keyboard.press("Escape")
            return picture.count(">word ")

        assert 10 < names() <= 60, "600 names are not to be read"
        page.evaluate("window.projector.select(Array.from({length: 150}, (_, i) => i))")
        page.get_by_role("button", name="Isolate").click()
        page.evaluate("window.projector.select([])")
        visit.settle()
        assert 40 < names() <= 150
        page.get_by_role("checkbox", name="Point names").uncheck()
        visit.settle()
        assert names() == 0
        until(page, lambda: "points=0" in page.url, "the address")


def test_the_web_page_draws_and_tells_labels_without_a_server(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(OPEN)
    page.get_by_role("button", name="Share").click()
    file = tmp_path / "colleague.html"
    download(page, "Web page", "Save HTML").save_as(file)
    other = page.context.browser.new_page()  # type: ignore[union-attr]
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(file.as_uri())
    card = other.locator("#card")
    places = iter(list(range(300, 1000, 12)) * 50)

    def is_told() -> bool:
        other.mouse.move(next(places), 330)
        return card.is_visible()

    until(other, is_told, "the card of a point")
    assert card.inner_text().strip() in {str(digit) for digit in range(10)}
    assert asked == [file.as_uri()]
    other.close()


def test_a_bookmark_brings_everything_back_after_a_reload(visit: Visit) -> None:
    page = visit.open(OPEN)
    page.evaluate("window.projector.select([3, 129])")
    page.get_by_role("combobox", name="Color by").select_option("split")
    page.get_by_role("tab", name="Bookmarks").click()
    page.get_by_role("button", name="Bookmark this view").click()
    page.evaluate("window.projector.select([])")
    page.get_by_role("combobox", name="Color by").select_option("label")
    until(page, lambda: "selected=" not in page.url and "split" not in page.url, "the address")
    page.reload()
    visit.ready()
    page.get_by_role("tab", name="Bookmarks").click()
    page.get_by_role("button", name="Show View 1").click()
    until(page, lambda: visit.state()["selection"] == [3, 129], "the selection")
    assert visit.state()["color"] == "split"
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save file").click()
    saved = json.loads(text_of(coming.value))
    assert saved["bookmarks"][0]["name"] == "View 1"


def test_a_bookmark_of_tensorboard_opens(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(OPEN)
    state = {
        "label": "from TensorBoard",
        "selectedProjection": "pca",
        "pcaComponentDimensions": [1, 2],
        "selectedPoints": [5, 6],
        "selectedColorOptionName": "split",
    }
    file = tmp_path / "state"
    file.write_text(json.dumps([state]), "utf-8")
    page.get_by_role("tab", name="Bookmarks").click()
    page.get_by_label("Bookmark file").set_input_files(file)
    until(page, lambda: visit.state()["selection"] == [5, 6], "the selection")
    assert visit.state()["color"] == "split"
    assert visit.state()["dims"] == 2
