"""What the log itself offers beside its embeddings, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.acting import until
from tests.browser.test_beside import visiting

pytestmark = pytest.mark.browser

STATES = [
    {
        "label": "two of them",
        "selectedProjection": "pca",
        "pcaComponentDimensions": [0, 1],
        "selectedPoints": [3, 5],
    },
    {"label": "<b>bold</b>", "selectedProjection": "pca", "pcaComponentDimensions": [0, 1, 2]},
]


def write_log(folder: Path, bookmarks: str) -> Path:
    np.savetxt(folder / "vectors.tsv", np.random.default_rng(0).normal(size=(30, 4)))
    text = (folder / "vectors.tsv").read_text().replace(" ", "\t")
    (folder / "vectors.tsv").write_text(text)
    (folder / "kept.txt").write_text(bookmarks)
    (folder / "projector_config.pbtxt").write_text(
        'embeddings {\n  tensor_name: "emb"\n  tensor_path: "vectors.tsv"\n'
        '  bookmarks_path: "kept.txt"\n}\n'
    )
    return folder


def test_bookmarks_of_the_log_are_opened_by_a_click(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, write_log(tmp_path, json.dumps(STATES))) as visit:
        page = visit.open()
        assert not any(url.endswith("/bookmarks") for url in visit.requests), "nobody has asked"
        page.get_by_role("tab", name="Bookmarks").click()
        offered = page.get_by_role("region", name="Bookmarks from the log directory")
        buttons = offered.get_by_role("button")
        expect(buttons).to_have_text(["two of them", "<b>bold</b>"])
        buttons.first.click()
        until(page, lambda: visit.state()["selection"] == [3, 5], "its selection")
        until(page, lambda: visit.state()["dims"] == 2, "its dimensions")
        buttons.nth(1).press("Enter")
        until(page, lambda: visit.state()["dims"] == 3, "the other one's")
        assert visit.state()["selection"] == []
        asked = [url for url in visit.requests if url.endswith("/bookmarks")]
        assert len(asked) == 1


def test_a_file_that_holds_no_bookmarks_is_a_problem(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, write_log(tmp_path, "no bookmarks")) as visit:
        page = visit.open()
        page.get_by_role("tab", name="Bookmarks").click()
        expect(page.get_by_role("button", name="Bookmark this view")).to_be_visible()
        expect(page.get_by_role("region", name="Bookmarks from the log directory")).to_have_count(0)
        page.get_by_role("button", name="1 problem").click()
        expect(page.get_by_role("dialog")).to_contain_text("is not JSON")


def test_a_run_without_scalars_is_not_asked_for_them(browser: Browser, tmp_path: Path) -> None:
    for step in (1, 2):
        np.save(tmp_path / f"emb-step{step}.npy", np.random.default_rng(step).normal(size=(9, 3)))
    with visiting(browser, tmp_path) as visit:
        visit.open()
        visit.settle()
        expect(visit.page.get_by_role("region", name="Scalars")).to_have_count(0)
        assert not any(url.endswith("/scalars") for url in visit.requests)
