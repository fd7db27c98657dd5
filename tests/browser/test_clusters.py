"""Clusters on the page: they come by themselves, are named, say why, select, and are a column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import until
from tests.browser.conftest import Visit
from tests.browser.test_beside import visiting
from tests.browser.test_explore_files import download, text_of

pytestmark = pytest.mark.browser

N = 6000
AREAS = ("sport", "food", "music")
TOPICS = ("goal", "racket", "bread", "fruit", "piano", "jazz")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviews")
    rng = np.random.default_rng(0)
    areas = np.repeat(np.eye(3, 8) * 12, 2, axis=0)
    topics = areas + np.tile([[0.0], [1.0]], (3, 1)) * np.eye(8)[3] * 4
    topic = rng.permutation(N) % 6
    np.save(folder / "reviews.npy", (topics[topic] + rng.normal(size=(N, 8)) * 0.4).astype("f4"))
    usual = rng.choice(["the", "of", "and", "to"], (N, 4))
    lines = [
        f"{' '.join(some)} {AREAS[t // 2]} {TOPICS[t]} n{row}"
        for row, (some, t) in enumerate(zip(usual, topic.tolist(), strict=True))
    ]
    (folder / "metadata.tsv").write_text("\n".join(["review", *lines]) + "\n")
    return folder


@pytest.fixture(scope="module")
def visit(browser: Browser, log: Path) -> Iterator[Visit]:
    with visiting(browser, log) as made:
        made.open("#dims=2")
        made.settle()
        yield made


def names_in(page: Page) -> list[str]:
    """Return the names of clusters in the picture, as the exported SVG has them."""
    page.get_by_role("button", name="Share").click()
    # A legend of the clusters has their names, too.
    page.get_by_role("checkbox", name="Legend").uncheck()
    picture = text_of(download(page, "Image", "Save SVG"))
    page.keyboard.press("Escape")
    texts = [part.split("<")[0] for part in picture.split("<text ")[1:]]
    return [text.split(">")[1] for text in texts if any(word in text for word in TOPICS + AREAS)]


def place_of_a_name(page: Page) -> tuple[float, float]:
    """Move over the plot until the card of a cluster comes, and return where."""
    box = page.get_by_role("application", name="Point cloud").bounding_box()
    assert box is not None
    places = [
        (box["x"] + x, box["y"] + y)
        for y in range(40, int(box["height"]) - 10, 9)
        for x in range(20, int(box["width"]) - 10, 30)
    ]
    for place in places:
        page.mouse.move(*place)
        if page.locator(".cluster-card").count():
            return place
    raise AssertionError("no name answers to the pointer")


def test_they_come_by_themselves_and_color_the_points(visit: Visit) -> None:
    page = visit.page
    expect(page.get_by_text("6 clusters")).to_be_visible()
    assert visit.state()["color"] == "cluster"
    options = page.get_by_role("combobox", name="Color by").locator("option")
    assert "cluster" in options.all_inner_texts()
    legend = page.get_by_role("region", name="Color").inner_text()
    for word in TOPICS:
        assert word in legend


def test_their_names_are_broad_far_away_and_finer_near(visit: Visit) -> None:
    page = visit.page
    far = names_in(page)
    assert len(far) == len(AREAS)
    place = page.evaluate("window.projector.screenPosition(0)")
    page.mouse.move(place["x"], place["y"])
    for _ in range(5):
        page.mouse.wheel(0, -300)
    visit.settle()
    near = names_in(page)
    assert near
    assert not set(far) & set(near)
    page.get_by_role("application", name="Point cloud").focus()
    page.keyboard.press("Home")
    visit.settle()
    assert sorted(names_in(page)) == sorted(far)


def test_a_name_says_why_and_selects_its_cluster(visit: Visit) -> None:
    page = visit.page
    place = place_of_a_name(page)
    card = page.locator(".cluster-card").inner_text()
    assert any(word in card for word in TOPICS)
    assert "points" in card
    assert "Lift" in card
    page.mouse.click(*place)
    until(page, lambda: len(visit.state()["selection"]) >= N // 6 - 50, "the selection")
    page.evaluate("window.projector.select([])")


def test_they_can_be_found_in_the_picture_and_their_names_be_switched_off(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Find them in this picture").click()
    expect(page.get_by_text("found in the picture")).to_be_visible()
    visit.settle()
    page.get_by_role("checkbox", name="Cluster names").uncheck()
    visit.settle()
    assert names_in(page) == []
    page.get_by_role("checkbox", name="Cluster names").check()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog", name="Commands").wait_for()
    page.keyboard.type("Find clusters")
    page.get_by_role("option").filter(has_text="Find clusters").first.click()
    expect(page.get_by_text("found among the vectors")).to_be_visible()
