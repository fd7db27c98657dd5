"""Twelve views whose projections run: a browser has six connections, and nothing waits for one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser

import projector
from projector.server.server import Server
from tests.browser.acting import until
from tests.browser.conftest import a_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

N_VIEWS = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("running")
    rng = np.random.default_rng(6)
    np.save(log / "vectors.npy", rng.normal(size=(300, 8)).astype(np.float32))
    with projector.serve(log, port=0) as made:
        yield made


def test_nothing_waits_while_twelve_projections_run(browser: Browser, server: Server) -> None:
    # The longest that there are: none ends before the page is closed.
    runs = [f"method=umap&dims=2&p.n_epochs=20000&p.random_state={at}" for at in range(N_VIEWS)]
    others = "".join(f"&view={quote(run, safe='')}" for run in runs[1:])
    with a_page(browser, server.url, (1280, 800)) as visit:
        page = visit.page
        page.goto(f"{visit.url}#{runs[0]}{others}")
        # Those that are queued are followed, too.
        until(page, lambda: last_followed(visit.requests) >= N_VIEWS, "one stream for all", 240)
        streamed = (
            "window.projector.views().map(({id}) => window.projector.stats(id).streamedFrames)"
        )
        until(page, lambda: sum(n > 0 for n in page.evaluate(streamed)) >= 2, "frames", 240)
        assert page.evaluate("fetch('api/v1/methods').then((answer) => answer.status)") == 200
        page.get_by_role("button", name="Close view C").click()
        until(page, lambda: last_followed(visit.requests) == N_VIEWS - 1, "the others only")


def last_followed(urls: list[str]) -> int:
    """Return how many projections the stream has that was asked for last."""
    asked = [parse_qs(urlsplit(url).query) for url in urls if "/projections/frames?" in url]
    return len(set(asked[-1]["ids"][0].split(","))) if asked else 0
