"""A notebook beside the page: what is selected here is selected there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import projector
from projector.model.selection import Selection
from projector.server.server import Server
from tests.browser.acting import until
from tests.browser.conftest import Visit, a_page

pytestmark = pytest.mark.browser

N_POINTS = 60


def held(n_points: int = N_POINTS) -> dict[str, projector.Dataset]:
    rng = np.random.default_rng(3)
    labels = [f"thing {i}" for i in range(n_points)]
    return {
        name: projector.Dataset(rng.normal(size=(n, 4)), metadata={"label": labels[:n]})
        for name, n in (("first", n_points), ("second", n_points // 2))
    }


@contextmanager
def beside(browser: Browser, source: Any, n_pages: int = 1) -> Iterator[tuple[Any, ...]]:
    """Serve what a notebook holds to pages of their own."""
    with ExitStack() as stack:
        server = stack.enter_context(projector.serve(source, port=0))
        yield (server, *(stack.enter_context(a_page(browser, server.url)) for _ in range(n_pages)))


def has(server: Server, rows: list[int]) -> Callable[[], bool]:
    return lambda: server.selection.indices.tolist() == rows


def shows(visit: Visit, part: str, value: Any) -> Callable[[], bool]:
    return lambda: visit.state()[part] == value


def joined(page: Page, server: Server) -> None:
    """Wait until the page listens: what it is told from then on, it hears."""
    until(page, lambda: len(server.session.events._listeners) > 0, "the page to listen")


def told(visit: Visit) -> list[str]:
    return [url for url in visit.requests if url.endswith("/api/v1/selection")]


def test_what_a_page_selects_python_has(browser: Browser) -> None:
    data = held()
    with beside(browser, data) as (server, visit):
        page = visit.open()
        page.evaluate("window.projector.select([3, 17, 42])")
        until(page, has(server, [3, 17, 42]), "Python to have it")
        assert server.selection.name == "first"
        chosen = data["first"].vectors[server.selection.indices]
        assert chosen.shape == (3, 4)
        page.get_by_role("combobox", name="Tensor").select_option("second")
        until(page, lambda: server.selection.name == "second", "the tensor to be told")
        assert len(server.selection) == 0, "rows of other points name nothing"


def test_what_python_selects_every_page_shows(browser: Browser) -> None:
    with beside(browser, held(), n_pages=2) as (server, one, other):
        for visit in (one, other):
            visit.open()
        until(one.page, lambda: len(server.session.events._listeners) == 2, "both pages to listen")
        server.select([5, 9])
        for visit in (one, other):
            until(visit.page, shows(visit, "selection", [5, 9]), "the selection")
        server.select([2], name="second")
        for visit in (one, other):
            until(visit.page, shows(visit, "tensor", "second"), "the tensor")
            until(visit.page, shows(visit, "selection", [2]), "the selection")
            card = visit.page.get_by_role("region", name="Selection")
            expect(card.get_by_role("cell", name="thing 2", exact=True)).to_be_visible()
        assert [url for url in told(one) if url.endswith("/selection")], "the page asked for rows"


def test_a_selection_from_python_is_undone_like_any_other(browser: Browser) -> None:
    with beside(browser, held()) as (server, visit):
        page = visit.open()
        joined(page, server)
        page.evaluate("window.projector.select([1, 2])")
        until(page, has(server, [1, 2]), "Python to have it")
        server.select([30])
        until(page, lambda: visit.state()["selection"] == [30], "the selection")
        page.get_by_role("application", name="Point cloud").focus()
        page.keyboard.press("Control+z")
        until(page, lambda: visit.state()["selection"] == [1, 2], "the selection before")
        until(page, has(server, [1, 2]), "Python to have it again")


def test_a_page_that_opens_later_shows_what_python_selected(browser: Browser) -> None:
    with beside(browser, held(), n_pages=2) as (server, visit, other):
        server.select([7, 8], name="second")
        page = visit.open()
        until(page, lambda: visit.state()["selection"] == [7, 8], "the selection")
        assert visit.state()["tensor"] == "second"
        # A link that selects something is newer.
        other.open("#tensor=first&selected=11")
        until(other.page, has(server, [11]), "the link's selection")
        assert visit.state()["selection"] == [7, 8], "a page does not follow another page"


def test_the_page_that_selected_last_has_the_word(browser: Browser) -> None:
    with beside(browser, held(), n_pages=2) as (server, one, other):
        one.open()
        one.page.evaluate("window.projector.select([1])")
        until(one.page, has(server, [1]), "the first page's")
        other.open()
        other.page.evaluate("window.projector.select([2])")
        until(other.page, has(server, [2]), "the second page's")
        one.page.evaluate("window.projector.select([3])")
        until(one.page, has(server, [3]), "the first page's")
        assert other.state()["selection"] == [2]


def test_opening_a_page_takes_nothing_away(browser: Browser) -> None:
    with beside(browser, held(), n_pages=2) as (server, one, other):
        one.open("#tensor=second")
        until(one.page, lambda: server.selection.name == "second", "where the page stands")
        one.page.evaluate("window.projector.select([4])")
        until(one.page, has(server, [4]), "the first page's")
        other.open()
        until(one.page, lambda: len(server.session.events._listeners) == 2, "both pages to listen")
        other.page.wait_for_timeout(400)
        assert server.selection.indices.tolist() == [4]
        assert [url for url in told(other) if url.endswith("/selection")] == []


def test_nothing_is_asked_while_nothing_is_selected(browser: Browser) -> None:
    with beside(browser, held()) as (server, visit):
        page = visit.open()
        joined(page, server)
        page.wait_for_timeout(400)
        assert told(visit) == []
        page.evaluate("for (let i = 1; i < 30; i++) window.projector.select([i, i + 1])")
        until(page, has(server, [29, 30]), "Python to have the last one")
        page.wait_for_timeout(400)
        assert len(told(visit)) == 1, "a burst of selections is one request"


def test_a_notebook_waits_for_a_selection(browser: Browser) -> None:
    with beside(browser, held()) as (server, visit):
        page = visit.open()
        got: list[Selection | None] = []
        waiting = threading.Thread(target=lambda: got.append(server.wait_for_selection(30)))
        waiting.start()
        n = 0
        while waiting.is_alive():
            n += 1
            page.evaluate("n => window.projector.select([n % 50])", n)
            until(page, has(server, [n % 50]), "Python to have it")
        assert got[0] is not None
        assert got[0].name == "first"


def test_a_million_selected_rows_go_both_ways(browser: Browser) -> None:
    n_points = 1_000_000
    vectors = np.random.default_rng(0).normal(size=(n_points, 2)).astype(np.float32)
    with beside(browser, vectors) as (server, visit):
        page = visit.page
        page.set_default_timeout(120_000)
        visit.open("#method=given")
        joined(page, server)
        sizes: list[int] = []
        page.on(
            "request",
            lambda request: (
                sizes.append(len(request.post_data_buffer or b""))
                if request.method == "PUT"
                else None
            ),
        )
        page.get_by_role("application", name="Point cloud").focus()
        page.keyboard.press("Control+a")
        until(page, lambda: len(server.selection) == n_points, "all rows", 60)
        assert sizes == [24 + n_points // 8]
        even = np.arange(n_points) % 2 == 0
        server.select(even)
        expect(page.get_by_text("500,000 selected").first).to_be_visible()
        until(page, lambda: len(server.selection) == n_points // 2, "half the rows", 60)
        np.testing.assert_array_equal(server.selection.indices, np.flatnonzero(even))


def test_a_projection_is_shown_as_it_is(browser: Browser) -> None:
    data = held()["first"]
    picture = projector.project(data, "pca", n_components=3)
    with beside(browser, picture) as (server, visit):
        visit.open()
        state = visit.state()
        assert (state["method"], state["dims"], state["tensor"]) == ("given", 3, "pca")
        assert server.session.listing.entries[0].shape == (N_POINTS, 3)
