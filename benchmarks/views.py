"""Four linked views in Chromium, beside four of regl-scatterplot, and beside one view of as much.

Everybody draws the same points by software, so that no figure depends on a card: read the ratios.
`--peers` installs regl-scatterplot into a folder of its own first; `--quick` measures once instead
of in rounds, and no more than 4 x 25,000 points.
"""

from __future__ import annotations

import math
import sys
from functools import partial

import playwright.sync_api
from playwright.sync_api import Playwright
from view import Measure, rounds
from view_browser import Visit, times_of, visit
from view_ours import served
from view_peers import (
    BUNDLES,
    SECONDS_OF_DRAGGING,
    Figures,
    NotMeasured,
    gaps_of,
    install,
    median,
    pages,
    settle,
)

ROUNDS = 2
SMALL, LARGE = 25_000, 250_000
ONE_VIEW, FOUR_VIEWS = 1, 4
#: What is compared, and how it is written.
FIGURES = {
    "full": ("full picture of all views on the screen, s", "{:.2f}"),
    "p50": ("moving: usual frame, ms", "{:.0f}"),
    "p95": ("moving: slow frame (95 %), ms", "{:.0f}"),
    "hover": ("pointer to hover, ms", "{:.0f}"),
    "contexts": ("WebGL contexts", "{:.0f}"),
    "sent": ("sent to the GPU until rest, MB", "{:.1f}"),
    "heap": ("heap of the page, MB", "{:.0f}"),
    "memory": ("peak memory, page and GPU process, MB", "{:.0f}"),
}
ALL_WHOLE = (
    "window.projector && window.projector.views().length === N && window.projector.views()"
    ".every(({id}) => window.projector.stats(id).pointsDrawn > 0"
    " && window.projector.stats(id).isWhole && !window.projector.state(id).live)"
)
#: The places of all views, and of the first one.
OURS = """(() => {
    const all = [...document.querySelectorAll('[aria-label="Point cloud"]')]
        .map((each) => each.getBoundingClientRect());
    const [r] = all, [last] = all.slice(-1);
    return {
        all: {x: r.x, y: r.y, width: last.right - r.x, height: last.bottom - r.y},
        first: {x: r.x, y: r.y, width: r.width, height: r.height},
    };
})()"""
THEIRS = """(() => {
    const r = document.getElementById('plot').getBoundingClientRect();
    const f = document.querySelector('#plot canvas').getBoundingClientRect();
    return {
        all: {x: r.x, y: r.y, width: r.width, height: r.height},
        first: {x: f.x, y: f.y, width: f.width, height: f.height},
    };
})()"""
#: Counts the contexts of a page, whatever they draw on.
COUNT = """
window.contexts = new Set();
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
    const real = kind.prototype.getContext;
    kind.prototype.getContext = function (name, ...rest) {
        const found = real.call(this, name, ...rest);
        if (found !== null && /webgl/.test(name)) window.contexts.add(found);
        return found;
    };
}
"""


def measure(one: Visit, url: str, is_done: str, places: str, hovered: str) -> Figures:
    """Open a page; measure its picture, a hand that drags, a hover, and what it holds."""
    one.page.add_init_script(COUNT)
    shots = one.open(url, is_done)
    boxes = one.evaluate(places)
    found: Figures = {"full": times_of(shots, boxes["all"])[1]}
    settle(one)
    found["sent"] = one.evaluate("window.bench.sentBytes") / 1e6
    found |= gaps_of(one.drag(boxes["first"], SECONDS_OF_DRAGGING))
    one.wait(is_done)
    settle(one)
    found["hover"] = median(one.hover(boxes["first"], hovered))
    found["contexts"] = one.evaluate("window.contexts.size")
    found["heap"] = one.evaluate("performance.memory.usedJSHeapSize") / 1e6
    found["memory"] = one.peak_megabytes
    return found


def measure_ours(playwright: Playwright, url: str, n_views: int) -> Figures:
    """Measure so many linked views of projector."""
    view = "method%3Dpca%26draw%3Dpoints%26dims%3D2%26steps%3Dalone"
    address = f"{url}#method=pca&draw=points&dims=2{f'&view={view}' * (n_views - 1)}"
    hovered = "window.projector.state(window.projector.views()[0].id).hover"
    with visit(playwright) as one:
        return measure(one, address, ALL_WHOLE.replace("N", str(n_views)), OURS, hovered)


def measure_theirs(playwright: Playwright, url: str, n_points: int) -> Figures:
    """Measure four linked instances of regl-scatterplot."""
    if not (BUNDLES / "four.html").exists():
        raise NotMeasured("not installed: python benchmarks/views.py --peers")
    with visit(playwright) as one:
        address = f"{url}/four.html?n={n_points}"
        done = "window.peer && window.peer.isReady"
        return measure(one, address, done, THEIRS, "window.peer.hover")


def print_table(title: str, found: dict[str, Figures | str]) -> None:
    """Print a row a figure; the last column is the second tool's figure over the first's."""
    print(f"\n**{title}**\n\n| | {' | '.join(found)} | ratio |\n|---|{'---|' * (len(found) + 1)}")
    for key, (label, form) in FIGURES.items():
        values = [
            math.nan if isinstance(figures, str) else figures.get(key, math.nan)
            for figures in found.values()
        ]
        cells = ["" if math.isnan(value) else form.format(value) for value in values]
        ours, theirs = values
        is_known = not math.isnan(ours + theirs) and ours > 0
        print(f"| {label} | {' | '.join(cells)} | {f'{theirs / ours:.1f}' if is_known else ''} |")
    for name, reason in found.items():
        if isinstance(reason, str):
            print(f"\n{name}: {reason}.")


def main() -> None:
    """Print the tables."""
    if "--peers" in sys.argv:
        install()
    is_quick = "--quick" in sys.argv
    n_rounds = 1 if is_quick else ROUNDS
    sizes = [SMALL] if is_quick else [SMALL, LARGE]
    print("A ratio is the second column's figure over the first's: above 1 the first is better.")
    print(f"Medians of {n_rounds} alternated rounds.")
    with playwright.sync_api.sync_playwright() as browsers, pages(*sizes) as libraries:
        for n in sizes:
            with served(n) as url:
                tools: dict[str, Measure] = {
                    "projector, 4 views": partial(measure_ours, browsers, url, FOUR_VIEWS),
                    "regl-scatterplot, 4 instances": partial(
                        measure_theirs, browsers, libraries, n
                    ),
                }
                print_table(f"4 × {n:,} points", rounds(tools, n_rounds))
        for n in sizes:
            with served(n) as url, served(4 * n) as whole:
                split: dict[str, Measure] = {
                    f"4 × {n:,}": partial(measure_ours, browsers, url, FOUR_VIEWS),
                    f"1 × {4 * n:,}": partial(measure_ours, browsers, whole, ONE_VIEW),
                }
                print_table(f"{4 * n:,} points in four views and in one", rounds(split, n_rounds))


if __name__ == "__main__":
    main()
