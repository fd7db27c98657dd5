"""PCA, t-SNE and UMAP as scikit-learn estimators, for pipelines and grid searches.

Importing this module imports scikit-learn; `projector.PCA`, `projector.TSNE` and
`projector.UMAP` do so when they are first used.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from projector.api.project import project
from projector.compute.landmarks import place_among
from projector.compute.linear.components import principal_components
from projector.model.dataset import Dataset
from projector.typing import AnyArray, Metric, Positions


class MethodEstimator(TransformerMixin, BaseEstimator):  # type: ignore[misc] # it ships no types
    """A method of `projector.METHODS` as a scikit-learn estimator.

    A subclass names the method and declares its parameters as arguments of its constructor, as
    scikit-learn requires; tests compare them with the method's declaration.
    """

    _method: ClassVar[str]

    def fit(self, X: Any, y: object = None) -> Self:
        """Compute the projection of `X`.

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
        """Compute the projection of `X` and return its positions."""
        self.fit(X)
        return self.embedding_

    def transform(self, X: Any) -> Positions:
        """Place other points among those of `fit`.

        Parameters
        ----------
        X : array-like of shape (n_points, n_dims)

        Returns
        -------
        ndarray of shape (n_points, n_components), float32
            A point that was fitted gets its fitted position.
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


class PCA(MethodEstimator):
    """Principal component analysis: centered, exact, as `projector.project` computes it.

    Parameters
    ----------
    n_components : int, default=3
        Dimensions of the projection: 2 for a map, 3 for a cloud that can be rotated.
    random_state : int, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_points, n_components), float32
    projection_ : projector.Projection
    components_ : ndarray of shape (n_components, n_dims), float32
    mean_ : ndarray of shape (n_dims,), float32
    explained_variance_ratio_ : ndarray of shape (min(n_points, n_dims),), float64

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> projector.PCA(2).fit_transform(np.eye(5)).shape
    (5, 2)
    """

    _method = "pca"

    def __init__(self, n_components: int = 3, *, random_state: int = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def _remember(self, vectors: AnyArray) -> None:
        found = principal_components(vectors, int(self.n_components))
        self._basis = found
        self.components_, self.mean_ = found.components, found.mean
        self.explained_variance_ratio_ = found.explained_variance_ratio

    def _placed(self, vectors: AnyArray) -> Positions:
        found = np.zeros((len(vectors), self.embedding_.shape[1]), np.float32)
        scores = self._basis.scores(vectors)[:, : found.shape[1]]
        found[:, : scores.shape[1]] = scores
        return found


class TSNE(MethodEstimator):
    """t-distributed stochastic neighbor embedding, as `projector.project` computes it.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the projection: 2 for a map, 3 for a cloud that can be rotated.
    perplexity : float, default=30.0
        Effective number of neighbors of each point: from 5, for fine detail, to 100, for the
        global arrangement.
    n_iter : int, default=750
        Number of optimization steps. Early exaggeration applies to the first third of them, at
        most 250.
    metric : {"euclidean", "cosine", "manhattan"}, default="euclidean"
        How the distance between two vectors is measured. Use cosine if only their direction
        matters, as in most text embeddings.
    learning_rate : float or None, default=None
        Step size. By default it is chosen from the data: the number of points divided by the
        exaggeration.
    early_exaggeration : float, default=12.0
        Factor on the attraction between neighbors during the first steps, while clusters form.
    exaggeration : float, default=1.0
        Factor on the attraction during the remaining steps. Above 1, clusters become tighter and
        move further apart.
    perplexities : str or None, default=None
        Additional perplexities to combine with the first (multiscale), such as 100, 300. Near
        and far neighbors then both count.
    init : {"pca", "spectral", "random"}, default="pca"
        Initial positions: pca and spectral preserve the global arrangement; random does not.
    random_state : int, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_points, n_components), float32
    projection_ : projector.Projection

    Notes
    -----
    `transform` places a point next to its nearest fitted ones; it does not run t-SNE again.

    Examples
    --------
    >>> import projector
    >>> from sklearn.datasets import load_digits
    >>> projector.TSNE(perplexity=50).fit_transform(load_digits().data).shape  # doctest: +SKIP
    (1797, 2)
    """

    _method = "tsne"

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        n_iter: int = 750,
        metric: str = "euclidean",
        learning_rate: float | None = None,
        early_exaggeration: float = 12.0,
        exaggeration: float = 1.0,
        perplexities: str | None = None,
        init: str = "pca",
        random_state: int = 0,
    ) -> None:
        self.n_components = n_components
        self.perplexity = perplexity
        self.n_iter = n_iter
        self.metric = metric
        self.learning_rate = learning_rate
        self.early_exaggeration = early_exaggeration
        self.exaggeration = exaggeration
        self.perplexities = perplexities
        self.init = init
        self.random_state = random_state


class UMAP(MethodEstimator):
    """Uniform manifold approximation and projection, as `projector.project` computes it.

    Parameters
    ----------
    n_neighbors : int, default=15
        Size of the neighborhood, including the point itself. Small values show fine detail,
        large values the global arrangement.
    n_components : int, default=2
        Dimensions of the projection: 2 for a map, 3 for a cloud that can be rotated.
    min_dist : float, default=0.1
        How close points may be in the projection: 0 packs clusters tightly, 0.5 spreads them.
    metric : {"euclidean", "cosine", "manhattan"}, default="euclidean"
        How the distance between two vectors is measured. Use cosine if only their direction
        matters, as in most text embeddings.
    spread : float, default=1.0
        Scale of the projection; min_dist is relative to it.
    n_epochs : int or None, default=None
        Number of optimization epochs. By default it is chosen from the data: 500 up to 10,000
        points, 200 above.
    init : {"spectral", "pca", "random"}, default="spectral"
        Initial positions: the leading eigenvectors of the neighbor graph (spectral), PCA, or
        random.
    learning_rate : float, default=1.0
        Initial step size; it decays to 0 over the epochs.
    negative_sample_rate : int, default=5
        Negative samples per positive edge.
    repulsion_strength : float, default=1.0
        Weight of the negative samples.
    random_state : int, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_points, n_components), float32
    projection_ : projector.Projection

    Notes
    -----
    `transform` places a point next to its nearest fitted ones; it does not run UMAP again.

    Examples
    --------
    >>> import projector
    >>> from sklearn.datasets import load_digits
    >>> projector.UMAP(30).fit_transform(load_digits().data).shape  # doctest: +SKIP
    (1797, 2)
    """

    _method = "umap"

    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        n_components: int = 2,
        min_dist: float = 0.1,
        metric: str = "euclidean",
        spread: float = 1.0,
        n_epochs: int | None = None,
        init: str = "spectral",
        learning_rate: float = 1.0,
        negative_sample_rate: int = 5,
        repulsion_strength: float = 1.0,
        random_state: int = 0,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.n_components = n_components
        self.min_dist = min_dist
        self.metric = metric
        self.spread = spread
        self.n_epochs = n_epochs
        self.init = init
        self.learning_rate = learning_rate
        self.negative_sample_rate = negative_sample_rate
        self.repulsion_strength = repulsion_strength
        self.random_state = random_state
