"""The methods as scikit-learn estimators: for pipelines, grid searches and people's habits.

Importing this module imports scikit-learn; `projector.PCA` and its siblings do so when they are
first used.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, cast

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from projector.api.methods import find_method
from projector.api.project import project
from projector.compute.landmarks import place_among
from projector.compute.linear.components import principal_components
from projector.model.dataset import Dataset
from projector.typing import AnyArray, Metric, Positions


class _Projecting(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What all three have in common; the parameters come from the method's declaration."""

    _method: ClassVar[str]

    def __init__(self, **params: Any) -> None:
        for parameter in find_method(self._method).parameters:
            setattr(self, parameter.name, params.pop(parameter.name, parameter.default))
        if params:
            raise TypeError(f"{type(self).__name__} has no parameter {next(iter(params))!r}.")

    def fit(self, X: Any, y: object = None) -> _Projecting:
        """Place the points of `X`.

        Parameters
        ----------
        X : array-like of shape (n_points, n_dims)
            Finite numbers.
        y : ignored

        Returns
        -------
        self
            With ``embedding_``, (n_points, n_components) float32, as scikit-learn calls it, and
            ``projection_``, the `projector.Projection` with everything else.
        """
        vectors = self._checked(X, reset=True)
        self.projection_ = project(Dataset(vectors), self._method, **self.get_params())
        self.embedding_ = self.projection_.positions
        self._remember(vectors)
        return self

    def fit_transform(self, X: Any, y: object = None, **ignored: Any) -> Positions:
        """Place the points of `X` and return their positions."""
        self.fit(X)
        return self.embedding_

    def transform(self, X: Any) -> Positions:
        """Place other points among those that were fitted.

        Parameters
        ----------
        X : array-like of shape (n_points, n_dims)

        Returns
        -------
        ndarray of shape (n_points, n_components), float32
            A point that was fitted comes out where it lies.
        """
        check_is_fitted(self, "embedding_")
        return self._placed(self._checked(X, reset=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _checked(self, X: Any, *, reset: bool) -> AnyArray:
        return np.asarray(validate_data(self, X, reset=reset, dtype=np.float32, order="C"))

    def _remember(self, vectors: AnyArray) -> None:
        self._vectors = vectors

    def _placed(self, vectors: AnyArray) -> Positions:
        metric = cast("Metric", getattr(self, "metric", "euclidean"))
        return place_among(vectors, self._vectors, self.embedding_, metric=metric)


class PCA(_Projecting):
    """Principal component analysis: centered, exact, as `projector.project` computes it.

    After `fit`, ``components_`` (n_components, n_dims), ``mean_`` (n_dims,) and
    ``explained_variance_ratio_`` are there as in scikit-learn; `transform` is linear. The
    parameters are those of ``projector.METHODS["pca"]``, see docs/algorithms.md.
    """

    _method = "pca"

    def _remember(self, vectors: AnyArray) -> None:
        found = principal_components(vectors, int(getattr(self, "n_components", 3)))
        self._basis = found
        self.components_, self.mean_ = found.components, found.mean
        self.explained_variance_ratio_ = found.explained_variance_ratio

    def _placed(self, vectors: AnyArray) -> Positions:
        found = np.zeros((len(vectors), self.embedding_.shape[1]), np.float32)
        scores = self._basis.scores(vectors)[:, : found.shape[1]]
        found[:, : scores.shape[1]] = scores
        return found


class TSNE(_Projecting):
    """t-distributed stochastic neighbor embedding, as `projector.project` computes it.

    `transform` places points among their nearest fitted ones. The parameters are those of
    ``projector.METHODS["tsne"]``, see docs/algorithms.md.
    """

    _method = "tsne"


class UMAP(_Projecting):
    """Uniform manifold approximation and projection, as `projector.project` computes it.

    `transform` places points among their nearest fitted ones. The parameters are those of
    ``projector.METHODS["umap"]``, see docs/algorithms.md.
    """

    _method = "umap"


def _declare(estimator: type[_Projecting]) -> None:
    """Give the constructor the signature that scikit-learn, and an editor, look at."""
    parameters = find_method(estimator._method).parameters
    keyword = inspect.Parameter.KEYWORD_ONLY

    def __init__(self: _Projecting, **params: Any) -> None:
        _Projecting.__init__(self, **params)

    __init__.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
        + [inspect.Parameter(p.name, keyword, default=p.default) for p in parameters]
    )
    __init__.__doc__ = "\n".join(f"{p.name}: {p.help}" for p in parameters)
    estimator.__init__ = __init__  # type: ignore[method-assign]


for _estimator in (PCA, TSNE, UMAP):
    _declare(_estimator)
