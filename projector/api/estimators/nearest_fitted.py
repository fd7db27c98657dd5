"""How far new points are from the fitted ones, compared with how far these are from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.typing import AnyArray, Metric, Vectors

#: Points whose distances are computed at once.
_BLOCK = 2048
#: Above the fitted range by less than this share, a distance is within rounding.
_ROUNDING = 1e-3


@dataclass(frozen=True)
class FittedRange:
    """The fitted points, and the largest distance of one of them to its nearest other one.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    metric : str
    largest : float
        0 if there is only one point.
    """

    vectors: Vectors = field(repr=False)
    metric: Metric
    largest: float

    @classmethod
    def of(cls, vectors: Vectors, metric: Metric) -> Self:
        """Measure the fitted points: one search for the nearest neighbor of each."""
        largest = 0.0
        if len(vectors) > 1:
            largest = float(find_neighbors(vectors, 1, metric=metric).distances.max())
        return cls(vectors, metric, largest)

    def distances(self, vectors: Vectors) -> AnyArray:
        """Return the distance of each of other vectors to its nearest fitted one, float32."""
        search = Search(prepare(self.vectors, self.metric))
        found = np.empty(len(vectors), np.float32)
        for start in range(0, len(vectors), _BLOCK):
            some = slice(start, start + _BLOCK)
            found[some] = search.space.distances(search.of_queries(vectors[some], 1)[1])[:, 0]
        return found

    def warning(self, vectors: Vectors) -> str:
        """Say how many vectors are beyond the fitted range, and how far; "" if none is."""
        far = self.distances(vectors).astype(np.float64)
        beyond = far > self.largest * (1 + _ROUNDING)
        n_beyond = int(beyond.sum())
        if not n_beyond or len(self.vectors) < 2:
            return ""
        times = far.max() / self.largest if self.largest > 0 else np.inf
        return (
            f"{n_beyond:,} of {len(far):,} points are further from all fitted points than any of "
            f"these is from its nearest one, up to {float(far.max()):.4g} where the largest fitted "
            f"distance is {self.largest:.4g} ({times:.3g} times): their positions mean little."
        )
