"""The page in Notebook 7 and in marimo, in Chromium.

Run by ``make test-integrations``, which installs both; no file of ``make test`` collects it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Frame, Page, expect, sync_playwright

from tests.browser.acting import PATIENCE_MS, until
from tests.browser.conftest import launch
from tests.browser.jupyter import (
    OpenNotebook,
    free_port,
    own_environment,
    running_jupyter,
    wait_for,
)

SHOW = """
import numpy as np, projector
w = projector.show(np.random.default_rng(0).normal(size=(300, 8)), height=500)
w
"""
MARIMO = """
import marimo
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import projector
    w = projector.show(np.random.default_rng(0).normal(size=(300, 8)), height=500)
    return mo, w


@app.cell
def _(w):
    w
    return


@app.cell
def _(mo):
    again = mo.ui.refresh(options=["1s"], default_interval="1s")
    again
    return (again,)


@app.cell
def _(again, mo, w):
    again
    mo.md(f"selected: {w.selection.indices.tolist()}")
    return
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = launch(playwright)
        yield made
        made.close()


@contextmanager
def a_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []

    def hear(error: Error) -> None:
        # The programs' own scripts have faults of their own.
        if "/static/" not in (error.stack or ""):
            errors.append(error.stack or error.message)

    page.on("pageerror", hear)
    try:
        yield page
    finally:
        context.close()
    assert errors == []


def selected(frame: Frame) -> list[int]:
    found: list[int] = frame.evaluate("window.projector.state().selection")
    return found


def test_notebook_7_shows_the_page_and_prints_its_selection(
    browser: Browser, tmp_path: Path
) -> None:
    cells = [SHOW, "print(w.selection.indices.tolist())", "w.selection = [7]"]
    with running_jupyter(tmp_path, "notebook") as jupyter, a_page(browser) as page:
        opened = OpenNotebook(page, jupyter, jupyter.write("a.ipynb", cells), "notebooks")
        opened.run(0)
        frame = opened.frame()
        frame.evaluate("window.projector.select([1, 2, 3])")

        def printed() -> str:
            opened.run(1)
            return opened.printed(1)

        until(page, lambda: printed() == "[1, 2, 3]\n", "the page's selection")
        opened.run(2)
        until(page, lambda: selected(frame) == [7], "Python's selection")


def test_marimo_shows_the_page_and_prints_its_selection(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MARIMO, "utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "marimo", "run", "app.py", "--headless", "--port", str(port)]
    with (tmp_path / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=own_environment(tmp_path), stdout=log, stderr=log
        )
    try:
        wait_for(url, process, tmp_path / "log.txt")
        with a_page(browser) as page:
            page.goto(url)
            element = page.locator("iframe[title=projector]")
            element.wait_for(timeout=PATIENCE_MS)
            frame = element.element_handle().content_frame()
            assert frame is not None
            frame.wait_for_function("() => window.projector !== undefined")
            frame.evaluate("window.projector.ready")
            frame.evaluate("window.projector.select([1, 2, 3])")
            expect(page.get_by_text("selected: [1, 2, 3]")).to_be_visible()
    finally:
        process.terminate()
        process.wait(30)
