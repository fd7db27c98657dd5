"""Columns that are finer, or have more values, than a chart can show at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import projector
from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit, a_page

pytestmark = pytest.mark.browser


@contextmanager
def showing(browser: Browser, n_points: int, metadata: dict[str, Any]) -> Iterator[Visit]:
    """Open a page on points with these columns."""
    vectors = np.random.default_rng(5).normal(size=(n_points, 3))
    data = projector.Dataset(vectors, metadata=metadata)
    with projector.serve(data, port=0) as server, a_page(browser, server.url) as visit:
        visit.open()
        yield visit


def test_times_within_a_minute_are_told_apart(browser: Browser) -> None:
    moments = [f"2024-11-23T03:40:{second:02}Z" for second in range(60)]
    with showing(browser, 60, {"when": moments}) as visit:
        page = visit.page
        page.get_by_role("combobox", name="Color by").select_option(label="when")
        ramp = page.get_by_role(
            "img", name="Color ramp from 2024-11-23 03:40:00 to 2024-11-23 03:40:59"
        )
        expect(ramp).to_be_visible()
        page.get_by_role("tab", name="Filter").click()
        chart = page.get_by_role("region", name="when", exact=True)
        expect(chart).to_contain_text("2024-11-23 03:40:00")
        histogram = chart.locator(".histogram")
        # Bars of two seconds each: the first half is 30 of the 60 moments.
        box = still_box(histogram)
        page.mouse.click(box["x"] + box["width"] * 0.5 / 30, box["y"] + box["height"] / 2)
        expect(page.get_by_text("2 of 60 points")).to_be_visible()
        until(page, lambda: "filter=" in page.url, "the filter in the address")


def test_every_value_of_many_is_found_filtered_and_colored(browser: Browser) -> None:
    codes = [f"code {i % 3000}" for i in range(12_000)]
    with showing(browser, 12_000, {"code": codes}) as visit:
        page = visit.page
        page.get_by_role("combobox", name="Color by").select_option(label="code")
        page.get_by_role("tab", name="Filter").click()
        chart = page.get_by_role("region", name="code", exact=True)
        chart.get_by_role("button", name="Show less frequent values").click()
        rest = chart.get_by_role("list", name="Less frequent values of code")
        expect(rest.get_by_role("listitem")).to_have_count(201)
        rest.get_by_role("button", name="Show more (2,760 left)").click()
        expect(rest.get_by_role("listitem")).to_have_count(401)
        chart.get_by_role("textbox", name="Find a value of code").fill("CODE 299")
        expect(rest.get_by_role("listitem")).to_have_count(11)
        rest.get_by_role("button", name="code 2999").click()
        expect(page.get_by_text("4 of 12,000 points")).to_be_visible()
        # The link names the value, and another page learns what it stands for.
        until(page, lambda: "code%25202999" in page.url, "the filter in the address")
        page.reload()
        visit.ready()
        page.get_by_role("tab", name="Filter").click()
        expect(page.get_by_text("4 of 12,000 points")).to_be_visible()
        legend = page.get_by_role("region", name="Color")
        # So many have no colors, but those that are looked for.
        legend.get_by_role("textbox", name="Find a value of code").fill("code 2998")
        others = legend.get_by_role("list", name="Other categories")
        others.get_by_role("button", name="code 2998").click()
        entries = legend.get_by_role("list", name="Legend")
        expect(entries.get_by_role("button", name="code 2998")).to_be_visible()
        legend.get_by_role("textbox", name="Find a value of code").fill("nothing")
        expect(legend.get_by_text("No matching values.")).to_be_visible()
