"""A partitioned projection: some points, and the density of all of them behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import projector
from projector.loaders.logdir import projected_parts
from tests.browser.conftest import a_page
from tests.browser.test_explore_access import violations
from tests.loaders.logdir.projected import write_projection

pytestmark = pytest.mark.browser


def test_the_density_of_all_points_lies_behind_some(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projected_parts, "MOST_POSITIONS", 3000)
    write_projection(tmp_path / "umap", [4000, 3000])
    with (
        projector.serve(tmp_path, port=0) as server,
        a_page(browser, server.url, (1280, 800)) as visit,
    ):
        visit.provoked.append("willReadFrequently")  # what this test reads, the page does not
        page = visit.open()
        expect(page.get_by_text("3,500 of 7,000 points, drawn at random · 2")).to_be_visible()
        note = page.get_by_text("density of all 7,000 points", exact=True)
        expect(note).to_be_visible()
        overlay = page.locator(".plot-canvas canvas").nth(1)
        # The image lies in the overlay, where nothing else is grey over so many pixels.
        painted = """(canvas) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            let n = 0;
            for (let at = 3; at < data.length; at += 4) if (data[at] > 5) n++;
            return n;
        }"""
        page.wait_for_function(
            f"(canvas) => ({painted})(canvas) > 5000", arg=overlay.element_handle()
        )
        about_note = [each for each in violations(page) if "density" in each]
        assert about_note == []
        # Another method has other coordinates.
        page.get_by_role("tab", name="PCA").click()
        expect(note).to_have_count(0)
    assert np.isfinite(projector.load(tmp_path).vectors).all()
