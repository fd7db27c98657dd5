"""How good layouts are beside the libraries': a statistic over seeds, not one run of each.

    python benchmarks/layout_quality.py               20 seeds: UMAP on four data sets, t-SNE on one
    python benchmarks/layout_quality.py umap --seeds 5
    python benchmarks/layout_quality.py --write       and keep the libraries' figures for the tests

Both lay out the same data once for every seed, with the default parameters. A difference is ours
minus theirs, averaged over the pairs of runs, with Student's 95 % interval: one that holds 0 says
that these seeds show no difference.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
# The data and the figures are those of the tests.
sys.path.insert(0, str(ROOT))

Array = NDArray[np.float32]
Layout = Callable[[Array, int], Array]

#: The libraries' figures, which the tests compare ours with.
KEPT = ROOT / "tests" / "compute" / "peers.json"
#: Digits that are printed of a figure.
DIGITS = {"overlap": 4, "trustworthiness": 5, "divergence": 4}


@dataclass(frozen=True)
class Contest:
    """A method of ours beside a library's."""

    method: str
    title: str
    library: str
    theirs: Layout
    figures: tuple[str, ...]
    data: tuple[str, ...]


def by_umap_learn(vectors: Array, seed: int) -> Array:
    """Lay out by umap-learn."""
    import umap

    return np.asarray(umap.UMAP(random_state=seed).fit_transform(vectors), np.float32)


def by_opentsne(vectors: Array, seed: int) -> Array:
    """Lay out by openTSNE."""
    import openTSNE

    tsne = openTSNE.TSNE(random_state=seed, n_jobs=2)
    return np.array(tsne.fit(vectors.astype(np.float64)), np.float32)


CONTESTS = {
    each.method: each
    for each in (
        Contest(
            "umap",
            "UMAP",
            "umap-learn",
            by_umap_learn,
            ("overlap", "trustworthiness"),
            ("digits", "clusters", "roll", "cancer"),
        ),
        Contest("tsne", "t-SNE", "openTSNE", by_opentsne, ("divergence",), ("digits",)),
    )
}


def measure(contest: Contest, name: str, n_seeds: int) -> dict[str, dict[str, list[float]]]:
    """Run both once for every seed; return each figure of each program, a list over seeds."""
    from tests.compute.pictures import DATA, FIGURES, lay_out

    found: dict[str, dict[str, list[float]]] = {
        program: {figure: [] for figure in contest.figures} for program in ("ours", "theirs")
    }
    for seed in range(n_seeds):
        vectors = DATA[name](seed)
        for program, figures in found.items():
            began = time.perf_counter()
            if program == "ours":
                positions = lay_out(contest.method, vectors, random_state=seed).positions
            else:
                positions = contest.theirs(vectors, seed)
            took = time.perf_counter() - began
            print(f"{contest.title}, {name}, {program}: {took:.1f} s", file=sys.stderr)
            for figure, values in figures.items():
                values.append(FIGURES[figure](vectors, positions))
    return found


def rows_of(contest: Contest, name: str, found: dict[str, dict[str, list[float]]]) -> str:
    """Return the rows of the table, one a figure."""
    from tests.compute.pictures import difference

    rows = []
    for figure in contest.figures:
        of, ours, theirs = DIGITS[figure], found["ours"][figure], found["theirs"][figure]
        cells = [
            f"{np.mean(each):.{of}f} ± {np.std(each, ddof=1):.{of}f}" for each in (ours, theirs)
        ]
        gap = difference(ours, theirs, 0.95)
        cells += [f"{gap.mean:+.{of}f}", f"{gap.low:+.{of}f} to {gap.high:+.{of}f}"]
        rows.append(f"| {' | '.join([name, figure, *cells])} |")
    return "\n".join(rows)


def run(contest: Contest, n_seeds: int) -> dict[str, Any]:
    """Print the table of a contest; return the library's figures."""
    from tests.compute.pictures import DATA, fingerprint

    kept: dict[str, Any] = {"version": importlib.metadata.version(contest.library)}
    print(
        f"\n### {contest.title} beside {contest.library}, {n_seeds} seeds: "
        "mean ± standard deviation\n"
    )
    print(f"| data | figure | projector | {contest.library} | difference | 95 % interval |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in contest.data:
        found = measure(contest, name, n_seeds)
        print(rows_of(contest, name, found), flush=True)
        kept[name] = {"fingerprint": fingerprint(DATA[name](0)), **found["theirs"]}
    return kept


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("methods", nargs="*", choices=[*CONTESTS, []], default=[])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="keep the libraries' figures")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("A spread needs at least 2 seeds.")
    warnings.simplefilter("ignore")
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept["made by"] = "python benchmarks/layout_quality.py --write"
    for method in options.methods or CONTESTS:
        contest = CONTESTS[method]
        kept[contest.library] = run(contest, options.seeds)
    if options.write:
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
