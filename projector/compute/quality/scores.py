"""Quality scores of a projection, for every point and next to two baselines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.components import principal_components
from projector.compute.neighbors.exact import rank_block
from projector.compute.neighbors.graph import graph_of
from projector.compute.neighbors.metrics import Space, prepare
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Json, Metric, Positions, Vectors

#: Points that ranks are counted among; with no more points than that, ranks are exact.
N_REFERENCE = 2000
#: Numbers compared between two progress reports, for each of six counts.
BLOCK_SIZE = 8_000_000


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
    Trustworthiness and continuity: Venna and Kaski 2001. With more than `N_REFERENCE` points, the
    rank of a neighbor that the graph does not hold is estimated from how many of a sample are
    nearer. Time O(n_points n_reference n_dims).
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
    comparison = _Comparison(prepare(vectors, metric), truth, k, reference)
    scores = comparison.scores([positions, pca, random], progress)
    warnings = truth.warnings
    if n_reference < n_points:
        warnings = (
            *warnings,
            f"Ranks beyond {held} are estimated from a sample of {n_reference:,} points.",
        )
    baselines = {"pca": scores[1].means(), "random": scores[2].means()}
    return Quality(scores[0], baselines, k, n_reference, warnings)


@dataclass(frozen=True)
class _Comparison:
    """The original space, with which any number of projections are compared."""

    space: Space
    truth: Neighbors
    k: int
    reference: NDArray[np.int64]

    def scores(self, projections: list[Positions], progress: ProgressCallback) -> list[Scores]:
        n_points = self.space.n_points
        spaces = [prepare(np.asarray(each, np.float32), "euclidean") for each in projections]
        graphs = [find_neighbors(each, self.k, progress=progress).indices for each in projections]
        found = [np.empty((4, n_points), np.float32) for _ in projections]
        # A row's ranks are counted six times, each neighbor's against all of the reference.
        step = max(16, BLOCK_SIZE // (len(self.reference) * min(self.k, 100)))
        for start in range(0, n_points, step):
            rows = np.arange(start, min(n_points, start + step))
            far = rank_block(self.space, rows, self.reference)
            for space, graph, into in zip(spaces, graphs, found, strict=True):
                into[:, rows] = self._scores_of(rows, far, space, graph[rows])
            progress(Progress("quality", int(rows[-1]) + 1, n_points))
        return [Scores(*each) for each in found]

    def _scores_of(
        self, rows: AnyArray, far: AnyArray, projection: Space, near: AnyArray
    ) -> AnyArray:
        """Return the four scores of the points `rows`."""
        truth = self.truth.indices[rows]
        held = (near[:, :, None] == truth[:, None, :]).any(axis=2)
        among = (near[:, :, None] == truth[:, None, : self.k]).any(axis=2)
        intruders = self._ranks(rows, far, self.space, near)
        # Ranks within the graph are exact; all other points rank behind it.
        place = (near[:, :, None] == truth[:, None, :]).argmax(axis=2) + 1
        intruders = np.where(held, place, np.maximum(intruders, truth.shape[1] + 1))
        block = rank_block(projection, rows, self.reference)
        missing = self._ranks(rows, block, projection, truth[:, : self.k])
        present = (truth[:, : self.k, None] == near[:, None, :]).any(axis=2)
        missing = np.where(present, 0, np.maximum(missing, self.k + 1))
        n, k = self.space.n_points, self.k
        worst = k * (2 * n - 3 * k - 1) / 2
        true_far = self.truth.distances[rows, : self.k]
        seen_far = np.sqrt(projection.rank_pairs(rows, truth[:, : self.k]))
        return np.stack(
            [
                1 - np.maximum(intruders - k, 0).sum(axis=1) / worst,
                1 - np.maximum(missing - k, 0).sum(axis=1) / worst,
                among.mean(axis=1),
                _correlation(true_far, seen_far),
            ]
        )

    def _ranks(self, rows: AnyArray, block: AnyArray, space: Space, others: AnyArray) -> AnyArray:
        """Return the rank of each of `others` among the neighbors of its point, by the sample."""
        from projector.compute.quality.kernels import count_nearer

        counts = np.empty(others.shape, np.int32)
        limits = space.rank_pairs(rows, others)
        # Minus the rounding: the block is a matrix product, these are sums of differences.
        count_nearer(block, limits * np.float32(1 - 1e-5), counts)
        is_own = np.isin(rows, self.reference)[:, None]
        share = (counts - is_own) / np.maximum(1, len(self.reference) - is_own)
        return np.asarray(1 + np.maximum(0, share) * (self.space.n_points - 1))


def _correlation(first: AnyArray, second: AnyArray) -> AnyArray:
    """Return Pearson's correlation of each row, 0 where a row does not vary."""
    first = first.astype(np.float64) - first.mean(axis=1, keepdims=True, dtype=np.float64)
    second = second.astype(np.float64) - second.mean(axis=1, keepdims=True, dtype=np.float64)
    both = (first * second).sum(axis=1)
    size = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return np.asarray(np.divide(both, size, out=np.zeros_like(both), where=size > 1e-30))
