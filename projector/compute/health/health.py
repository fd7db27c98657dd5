"""Measures the health of one embedding."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from projector.compute.health.figures import FIGURES
from projector.compute.health.moments import Moments, moments
from projector.compute.health.structure import label_figures, neighbor_figures
from projector.machine.blas_threads import one_blas_thread
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import AnyArray, Json, Vectors

#: Points whose pairs the uniformity is computed on.
UNIFORMITY_POINTS = 2000
#: A dimension is dead whose standard deviation is at most this share of the largest.
DEAD = 1e-6
#: Numbers compared at once.
_CHUNK = 500


@dataclass(frozen=True)
class Health:
    """The figures of one embedding.

    Attributes
    ----------
    n_points, n_dims : int
    figures : dict of str to float
        By the names of `FIGURES`; NaN where one is not defined.
    dead : tuple of int
        The dead dimensions.
    largest_dim : int
        The dimension with the largest variance, -1 if none varies.
    spectrum : ndarray, float64
        Variances along the principal components, largest first.
    warnings : tuple of str
        What is undefined or sampled, and why.
    """

    n_points: int
    n_dims: int
    figures: dict[str, float]
    dead: tuple[int, ...] = ()
    largest_dim: int = -1
    spectrum: AnyArray = field(default_factory=lambda: np.zeros(0), repr=False)
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return all but the spectrum as JSON, null for what is not defined."""
        return {
            "n_points": self.n_points,
            "n_dims": self.n_dims,
            "figures": {k: None if np.isnan(v) else v for k, v in self.figures.items()},
            "dead": list(self.dead),
            "largest_dim": self.largest_dim,
            "warnings": list(self.warnings),
        }


def measure_health(
    vectors: Vectors,
    graph: Neighbors | None,
    *,
    n_not_finite: int = 0,
    labels: AnyArray | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Health:
    """Measure every figure of one embedding.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite; may be empty.
    graph : Neighbors or None
        Euclidean, of 15 neighbors or of all other points; None with fewer than 3 points.
    n_not_finite : int
        Rows that were left out.
    labels : ndarray of shape (n_points,), int, optional
        The class of each point, -1 for none.
    progress : callable
    """
    n_points, n_dims = vectors.shape
    figures = {each.name: float("nan") for each in FIGURES}
    figures["n_not_finite"] = float(n_not_finite)
    n_all = n_points + n_not_finite
    if n_points == 0:
        said = f"None of the {n_all:,} vectors is finite, so no other figure is defined."
        return Health(n_all, n_dims, figures, warnings=(said,))
    sums = moments(vectors, progress=progress)
    warnings: list[str] = []
    figures |= _of_spectrum(sums, n_points, warnings)
    figures |= _of_lengths(vectors, sums)
    deviations = np.sqrt(sums.variances)
    largest = float(deviations.max())
    varies = largest > 0
    # One point says nothing of what a dimension does for others.
    dead = np.flatnonzero((deviations <= DEAD * largest) & (n_points > 1))
    figures["dead_dims"] = float(len(dead))
    figures["largest_dim_share"] = (
        float(sums.variances.max() / sums.variances.sum())
        if varies and n_points > 2
        else float("nan")
    )
    figures["duplicate_share"] = 1 - _n_distinct(vectors) / n_points
    if graph is None:
        noun = "1 point has" if n_points == 1 else f"{n_points:,} points have"
        warnings.append(f"{noun} too few neighbors for hubs and intrinsic dimensions.")
    else:
        figures |= neighbor_figures(graph)
        warnings += [each for each in graph.warnings if not graph.exact]
    if labels is not None:
        found, said_of_labels = label_figures(vectors, sums, graph, labels)
        figures |= found
        warnings += said_of_labels
    return Health(
        n_all,
        n_dims,
        figures,
        tuple(int(d) for d in dead),
        int(sums.variances.argmax()) if varies else -1,
        sums.spectrum,
        tuple(warnings),
    )


def _of_spectrum(sums: Moments, n_points: int, warnings: list[str]) -> dict[str, float]:
    spectrum, total = sums.spectrum, float(sums.spectrum.sum())
    if sums.n_spectrum < n_points:
        warnings.append(f"Ranks are those of {sums.n_spectrum:,} of {n_points:,} points: at least.")
    found = {}
    if total > 0 and n_points > 2:
        share = spectrum / total
        found["effective_rank"] = _entropy_rank(share)
        found["participation_ratio"] = float(total**2 / (spectrum**2).sum())
        found["top1_share"] = float(share[0])
    else:
        few = "There is 1 vector" if n_points == 1 else f"There are {n_points:,} vectors"
        why = few if n_points < 3 else f"All {n_points:,} vectors are equal"
        warnings.append(f"{why}: ranks and shares of variance are not defined.")
    size = float(sums.singular.sum())
    if size > 0:
        found["rankme"] = _entropy_rank(sums.singular / size + 1e-7)
    return found


def _entropy_rank(share: AnyArray) -> float:
    positive = share[share > 0]
    return float(np.exp(-(positive * np.log(positive)).sum()))


def _of_lengths(vectors: Vectors, sums: Moments) -> dict[str, float]:
    norms = sums.norms
    median, mean = float(np.median(norms)), float(norms.mean())
    directed = np.flatnonzero(norms > 0)
    found = {
        "norm_median": median,
        "norm_cv": float(norms.std() / mean) if mean > 0 else float("nan"),
        "norm_ratio": float(norms.max() / median) if median > 0 else float("nan"),
        "n_zero": float(len(norms) - len(directed)),
    }
    n = len(directed)
    if n > 1:
        found["mean_cosine"] = float((sums.unit_sum @ sums.unit_sum - n) / (n * (n - 1)))
        found["uniformity"] = _uniformity(vectors, directed, norms)
    return found


def _uniformity(vectors: Vectors, directed: AnyArray, norms: AnyArray) -> float:
    rows = directed
    if len(rows) > UNIFORMITY_POINTS:
        rows = np.random.default_rng(0).choice(rows, UNIFORMITY_POINTS, replace=False)
        rows.sort()
    units = np.asarray(vectors[rows], np.float64) / norms[rows, None]
    total, n = 0.0, len(rows)
    with one_blas_thread():
        for start in range(0, n, _CHUNK):
            cosines = units[start : start + _CHUNK] @ units.T
            total += float(np.exp(-2 * np.maximum(0, 2 - 2 * cosines)).sum())
    # Of every pair once: less the points with themselves, each of which adds exp(0).
    return float(np.log((total - n) / (n * (n - 1))))


def _n_distinct(vectors: Vectors) -> int:
    """Count different rows, by a hash of 64 bits; -0.0 is 0.0."""
    factors = np.random.default_rng(0).integers(1, 2**63, vectors.shape[1], np.uint64)
    factors = factors * np.uint64(2) + np.uint64(1)
    keys = np.empty(len(vectors), np.uint64)
    for start in range(0, len(vectors), 4096):
        rows = slice(start, start + 4096)
        bits = (vectors[rows] + np.float32(0)).view(np.uint32).astype(np.uint64)
        bits *= np.uint64(0x9E3779B97F4A7C15)
        bits ^= bits >> np.uint64(29)
        keys[rows] = (bits * factors).sum(axis=1, dtype=np.uint64)
    return len(np.unique(keys))
