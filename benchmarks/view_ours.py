"""What is measured of projector's own page, by real pointer events and by role and name."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Playwright
from view_browser import Visit, times_of, visit
from view_data import log_directory
from view_peers import SECONDS_OF_DRAGGING, Figures, gaps_of, median

PLOT = (
    "(() => { const r = document.querySelector('[aria-label=\"Point cloud\"]')"
    ".getBoundingClientRect();"
    " return {x: r.x + 70, y: r.y + 60, width: r.width - 260, height: r.height - 120} })()"
)
STATS = "window.projector.stats()"
WHOLE = (
    "window.projector && window.projector.stats().pointsDrawn > 0"
    " && window.projector.stats().isWhole"
)
SELECTED = "/[0-9] selected/.test(document.querySelector('footer').textContent)"


COMMAND = (sys.executable, "-m", "projector", "--port", "0", "--no-open")


@contextmanager
def served(n_points: int) -> Iterator[str]:
    """Serve the points by a process of its own with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        process = subprocess.Popen(
            [*COMMAND, "--logdir", str(log_directory(n_points))],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[1],
            env={**os.environ, "PROJECTOR_CACHE_DIR": cache},
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split(maxsplit=1)[1].strip()
        finally:
            process.terminate()
            process.wait()


def measure_ours(playwright: Playwright, url: str, dims: int = 2, thorough: bool = True) -> Figures:
    """Measure what is measured of the peers, too."""
    with visit(playwright) as one:
        shots = one.open(f"{url}#method=pca&draw=points&dims={dims}", WHOLE)
        box = one.evaluate(PLOT)
        found = dict(zip(("first", "full"), times_of(shots, box), strict=True))
        rest(one)
        frames = one.evaluate(STATS)["frames"]
        found |= gaps_of(one.drag(box, SECONDS_OF_DRAGGING))
        found["drawn"] = (one.evaluate(STATS)["frames"] - frames) / SECONDS_OF_DRAGGING
        rest(one)
        one.page.keyboard.press("h")
        rest(one)
        found["hover"] = median(one.hover(box, "window.projector.state().hover"))
        if thorough:
            found["number"] = recolored(one, "Color by", "value")
            found["category"] = recolored(one, "Color by", "class")
            found["lasso"] = lasso(one)
        found["memory"] = one.peak_megabytes
    return found


def measure_bounds(playwright: Playwright, url: str) -> Figures:
    """Measure what only ours promises: colors, filters, switches, uploads and rest."""
    with visit(playwright) as one:
        # As it opens by itself, nothing cached: three columns are a map already.
        shots = one.open(url, WHOLE)
        found: Figures = {}
        found["first picture"], found["full picture"] = times_of(shots, one.evaluate(PLOT))
        one.page.goto("about:blank")
        one.open(f"{url}#method=pca&draw=points&dims=2", WHOLE)
        n_points = one.evaluate(STATS)["pointsDrawn"]
        rest(one)
        frames = one.evaluate(STATS)["frames"]
        one.page.wait_for_timeout(3000)
        found["idle frames"] = one.evaluate(STATS)["frames"] - frames
        # Once without the clock, so that the columns are here.
        recolored(one, "Color by", "value")
        found["by a category"] = recolored(one, "Color by", "class")
        found["by a number"] = recolored(one, "Color by", "value")
        for scale in ("log", "quantile"):
            found[f"by a number, {scale}"] = recolored(one, "Scale", scale)
        before = one.evaluate(STATS)["bytesUploaded"]
        found["lasso"] = lasso(one)
        n_selected = one.evaluate("window.projector.state().selection.length")
        sent = one.evaluate(STATS)["bytesUploaded"] - before
        # Selected points are drawn a second time, by their rows.
        found["selection, bytes a point"] = (sent - 4 * n_selected) / n_points
        one.page.keyboard.press("Escape")
        one.page.keyboard.press("Escape")
        rest(one)
        found |= filtered(one, n_points)
        found |= switched(one)
        found["memory"] = one.peak_megabytes
    return found


def recolored(one: Visit, control: str, value: str) -> float:
    """Choose a color; return milliseconds to its first picture."""
    choice = one.page.get_by_role("combobox", name=control, exact=True)
    took = drawn_after(one, "change", lambda: choice.select_option(value))
    rest(one)
    return took


def lasso(one: Visit) -> float:
    """Draw a lasso; return milliseconds from letting go to the number of selected points."""
    one.page.keyboard.press("l")
    took = one.draw_around(one.evaluate(PLOT), SELECTED)
    rest(one)
    return took


def filtered(one: Visit, n_points: int) -> Figures:
    """Brush a chart; return what a step of the brush takes and uploads."""
    one.page.get_by_role("tab", name="Filter").click()
    chart = one.page.get_by_role("region", name="Charts").get_by_role("region", name="value")
    bars = chart.get_by_role("img")
    bars.scroll_into_view_if_needed()
    place = bars.bounding_box()
    assert place is not None
    rest(one)
    mouse = one.page.mouse
    mouse.move(place["x"] + 2, place["y"] + 20)
    mouse.down()
    took, sent = [], []
    for step in range(1, 6):
        before = one.evaluate(STATS)["bytesUploaded"]
        x = place["x"] + 2 + place["width"] * step / 8
        took.append(drawn_after(one, "pointermove", lambda x=x: mouse.move(x, place["y"] + 20)))
        sent.append((one.evaluate(STATS)["bytesUploaded"] - before) / n_points)
    mouse.up()
    rest(one)
    return {"step of a filter's brush": median(took), "filter, bytes a point": median(sent)}


def switched(one: Visit) -> Figures:
    """Go to and fro between two projections that are cached; return the wait for movement."""
    axis = one.page.get_by_role("group", name="Components").get_by_role("combobox").first
    took = []
    for component in ("2", "0", "2", "0", "2"):
        took.append(drawn_after(one, "change", lambda c=component: axis.select_option(c)))
        rest(one)
    return {"switch of projections": median(took[2:])}


def drawn_after(one: Visit, event: str, act: object) -> float:
    """Return milliseconds from an event to the next picture that is drawn."""
    frames = one.evaluate(STATS)["frames"]
    return float(one.timed(event, f"{STATS}.frames > {frames}", act)["met"])


def rest(one: Visit) -> None:
    """Wait until the whole picture is on the screen and nothing else comes."""
    one.page.wait_for_timeout(400)
    one.wait(f"{WHOLE} && !window.projector.state().live")
    one.page.screenshot()
