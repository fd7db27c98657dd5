"""How far new points are from the fitted ones, compared with how far these are from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.metrics import METRICS
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.errors import ParameterError
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Metric, Vectors

#: Points whose distances are computed at once.
_BLOCK = 2048
#: Above the fitted range by less than this share, a distance is within rounding.
_ROUNDING = 1e-3
#: Nearer than this share of the fitted range, a vector is a fitted one that was prepared again.
_SAME = 1e-5


@dataclass(frozen=True)
class FittedRange:
    """The fitted points, and the largest distance of one of them to its nearest other one.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    metric : str
    """

    vectors: Vectors = field(repr=False)
    metric: Metric

    @cached_property
    def largest(self) -> float:
        """That distance; 0 if there is only one point. Searched when it is first asked for."""
        # Some metrics are umap-learn's alone: it lays out, and nothing is placed by them.
        if len(self.vectors) < 2 or self.metric not in METRICS:
            return 0.0
        return float(find_neighbors(self.vectors, 1, metric=self.metric).distances.max())

    @cached_property
    def _search(self) -> Search:
        return Search(prepare(self.vectors, self.metric))

    def nearest(self, vectors: Vectors) -> tuple[AnyArray, AnyArray]:
        """Return row and distance of the fitted vector that is nearest to each of others.

        Raises
        ------
        ParameterError
            A metric that is not searched here.
        """
        if self.metric not in METRICS:
            raise ParameterError(
                f"New points cannot be placed by the metric {self.metric!r}, which only umap-learn "
                f"measures. Use one of {', '.join(repr(each) for each in METRICS)}."
            )
        search = self._search
        rows, far = np.empty(len(vectors), np.intp), np.empty(len(vectors), np.float32)
        for start in range(0, len(vectors), _BLOCK):
            some = slice(start, start + _BLOCK)
            near, ranks = search.of_queries(vectors[some], 1)
            rows[some], far[some] = near[:, 0], search.space.distances(ranks)[:, 0]
        return rows, far

    def with_fitted(self, vectors: Vectors, rows: AnyArray, far: AnyArray) -> Vectors:
        """Return vectors in which those within rounding of a fitted one are replaced by it."""
        is_same = far <= _SAME * self.largest
        is_sparse = sparse_of(vectors) is not None  # these are prepared alike
        if self.metric == "inner_product" or is_sparse or not is_same.any():
            return vectors
        found = vectors.copy()
        found[is_same] = self.vectors[rows[is_same]]
        return found

    def warning(self, far: AnyArray) -> str:
        """Say how many distances are beyond the fitted range, and how far; "" if none is."""
        far = far.astype(np.float64)
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
