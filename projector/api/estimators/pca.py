"""PCA as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from projector.api.estimators.base import MethodEstimator
from projector.api.estimators.checked_input import drawn_seed
from projector.api.estimators.foreign_arguments import PCA_ARGUMENTS, takes_foreign
from projector.compute.linear.components import principal_components
from projector.errors import ParameterError, ShapeError
from projector.machine.blas_threads import one_blas_thread
from projector.model.arguments import check_callable, shown, whole_number
from projector.model.arrays import as_numbers
from projector.model.dataset import Dataset
from projector.model.parameters import Value
from projector.model.progress import ignore_progress
from projector.model.projection import Projection
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Positions

#: Rows that are multiplied at once, in float64.
_BLOCK = 16_384


class PCA(MethodEstimator):
    """Principal component analysis: centered, exact, as `projector.project` computes it.

    Parameters
    ----------
    n_components : int, float, "mle" or None, default=3
        Dimensions of the projection: 2 for a map, 3 for a cloud that can be rotated. Any other
        number, too; a share below 1 keeps as many as explain it, None all, and "mle" as many as
        Minka's estimate says.
    random_state : int, RandomState or None, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.
    whiten : bool, default=False
        Divide each component by its standard deviation.
    progress : callable or None, default=None
        Called with a `projector.Progress` many times a second; raise `projector.Cancelled` in it
        to cancel.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_points, n_components_), float32
    projection_ : projector.Projection
    n_components_ : int
    components_ : ndarray of shape (n_components_, n_dims), float32
    mean_ : ndarray of shape (n_dims,), float64
    explained_variance_, explained_variance_ratio_, singular_values_ : ndarray of shape \
(n_components_,), float64
    noise_variance_ : float
        Mean variance of the components that are left out (Tipping and Bishop 1999).
    n_samples_ : int

    Notes
    -----
    Arguments that other libraries have are taken if they change nothing; for all others one
    sentence says why they are not here, see docs/algorithms.md.

    `y` is not used, as in scikit-learn.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> projector.PCA(2).fit_transform(np.eye(5)).shape
    (5, 2)
    """

    _method = "pca"

    @takes_foreign(PCA_ARGUMENTS)
    def __init__(
        self,
        n_components: Any = 3,
        *,
        random_state: Any = 0,
        whiten: bool = False,
        progress: Any = None,
    ) -> None:
        self.n_components = n_components
        self.random_state = random_state
        self.whiten = whiten
        self.progress = progress

    def _fit(self, dataset: Dataset, given: AnyArray, y: Any) -> None:
        check_callable(self.progress, name="progress")
        vectors, random_state = dataset.vectors_under("euclidean"), drawn_seed(self.random_state)
        most = min(vectors.shape)
        asked = self._asked(vectors)
        found = principal_components(
            vectors,
            asked if isinstance(asked, int) else most,
            random_state=random_state,
            progress=self.progress or ignore_progress,
        )
        variance = found.explained_variance[: len(found.components)]
        ratio = found.explained_variance_ratio[: len(variance)]
        kept = asked if isinstance(asked, int) else _share_kept(ratio, asked)
        kept = min(kept, len(found.components))
        self.n_components_, self.n_samples_ = kept, len(vectors)
        self.components_ = found.components[:kept]
        shift = 0.0 if vectors is dataset.vectors else self._shift
        self.mean_ = found.mean.astype(np.float64) + shift
        self.explained_variance_ = variance[:kept]
        self.explained_variance_ratio_ = ratio[:kept]
        self.singular_values_ = found.singular_values[:kept]
        left = most - kept
        rest = found.total_variance - float(self.explained_variance_.sum())
        self.noise_variance_ = max(0.0, rest) / left if left else 0.0
        self.embedding_ = self._placed(given)
        details = {
            "explained_variance_ratio": found.explained_variance_ratio.tolist(),
            "total_variance": found.total_variance,
            "exact": found.exact,
            "warnings": [],
        }
        params: dict[str, Value] = {"n_components": kept, "random_state": random_state}
        self.projection_ = Projection(self.embedding_, self._method, params, details)

    def _asked(self, vectors: AnyArray) -> int | float:
        """Return the number of components to keep, or the share of variance, below 1.

        Raises
        ------
        ParameterError
            Something else.
        """
        asked: Any = self.n_components
        most = int(min(vectors.shape))
        if asked is None:
            return most
        if isinstance(asked, str) and asked == "mle":
            return _estimated_dimension(vectors)
        if isinstance(asked, float | np.floating) and 0 < asked < 1:
            return float(asked)
        why = ', a share between 0 and 1, "mle" or None'
        found = whole_number(asked, name="n_components", low=1, high=None, why=why)
        if found > most:
            warnings.warn(
                f"n_components was lowered from {found:,} to {most:,}: {vectors.shape[0]:,} points "
                f"of {vectors.shape[1]:,} dimensions have no more.",
                UserWarning,
                stacklevel=5,
            )
        return min(found, most)

    def transform(self, X: Any) -> Positions:
        """Project other points onto the components of `fit`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_points, n_dims)

        Returns
        -------
        ndarray of shape (n_points, n_components_), float32
        """
        check_is_fitted(self, "embedding_")
        return self._placed(self._checked(X))

    def inverse_transform(self, X: Any) -> AnyArray:
        """Return the vectors whose projection is `X`, (n_points, n_dims) float32.

        Raises
        ------
        ParameterError
            Another number of columns than components.
        """
        check_is_fitted(self, "embedding_")
        scores = as_numbers(X, what="The positions")[0].astype(np.float64)
        if scores.ndim != 2 or scores.shape[1] != self.n_components_:
            raise ParameterError(
                f"Positions must have the shape (n_points, {self.n_components_}). Got "
                f"{scores.shape}."
            )
        found = (scores * self._sizes()) @ self.components_.astype(np.float64)
        return np.asarray((found + self.mean_).astype(np.float32))

    def get_covariance(self) -> AnyArray:
        """Return the covariance of probabilistic PCA, (n_dims, n_dims) float64.

        The kept components with their variance, and the noise in every direction.
        """
        check_is_fitted(self, "embedding_")
        basis = self.components_.astype(np.float64)
        beyond = np.maximum(self.explained_variance_ - self.noise_variance_, 0)
        covariance: AnyArray = (basis.T * beyond) @ basis
        covariance[np.diag_indices(len(covariance))] += self.noise_variance_
        return covariance

    def get_precision(self) -> AnyArray:
        """Return the (pseudo-)inverse of the covariance, (n_dims, n_dims) float64."""
        return np.asarray(np.linalg.pinv(self.get_covariance(), hermitian=True))

    def score_samples(self, X: Any) -> AnyArray:
        """Return the log-likelihood of each point under probabilistic PCA, float64."""
        check_is_fitted(self, "embedding_")
        centered = np.asarray(self._checked(X), np.float64) - self.mean_
        precision = self.get_precision()
        sign, log_det = np.linalg.slogdet(self.get_covariance())
        if sign <= 0:
            raise ParameterError(
                "The likelihood needs a covariance of full rank. Use fewer components."
            )
        squares = np.einsum("ij,jk,ik->i", centered, precision, centered, optimize=True)
        return np.asarray(-0.5 * (squares + centered.shape[1] * np.log(2 * np.pi) + log_det))

    def score(self, X: Any, y: Any = None) -> float:
        """Return the mean of `score_samples`."""
        return float(self.score_samples(X).mean())

    def _sizes(self) -> AnyArray:
        """Return what a unit of each component is in the unit of the vectors."""
        if not self.whiten:
            return np.ones(self.n_components_)
        found = np.sqrt(self.explained_variance_)
        return np.asarray(np.where(found > 0, found, 1.0))

    def _placed(self, vectors: AnyArray) -> Positions:
        basis = self.components_.astype(np.float64).T / self._sizes()
        found = np.empty((len(vectors), self.n_components_), np.float32)
        for start in range(0, len(vectors), _BLOCK):
            some = slice(start, start + _BLOCK)
            with one_blas_thread():  # so that the bytes do not depend on how many there are
                if sparse_of(vectors) is None:
                    placed = (vectors[some] - self.mean_) @ basis
                else:
                    placed = vectors[some] @ basis - self.mean_ @ basis
            largest = float(np.abs(placed).max(initial=0))
            if largest > float(np.finfo(np.float32).max):
                raise ShapeError(
                    f"A position would be {largest:.3g}, more than float32 can hold. Divide the "
                    "vectors by a constant first, or replace values that stand for missing."
                )
            found[some] = placed
        return found


def _share_kept(ratio: AnyArray, share: float) -> int:
    """Return how many components explain a share of the variance.

    Raises
    ------
    ParameterError
        All components that are known explain less.
    """
    total = np.cumsum(ratio)
    if len(total) and total[-1] < share - 1e-9:
        raise ParameterError(
            f"The {len(total):,} components that are known explain {total[-1]:.1%} of the "
            f"variance, less than {share:.1%}. Give their number."
        )
    return min(len(total), int(np.searchsorted(total, share, side="right")) + 1)


def _estimated_dimension(vectors: AnyArray) -> int:
    """Return how many components Minka's estimate keeps, as scikit-learn computes it."""
    from sklearn.decomposition import PCA as Reference

    try:
        wide = np.asarray(vectors, np.float64)
        return max(1, int(Reference("mle").fit(wide).n_components_))
    except ValueError as error:
        raise ParameterError(f"n_components={shown('mle')}: {error}") from error
