"""How quick the view is in Chromium, beside the peers on the same points, and beside its promises.

Everybody draws by software, so that no figure depends on a card: read the ratios. `--peers`
installs the peers into a folder of their own first; what is not there is told in its place.
`--quick` measures once instead of in rounds, and no more than 100,000 points.
"""

from __future__ import annotations

import gzip
import math
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import playwright.sync_api
from view_data import TENSORBOARD_ROWS
from view_ours import measure_bounds, measure_ours, served
from view_peers import (
    Figures,
    NotMeasured,
    install,
    measure_atlas,
    measure_regl,
    measure_tensorboard,
    pages,
    tensorboard,
)

ROUNDS, LARGE_ROUNDS = 3, 2
SMALL, LARGE, HUGE = TENSORBOARD_ROWS, 1_000_000, 5_000_000
DIST = Path(__file__).resolve().parents[1] / "static" / "dist"

#: What is compared: its name in the table, whether more of it is better, and how it is written.
COMPARED = {
    "first": ("first picture on the screen, s", False, "{:.2f}"),
    "full": ("full picture on the screen, s", False, "{:.2f}"),
    "rate": ("moving: frames a second", True, "{:.0f}"),
    "p50": ("moving: usual frame, ms", False, "{:.0f}"),
    "p95": ("moving: slow frame (95 %), ms", False, "{:.0f}"),
    "hover": ("pointer to hover, ms", False, "{:.0f}"),
    "lasso": ("lasso to selection, ms", False, "{:.0f}"),
    "category": ("color by a category, ms", False, "{:.0f}"),
    "number": ("color by a number, ms", False, "{:.0f}"),
    "memory": ("peak memory, page and GPU process, MB", False, "{:.0f}"),
}
#: What is promised at a million points.
PROMISED = {
    "first picture": "2 s",
    "full picture": "",
    "by a category": "100 ms",
    "by a number": "100 ms",
    "by a number, log": "100 ms",
    "by a number, quantile": "100 ms",
    "lasso": "500 ms",
    "selection, bytes a point": "1",
    "step of a filter's brush": "",
    "filter, bytes a point": "1",
    "switch of projections": "200 ms",
    "idle frames": "0",
    "memory": "",
}

Measure = Callable[[], Figures]
Value = TypeVar("Value")


def rounds(tools: dict[str, Measure], n_rounds: int) -> dict[str, Figures | str]:
    """Measure all in turn, again and again; return medians, or why there are none."""
    taken: dict[str, list[Figures]] = {name: [] for name in tools}
    reasons: dict[str, str] = {}
    for _ in range(n_rounds):
        for name, measure in tools.items():
            if name in reasons:
                continue
            try:
                taken[name].append(measure())
            except NotMeasured as reason:
                reasons[name] = str(reason)
            except (TimeoutError, playwright.sync_api.Error) as error:
                reasons[name] = f"failed: {str(error).splitlines()[0]}"
    return {name: reasons.get(name) or medians(found) for name, found in taken.items()}


def medians(found: list[Figures]) -> Figures:
    """Return the median of each figure."""
    middle = {}
    for key in found[0]:
        values = sorted(v for each in found if not math.isnan(v := each.get(key, math.nan)))
        middle[key] = values[(len(values) - 1) // 2] if values else math.nan
    return middle


def print_comparison(title: str, found: dict[str, Figures | str]) -> None:
    """Print a row a figure and a column a tool, the first of which is ours."""
    names = [name for name, figures in found.items() if not isinstance(figures, str)]
    ours = found[next(iter(found))]
    if isinstance(ours, str):
        raise SystemExit(f"projector could not be measured: {ours}")
    print(f"\n**{title}**\n")
    heads = "".join(f" {name} | ratio |" if at else f" {name} |" for at, name in enumerate(names))
    print(f"| |{heads}\n|---|{'---|' * (2 * len(names) - 1)}")
    for key, (label, is_more_better, form) in COMPARED.items():
        if key not in ours:
            continue
        cells = [form.format(ours[key])]
        for name in names[1:]:
            figures = found[name]
            value = figures.get(key, math.nan) if not isinstance(figures, str) else math.nan
            if math.isnan(value):
                cells += ["", ""]
                continue
            pair = (ours[key], value) if is_more_better else (value, ours[key])
            cells += [form.format(value), f"{pair[0] / max(pair[1], 1e-9):.1f}"]
        print(f"| {label} | {' | '.join(cells)} |")
    for name, reason in found.items():
        if isinstance(reason, str):
            print(f"\n{name}: {reason}.")


def page_size() -> str:
    """Return what the page's own code takes, compressed."""
    # What the page names is fetched before the first picture; all else comes when it is wanted.
    scripts = re.findall(r'src="([^"]+\.js)"', (DIST / "index.html").read_text())
    size = sum(len(gzip.compress((DIST / each).read_bytes(), 9)) for each in scripts)
    return f"{size / 1000:.0f} kB of JavaScript, gzip (promised: 150)"


def main() -> None:
    """Print the tables."""
    if "--peers" in sys.argv:
        install()
    is_quick = "--quick" in sys.argv
    n_rounds = 1 if is_quick else ROUNDS
    sizes = [SMALL] if is_quick else [SMALL, LARGE]
    print("A ratio is the peer's figure over ours (ours over the peer's for frames a second):")
    print(f"above 1 projector is better. Medians of {n_rounds} alternated rounds; of a million")
    print(f"points, {min(n_rounds, LARGE_ROUNDS)}.")
    with playwright.sync_api.sync_playwright() as browsers, pages(*sizes) as libraries:
        for n in sizes:
            with served(n) as url:
                tools: dict[str, Measure] = {
                    "projector, 2D": partial(measure_ours, browsers, url),
                    "regl-scatterplot": partial(measure_regl, browsers, libraries, n),
                    "Embedding Atlas": partial(measure_atlas, browsers, libraries, n),
                }
                n_turns = n_rounds if n == SMALL else min(n_rounds, LARGE_ROUNDS)
                print_comparison(f"{n:,} points, flat", rounds(tools, n_turns))
        print_comparison("100,000 points in 3D", deep(browsers, n_rounds))
        print(
            "\nTensorBoard's page asks for the first 100,000 rows of any tensor and draws no more."
        )
        print_promises(browsers, SMALL if is_quick else LARGE)
        if not is_quick:
            with served(HUGE) as url:
                five = measure_ours(browsers, url, thorough=False)
            print_comparison(f"{HUGE:,} points", {"projector, 2D": five})
    print(f"\nThe page: {page_size()}.")


def deep(browsers: playwright.sync_api.Playwright, n_rounds: int) -> dict[str, Figures | str]:
    """Compare with TensorBoard, as many rows as it takes."""
    with served(SMALL) as url:
        own: dict[str, Measure] = {
            "projector, 3D": partial(measure_ours, browsers, url, dims=3, thorough=False)
        }
        try:
            with tensorboard() as other:
                peer: dict[str, Measure] = {
                    "TensorBoard": partial(measure_tensorboard, browsers, other)
                }
                return rounds({**own, **peer}, n_rounds)
        except NotMeasured as reason:
            return {**rounds(own, n_rounds), "TensorBoard": str(reason)}


def print_promises(browsers: playwright.sync_api.Playwright, n_points: int) -> None:
    """Print what is promised at a million points, and what is so."""
    with served(n_points) as url:
        found = measure_bounds(browsers, url)
    print(
        f"\n**{n_points:,} points: what is promised**\n\n| | measured | promised |\n|---|---|---|"
    )
    for key, promise in PROMISED.items():
        value = found[key]
        is_time = promise.endswith("ms") or key.startswith("step")
        text = f"{value:.0f} ms" if is_time else f"{value:.4g}"
        text += " s" if key.endswith("picture") else ""
        text += " MB" if key == "memory" else ""
        print(f"| {key} | {text} | {promise} |")


if __name__ == "__main__":
    main()
