"""Quality scores of a projection, for every point and next to two baselines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.components import principal_components
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.graph import graph_of
from projector.compute.neighbors.space import prepare
from projector.compute.quality.comparison import Comparison
from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import Json, Metric, Positions, Vectors

#: Points that ranks are counted among; with no more points than that, ranks are exact.
N_REFERENCE = 2000


@dataclass(frozen=True)
class Scores:
    """Four scores of a projection, for every point; 1 is perfect.

    Attributes
    ----------
    trustworthiness : ndarray of shape (n_points,), float32
        1 if all neighbors in the projection are also neighbors in the original space; lower the
        further away the others are there.
    continuity : ndarray of shape (n_points,), float32
        1 if all neighbors in the original space are also neighbors in the projection.
    overlap : ndarray of shape (n_points,), float32
        Share of the k original neighbors that are among the k neighbors in the projection.
    distance_correlation : ndarray of shape (n_points,), float32
        Pearson correlation of the distances to the k original neighbors in both spaces, -1 to 1;
        0 where either does not vary.
    """

    trustworthiness: NDArray[np.float32]
    continuity: NDArray[np.float32]
    overlap: NDArray[np.float32]
    distance_correlation: NDArray[np.float32]

    def means(self) -> dict[str, float]:
        """Return the mean of each score over all points that have one."""
        return {
            name: float(np.nanmean(getattr(self, name), dtype=np.float64))
            for name in ("trustworthiness", "continuity", "overlap", "distance_correlation")
        }


@dataclass(frozen=True)
class Quality:
    """The result of `measure_quality`.

    Attributes
    ----------
    scores : Scores
        For every point.
    baselines : dict of str to dict
        The means of the same scores of ``"pca"`` and of ``"random"`` positions.
    k : int
    n_reference : int
        Points that ranks were counted among: all, or a sample.
    warnings : tuple of str
    """

    scores: Scores = field(repr=False)
    baselines: dict[str, dict[str, float]]
    k: int
    n_reference: int
    warnings: tuple[str, ...] = ()

    def summary(self) -> dict[str, Json]:
        """Return everything but the scores of single points, as JSON."""
        return {
            "k": self.k,
            "n_reference": self.n_reference,
            **self.scores.means(),
            "baselines": {name: dict(each) for name, each in self.baselines.items()},
            "warnings": list(self.warnings),
        }


def measure_quality(
    vectors: Vectors,
    positions: Positions,
    *,
    k: int = 15,
    metric: Metric = "euclidean",
    neighbors: Neighbors | None = None,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Quality:
    """Compare the neighbors in a projection with those in the original space.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    positions : ndarray of shape (n_points, 2 or 3), float32
        Finite.
    k : int, at least 1
        Lowered to less than half of the number of points.
    metric : str
        Of the original space; distances in the projection are euclidean.
    neighbors : Neighbors, optional
        The original ones under `metric`, at least k of them; searched where missing. Ranks
        within it are exact, so that more than k make the scores of large data more precise.
    random_state : int
        Seed of the sample and of the random positions.
    progress : callable

    Raises
    ------
    ShapeError
        Different numbers of points.
    ParameterError
        `k` below 1, or fewer than 3 points.

    Notes
    -----
    Trustworthiness and continuity: Venna and Kaski 2001. Points at the same distance share the
    mean of their ranks, and those that tie for the k-th place share it, so that a picture on one
    spot scores as a random one does. Without ties trustworthiness is scikit-learn's. With more
    than `N_REFERENCE` points, the rank of a neighbor that the graph does not hold is estimated
    from how many of a sample are nearer. Time O(n_points n_reference n_dims).
    """
    n_points = len(vectors)
    if positions.shape[0] != n_points:
        raise ShapeError(f"{len(positions):,} positions for {n_points:,} vectors.")
    if k < 1 or n_points < 3:
        raise ParameterError(
            f"Quality needs at least 3 points and k of at least 1. Got {n_points} points, k = {k}."
        )
    k = min(k, (n_points - 1) // 2)
    held = k if neighbors is None else max(k, neighbors.k)
    truth = graph_of(
        vectors, (held, metric), neighbors, random_state=random_state, progress=progress
    )
    rng = np.random.default_rng(random_state)
    n_components = positions.shape[1]
    pca = np.zeros((n_points, n_components), np.float32)
    components = principal_components(vectors, n_components, progress=progress)
    pca[:, : len(components.components)] = components.scores(vectors, progress=progress)
    random = rng.random((n_points, n_components), np.float32)
    n_reference = min(N_REFERENCE, n_points)
    reference = np.sort(rng.choice(n_points, n_reference, replace=False))
    comparison = Comparison(Search(prepare(vectors, metric)), truth, k, reference)
    found = comparison.scores([positions, pca, random], progress)
    scores = [Scores(*each) for each in found]
    warnings = truth.warnings
    if n_reference < n_points:
        warnings = (
            *warnings,
            f"Ranks beyond {held} are estimated from a sample of {n_reference:,} points.",
        )
    baselines = {"pca": scores[1].means(), "random": scores[2].means()}
    return Quality(scores[0], baselines, k, n_reference, warnings)
