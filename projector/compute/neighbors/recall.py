"""Measures the recall of a search: on a sample, against the exact search of the same space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import Search
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Points whose true neighbors are searched.
SAMPLE_SIZE = 300
#: Rank values within this share of each other are equal: a sum's rounding in float64.
_SAME = 1e-9

#: Recall and its error of the nearest 1, 2, ... k neighbors.
Recalls = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Sample:
    """Points whose true neighbors are known.

    Attributes
    ----------
    points : ndarray of shape (n_sample,), int
    limits : ndarray of shape (n_sample, k), float64
        Rank values of their true neighbors, nearest first.
    """

    search: Search
    points: NDArray[np.intp]
    limits: NDArray[np.float64]

    @classmethod
    def of(cls, search: Search, k: int, random_state: int, progress: ProgressCallback) -> Sample:
        """Draw up to `SAMPLE_SIZE` points and search theirs exactly."""
        n_sample = min(SAMPLE_SIZE, search.n_points)
        rng = np.random.default_rng(random_state)
        points = np.sort(rng.choice(search.n_points, n_sample, replace=False))
        limits = np.empty((n_sample, k))
        for start in range(0, n_sample, 25):
            rows = slice(start, start + 25)
            limits[rows] = search.of_points(points[rows], k)[1]
            progress(Progress("recall", min(n_sample, start + 25), n_sample))
        return cls(search, points, limits)

    def recall(self, indices: AnyArray) -> float:
        """Return the share of the neighbors that are at least as near as the true last one.

        Parameters
        ----------
        indices : ndarray of shape (n_sample, k), int
            What was found for `points`; none twice. -1 counts as not found.
        """
        if not indices.size:
            return 1.0
        return float((self._ranks(indices) <= self.limits[:, -1:] * (1 + _SAME)).mean())

    def recalls(self, indices: AnyArray) -> Recalls:
        """Return recall and error of the first 1 to k neighbors that were found.

        Parameters
        ----------
        indices : ndarray of shape (n_points, k), int
            Of all points.

        Notes
        -----
        The error is half the 95 % interval of the mean over the sample, and three points more
        that the sample may have missed (the rule of three); 0 if all points were looked at.
        """
        ranks = np.sort(self._ranks(indices[self.points]), axis=1)
        n_sample = len(self.points)
        is_all = n_sample == self.search.n_points
        found: list[tuple[float, float]] = []
        for k in range(1, self.limits.shape[1] + 1):
            limit = self.limits[:, k - 1 : k] * (1 + _SAME)
            shares = (ranks[:, :k] <= limit).mean(axis=1)
            error = 1.96 * float(shares.std()) / np.sqrt(n_sample) + 3 / n_sample
            found.append((float(shares.mean()), 0.0 if is_all else float(error)))
        return tuple(found)

    def _ranks(self, indices: AnyArray) -> AnyArray:
        ranks = self.search.space.rank_pairs(self.points, indices)
        return np.where(indices < 0, np.inf, ranks)
