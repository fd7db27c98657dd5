"""When something is missing or lost: what the page says, and that nothing is lost with it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import projector
from projector.machine.free_space import FreeSpace
from projector.server.budget import budget
from projector.server.server import Server
from tests.browser.acting import until
from tests.browser.conftest import Visit, a_page
from tests.browser.test_beside import choose_files, visiting
from tests.server.raw_client import connected, head

pytestmark = pytest.mark.browser


def test_every_bad_file_is_listed_with_its_reason(browser: Browser, tmp_path: Path) -> None:
    np.save(tmp_path / "good.npy", np.eye(20, dtype=np.float32))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "good.npy").read_bytes()[:600])
    with visiting(browser, tmp_path) as visit:
        page = visit.open()
        assert visit.stats()["pointsDrawn"] == 20, "the good one is shown"
        page.get_by_role("button", name="1 problem").click()
        problems = page.get_by_role("dialog", name="Problems and warnings")
        expect(problems).to_contain_text("cut.npy")
        expect(problems).to_contain_text("It is truncated; copy it again.")
        page.keyboard.press("Escape")
        expect(problems).to_have_count(0)


def test_a_lost_server_is_said_and_what_is_shown_stays(browser: Browser, tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32))
    server = projector.serve(tmp_path, port=0)
    port = int(server.url.rstrip("/").rsplit(":", 1)[1])
    with a_page(browser, server.url) as visit:
        lose_and_find(visit, server, tmp_path, port)
        # Chromium tells of each request that nobody answered.
        assert all("ERR_CONNECTION_REFUSED" in each for each in visit.complaints), visit.complaints
        visit.complaints.clear()


def lose_and_find(visit: Visit, server: Server, logdir: Path, port: int) -> None:
    page = visit.open()
    visit.settle()
    server.close()
    banner = page.get_by_text("The server is not responding.")
    expect(banner).to_be_visible()
    assert visit.stats()["pointsDrawn"] == 40
    page.evaluate("window.projector.select([3])")
    assert visit.state()["selection"] == [3]
    with projector.serve(logdir, port=port):
        expect(banner).to_have_count(0)
        assert visit.state()["selection"] == [3]
        until(page, lambda: visit.state()["connected"], "the connection")


def test_one_tab_too_many_is_told_so(browser: Browser, tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", np.eye(40, dtype=np.float32))
    with (
        projector.serve(tmp_path, port=0) as server,
        a_page(browser, server.url) as visit,
        contextlib.ExitStack() as others,
    ):
        port = int(server.url.rstrip("/").rsplit(":", 1)[1])
        for _ in range(budget().streams):
            other = others.enter_context(connected(port))
            other.send(head("GET", "/api/v1/events"))
            other.socket.recv(100)
        page = visit.open()
        assert visit.stats()["pointsDrawn"] == 40
        banner = page.get_by_text("Too many tabs of projector are open")
        expect(banner).to_be_visible()
        others.close()
        expect(banner).to_have_count(0)
        # Chromium tells of each refused stream.
        assert all("status of 503" in each for each in visit.complaints), visit.complaints
        visit.complaints.clear()


def test_a_file_for_which_there_is_no_space_says_so(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser is still sending when the server has refused."""
    (tmp_path / "log").mkdir()
    large = tmp_path / "large.npy"
    with large.open("wb") as file:
        file.truncate(200 << 20)
    monkeypatch.setattr(
        "projector.api.session.uploads.free_space", lambda folder: FreeSpace(folder, 1 << 20)
    )
    with visiting(browser, tmp_path / "log") as visit:
        page = visit.page
        page.goto(visit.url)
        choose_files(page, large)
        expect(page.get_by_text("209,715,200 bytes of it are still to come")).to_be_visible()
        visit.forgive("/api/v1/uploads")


def test_a_browser_without_webgl2_is_told_so_and_still_searches(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        """for (const canvas of [HTMLCanvasElement, OffscreenCanvas]) {
            const real = canvas.prototype.getContext;
            canvas.prototype.getContext = function (kind, ...rest) {
                return kind === 'webgl2' ? null : real.call(this, kind, ...rest);
            };
        }"""
    )
    page.goto(visit.url + "#run=cnn-tanh-32")
    expect(page.get_by_text("The plot needs WebGL2.")).to_be_visible()
    page.get_by_role("textbox", name="Search points").fill("7")
    results = page.get_by_role("listbox", name="Search results")
    expect(results.get_by_role("option").first).to_be_visible()
    assert [c for c in visit.complaints if "no WebGL2" in c] == visit.complaints
    visit.complaints.clear()
