"""What the estimators of layouts share: fitting by way of `project`, and placing new points."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from sklearn.utils.validation import check_is_fitted

from projector.api.estimators.base import MethodEstimator
from projector.api.estimators.fitted_steps import FittedSteps
from projector.api.estimators.nearest_fitted import FittedRange
from projector.api.project import load_or_compute
from projector.api.projection_request import ProjectionRequest
from projector.api.result_store import default_cache
from projector.compute.landmarks import place_among
from projector.model.arguments import check_callable
from projector.model.progress import ignore_progress
from projector.model.sparse_rows import BLOCK_NUMBERS, sparse_of
from projector.typing import AnyArray, Metric, Positions, Vectors


class LayoutEstimator(MethodEstimator):
    """An estimator whose positions are found by moving points; see `MethodEstimator`."""

    def transform(self, X: Any) -> Positions:
        """Place other points among those of `fit`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_points, n_dims)

        Returns
        -------
        ndarray of shape (n_points, n_components), float32
            A point that was fitted gets its fitted position. A warning says how many points are
            further from every fitted point than any of these is from its nearest one, and how
            far: their positions mean little. `distances_to_fitted` has the distance of each.
        """
        check_is_fitted(self, "embedding_")
        metric = cast("Metric", self.projection_.params.get("metric", "euclidean"))
        placed: list[Positions] = []
        distances: list[AnyArray] = []
        for vectors in self._prepared(X):
            rows, far = self._range.nearest(vectors)
            vectors = self._range.with_fitted(vectors, rows, far)
            fitted = self._steps.vectors
            placed.append(place_among(vectors, fitted, self.embedding_, metric=metric))
            distances.append(far)
        said = self._range.warning(np.concatenate(distances))
        if said:
            warnings.warn(said, UserWarning, stacklevel=2)
        return np.concatenate(placed)

    def distances_to_fitted(self, X: Any) -> AnyArray:
        """Return how far each point is from its nearest fitted one.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_points, n_dims)

        Returns
        -------
        ndarray of shape (n_points,), float32
            In the unit of the metric, after preprocessing. Compare it with ``fitted_distance_``,
            the largest distance of a fitted point to its nearest other one.
        """
        check_is_fitted(self, "embedding_")
        return np.concatenate([self._range.nearest(each)[1] for each in self._prepared(X)])

    @property
    def fitted_distance_(self) -> float:
        """The largest distance of a fitted point to its nearest other one, after preprocessing."""
        check_is_fitted(self, "embedding_")
        return self._range.largest

    def _compute(self, request: ProjectionRequest, progress: Any) -> None:
        """Compute the projection, and remember what new points are placed by."""
        check_callable(progress, name="progress")
        self.projection_ = load_or_compute(request, default_cache(), progress or ignore_progress)
        self.embedding_ = self.projection_.positions
        params = self.projection_.params
        metric = cast("Metric", params.get("metric", "euclidean"))
        self._is_centered = request.dataset.vectors_under(metric) is not request.dataset.vectors
        self._steps = FittedSteps(request.dataset.vectors_under(metric), params)
        self._range = FittedRange(self._steps.vectors, metric)

    def _prepared(self, X: Any) -> Iterator[Vectors]:
        """Give new points as those that were fitted are: less a constant, and preprocessed.

        Sparse ones in blocks, if those that were fitted are dense; else all at once.
        """
        vectors = self._checked(X)
        if self._steps.takes_sparse:
            yield self._steps.apply(vectors)
            return
        n_rows = len(vectors)
        if sparse_of(vectors) is not None:
            n_rows = max(1, BLOCK_NUMBERS // vectors.shape[1])
        for start in range(0, len(vectors), n_rows):
            block = np.asarray(vectors[start : start + n_rows])
            if self._is_centered:
                block = block.astype(np.float64) - self._shift
            yield self._steps.apply(block.astype(np.float32))
