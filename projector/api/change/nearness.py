"""How near each point is to its neighbors: the closest pairs, and the points far from all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.api.neighbors import neighbors_in
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback
from projector.typing import Json, Metric, Vectors

#: Points and pairs that are listed.
MOST_LISTED = 200
#: Pairs of vectors that are compared at once.
_BLOCK = 65_536


@dataclass(frozen=True)
class Nearness:
    """How near each point is to its neighbors.

    Attributes
    ----------
    k : int
    metric : Metric
    distance : ndarray of shape (n_points,), float32
        The mean distance to the `k` nearest neighbors; infinite for a point without any.
    nearest : ndarray of shape (n_points,), int64
        The nearest neighbor, the point itself where it has none.
    nearest_distance : ndarray of shape (n_points,), float32
    is_identical : ndarray of shape (n_points,), bool
        Whether the nearest neighbor has the very same vector.
    recall : float
    warnings : tuple of str
    """

    k: int
    metric: Metric
    distance: NDArray[np.float32] = field(repr=False)
    nearest: NDArray[np.int64] = field(repr=False)
    nearest_distance: NDArray[np.float32] = field(repr=False)
    is_identical: NDArray[np.bool_] = field(repr=False)
    recall: float = 1.0
    warnings: tuple[str, ...] = ()

    def outliers(self, most: int = MOST_LISTED) -> list[int]:
        """Return the points whose neighbors are farthest, the farthest first."""
        order = np.argsort(-self.distance, kind="stable")
        placed = order[np.isfinite(self.distance[order])]
        return [int(row) for row in placed[:most]]

    def pairs(self, most: int = MOST_LISTED) -> list[tuple[int, int]]:
        """Return the closest pairs of a point and its nearest neighbor, each once."""
        rows = np.arange(len(self.nearest))
        # A pair that names each other stands with its lower row alone.
        mutual = self.nearest[self.nearest] == rows
        kept = np.isfinite(self.nearest_distance) & (~mutual | (rows < self.nearest))
        some = rows[kept]
        order = np.lexsort((some, self.nearest_distance[some], ~self.is_identical[some]))
        return [(int(row), int(self.nearest[row])) for row in some[order[:most]]]

    def as_json(self) -> dict[str, Json]:
        """Return what is listed, as JSON; `median` is that of `distance`."""
        placed = self.distance[np.isfinite(self.distance)]
        outliers: list[Json] = [[row, float(self.distance[row])] for row in self.outliers()]
        pairs: list[Json] = [
            [row, other, float(self.nearest_distance[row])] for row, other in self.pairs()
        ]
        return {
            "k": self.k,
            "metric": self.metric,
            "n_points": len(self.distance),
            "n_identical": int(self.is_identical.sum()),
            "median": float(np.median(placed)) if len(placed) else None,
            "outliers": outliers,
            "pairs": pairs,
            "recall": self.recall,
            "warnings": list(self.warnings),
        }


def nearness(
    data: Dataset, k: int, metric: Metric, cache: ResultCache, progress: ProgressCallback
) -> Nearness:
    """Measure how near each point of `data` is to its `k` nearest neighbors."""
    found = neighbors_in(cache, data, k, metric=metric, progress=progress)
    return _nearness(found, data.embedding.vectors)


def _nearness(found: Neighbors, vectors: Vectors) -> Nearness:
    rows = np.arange(len(found.indices))
    first = found.indices[:, 0].astype(np.int64)
    nearest = np.where(first >= 0, first, rows)
    same = np.zeros(len(rows), np.bool_)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        same[block] = (vectors[block] == vectors[nearest[block]]).all(axis=1)
    return Nearness(
        found.k,
        found.metric,
        found.distances.mean(axis=1, dtype=np.float64).astype(np.float32),
        nearest,
        found.distances[:, 0],
        same & (nearest != rows),
        found.recall,
        found.warnings,
    )
