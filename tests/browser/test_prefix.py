"""The page below a path, behind proxies, in frames, and beside another server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

import projector
from projector.api.session.session import Session
from projector.server.application import create_app
from projector.server.server import Server
from projector.server.static_files import page_folder
from tests.browser.acting import until
from tests.browser.conftest import a_page
from tests.conftest import DEMO
from tests.server.reverse_proxy import nginx, notebook, reverse_proxy, silent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """Give a server with a token, behind a proxy or not."""
    with projector.serve(DEMO, port=0, host="0.0.0.0", behind_proxy=True) as server:
        yield server


def inner(server: Server) -> tuple[int, str]:
    """Return a server's port and the query of its address."""
    address = urlsplit(server.url)
    assert address.port is not None
    return address.port, address.query


@contextmanager
def hosting(app: Any) -> Iterator[str]:
    """Serve a program on a port of its own, quietly."""

    class Quiet(WSGIRequestHandler):
        def log(self, *args: object, **more: object) -> None:
            """Say nothing."""

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def html_of(text: str) -> Any:
    """Return a program that answers every request with a page."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [text.encode()]

    return answer


def test_below_a_path_with_a_token(browser: Browser, guarded: Server) -> None:
    port, token = inner(guarded)
    with reverse_proxy(nginx(port, "/pre")) as proxy:
        base = f"http://127.0.0.1:{proxy}/pre/"
        with a_page(browser, base) as visit:
            page = visit.page
            page.goto(f"{base}?{token}")
            visit.ready()
            # The token is in a cookie of this path, and no longer in the address.
            assert page.url.startswith(base)
            assert "token" not in page.url
            (cookie,) = page.context.cookies()
            assert (cookie["path"], cookie["name"]) == ("/pre/", f"projector-token-{proxy}")
            page.evaluate("window.projector.select([3])")
            # Images of points, neighbors, a layout in frames, a reload.
            expect(page.get_by_role("listbox", name="Neighbors").or_(
                page.get_by_text("Neighbors", exact=False)).first).to_be_visible()  # fmt: skip
            visit.settle()
            assert {url for url in visit.requests if not url.startswith((base, "blob:"))} == set()
            page.reload()
            visit.ready()
            visit.settle()


def test_a_notebook_s_proxy_streams_the_layout(browser: Browser) -> None:
    with projector.serve(DEMO, port=0) as server:
        port = inner(server)[0]
        with reverse_proxy(notebook(port, "/user/a/proxy/1")) as proxy:
            base = f"http://127.0.0.1:{proxy}/user/a/proxy/1/"
            with a_page(browser, base) as visit:
                page = visit.open()
                page.get_by_role("tab", name="t-SNE").click()
                page.get_by_role("textbox", name="n_iter").fill("10000")
                page.get_by_role("button", name="Run t-SNE").click()
                # Held back to the end, nothing would move while it is computed.
                moves = "() => projector.stats().streamedFrames > 2 && projector.state().live"
                page.wait_for_function(moves)
                page.get_by_role("button", name="Stop").click()
                until(page, lambda: not visit.state()["live"], "stop")


def test_two_servers_in_one_browser_stay_logged_in(browser: Browser, guarded: Server) -> None:
    with projector.serve(DEMO, port=0, host="0.0.0.0") as second:
        made = browser.new_context()
        bases = []
        for server in (guarded, second):
            port, token = inner(server)
            bases.append(f"http://127.0.0.1:{port}/")
            made.new_page().goto(f"{bases[-1]}?{token}")
        for base in bases * 2:
            assert made.request.get(f"{base}api/v1/log").status == 200
        assert {each["name"] for each in made.cookies()} == {
            f"projector-token-{urlsplit(base).port}" for base in bases
        }
        made.close()


def framed(browser: Browser, host: str) -> Page:
    made = browser.new_context()
    page = made.new_page()
    page.goto(host)
    return page


def test_only_a_named_page_shows_it_in_a_frame(browser: Browser) -> None:
    with hosting(html_of("")) as named, hosting(html_of("")) as other:
        # By another name it is another site, as a notebook's hub would be.
        origins = [each.replace("127.0.0.1", "localhost") for each in (named, other)]
        with projector.serve(DEMO, port=0, frame_origins=[origins[0]]) as server:
            shown = []
            for origin in origins:
                page = framed(browser, origin)
                page.set_content(f'<iframe src="{server.url}" width="900" height="600"></iframe>')
                page.wait_for_function("() => frames[0]")
                (frame,) = [each for each in page.frames if each.parent_frame]
                frame.wait_for_load_state()
                shown.append(frame.evaluate("() => 'projector' in window"))
                if shown[-1]:
                    frame.evaluate("window.projector.ready")
                    frame.evaluate("window.projector.select([1])")
                page.context.close()
    assert shown == [True, False]


def test_inside_a_document_without_an_address(browser: Browser) -> None:
    """As a notebook's cell shows it: the page itself is the text of a frame."""
    folder = page_folder()
    assert folder is not None
    text = (folder / "index.html").read_text()
    inside = text.replace("<head>", '<head><base href="/pre/">').replace('"', "&quot;")
    session = Session(DEMO, watch=False)
    try:
        host = html_of(f'<iframe srcdoc="{inside}" width="1200" height="700"></iframe>')
        app = DispatcherMiddleware(host, {"/pre": create_app(session, embedded=True)})
        with hosting(app) as base, a_page(browser, base) as visit:
            page = visit.page
            page.goto(base)
            (frame,) = [each for each in page.frames if each.parent_frame]
            frame.wait_for_function("() => window.projector")
            frame.evaluate("window.projector.ready")
            frame.evaluate("window.projector.select([1, 2])")
            frame.wait_for_function("() => !window.projector.state().busy")
            # The address would be written 250 ms after the last change.
            frame.get_by_role("tab", name="Bookmarks").click()
            expect(frame.get_by_role("button", name="Save file")).to_be_visible()
            assert frame.get_by_role("button", name="Copy link").count() == 0
            frame.get_by_role("button", name="Bookmark this view").click()
            page.wait_for_timeout(600)
            assert page.url == base + "/"
    finally:
        session.close()


def test_behind_a_silent_proxy(browser: Browser, guarded: Server) -> None:
    port, token = inner(guarded)
    with reverse_proxy(silent(port, "/a/b")) as proxy:
        base = f"http://127.0.0.1:{proxy}/a/b/"
        with a_page(browser, base) as visit:
            visit.page.goto(f"{base}?{token}")
            visit.ready()
            assert visit.page.url.startswith(base)
            (cookie,) = visit.page.context.cookies()
            assert cookie["path"] == "/a/b"
            visit.settle()
