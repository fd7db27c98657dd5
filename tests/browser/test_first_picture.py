"""The first picture of real data: forty topics, skewed prices, many users; on a phone, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import projector
from projector.server.server import Server
from tests.browser.acting import still_box, tap_open_or_shut, until
from tests.browser.conftest import Visit, a_page
from tests.browser.pixels import Pixels
from tests.browser.test_explore_access import violations
from tests.browser.test_explore_files import download, text_of
from tests.browser.test_page import colors_in, place, plot_pixels

pytestmark = pytest.mark.browser

N = 6000
TOPICS = 40


def write_log(log: Path) -> None:
    rng = np.random.default_rng(4)
    topic = np.arange(N) % TOPICS
    centers = rng.normal(size=(TOPICS, 6)) * 5
    price = np.exp(rng.normal(4, 1.5, N))
    day = np.datetime64("2018-01-01") + rng.integers(0, 2000, N)
    for run in ("a", "b"):
        (log / run).mkdir()
        spread = rng.normal(size=(N, 6)) + (0 if run == "a" else 40 * rng.normal(size=6))
        np.save(log / run / "docs.npy", (centers[topic] + spread).astype(np.float32))
        lines = ["doc_id\ttopic\tuser\tprice\tadded\ttitle"]
        lines += [
            f"{i}\ttopic {topic[i]:02d}\tu{i % 1400}\t{price[i]:.2f}\t{day[i]}\tdocument no {i}"
            for i in range(N)
        ]
        (log / run / "metadata.tsv").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("topics")
    write_log(log)
    with projector.serve(log, port=0) as made:
        yield made


@pytest.fixture
def see(browser: Browser, server: Server) -> Iterator[Visit]:
    with a_page(browser, server.url) as visit:
        yield visit


def vivid(pixels: Pixels) -> float:
    """Return the share of the drawn pixels that have a color and are not grey."""
    spread = np.ptp(pixels.astype(int), axis=2)
    drawn = (np.abs(pixels.astype(int) - pixels[2, 300].astype(int)).sum(axis=2) > 40).sum()
    return float((spread > 40).sum() / max(1, drawn))


def test_colors_tell_whatever_the_column_holds(see: Visit) -> None:
    # Names come a moment after the points rest, and are no colors.
    page = see.open("#run=a&points=0&names=0")
    see.settle()
    legend = page.get_by_role("list", name="Legend")
    expect(legend.get_by_role("button")).to_have_count(TOPICS)
    expect(legend).not_to_contain_text("other")
    assert len(colors_in(plot_pixels(page), 60)) >= 20
    # One tab stop for forty entries; arrow keys lead on.
    legend.get_by_role("button").nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(legend.get_by_role("button").nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.legend')") is None
    # The legend is replaced under a resting pointer: nothing turns grey for good.
    colored = vivid(plot_pixels(page))
    legend.get_by_role("button").nth(3).hover()
    see.settle()
    assert vivid(plot_pixels(page)) < colored / 3
    choose = page.get_by_role("combobox", name="Color by")
    offered = choose.get_by_role("option").all_inner_texts()
    assert "title" not in offered
    assert "doc_id" not in offered
    choose.select_option("price")
    see.settle()
    assert vivid(plot_pixels(page)) > colored / 3
    expect(page.get_by_text("Logarithmic scale, because the values are skewed.")).to_be_visible()
    high = page.get_by_role("slider", name="Highest color of price")
    before = plot_pixels(page)
    for _ in range(3):
        high.press("PageDown")
    page.mouse.move(640, 5)
    see.settle()
    assert (plot_pixels(page) != before).any(axis=2).mean() > 0.005
    expect(page.get_by_text("Beyond the ends:")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Reset ends").click()
    page.mouse.move(640, 5)
    see.settle()
    assert (plot_pixels(page) != before).any(axis=2).mean() < 0.001
    choose.select_option("added")
    expect(page.locator(".calendar-tick").first).to_have_text("2018")
    choose.select_option("user")
    expect(page.get_by_text("Too many values for colors.")).to_be_visible()
    see.settle()
    assert vivid(plot_pixels(page)) < 0.02
    page.get_by_role("textbox", name="Find a value of user").fill("u77")
    page.get_by_role("list", name="Other categories").get_by_role("button", name="u777").click()
    page.mouse.move(640, 5)
    see.settle()
    assert len(colors_in(plot_pixels(page), 10)) >= 1


def test_nothing_vanishes_or_jumps_and_nothing_is_put_back_in_silence(see: Visit) -> None:
    page = see.open("#run=a")
    see.settle()
    color = page.get_by_role("combobox", name="Color by")
    stands = still_box(color)
    plot = still_box(page.get_by_role("application", name="Point cloud"))
    page.mouse.move(plot["x"] + 8, plot["y"] + plot["height"] - 40)
    for _ in range(8):
        page.mouse.wheel(0, -400)
    expect(page.get_by_text("Points are out of view")).to_be_visible()
    page.get_by_role("combobox", name="Run").select_option("b")
    until(page, lambda: see.state()["run"] == "b", "the other run")
    see.settle()
    expect(page.get_by_text("Points are out of view")).to_be_hidden()
    assert place(page, 5)
    # What is typed right after the keys of a dialog is typed into it.
    page.keyboard.press("Control+k")
    page.keyboard.type("quality")
    expect(page.get_by_role("combobox", name="Command")).to_have_value("quality")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("x")
    expect(page.get_by_role("combobox", name="Command")).to_have_value("x")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="t-SNE").click()
    field = page.get_by_role("textbox", name="perplexity", exact=True)
    field.fill("99999")
    field.blur()
    expect(field).to_have_value("99999")
    run = page.get_by_role("button", name="Run t-SNE")
    expect(run).to_be_disabled()
    expect(page.get_by_text("perplexity: Enter a number from 1 to 1,000.")).to_be_visible()
    field.fill("20")
    expect(run).to_be_enabled()
    page.get_by_role("tab", name="Axes").click()
    expect(page.get_by_role("button", name="Run Axes")).to_be_disabled()
    assert still_box(color)["y"] == stands["y"]


@pytest.mark.parametrize("dims", [2, 3])
def test_names_tell_what_colors_cannot_beyond_twelve(see: Visit, dims: int) -> None:
    page = see.open(f"#run=a&points=0&dims={dims}")
    until(page, lambda: see.state()["dims"] == dims, "the picture")
    see.settle()
    # As many as find room; the others come when one zooms in.
    named = categories_named(page)
    assert len(named) > TOPICS / 2
    box = still_box(page.get_by_role("application", name="Point cloud"))
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(3):
        page.mouse.wheel(0, -300)
    see.settle()
    assert categories_named(page) - named
    page.get_by_role("checkbox", name="Category names").uncheck(force=True)
    see.settle()
    assert categories_named(page) == set()


def categories_named(page: Page) -> set[str]:
    """Return the topics whose names stand in the picture, as the exported SVG has them."""
    page.get_by_role("button", name="Share").click()
    page.get_by_role("checkbox", name="Legend").uncheck()
    picture = text_of(download(page, "Image", "Save SVG"))
    page.keyboard.press("Escape")
    return set(re.findall(r">(topic \d\d)<", picture))


PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True}


def test_a_phone_shows_the_plot_first_and_one_panel_below_it(
    browser: Browser, server: Server
) -> None:
    with a_page(browser, server.url, (390, 844), **PHONE) as visit:
        page = visit.open("#run=a")
        visit.settle()
        plot = still_box(page.get_by_role("application", name="Point cloud"))
        # Below two rows of the header (the page's buttons; run, tensor and steps) and the tools,
        # which hide none of it.
        assert plot["y"] < 160
        tools = still_box(page.get_by_role("button", name="Full screen"))
        assert tools["y"] + tools["height"] <= plot["y"]
        assert tools["x"] + tools["width"] <= 390
        assert plot["height"] > 300
        panels = page.get_by_role("navigation", name="Panels")
        for name, inside in (
            ("Projection", page.get_by_role("tab", name="PCA")),
            ("Inspect", page.get_by_role("textbox", name="Search points")),
            ("Color", page.get_by_role("combobox", name="Color by")),
        ):
            tap_open_or_shut(page, panels.get_by_role("button", name=name))
            expect(inside).to_be_visible()
            assert page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth "
                "&& document.documentElement.scrollHeight <= innerHeight"
            ), name
        small = page.evaluate(
            """['main', 'header', 'nav', 'aside']
                .flatMap(place => [...document.querySelectorAll(`${place} button`)])
                .filter(each => each.checkVisibility())
                .map(each => [each.textContent || each.ariaLabel, each.getBoundingClientRect()])
                .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""
        )
        assert small == []
        assert violations(page) == []
        pinch = page.context.new_cdp_session(page)
        x, y = plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2
        for kind, apart in (("touchStart", 40), ("touchMove", 80), ("touchMove", 120)):
            points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
            pinch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        pinch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        until(page, lambda: (visit.state()["view"] or {"zoom": 1})["zoom"] > 1.5, "the pinch")
        tap_open_or_shut(page, panels.get_by_role("button", name="Color"))
        expect(page.get_by_role("combobox", name="Color by")).to_be_hidden()
        assert still_box(page.get_by_role("application", name="Point cloud"))["height"] > 600
