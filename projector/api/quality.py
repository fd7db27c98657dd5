"""How faithfully a projection keeps neighborhoods: computed once and stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from projector.api.neighbors import Graphs
from projector.api.result_store import default_cache, load_stored, part, result_key
from projector.compute.neighbors.metrics import METRICS
from projector.compute.quality.scores import Quality, Scores, measure_quality
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.machine.saved_file import save_bytes
from projector.model.arguments import check_callable, metric_name, whole_number
from projector.model.arrays import as_positions
from projector.model.dataset import Dataset
from projector.model.export import table_bytes
from projector.model.metadata import Metadata
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray, Metric, Positions

#: Increased when other scores are computed than before.
QUALITY_VERSION = 2
#: The scores of every point, by their names in docs/algorithms.md.
SCORES = ("trustworthiness", "continuity", "overlap", "distance_correlation")


def quality(
    data: Dataset | Any,
    projection: Projection | Positions,
    k: int = 15,
    *,
    metric: str | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Quality:
    """Measure how faithfully a projection keeps the neighborhoods of the original space.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
    projection : Projection or ndarray of shape (n_points, 2 or 3)
        Points without a position or a finite vector are left out; their scores are NaN.
    k : int, default=15
        Neighbors per point that are compared, at least 1; lowered to less than half of the
        points if they are few, with a warning.
    metric : str, optional
        "euclidean", "cosine", "inner_product", "manhattan", "correlation", "chebyshev",
        "canberra", "braycurtis", "hamming", "jaccard" or "haversine" (latitude and longitude in
        radians); docs/algorithms.md has their formulas.
        The metric of the original space; by default the one that the projection was computed
        with, or ``"euclidean"``.
    progress : callable, optional
        Called with a `Progress`; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.

    Returns
    -------
    Quality
        Trustworthiness, continuity, neighborhood overlap and local distance correlation: for
        every point (`scores`), their means, and the means of a PCA and of random positions as
        `baselines`.

    Raises
    ------
    ShapeError
        The numbers of positions and points differ, or the positions are no numbers.
    ParameterError
        `k` is out of range, `metric` is unknown, or there are fewer than 3 points.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> vectors = np.random.default_rng(0).normal(size=(200, 3))
    >>> flat = projector.project(vectors, "pca", n_components=2)
    >>> quality = projector.quality(vectors, flat, k=10)
    >>> means = quality.scores.means()
    >>> means["trustworthiness"] > quality.baselines["random"]["trustworthiness"]
    True
    >>> quality.scores.overlap.shape
    (200,)
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    notes: tuple[str, ...] = ()
    if isinstance(projection, Projection):
        notes = () if metric else metric_notes(projection)
        metric = metric or metric_of(projection)
        projection = projection.positions
    positions = as_positions(projection, what="The positions")
    k = whole_number(k, name="k", low=1, high=None)
    metric = metric if metric is None else metric_name(metric)
    check_callable(progress, name="progress")
    if len(positions) != dataset.n_points:
        raise ShapeError(
            f"There are {len(positions):,} positions for {dataset.n_points:,} points. Expected one "
            "per point."
        )
    settings = {
        "positions": Dataset(positions).content_hash,
        "k": k,
        "metric": metric,
        "version": QUALITY_VERSION,
    }
    store = cache or default_cache()
    key = result_key("quality", dataset.content_hash, settings)
    found = _load(store, key, dataset.n_points)
    if found is None:
        chosen: Metric = metric or "euclidean"
        found = _measure(dataset, positions, k, chosen, store, progress or ignore_progress)
        if found.k < k:
            few = f"k was lowered from {k:,} to {found.k:,}, less than half of the points."
            found = replace(found, warnings=(*found.warnings, few))
        arrays = {name: getattr(found.scores, name) for name in SCORES}
        store.put(key, arrays, found.summary())
    notes += dataset.warnings_under(metric or "euclidean")
    return replace(found, warnings=(*found.warnings, *notes)) if notes else found


def metric_of(projection: Projection) -> Metric:
    """Return the metric that a projection was computed with, as far as it is measured here.

    Euclidean if it used none, or one that only umap-learn has: `metric_notes` says so.
    """
    used = projection.params.get("metric")
    return used if used in METRICS else "euclidean"


def metric_notes(projection: Projection) -> tuple[str, ...]:
    """Return a sentence if the neighbors of a projection are not measured by its own metric."""
    used = projection.params.get("metric")
    if used is None or used in METRICS:
        return ()
    return (
        f"The projection was computed with the metric {used!r}, which is not measured here: the "
        "neighbors in the original space are euclidean.",
    )


def save_scores(path: Path, positions: Positions, found: Quality) -> None:
    """Write positions and the scores of every point to a table; see `Projection.save`.

    Raises
    ------
    ParameterError
        An unknown extension.
    """
    columns = Metadata.from_mapping({name: getattr(found.scores, name) for name in SCORES})
    content = table_bytes(path.name, positions, about=found.summary(), metadata=columns)
    save_bytes(path, content)


def _measure(
    dataset: Dataset,
    positions: AnyArray,
    k: int,
    metric: Metric,
    cache: ResultCache,
    progress: ProgressCallback,
) -> Quality:
    placed = dataset.finite_rows & np.isfinite(positions).all(axis=1)
    all_placed = bool(placed.all())
    vectors = dataset.vectors_under(metric)
    vectors = vectors if all_placed else vectors[placed]
    graph = None
    if all_placed and len(vectors) > k:
        graph = Graphs(cache).graph(vectors, dataset.content_hash, k, metric, progress=progress)
    found = measure_quality(
        vectors, positions[placed], k=k, metric=metric, neighbors=graph, progress=progress
    )
    if all_placed:
        return found
    rows = {name: np.full(len(placed), np.nan, np.float32) for name in SCORES}
    for name, row in rows.items():
        row[placed] = getattr(found.scores, name)
    left_out = (
        f"{int((~placed).sum()):,} of {len(placed):,} points have no position and are left out."
    )
    return Quality(
        Scores(**rows), found.baselines, found.k, found.n_reference, (*found.warnings, left_out)
    )


def _load(cache: ResultCache, key: str, n_points: int) -> Quality | None:
    def rebuild(stored: Stored) -> Quality:
        about = stored.about
        scores = {name: stored.arrays[name] for name in SCORES}
        if {scores[name].shape for name in SCORES} != {(n_points,)}:
            raise ValueError("another number of points")
        return Quality(
            Scores(**scores),
            part(about, "baselines", dict),
            part(about, "k", int),
            part(about, "n_reference", int),
            tuple(part(about, "warnings", list)),
        )

    return load_stored(cache, key, rebuild)
