"""Making pictures: components, pause, what was made before; by role and by name."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acting import until
from tests.browser.conftest import Visit
from tests.browser.test_page import place

pytestmark = pytest.mark.browser

RUN = "#run=cnn-tanh-32"


def test_components_are_chosen_and_their_variance_is_said(visit: Visit) -> None:
    page = visit.open(RUN)
    visit.settle()
    components = page.get_by_role("group", name="Components")
    expect(components).to_contain_text("42.6 % of the variance is shown")
    before = place(page, 5)
    components.get_by_role("combobox", name="Y").select_option("4")
    expect(components).not_to_contain_text("42.6 %")
    until(page, lambda: place(page, 5)["y"] != before["y"], "another axis")
    visit.settle()
    assert place(page, 5)["x"] == pytest.approx(before["x"], abs=40), "the other axis stays"
    asked = [url for url in visit.requests if url.endswith("/projections")]
    assert len(asked) <= 2, "another component is another view of one PCA, and its measure"


def test_a_run_is_paused_and_goes_on(visit: Visit) -> None:
    page = visit.open(RUN)
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("textbox", name="n_iter").fill("3333")
    page.get_by_role("button", name="Run t-SNE").click()
    until(page, lambda: visit.stats()["streamedFrames"] >= 2, "movement")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("progressbar", name="Paused")).to_be_visible()
    # What was on its way when it was paused may still come.
    n_frames = -1

    def has_stopped() -> bool:
        nonlocal n_frames
        before, n_frames = n_frames, int(visit.stats()["streamedFrames"])
        page.wait_for_timeout(400)
        return bool(visit.stats()["streamedFrames"] == n_frames == before)

    until(page, has_stopped, "no more frames")
    page.get_by_role("button", name="Resume").click()
    until(page, lambda: visit.stats()["streamedFrames"] > n_frames, "movement again")
    page.get_by_role("button", name="Stop").click()
    until(page, lambda: not visit.state()["live"], "stop")


def test_what_was_computed_is_back_at_once(visit: Visit) -> None:
    page = visit.open(RUN)
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("textbox", name="n_iter").fill("70")
    page.get_by_role("button", name="Run t-SNE").click()
    until(page, lambda: visit.state()["method"] == "tsne", "the new picture")
    until(page, lambda: not visit.state()["live"], "its end")
    visit.settle()
    page.get_by_text("Previous projections").click()
    made = page.get_by_role("list").get_by_role("button", name="PCA", exact=True)
    asked = len(visit.requests)
    made.click()
    until(page, lambda: visit.state()["method"] == "pca", "the one before")
    frames = [url for url in visit.requests[asked:] if "/frames" in url]
    assert frames == [], "nothing is computed again"
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("c")
    until(page, lambda: visit.state()["method"] == "tsne", "and back by one key")
