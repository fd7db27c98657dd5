"""Half a million points: what opens by itself, what a hand finds, and a table that has an end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import projector
from projector.server.server import Server
from tests.browser.acting import drag, still_box, until
from tests.browser.conftest import Visit, a_page
from tests.browser.test_page import place

pytestmark = pytest.mark.browser

N_FLAT, N_SOLID = 520_000, 400_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(8)
    flat = rng.normal(size=(N_FLAT, 2)).astype(np.float32)
    # One point that stands alone, to the right of all.
    flat[7] = (9, 0)
    np.save(log / "flat.npy", flat)
    np.save(log / "solid.npy", rng.normal(size=(N_SOLID, 3)).astype(np.float32))
    with projector.serve(log, port=0) as made:
        yield made


@pytest.fixture
def see(browser: Browser, server: Server) -> Iterator[Visit]:
    with a_page(browser, server.url, (1000, 640)) as visit:
        yield visit


def test_flat_coordinates_open_as_they_are_and_as_a_density(see: Visit) -> None:
    page = see.open("#tensor=flat")
    assert see.state()["method"] == "given"
    assert see.state()["dims"] == 2
    assert see.state()["drawAs"] == "density"
    see.settle()
    asked = [url for url in see.requests if url.endswith("/projections")]
    assert len(asked) == 1, "nothing is shown meanwhile that costs more"
    alone = place(page, 7)
    page.mouse.move(alone["x"], alone["y"])
    until(page, lambda: see.state()["hover"] == 7, "the point that stands alone")
    page.keyboard.press("b")
    canvas = page.get_by_role("application", name="Point cloud")
    box = still_box(canvas)
    drag(page, canvas, (alone["x"] - box["x"] - 30, alone["y"] - box["y"] - 30), (50, 60))
    until(page, lambda: see.state()["selection"] == [7], "the box around it")
    page.get_by_role("button", name="Isolate").click()
    until(page, lambda: see.state()["drawAs"] == "points", "a single point is no density")


def test_three_coordinates_open_deep_and_the_next_tensor_as_it_comes(see: Visit) -> None:
    page = see.open("#tensor=solid")
    assert (see.state()["method"], see.state()["dims"]) == ("given", 3)
    expect(page.get_by_role("tab", name="Raw dimensions")).to_have_attribute(
        "aria-selected", "true"
    )
    page.get_by_label("Tensor").select_option(label=f"flat {N_FLAT:,} × 2")
    until(page, lambda: see.state()["tensor"] == "flat", "the other tensor")
    assert (see.state()["method"], see.state()["dims"]) == ("given", 2)


def test_the_table_reaches_its_last_row_and_its_middle(see: Visit) -> None:
    page = see.open("#tensor=solid&dims=2&method=pca&draw=density")
    page.keyboard.press("m")
    grid = page.get_by_role("grid", name="Metadata of the points")
    grid.focus()
    page.keyboard.press("End")
    last = grid.get_by_role("row").filter(has_text=str(N_SOLID - 1))
    expect(last).to_be_in_viewport(ratio=1)
    expect(last).to_have_attribute("aria-rowindex", str(N_SOLID + 1))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    expect(grid.get_by_text("0", exact=True)).to_be_in_viewport()
    grid.evaluate("list => { list.scrollTop = (list.scrollHeight - list.clientHeight) / 2; }")
    expect(grid.get_by_text(str(N_SOLID // 2), exact=True)).to_be_in_viewport()
    # A wheel goes by rows, not by the hundredfold of them that the bar would.
    grid.hover()
    page.mouse.wheel(0, 240)
    expect(grid.get_by_text(str(N_SOLID // 2 + 10), exact=True)).to_be_in_viewport()


def test_names_of_many_points_come_as_they_are_read(browser: Browser) -> None:
    """Names are asked for point by point; none of a hundred thousand others is sent."""
    rng = np.random.default_rng(3)
    points = rng.normal(size=(130_000, 2)).astype(np.float32)
    points[7] = (9, 0)
    names = [f"name of {row}" for row in range(len(points))]
    data = projector.Dataset(points, metadata={"name": names}, name="named")
    with (
        projector.serve(data, port=0) as made,
        a_page(browser, made.url, (1000, 640)) as visit,
    ):
        page = visit.open("#draw=points")
        visit.settle()
        alone = place(page, 7)
        page.mouse.move(alone["x"], alone["y"])
        expect(page.locator(".hover-card")).to_contain_text("name of 7")
        page.mouse.click(alone["x"], alone["y"])
        until(page, lambda: visit.state()["selection"] == [7], "a selected point")
        inspector = page.get_by_role("complementary", name="Inspector")
        expect(inspector.get_by_role("strong").first).to_have_text("name of 7")
        expect(inspector.get_by_text("…", exact=True)).to_have_count(0)
        near = inspector.get_by_role("listbox", name="Neighbors").get_by_role("option")
        expect(near.first).to_contain_text("name of ")
        assert not [url for url in visit.requests if url.endswith("/columns/0/text")]
