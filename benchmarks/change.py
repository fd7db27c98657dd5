"""What comparing, health and the layout of a series cost, beside the libraries.

    python benchmarks/change.py                        all tables; the last one takes half an hour
    python benchmarks/change.py series compare health  some of them
    python benchmarks/change.py large --points 20000 --steps 10

series   one layout of eight steps of the demo (every third point): ours, umap-learn's AlignedUMAP,
         and each step laid out alone; then a series whose truth is known
compare  two sets of 100,000 x 384, beyond their neighbor graphs
health   one set of 100,000 x 384, beyond its neighbor graph
large    20 steps of 100,000 x 50, with the peak of memory

Processor time is that of all threads, and the peak that of this process. Motion is in sizes of the
series: of points that kept at least 80 % of their neighbors (false), and at most 40 % (true).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
# The series whose truth is known is that of the tests.
sys.path.insert(0, str(ROOT))

from projector.api.methods import find_method  # noqa: E402
from projector.compute.change.comparison import measure_change  # noqa: E402
from projector.compute.health.health import measure_health  # noqa: E402
from projector.compute.neighbors.search import find_neighbors  # noqa: E402
from projector.compute.quality.scores import measure_quality  # noqa: E402
from projector.compute.series.joint import SeriesInput, lay_out_series, motion_of  # noqa: E402
from projector.compute.series.members import Member  # noqa: E402
from projector.loaders import open_logdir  # noqa: E402
from projector.model.dataset import Dataset  # noqa: E402
from projector.model.parameters import resolve  # noqa: E402
from projector.model.progress import Progress, ignore_progress  # noqa: E402
from tests.compute.series.known import known_series  # noqa: E402

Array = NDArray[np.float32]
EPOCHS = 200


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what `work` returns, and its processor and wall time in seconds."""
    began, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - began


def peak_gigabytes() -> float:
    """Return the largest memory that this process had so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def members_of(steps: Sequence[Array], k: int = 15) -> list[Member]:
    """Return steps with their neighbor graphs."""
    rows = np.arange(len(steps[0]))
    return [Member(x, rows, Dataset(x).content_hash, find_neighbors(x, k)) for x in steps]


def ours(
    members: Sequence[Member],
    tether: float,
    progress: Any = ignore_progress,
    n_epochs: int = EPOCHS,
) -> Any:
    """Lay out a series by UMAP."""
    params = resolve(find_method("umap").parameters, {"n_epochs": n_epochs}, owner="umap")
    n_points = len(members[0].vectors)
    inputs = SeriesInput(members, n_points, "umap", params, tether, 3, True, lambda: -1, progress)
    return lay_out_series(inputs).places


def alone(members: Sequence[Member]) -> Any:
    """Lay out each step by itself, by the same method."""
    return [ours([each], 0.0)[0] for each in members]


def aligned_umap(members: Sequence[Member], strength: float) -> Any:
    """Lay out a series by umap-learn."""
    import umap

    model = umap.AlignedUMAP(
        n_neighbors=15,
        n_epochs=EPOCHS,
        alignment_window_size=3,
        alignment_regularisation=strength,
        random_state=0,
    )
    same = {i: i for i in range(len(members[0].vectors))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit([each.vectors for each in members], relations=[same] * (len(members) - 1))
    return [np.asarray(each, np.float32) for each in model.embeddings_]


def say_series(title: str, places: Any, members: Sequence[Member], cpu: float) -> None:
    """Print motion, trustworthiness and processor time of one layout."""
    motion = motion_of(members, places, len(members[0].vectors))
    trust = [
        measure_quality(m.vectors, p, k=15, neighbors=m.graph).scores.means()["trustworthiness"]
        for m, p in zip(members, places, strict=True)
    ]
    means = []
    for name in ("false", "false95", "true", "auc"):
        known = [value for each in motion if (value := getattr(each, name)) == value]
        means.append(f"{np.mean(known):9.3f}" if known else f"{'-':>9}")
    print(f"{title:38}{''.join(means)}{np.mean(trust):9.4f}{min(trust):9.4f}{cpu:9.1f}", flush=True)


def series_table() -> None:
    """Print our series beside AlignedUMAP and beside independent layouts."""
    log = open_logdir(ROOT / "demo_data")
    steps = [
        np.ascontiguousarray(log.load(entry).vectors[::3])
        for entry in log.entries
        if entry.run == "mlp-relu-16"
    ]
    known, _ = known_series(1000, 6)
    few = members_of([x[:60] for x in steps[:2]])
    ours(few, 1.0)  # compiles
    aligned_umap(few, 0.01)
    for title, data in (
        (f"demo, {len(steps[0]):,} points x {len(steps)} steps, {EPOCHS} epochs", steps),
        (f"known truth, {len(known[0]):,} points x {len(known)} steps", known),
    ):
        members = members_of(data)
        head = "".join(f"{each:>9}" for each in ("false", "p95", "true", "AUC", "trust", "worst"))
        print(f"\n{title}\n{'':38}{head}{'CPU s':>9}")
        rows: list[tuple[str, Callable[[], Any]]] = [
            ("projector, tether 1", partial(ours, members, 1.0)),
            ("projector, each step alone", partial(alone, members)),
            ("umap-learn AlignedUMAP, 0.01", partial(aligned_umap, members, 0.01)),
            ("umap-learn AlignedUMAP, 0.1", partial(aligned_umap, members, 0.1)),
        ]
        for name, work in rows:
            places, cpu, _ = timed(work)
            say_series(name, places, members, cpu)


def two_sets(n_points: int, n_dims: int) -> tuple[Array, Array]:
    """Return clusters before and after a rotation, in which 5 % of the points moved."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((100, n_dims), np.float32) * 2
    label = rng.integers(0, 100, n_points)
    basis = rng.standard_normal((12, n_dims), np.float32) / 4
    x = centers[label] + rng.standard_normal((n_points, 12), np.float32) @ basis
    x += 0.05 * rng.standard_normal((n_points, n_dims), np.float32)
    y = x.copy()
    y[label < 5] += centers[7]
    turn = np.linalg.qr(rng.standard_normal((n_dims, n_dims)))[0].astype(np.float32)
    return np.asarray(x, np.float32), np.ascontiguousarray(y @ turn, np.float32)


def compare_table(n_points: int) -> None:
    """Print what a comparison costs beyond the graphs."""
    a, b = two_sets(n_points, 384)
    (first, second), cpu, wall = timed(lambda: (find_neighbors(a, 32), find_neighbors(b, 32)))
    print(f"\ncompare, {n_points:,} x 384\n{'':38}{'CPU s':>9}{'s':>9}")
    print(f"{'two neighbor graphs (shared, stored)':38}{cpu:9.1f}{wall:9.1f}")
    small = find_neighbors(a[:200], 32), find_neighbors(b[:200], 32)
    measure_change(a[:200], b[:200], small, 15)  # compiles
    found, cpu, wall = timed(lambda: measure_change(a, b, (first, second), 15))
    print(f"{'kept, shift, states, likeness, groups':38}{cpu:9.1f}{wall:9.1f}")
    summary = found.summary
    print(
        f"kept {summary.kept:.4f}, CKA {summary.cka:.4f} ± {summary.cka_error:.4f}, "
        f"{len(found.groups)} groups, peak {peak_gigabytes():.2f} GB"
    )


def health_table(n_points: int) -> None:
    """Print what the health of one set costs beyond the graph."""
    a, _ = two_sets(n_points, 384)
    graph, cpu, wall = timed(lambda: find_neighbors(a, 15))
    print(f"\nhealth, {n_points:,} x 384\n{'':38}{'CPU s':>9}{'s':>9}")
    print(f"{'neighbor graph (shared, stored)':38}{cpu:9.1f}{wall:9.1f}")
    labels = np.random.default_rng(0).integers(0, 10, n_points)
    found, cpu, wall = timed(lambda: measure_health(a, graph, labels=labels))
    print(f"{'all figures, with labels':38}{cpu:9.1f}{wall:9.1f}")
    print(f"effective rank {found.figures['effective_rank']:.1f}, peak {peak_gigabytes():.2f} GB")


def large_table(n_points: int, n_steps: int, n_epochs: int) -> None:
    """Print what a large series costs."""
    steps, _ = known_series(n_points, n_steps, d=50)
    print(
        f"\nseries, {n_steps} x {n_points:,} x 50, {n_epochs} epochs\n{'':38}{'CPU s':>9}{'s':>9}"
    )
    members, cpu, wall = timed(lambda: members_of(steps))
    print(f"{'neighbor graphs (shared, stored)':38}{cpu:9.1f}{wall:9.1f}", flush=True)
    before = peak_gigabytes()

    said = [0]

    def watch(progress: Progress) -> None:
        if progress.phase == "layout" and progress.done >= said[0] + 50:
            said[0] = progress.done
            print(f"  epoch {progress.done}", file=sys.stderr, flush=True)

    places, cpu, wall = timed(lambda: ours(members, 1.0, watch, n_epochs))
    print(f"{'joint layout, tether 1':38}{cpu:9.1f}{wall:9.1f}")
    found = motion_of(members, places, n_points)
    false = np.nanmean([each.false for each in found])
    aucs = [each.auc for each in found if each.auc == each.auc]
    auc = f"{np.mean(aucs):.3f}" if aucs else "-"
    print(
        f"false motion {false:.4f}, AUC {auc}, peak {before:.2f} GB before the layout, "
        f"{peak_gigabytes():.2f} GB in all"
    )


TABLES = ("series", "compare", "health", "large")


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], default=[])
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the large series")
    asked = parser.parse_args()
    for table in asked.tables or TABLES:
        if table == "series":
            series_table()
        elif table == "compare":
            compare_table(asked.points)
        elif table == "health":
            health_table(asked.points)
        else:
            large_table(asked.points, asked.steps, asked.epochs)


if __name__ == "__main__":
    main()
