"""What the estimators share: reading what is given, fitting, and names of what comes out."""

from __future__ import annotations

import json
import warnings
from typing import Any, ClassVar, Self, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin

from projector.api.estimators.checked_input import (
    checked_vectors,
    declared_for,
    drawn_seed,
    metric_of,
    own_settings,
    split_init,
)
from projector.api.project import load_or_compute
from projector.api.projection_request import ProjectionRequest
from projector.api.result_store import default_cache
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.progress import ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray, Json, Positions


class MethodEstimator(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc] # it ships no types
    """A method of `projector.METHODS` as a scikit-learn estimator.

    A subclass names the method and declares its parameters as arguments of its constructor, as
    scikit-learn requires; tests compare them with the method's declaration.
    """

    _method: ClassVar[str]
    embedding_: Positions
    projection_: Projection

    def fit(self, X: Any, y: Any = None) -> Self:
        """Compute the projection of `X`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_points, n_dims)
            Finite numbers. A sparse matrix is made dense if that takes at most 16 MB.
        y : array-like of shape (n_points,), optional
            Labels, see the class; where it does not use them, they are ignored with a warning.

        Returns
        -------
        self
            With ``embedding_``, (n_points, n_components) float32, as scikit-learn calls it, and
            ``projection_``, the `projector.Projection` with everything else.

        Raises
        ------
        ParameterError
            `X` is not finite numbers in two dimensions, or a parameter is out of range. It is a
            ValueError, as scikit-learn expects.
        """
        given = checked_vectors(self, X, reset=True)
        dataset = Dataset(given)
        centered = dataset.embedding.centered
        # What float64 tells apart and float32 does not is kept less a constant.
        self._shift = np.zeros(given.shape[1])
        if centered is not None:
            self._shift = given[0].astype(np.float64) - centered[0]
        self._fit(dataset, given, y)
        self._n_features_out = self.embedding_.shape[1]
        said = [*dataset.warnings, *cast("list[Json]", self.projection_.details["warnings"])]
        for sentence in said:
            if not str(sentence).startswith("Supervised:"):
                warnings.warn(str(sentence), UserWarning, stacklevel=2)
        return self

    def fit_transform(self, X: Any, y: Any = None, **others: Any) -> Positions:
        """Compute the projection of `X` and return its positions.

        Raises
        ------
        ParameterError
            As in `fit`; or an argument that only other libraries have, such as weights.
        """
        if others:
            raise ParameterError(
                f"{type(self).__name__}.fit_transform takes X and y alone. Got {', '.join(others)}."
            )
        self.fit(X, y)
        return self.embedding_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _checked(self, X: Any) -> AnyArray:
        return checked_vectors(self, X, reset=False)

    def _request(self, dataset: Dataset, **others: Any) -> ProjectionRequest:
        """Return the request for the projection of `dataset` with the estimator's parameters."""
        given = {**self.get_params(deep=False), **others}
        name, positions = split_init(given.pop("init", None))
        if name is not None:
            given["init"] = name
        for each in ("metric_kwds", "output_metric_kwds"):
            if isinstance(given.get(each), dict):
                given[each] = json.dumps(given[each]) if given[each] else ""
        given["metric"] = metric_of(given.get("metric"))
        given["random_state"] = drawn_seed(given.get("random_state"))
        return ProjectionRequest.of(
            dataset,
            self._method,
            own_settings(self._method, given),
            initial=positions,
            align_to=given.get("align_to"),
            declared=declared_for(self._method),
        )

    def _fit(self, dataset: Dataset, given: AnyArray, y: Any) -> None:
        """Compute the projection; an estimator with more to remember has its own."""
        request = self._request(dataset)
        self.projection_ = load_or_compute(request, default_cache(), ignore_progress)
        self.embedding_ = self.projection_.positions


def with_alias(name: str, value: Any, default: Any, alias: str, given: Any) -> Any:
    """Return the value of a parameter that has another name in another library.

    Raises
    ------
    ParameterError
        Both names are given, with different values.
    """
    if given is None:
        return value
    if value != default and value != given:
        raise ParameterError(f"{name} and {alias} are the same. Give one of them.")
    return given
