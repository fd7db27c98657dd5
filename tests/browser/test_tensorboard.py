"""The tab "Projector+" of the real TensorBoard, in Chromium."""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
import psutil
import pytest
from playwright.sync_api import Browser, Frame, expect

from tests.browser.acting import until
from tests.browser.conftest import Visit, a_page
from tests.browser.tensorboard import TensorBoard, page_in_tab, running_tensorboard
from tests.conftest import DEMO

pytestmark = pytest.mark.browser

N_DIGITS = 1797
#: What TensorBoard itself complains of: a library that it has twice, and its fonts, which it asks
#: for beside its path prefix instead of below it.
ITS_OWN = ("Multiple instances of Three.js", "/font-roboto/")


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    """Give a TensorBoard of the demo data."""
    logdir = tmp_path_factory.mktemp("logs") / "digits"
    shutil.copytree(DEMO, logdir)
    with running_tensorboard("--logdir", str(logdir)) as made:
        yield made


@contextmanager
def a_tab(browser: Browser, board: TensorBoard) -> Iterator[tuple[Visit, Frame]]:
    """Open the tab in a browser with the theme of its system, and nothing on the console."""
    with a_page(browser, f"{board.url}/#projector_plus", color_scheme="null") as visit:
        visit.page.goto(visit.url)
        yield visit, page_in_tab(visit.page)
        visit.complaints[:] = [
            each for each in visit.complaints if not any(name in each for name in ITS_OWN)
        ]
        # TensorBoard's own fonts are beside its prefix, not below it.
        home = f"http://{urlsplit(board.url).netloc}/"
        away = [each for each in visit.requests if not each.startswith((home, "blob:", "data:"))]
        assert away == []


def ask(
    address: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer."""
    try:
        with urlopen(Request(address, body, headers or {}), timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def first_entry(board: TensorBoard) -> str:
    """Return the id of what is listed first, once something is."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        entries = json.loads(ask(f"{board.tab}/page/api/v1/log")[2])["entries"]
        if entries:
            return str(entries[0]["id"])
        time.sleep(0.05)
    raise AssertionError("nothing was listed")


def test_the_tab_is_beside_the_others_and_computes(browser: Browser, board: TensorBoard) -> None:
    with a_tab(browser, board) as (visit, frame):
        for name in ("scalars", "Projector+", "projector"):
            expect(visit.page.get_by_role("tab", name=name, exact=True)).to_be_visible()
        assert frame.evaluate("window.projector.stats().pointsDrawn") == N_DIGITS
        frame.get_by_role("tab", name="t-SNE").click()
        frame.get_by_role("textbox", name="n_iter").fill("10000")
        frame.get_by_role("button", name="Run t-SNE").click()
        # Held back to the end, nothing would move while it is computed.
        frame.wait_for_function(
            "() => projector.stats().streamedFrames > 2 && projector.state().live"
        )
        frame.get_by_role("button", name="Stop").click()
        frame.wait_for_function("() => !projector.state().live")


def test_it_follows_light_and_dark(browser: Browser, board: TensorBoard) -> None:
    with a_tab(browser, board) as (visit, frame):
        dark = "() => document.documentElement.dataset.theme === 'dark'"
        assert not frame.evaluate(dark)
        visit.page.get_by_role("button", name="Menu for changing light or dark theme").click()
        visit.page.get_by_role("menuitem", name="Dark").click()
        frame.wait_for_function(dark)


def test_the_reload_button_reads_the_log_directory_again(
    browser: Browser, board: TensorBoard
) -> None:
    with a_tab(browser, board) as (visit, _):
        with visit.page.expect_response(f"{board.tab}/reload") as heard:
            visit.page.get_by_role("button", name="Last Updated").click()
        assert heard.value.status == 200


def test_what_is_shown_outlives_a_reload_of_the_browser(
    browser: Browser, board: TensorBoard
) -> None:
    with a_tab(browser, board) as (visit, frame):
        frame.get_by_role("radio", name="3D").check(force=True)
        frame.wait_for_function("() => location.hash.includes('3')")
        shown = frame.evaluate("location.hash")
        visit.page.reload()
        again = page_in_tab(visit.page)
        until(visit.page, lambda: bool(again.evaluate("location.hash") == shown), "the same view")
        # TensorBoard's own address still says which tab it is.
        assert "#projector_plus" in visit.page.url


def test_below_a_path_prefix(browser: Browser, tmp_path: Path) -> None:
    logdir = tmp_path / "logs"
    shutil.copytree(DEMO, logdir)
    flags = ("--logdir", str(logdir), "--path_prefix", "/some/where")
    with running_tensorboard(*flags) as board, a_tab(browser, board) as (_, frame):
        assert frame.url.startswith(f"{board.url}/data/plugin/projector_plus/page/")
        assert frame.evaluate("window.projector.stats().pointsDrawn") == N_DIGITS
        # The stream of events passes, too: a file that is new is announced.
        (logdir / "later").mkdir()
        np.save(logdir / "later" / "vectors.npy", np.eye(40, 6, dtype=np.float32))
        runs = frame.get_by_role("combobox", name="Run").get_by_role("option", name="later")
        runs.wait_for(state="attached")


def test_its_answers_keep_tensorboard_s_rules(board: TensorBoard) -> None:
    status, headers, _ = ask(f"{board.tab}/page/", headers={"Host": "gpu7:6006"})
    assert status == 200, "any name of the machine is answered, as TensorBoard does"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    status, headers, _ = ask(f"{board.tab}/page/favicon.svg")
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "image/svg+xml")
    status, headers, _ = ask(
        f"{board.tab}/page/favicon.svg", headers={"If-None-Match": headers["ETag"]}
    )
    assert (status, headers["Content-Type"].partition(";")[0]) == (304, "image/svg+xml")
    with urlopen(f"{board.tab}/page") as answer:
        assert answer.url == f"{board.tab}/page/", "without the slash it is sent there"


def test_files_are_taken_from_its_own_page_only(board: TensorBoard) -> None:
    content = io.BytesIO()
    np.save(content, np.eye(50, 4, dtype=np.float32))
    address = f"{board.tab}/page/api/v1/uploads?batch=b&name=dropped.npy"
    kind = {"Content-Type": "application/octet-stream"}
    for foreign in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert ask(address, content.getvalue(), {**kind, **foreign})[0] == 403
    own = {"Origin": board.url, "Sec-Fetch-Site": "same-origin"}
    status, _, body = ask(address, content.getvalue(), {**kind, **own})
    assert status < 300, body
    assert len(json.loads(body)["entries"]) == 1


def test_an_error_is_one_sentence_in_the_tab_and_goes_with_its_reason(
    browser: Browser, tmp_path: Path
) -> None:
    logdir = tmp_path / "not yet"
    with running_tensorboard("--logdir", str(logdir)) as board:
        page = browser.new_page()
        page.goto(f"{board.url}/#projector_plus")
        outer = page.frame_locator("iframe[src*=projector_plus]")
        told = outer.frame_locator("iframe[title='Projector+']").get_by_role("alert")
        expect(told).to_contain_text("not yet: No such file or directory. Give a path that exists.")
        # The rest of TensorBoard goes on.
        assert ask(f"{board.url}/data/environment")[0] == 200
        logdir.mkdir()
        np.save(logdir / "vectors.npy", np.random.default_rng(0).normal(size=(60, 5)))
        page.reload()
        assert page_in_tab(page).evaluate("window.projector.stats().pointsDrawn") == 60
        page.close()


def test_nothing_is_left_of_it_when_tensorboard_ends(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(tmp_path / "vectors.npy", rng.normal(size=(3000, 20)).astype(np.float32))
    with running_tensorboard("--logdir", str(tmp_path)) as board:
        body = {"dataset": first_entry(board), "method": "tsne", "parameters": {"n_iter": 100_000}}
        status, _, said = ask(
            f"{board.tab}/page/api/v1/projections",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        assert status < 300, said
        started = psutil.Process(board.process.pid).children(recursive=True)
        assert any("projector" in " ".join(each.cmdline()) for each in started)
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []
