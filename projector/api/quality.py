"""How far a picture can be trusted, computed once and kept."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from projector.api.neighbors import Graphs
from projector.api.result_store import default_cache, result_key
from projector.compute.quality.scores import Quality, Scores, measure_quality
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray, Metric, Positions

#: The figures of every point, by the names of docs/algorithms.md.
FIGURES = ("trustworthiness", "continuity", "overlap", "distance_correlation")


def quality(
    data: Dataset | Any,
    projection: Projection | Positions,
    k: int = 15,
    *,
    metric: str | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Quality:
    """Compare the neighbors in a picture with the true ones.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
    projection : Projection or ndarray of shape (n_points, 2 or 3)
        Points that have no position, or no finite vector, count neither way; theirs are NaN.
    k : int
        Neighbors of a point that are compared.
    metric : str, optional
        Of the true distances; the projection's own by default.
    progress : callable, optional
        Called with a `Progress`; raising `Cancelled` in it stops the work.
    cache : ResultCache, optional

    Returns
    -------
    Quality
        Trustworthiness, continuity, neighborhood overlap and local distance correlation: for
        every point, in the mean, and beside a PCA and a random placement as baselines.

    Raises
    ------
    ShapeError
        Another number of positions than of points.
    ParameterError
        `k` out of range, or fewer than 3 points.
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    if isinstance(projection, Projection):
        metric = metric or str(projection.params.get("metric") or "euclidean")
        projection = projection.positions
    positions = np.asarray(projection, np.float32)
    if len(positions) != dataset.n_points:
        raise ShapeError(f"{len(positions):,} positions for {dataset.n_points:,} points.")
    settings = {"picture": Dataset(positions).content_hash, "k": k, "metric": metric}
    store = cache or default_cache()
    key = result_key("quality", dataset.content_hash, settings)
    found = _load(store, key)
    if found is None:
        chosen = cast("Metric", metric or "euclidean")
        found = _judge(dataset, positions, k, chosen, store, progress or ignore_progress)
        arrays = {name: getattr(found.scores, name) for name in FIGURES}
        store.put(key, arrays, found.summary())
    return found


def _judge(
    dataset: Dataset,
    positions: AnyArray,
    k: int,
    metric: Metric,
    cache: ResultCache,
    progress: ProgressCallback,
) -> Quality:
    placed = dataset.finite_rows & np.isfinite(positions).all(axis=1)
    everywhere = bool(placed.all())
    vectors = dataset.vectors if everywhere else dataset.vectors[placed]
    graph = None
    if everywhere and len(vectors) > k:
        graph = Graphs(cache).graph(vectors, dataset.content_hash, k, metric, progress=progress)
    found = measure_quality(
        vectors, positions[placed], k=k, metric=metric, neighbors=graph, progress=progress
    )
    if everywhere:
        return found
    rows = {name: np.full(len(placed), np.nan, np.float32) for name in FIGURES}
    for name, row in rows.items():
        row[placed] = getattr(found.scores, name)
    left_out = f"{int((~placed).sum()):,} of {len(placed):,} points have no place and do not count."
    return Quality(
        Scores(**rows), found.baselines, found.k, found.n_reference, (*found.warnings, left_out)
    )


def _load(cache: ResultCache, key: str) -> Quality | None:
    stored = cache.get(key)
    if stored is None:
        return None
    about = stored.about
    scores = Scores(**{name: stored.arrays[name] for name in FIGURES})
    warnings = tuple(about["warnings"])
    return Quality(scores, about["baselines"], about["k"], about["n_reference"], warnings)
