"""Sets of vectors whose change is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from projector.compute.change.comparison import Change, measure_change
from projector.compute.neighbors.search import find_neighbors
from projector.typing import AnyArray, Metric

Array = NDArray[Any]


def clusters(n: int = 1500, d: int = 32, seed: int = 0) -> tuple[Array, Array]:
    """Return clusters of six dimensions and some noise, and the cluster of each point."""
    rng = np.random.default_rng(seed)
    centers, label = rng.standard_normal((20, d)), rng.integers(0, 20, n)
    x = centers[label] + 0.15 * rng.standard_normal((n, d))
    for c in range(20):
        rows = label == c
        basis = np.linalg.qr(rng.standard_normal((d, 6)))[0]
        x[rows] += (rng.standard_normal((rows.sum(), 6)) * [3, 2.5, 2, 1.5, 1, 1]) @ basis.T
    return x, label


def turn(d: int, seed: int = 1) -> Array:
    """Return a random rotation, not a mirroring."""
    found: Array = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]
    if np.linalg.det(found) < 0:
        found[:, 0] *= -1
    return found


def f32(x: Array) -> NDArray[np.float32]:
    return np.ascontiguousarray(x, np.float32)


def change(
    a: Array,
    b: Array,
    k: int = 15,
    metric: Metric = "euclidean",
    labels: tuple[AnyArray, list[str]] | None = None,
) -> Change:
    """Compare two sets with graphs of their own."""
    a, b = f32(a), f32(b)
    size = min(32, len(a) - 1)
    graphs = tuple(find_neighbors(each, size, metric=metric) for each in (a, b))
    return measure_change(a, b, (graphs[0], graphs[1]), k, labels=labels)


def auc(score: Array, truth: Array) -> float:
    """Return the probability that a true one scores higher than another."""
    ranks, n_true = rankdata(score), int(truth.sum())
    return float((ranks[truth].sum() - n_true * (n_true + 1) / 2) / (n_true * (~truth).sum()))
