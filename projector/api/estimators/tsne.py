"""t-SNE as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from typing import Any, cast

import numpy as np
from sklearn.utils.validation import check_is_fitted

from projector.api.estimators.base import with_alias
from projector.api.estimators.foreign_arguments import TSNE_ARGUMENTS, takes_foreign
from projector.api.estimators.layout_estimator import LayoutEstimator
from projector.compute.common_parameters import number, whole
from projector.model.dataset import Dataset
from projector.typing import AnyArray


class TSNE(LayoutEstimator):
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
    metric : str, default="euclidean"
        How the distance between two vectors is measured. Use cosine if only their direction
        matters, as in most text embeddings.
    learning_rate : float, "auto" or None, default=None
        Step size. By default it is chosen from the data: the number of points divided by the
        exaggeration.
    early_exaggeration : float or "auto", default=12.0
        Factor on the attraction between neighbors during the first steps, while clusters form.
    exaggeration : float or None, default=1.0
        Factor on the attraction during the remaining steps. Above 1, clusters become tighter and
        move further apart.
    perplexities : str, sequence of float or None, default=None
        Additional perplexities to combine with the first (multiscale), such as 100, 300. Near
        and far neighbors then both count.
    init : {"pca", "spectral", "random"} or array-like, default="pca"
        Initial positions: pca and spectral preserve the global arrangement; random does not.
        Positions of the points, (n_points, n_components), are scaled as these are.
    random_state : int, RandomState or None, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.
    max_iter : int or None, default=None
        scikit-learn's name for n_iter.
    initialization : str, array-like or None, default=None
        openTSNE's name for init.
    center : bool, default=False
        Subtract the mean of all points. Cosine distances then separate points that share one
        large common direction.
    standardize : bool, default=False
        Divide each dimension by its standard deviation, so that dimensions with different units
        count equally.
    unit_norm : bool, default=False
        Scale each vector to length 1, so that only its direction counts.
    pca_dims : int or None, default=None
        Reduce the vectors to this many principal components first, which is faster and removes
        noise.
    n_landmarks : int or None, default=None
        Lay out a random sample of this size and place the remaining points next to their
        nearest sampled neighbors. Use it only for data that does not fit in memory.
    align_to : array-like of shape (n_points, n_components), Projection or None, default=None
        The result is rotated, mirrored, moved and scaled as a whole to match it.
    progress : callable or None, default=None
        Called with a `projector.Progress` many times a second; raise `projector.Cancelled` in it
        to cancel.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_points, n_components), float32
    projection_ : projector.Projection
    kl_divergence_ : float
    learning_rate_ : float
        Of the first steps.
    n_iter_ : int
    fitted_distance_ : float

    Notes
    -----
    Arguments that other libraries have are taken if they change nothing; for all others one
    sentence says why they are not here, see docs/algorithms.md.

    `transform` places a point next to its nearest fitted ones; it does not run t-SNE again. Beyond
    3 components the repulsion is summed over all pairs, which takes time O(n_points²). As for an
    embedding of openTSNE, numpy converts a fitted estimator to its positions. `y` is not used.

    Examples
    --------
    >>> import projector
    >>> from sklearn.datasets import load_digits
    >>> projector.TSNE(perplexity=50).fit_transform(load_digits().data).shape  # doctest: +SKIP
    (1797, 2)
    """

    _method = "tsne"

    @takes_foreign(TSNE_ARGUMENTS)
    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        n_iter: int = 750,
        metric: str = "euclidean",
        learning_rate: float | str | None = None,
        early_exaggeration: float | str = 12.0,
        exaggeration: float | None = 1.0,
        perplexities: Any = None,
        init: Any = "pca",
        random_state: Any = 0,
        max_iter: int | None = None,
        initialization: Any = None,
        center: bool = False,
        standardize: bool = False,
        unit_norm: bool = False,
        pca_dims: int | None = None,
        n_landmarks: int | None = None,
        align_to: Any = None,
        progress: Any = None,
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
        self.max_iter = max_iter
        self.initialization = initialization
        self.center = center
        self.standardize = standardize
        self.unit_norm = unit_norm
        self.pca_dims = pca_dims
        self.n_landmarks = n_landmarks
        self.align_to = align_to
        self.progress = progress

    def _fit(self, dataset: Dataset, given: AnyArray, y: Any) -> None:
        if y is not None:
            warnings.warn(
                "t-SNE does not use y. Use UMAP for a layout that labels influence, or "
                "projector.project with supervise_by.",
                UserWarning,
                stacklevel=4,
            )
        perplexity: Any = self.perplexity
        if isinstance(perplexity, int | float) and 0 < perplexity < 1:
            warnings.warn("perplexity was raised to 1.", UserWarning, stacklevel=4)
            perplexity = 1.0
        several = self.perplexities
        if isinstance(several, np.ndarray):
            several = several.ravel().tolist()
        if isinstance(several, list | tuple):
            several = ", ".join(str(each) for each in several)
        steps = with_alias("n_iter", self.n_iter, 750, "max_iter", self.max_iter)
        start = with_alias("init", self.init, "pca", "initialization", self.initialization)
        request = self._request(
            dataset,
            perplexity=perplexity,
            n_iter=steps,
            init=start,
            perplexities=several,
            learning_rate=_unless_auto(self.learning_rate, None),
            early_exaggeration=_unless_auto(self.early_exaggeration, 12.0),
            exaggeration=1.0 if self.exaggeration is None else self.exaggeration,
        )
        self._compute(request, self.progress)
        self.kl_divergence_ = float(cast("float", self.projection_.details["kl_divergence"]))
        rate, early = (
            self.projection_.params[each] for each in ("learning_rate", "early_exaggeration")
        )
        self.learning_rate_ = dataset.n_points / number(early) if rate is None else number(rate)
        self.n_iter_ = whole(self.projection_.params["n_iter"])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        check_is_fitted(self, "embedding_")
        return np.array(self.embedding_, dtype, copy=copy)

    def __getitem__(self, rows: Any) -> AnyArray:
        check_is_fitted(self, "embedding_")
        return np.asarray(self.embedding_[rows])


def _unless_auto(value: Any, otherwise: float | None) -> Any:
    """Return a number, or what "auto" stands for in scikit-learn and openTSNE."""
    return otherwise if isinstance(value, str) and value == "auto" else value
