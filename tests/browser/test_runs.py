"""The table of runs: sorted, searched, and opened side by side with what they differ in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import projector
from tests.browser.acting import until
from tests.browser.conftest import WIDE, Visit
from tests.browser.test_explore_access import violations
from tests.loaders import writers as w

pytestmark = pytest.mark.browser
WINDOW_SIZE = WIDE


@pytest.fixture
def runs(tmp_path: Path, browser: Browser) -> Iterator[Visit]:
    """Open three runs of which two have embeddings, and event files."""
    rng = np.random.default_rng(0)
    for name, lr in (("slow", 0.001), ("fast", 0.5), ("bare", 0.01)):
        if name != "bare":
            for step in (0, 10):
                (tmp_path / name).mkdir(exist_ok=True)
                x = rng.normal(size=(40, 6)).astype(np.float32)
                np.save(tmp_path / name / f"emb_{step}.npy", x)
        w.write(
            tmp_path / name / "events.out.tfevents.1.host",
            b"".join(
                [
                    w.hparams_event(w.session_start({"lr": lr, "seed": 3.0})),
                    *(w.scalar_event("loss", step, lr * 9 + step, 1.0) for step in (0, 5, 10)),
                ]
            ),
        )
    with projector.serve(tmp_path, port=0) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        yield Visit(page, server.url)
        page.close()


def test_runs_are_compared_by_their_table(runs: Visit) -> None:
    page = runs.open("#run=slow")
    page.keyboard.press("Shift+R")
    dialog = page.get_by_role("dialog", name="Runs")
    rows = dialog.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(dialog.get_by_role("columnheader", name="lr")).to_be_visible()
    expect(dialog.get_by_role("columnheader", name="seed")).to_have_count(0)
    dialog.get_by_role("checkbox", name="Settings equal in all runs, too").check()
    expect(dialog.get_by_role("columnheader", name="seed")).to_be_visible()
    dialog.get_by_role("button", name="lr", exact=True).click()
    expect(rows.nth(1)).to_contain_text("slow")
    dialog.get_by_role("button", name="lr", exact=True).click()
    expect(rows.nth(1)).to_contain_text("fast")
    assert violations(page) == []

    dialog.get_by_role("searchbox", name="Search runs").fill("lr=0.5")
    expect(rows).to_have_count(2)
    dialog.get_by_role("checkbox", name="Choose fast").check()
    dialog.get_by_role("searchbox", name="Search runs").fill("")
    expect(dialog.get_by_role("checkbox", name="Choose bare")).to_be_disabled()
    dialog.get_by_role("checkbox", name="Choose slow").check()
    dialog.get_by_role("button", name="Show 2 side by side").click()

    first, second = (page.get_by_role("region", name=f"View {letter}") for letter in "AB")
    expect(first).to_contain_text("fast · lr 0.5")
    expect(second).to_contain_text("slow · lr 0.001")
    runs.settle()
    curves = page.locator(".timeline-curve")
    expect(curves).to_have_count(2)
    slider = page.get_by_role("slider", name="Step")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 0: A 4.5 · B 0.009"))
    assert page.evaluate("window.projector.state('2').step") == 10


def test_the_table_says_which_run_has_alarms(visit: Visit) -> None:
    page = visit.open("#run=cnn-tanh-32")
    visit.settle()
    page.keyboard.press("Shift+R")
    dialog = page.get_by_role("dialog", name="Runs")
    row = dialog.get_by_role("row").filter(has=page.get_by_text("mlp-relu-16"))
    expect(row.get_by_role("cell", name="7: Dead dimensions")).to_be_visible()
    healthy = dialog.get_by_role("row").filter(has=page.get_by_text("cnn-tanh-32"))
    expect(healthy.get_by_role("cell").last).to_have_text("0")
    heading = dialog.get_by_role("button", name="Health")
    heading.click()
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("cnn-tanh-32")
    heading.click()
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("mlp-relu-16")
    assert violations(page) == []


def test_steps_of_two_runs_go_along(runs: Visit) -> None:
    page = runs.open("#run=slow&step=0")
    page.keyboard.press("Control+K")
    page.get_by_role("combobox", name="Command").fill("compare the 2 runs")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="View B").wait_for()
    runs.settle()
    link = page.get_by_role("combobox", name="Steps of other runs")
    slider = page.get_by_role("slider", name="Step")

    def steps() -> list[int]:
        found: list[int] = page.evaluate(
            "window.projector.views().map(({id}) => window.projector.state(id).step)"
        )
        return found

    assert steps() == [0, 0]
    slider.press("End")
    until(page, lambda: steps() == [10, 10], "both at step 10")
    link.select_option("Steps apart")
    slider.press("Home")
    until(page, lambda: steps() == [0, 10], "one at step 0")
