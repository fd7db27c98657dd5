"""A table of a million rows: only what is in sight is asked for, and nothing stops the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import projector
from tests.browser.acting import until
from tests.browser.conftest import Visit, a_page

pytestmark = pytest.mark.browser

N_ROWS = 1_000_000
#: What the page must not stop for: many times what it takes, for a machine that is busy.
MOST_MS = 1000
#: Loading a million points takes its time on two cores.
LOADING_MS = 120_000


@pytest.fixture(scope="module")
def million(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Open a Parquet file of a million rows with five columns of different texts."""
    path = tmp_path_factory.mktemp("million") / "table.parquet"
    shuffled = np.random.default_rng(0).permutation(N_ROWS)
    numbers = pa.array(shuffled)
    columns = {
        f"text {k}": pc.binary_join_element_wise(
            f"thing of column {k} number", numbers.cast(pa.string()), " "
        )
        for k in range(5)
    }
    angles = shuffled / N_ROWS * 2 * np.pi
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), 2)
    pq.write_table(pa.table({"embedding": flat, **columns}), path)
    with projector.serve(path, port=0) as server, a_page(browser, server.url) as visit:
        visit.page.set_default_timeout(LOADING_MS)
        visit.open("#method=given")
        yield visit


def columns_asked(visit: Visit) -> list[str]:
    return [url for url in visit.requests if url.endswith("/text")]


def grid_of(page: Page) -> Locator:
    grid = page.get_by_role("grid", name="Metadata of the points")
    if grid.count() == 0:
        page.get_by_role("button", name="Table").click()
        expect(grid).to_be_visible()
    return grid


def row_at(grid: Locator, row: int) -> Locator:
    return grid.locator(f'[role="row"][aria-rowindex="{row + 2}"]')


def watch_for_stops(page: Page) -> None:
    page.evaluate(
        """() => {
            window.longest = 0;
            new PerformanceObserver(list => {
                for (const task of list.getEntries())
                    window.longest = Math.max(window.longest, task.duration);
            }).observe({type: 'longtask'});
        }"""
    )


def test_the_table_opens_at_once_with_what_is_in_sight(million: Visit) -> None:
    page = million.page
    # Names and the table's texts are those that are read.
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: (
            sizes.append(request.sizes()["responseBodySize"])
            if request.url.endswith("/texts")
            else None
        ),
    )
    grid = grid_of(page)
    expect(row_at(grid, 0)).to_contain_text("thing of column 4 number")
    until(page, lambda: len(sizes) > 0, "the request for texts to be over")
    assert sum(sizes) < 100_000
    assert columns_asked(million) == [], "no whole column"
    body = grid.get_by_role("rowgroup").bounding_box()
    assert body is not None
    assert body["height"] <= 8_000_000, "no browser lays out 24 million pixels"


def test_every_row_is_reached(million: Visit) -> None:
    page = million.page
    grid = grid_of(page)
    grid.focus()
    page.keyboard.press("End")
    expect(row_at(grid, N_ROWS - 1)).to_be_in_viewport()
    expect(row_at(grid, N_ROWS - 1)).to_contain_text("thing of column 0 number")
    assert million.state()["hover"] == N_ROWS - 1
    for _ in range(25):
        page.keyboard.press("ArrowUp")
    expect(row_at(grid, N_ROWS - 26)).to_be_in_viewport(ratio=0.99)
    page.keyboard.press("Home")
    expect(row_at(grid, 0)).to_be_in_viewport(ratio=0.99)
    # The bar's middle is the middle row; from there the wheel goes row by row.
    grid.evaluate("g => { g.scrollTop = (g.scrollHeight - g.clientHeight) / 2 }")
    expect(row_at(grid, N_ROWS // 2)).to_be_attached()
    expect(row_at(grid, N_ROWS // 2)).to_contain_text("thing of column 2 number")
    box = grid.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] / 2)
    first = first_in_sight(grid)
    page.mouse.wheel(0, 240)
    until(page, lambda: first_in_sight(grid) == first + 10, "ten rows down")


def first_in_sight(grid: Locator) -> int:
    found: int = grid.evaluate(
        """g => {
            const top = g.getBoundingClientRect().top + 26;
            const rows = [...g.querySelectorAll('[role="rowgroup"] [role="row"]')];
            const first = rows.filter(r => r.getBoundingClientRect().bottom > top + 0.5)
                .map(r => Number(r.getAttribute('aria-rowindex')));
            return Math.min(...first) - 2;
        }"""
    )
    return found


def test_sorting_does_not_stop_the_page(million: Visit) -> None:
    page = million.page
    grid = grid_of(page)
    watch_for_stops(page)
    grid.get_by_role("button", name="text 3").click()
    expect(row_at(grid, 0)).to_contain_text("thing of column 3 number 0", timeout=LOADING_MS)
    expect(row_at(grid, 10)).to_contain_text("thing of column 3 number 10")
    expect(grid.get_by_role("columnheader", name="text 3")).to_have_attribute(
        "aria-sort", "ascending"
    )
    grid.get_by_role("button", name="text 3").click()
    expect(row_at(grid, 0)).to_contain_text("thing of column 3 number 999999", timeout=LOADING_MS)
    assert page.evaluate("window.longest") < MOST_MS
    page.evaluate("window.projector.select([5, 6, 7])")
    expect(grid.get_by_role("row")).to_have_count(4)
    page.evaluate("window.projector.select([])")
    grid.get_by_role("button", name="text 3").click()
    expect(row_at(grid, 0)).to_be_in_viewport()
    expect(row_at(grid, 0).get_by_role("gridcell").first).to_have_text("0")
