"""A series whose true changes are known: some clusters travel, split or dissolve, others stay."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.methods import find_method
from projector.compute.neighbors.search import find_neighbors
from projector.compute.series.joint import TETHERS, SeriesInput, SeriesOutcome, lay_out_series
from projector.compute.series.members import Member
from projector.model.dataset import Dataset
from projector.model.parameters import resolve
from projector.model.progress import ignore_progress
from projector.typing import AnyArray


def known_series(
    n: int, n_steps: int, *, d: int = 64, seed: int = 0, still: bool = False
) -> tuple[list[NDArray[np.float32]], AnyArray]:
    """Return steps, each rotated, scaled and shifted at random, and the cluster of each point.

    Cluster 0 travels onto another, 1 splits in two, 2 dissolves into all others; nothing else
    changes, and nothing at all if `still`.
    """
    rng = np.random.default_rng(seed)
    centers, label = rng.standard_normal((20, d)), rng.integers(0, 20, n)
    x0 = 0.15 * rng.standard_normal((n, d)) + centers[label]
    for c in range(20):
        rows, basis = label == c, np.linalg.qr(rng.standard_normal((d, 6)))[0]
        x0[rows] += (rng.standard_normal((rows.sum(), 6)) * [3, 2.5, 2, 1.5, 1, 1]) @ basis.T
    target, side = rng.integers(3, 20, n), np.where(rng.random(n) < 0.5, -1.0, 1.0)
    way = rng.standard_normal(d)
    way *= 12 / np.linalg.norm(way)
    steps = []
    for t in range(n_steps):
        s = 0 if still else t / (n_steps - 1)
        x = x0.copy()
        x[label == 0] += s * (centers[15] - centers[0])
        x[label == 1] += s * side[label == 1, None] * way
        x[label == 2] += s * (centers[target[label == 2]] - centers[2])
        turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
        moved = (x @ turn) * np.exp(rng.uniform(-0.7, 0.7)) + 2 * rng.standard_normal(d)
        steps.append(moved.astype(np.float32))
    return steps, label


def members_of(steps: list[NDArray[np.float32]], k: int = 15) -> list[Member]:
    return [
        Member(x, np.arange(len(x)), Dataset(x).content_hash, find_neighbors(x, k)) for x in steps
    ]


def laid_out(
    members: list[Member], method: str = "umap", *, tether: float | None = None, **params: Any
) -> SeriesOutcome:
    strength, window = TETHERS[method]
    declared = find_method(method).parameters
    n_points = max(int(each.points.max()) + 1 for each in members)
    settings = resolve(declared, params, owner=method)
    inputs = SeriesInput(
        members,
        n_points,
        method,
        settings,
        strength if tether is None else tether,
        window,
        True,
        lambda: -1,
        ignore_progress,
    )
    return lay_out_series(inputs)
