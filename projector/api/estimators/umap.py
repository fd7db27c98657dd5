"""UMAP as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

from sklearn.utils.validation import check_is_fitted

from projector.api.estimators.checked_input import declared_for, labels_checked, metric_of
from projector.api.estimators.foreign_arguments import UMAP_ARGUMENTS, takes_foreign
from projector.api.estimators.layout_estimator import LayoutEstimator
from projector.api.neighbors import Graphs
from projector.api.projection_request import ProjectionRequest
from projector.api.result_store import default_cache
from projector.compute.supervision import supervise, supervise_by_numbers
from projector.compute.umap.fuzzy_graph import fuzzy_graph
from projector.compute.umap.library_parameters import OURS
from projector.compute.umap.umap import neighbors_needed
from projector.errors import ParameterError
from projector.model.arguments import shown
from projector.model.arrays import as_positions
from projector.model.dataset import Dataset
from projector.model.frames import plain_values
from projector.model.metadata import Column, Metadata
from projector.model.text import PackedText
from projector.typing import AnyArray

#: How umap-learn searches neighbors; none of it changes what is found here.
_SEARCH = ("low_memory", "force_approximation_algorithm", "angular_rp_forest")


class UMAP(LayoutEstimator):
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
    metric : str, default="euclidean"
        How the distance between two vectors is measured. Use cosine if only their direction
        matters, as in most text embeddings.
    spread : float, default=1.0
        Scale of the projection; min_dist is relative to it.
    n_epochs : int or None, default=None
        Number of optimization epochs. By default it is chosen from the data: 500 up to 10,000
        points, 200 above.
    init : {"spectral", "pca", "random", "tswspectral"} or array-like, default="spectral"
        Initial positions: the leading eigenvectors of the neighbor graph (spectral), PCA, or
        random; tswspectral is a faster kind of spectral in umap-learn.
        Positions of the points, (n_points, n_components), are scaled as these are.
    learning_rate : float, default=1.0
        Initial step size; it decays to 0 over the epochs.
    negative_sample_rate : int, default=5
        Negative samples per positive edge.
    repulsion_strength : float, default=1.0
        Weight of the negative samples.
    random_state : int, RandomState or None, default=0
        Seed. The same data, parameters and seed give the same result, byte for byte.
    implementation : {"projector", "umap-learn"}, default="projector"
        What lays the points out. umap-learn is the reference implementation: slower, with more
        parameters; it gets the neighbor graph that is computed here.
    metric_kwds : str or dict, default=""
        Further arguments of the metric, as JSON: {"p": 3} for minkowski.
    set_op_mix_ratio : float, default=1.0
        1 joins the neighborhoods of both points of a pair (fuzzy union), 0 keeps what both have
        (intersection).
    local_connectivity : float, default=1.0
        Number of nearest neighbors that count as fully connected.
    disconnection_distance : float or None, default=None
        Neighbors that are farther away are not connected. Points without any have no position.
    a : float or None, default=None
        First number of the curve of attraction, in place of min_dist and spread; set b, too.
    b : float or None, default=None
        Second number of the curve of attraction, in place of min_dist and spread; set a, too.
    densmap : bool, default=False
        Preserve densities, too (densMAP): dense regions become dense in the picture.
    dens_lambda : float, default=2.0
        Weight of the densities in densMAP.
    dens_frac : float, default=0.3
        Share of the epochs, at the end, in which densMAP looks at densities.
    dens_var_shift : float, default=0.1
        Added to the variance of the local radii in densMAP, against division by zero.
    output_metric : str, default="euclidean"
        Metric of the picture. Other than euclidean, it is slower.
    output_metric_kwds : str or dict, default=""
        Further arguments of output_metric, as JSON: {"p": 3} for minkowski.
    target_metric : str, default="categorical"
        How the values of the column supervise_by are compared: categorical for names, any other
        for numbers.
    target_n_neighbors : int or None, default=None
        Neighbors among the numbers of the column supervise_by.
    angular_rp_forest : bool, default=False
        Let umap-learn search the neighbors, by angles.
    force_approximation_algorithm : bool, default=False
        Let umap-learn search the neighbors, approximately below 4,096 points, too.
    low_memory : bool, default=True
        Off lets umap-learn search the neighbors, faster and with more memory.
    unique : bool, default=False
        Lay out duplicates once; they share a position. umap-learn searches the neighbors.
    target_weight : float, default=0.5
        Influence of `y`: 0 has no effect; at 1, a neighbor with a different value counts as 10
        times as far away.
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
    graph_ : csr_matrix of shape (n_points, n_points), float32
        The fuzzy graph that is laid out.
    fitted_distance_ : float

    Notes
    -----
    Arguments that other libraries have are taken if they change nothing; for all others one
    sentence says why they are not here, see docs/algorithms.md.

    `transform` places a point next to its nearest fitted ones; it does not run UMAP again.
    Labels are given as `y`; categories that are missing (None, NaN) or -1 are unknown.

    Examples
    --------
    >>> import projector
    >>> from sklearn.datasets import load_digits
    >>> projector.UMAP(30).fit_transform(load_digits().data).shape  # doctest: +SKIP
    (1797, 2)
    """

    _method = "umap"

    @takes_foreign(UMAP_ARGUMENTS)
    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        n_components: int = 2,
        min_dist: float = 0.1,
        metric: str = "euclidean",
        spread: float = 1.0,
        n_epochs: int | None = None,
        init: Any = "spectral",
        learning_rate: float = 1.0,
        negative_sample_rate: int = 5,
        repulsion_strength: float = 1.0,
        implementation: str = "projector",
        metric_kwds: Any = "",
        set_op_mix_ratio: float = 1.0,
        local_connectivity: float = 1.0,
        disconnection_distance: float | None = None,
        a: float | None = None,
        b: float | None = None,
        densmap: bool = False,
        dens_lambda: float = 2.0,
        dens_frac: float = 0.3,
        dens_var_shift: float = 0.1,
        output_metric: str = "euclidean",
        output_metric_kwds: Any = "",
        target_n_neighbors: int | None = None,
        angular_rp_forest: bool = False,
        force_approximation_algorithm: bool = False,
        low_memory: bool = True,
        unique: bool = False,
        random_state: Any = 0,
        target_metric: str = "categorical",
        target_weight: float = 0.5,
        center: bool = False,
        standardize: bool = False,
        unit_norm: bool = False,
        pca_dims: int | None = None,
        n_landmarks: int | None = None,
        align_to: Any = None,
        progress: Any = None,
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
        self.implementation = implementation
        self.metric_kwds = metric_kwds
        self.set_op_mix_ratio = set_op_mix_ratio
        self.local_connectivity = local_connectivity
        self.disconnection_distance = disconnection_distance
        self.a = a
        self.b = b
        self.densmap = densmap
        self.dens_lambda = dens_lambda
        self.dens_frac = dens_frac
        self.dens_var_shift = dens_var_shift
        self.output_metric = output_metric
        self.output_metric_kwds = output_metric_kwds
        self.target_n_neighbors = target_n_neighbors
        self.angular_rp_forest = angular_rp_forest
        self.force_approximation_algorithm = force_approximation_algorithm
        self.low_memory = low_memory
        self.unique = unique
        self.random_state = random_state
        self.target_metric = target_metric
        self.target_weight = target_weight
        self.center = center
        self.standardize = standardize
        self.unit_norm = unit_norm
        self.pca_dims = pca_dims
        self.n_landmarks = n_landmarks
        self.align_to = align_to
        self.progress = progress

    def _fit(self, dataset: Dataset, given: AnyArray, y: Any) -> None:
        labels = labels_checked(y, dataset.n_points)
        if labels is None:
            request = self._request(dataset, **self._without_search())
        elif self.target_metric == "categorical" or self.implementation != OURS:
            request = self._by_column(dataset, labels)
        else:
            request = self._by_numbers(dataset, labels)
        self._compute(request, self.progress)
        self._supervision = (request.labels, request.targets)

    def _without_search(self) -> dict[str, Any]:
        """Return defaults for what only tells umap-learn how to search, with a warning."""
        declared = {each.name: each.default for each in declared_for(self._method)}
        if self.implementation != OURS:
            return {}
        found = {name: declared[name] for name in _SEARCH if getattr(self, name) != declared[name]}
        for name in found:
            warnings.warn(
                f"UMAP ignores {name}: neighbors are searched by projector.",
                UserWarning,
                stacklevel=5,
            )
        return found

    def _by_column(self, dataset: Dataset, labels: AnyArray) -> ProjectionRequest:
        if labels.ndim != 1:
            raise ParameterError(
                f"Categories must be one value for each point. Got y of shape {labels.shape}. Use "
                "target_metric='euclidean' for several numbers."
            )
        unknown = "-1" if labels.dtype.kind in "iuf" and bool((labels == -1).any()) else None
        values = [None if each is None else str(each) for each in plain_values(labels)]
        if labels.dtype.kind == "f":
            values = [None if each != each else f"{each:g}" for each in labels.tolist()]
        known = dataset.with_metadata(Metadata((Column.from_text("y", PackedText.pack(values)),)))
        return self._request(
            known,
            supervise_by="y",
            supervise_weight=self.target_weight,
            ignored_label=unknown if self.target_metric == "categorical" else None,
            target_metric=metric_of(self.target_metric),
            **self._without_search(),
        )

    def _by_numbers(self, dataset: Dataset, targets: AnyArray) -> ProjectionRequest:
        if metric_of(self.target_metric) not in ("euclidean", "manhattan"):
            raise ParameterError(
                "target_metric must be 'categorical', 'euclidean' or 'manhattan'. Got "
                f"{shown(self.target_metric)}."
            )
        numbers = as_positions(targets.reshape(len(targets), -1), what="y")
        request = self._request(
            dataset,
            supervise_weight=self.target_weight,
            target_metric="categorical",
            **self._without_search(),
        )
        return replace(request, targets=numbers)

    @property
    def graph_(self) -> Any:
        """The fuzzy graph that is laid out, as umap-learn names it."""
        check_is_fitted(self, "embedding_")
        params, vectors = self.projection_.params, self._steps.vectors
        if params.get("n_landmarks") is not None or self.implementation != OURS:
            raise ParameterError("There is no graph with n_landmarks, or with umap-learn.")
        k, metric = neighbors_needed(params, len(vectors))
        found = Graphs(default_cache()).graph(vectors, Dataset(vectors).content_hash, k, metric)
        weight = float(params["supervise_weight"] or 0)
        labels, targets = self._supervision
        if labels is not None:
            found = supervise(found, labels, weight=weight, ignored=-1)
        if targets is not None:
            found = supervise_by_numbers(found, targets, weight=weight)
        return fuzzy_graph(found)
