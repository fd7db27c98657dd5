"""Examples of answers about runs and change, to the byte; see `tests.server.golden`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from projector.api.change.comparison_result import Comparison
from projector.api.change.distributions import Distributions
from projector.api.change.health import series_of
from projector.api.change.matching import Match
from projector.api.change.series_result import Series
from projector.api.change.similarity import Similarity
from projector.compute.change.comparison import Change, ChangeSummary
from projector.compute.health.figures import FIGURES
from projector.compute.health.health import Health
from projector.compute.series.motion import Motion
from projector.loaders.logdir.log_runs import log_runs
from projector.loaders.logdir.run import Run
from projector.model.projection import Projection
from projector.server.analyses import describe_result
from projector.server.responses import as_json, plain
from projector.server.runs import describe_histograms, describe_runs, describe_scalars
from tests.loaders import writers as w

NAN = float("nan")
ROWS = np.array([[-1, 0, 2], [0, 1, 5], [1, 2, 1]], np.float64)


def write_runs(root: Path) -> tuple[Run, ...]:
    """Write the event files of two runs, one of them damaged, and return both."""
    hparams = {"lr": 0.01, "layers": 3, "norm": True, "name": "ä", "unset": ..., "dims": [8, 4]}
    start = w.session_start(hparams, group="g", at=1700000000.0)
    events = [
        w.hparams_event(start),
        w.hparams_event(w.session_end(1, 1700000060.5), "_hparams_/session_end_info"),
        w.scalar_event("loss", 0, 2.5, 1700000001.0),
        w.scalar_event("loss", 20, float("nan"), 1700000031.0),
        w.histogram_event("weights", 20, ROWS, 1700000031.0),
        w.histogram_event("weights", 40, np.zeros((0, 3)), 1700000061.0),
    ]
    w.write(root / "mlp" / "events.out.tfevents.1", b"".join(events))
    w.write(root / "b" / "events.out.tfevents.1", w.scalar_event("loss", 1, 0.5) + b"\xff" * 20)
    return log_runs(root.resolve(), ())


def comparison() -> Comparison:
    """Return a comparison of four rows with three."""
    rows = np.arange(3)
    summary = ChangeSummary(
        k=1, metric="cosine", n_compared=2, kept=0.5, kept_error=0.25, chance=0.125, cka=0.75,
        cka_error=0.0, procrustes=NAN, procrustes_error=NAN, scale=2.5, mirrored=None,
        explained=0.875, moved=0.5, majority=True,
        states={"stayed": 1, "new neighbors": 0, "moved with its neighbors": 1, "between": 0},
        n_likeness=2, warnings=("Only a few points are left.",),
    )  # fmt: skip
    two = np.array([1, 0.5], np.float32)
    near = np.array([[1], [0]], np.int32)
    change = Change(two, two, two, np.array([0, 2], np.uint8), (), summary, near, near)
    match = Match(rows, rows, np.array([3]), rows[:0], rows[:1], rows[:0])
    vectors = np.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32)
    return Comparison(match, rows[:2], change, 4, vectors)


def health() -> Any:
    """Return the health of two steps: healthy, and with a dead dimension."""
    figures = {each.name: 0.0 for each in FIGURES} | {"effective_rank": 6.5, "nc1": NAN}
    good = Health(1797, 16, figures, (), 3)
    bad = Health(1797, 16, {**figures, "dead_dims": 1.0}, (5,), 3, warnings=("Sampled.",))
    return series_of("mlp", "hidden", [(0, good), (20, bad)])


def series() -> Series:
    """Return a series of three steps, the last one laid beside the others."""
    moved = Motion(0.0625, 0.125, 0.75, 0.875, 1500, 40)
    places = [Projection(np.full((3, 2), step, np.float32), "umap", {}) for step in range(3)]
    return Series(
        "0" * 32, tuple(places), (moved, Motion(0.25, 0.5, NAN, NAN, 1700, 3)), "umap",
        {"n_neighbors": 15}, 1.0, 3, ("mlp 0", "mlp 20", "mlp 40"),
        (np.arange(3),) * 3, {"sizes": [1.5, 2.0, 3.0]}, ("The series is older.",), (2,),
    )  # fmt: skip


def golden_change() -> dict[str, bytes]:
    """Return the content of every file by its name."""
    errors, shared = np.zeros((2, 2), np.float32), np.full((2, 2), 3)
    matrix, names = np.eye(2, dtype=np.float32), ("a", "b")
    alike = Similarity(matrix, errors, shared, "kept", names, 15, "cosine")
    values = np.zeros((2, 3, 3), np.float32)
    spread = Distributions(
        values, values[:, 0], (0.0, 0.5, 1.0), ("a", "b"), values[..., 0], values[..., 0]
    )
    with tempfile.TemporaryDirectory() as folder:
        runs = write_runs(Path(folder))
        mlp = next(each for each in runs if each.name == "mlp")
        found: dict[str, Any] = {
            "histograms.json": describe_histograms(mlp, "weights", with_buckets=True),
            "scalars.json": describe_scalars("loss", runs),
            "runs.json": describe_runs(runs),
        }
        text = {name: as_json(plain(about)) for name, about in found.items()}
    for name, result in (
        ("comparison.json", comparison()),
        ("similarity.json", alike),
        ("health.json", health()),
        ("series.json", series()),
        ("distributions.json", spread),
    ):
        text[name] = as_json(plain(describe_result(result)))
    return {name: each.encode() for name, each in text.items()}
