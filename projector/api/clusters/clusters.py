"""Finds and names clusters of a dataset: found once and stored, named from its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from projector.api.clusters.names import (
    MOST_TEXTS,
    NamingColumns,
    name_clusters,
    naming_columns,
)
from projector.api.clusters.result import ClusterLevel, ClusterName, Clusters
from projector.api.clusters.search import UnnamedClusters, found_clusters
from projector.api.clusters.settings import cluster_settings
from projector.api.result_store import default_cache
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from projector.model.arguments import check_callable, shown
from projector.model.arrays import as_positions
from projector.model.dataset import Dataset
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import Positions


def clusters(
    data: Dataset | Any,
    *,
    space: Literal["original"] | Projection | Positions = "original",
    metric: str = "euclidean",
    n_neighbors: int = 15,
    min_samples: int = 5,
    min_cluster_size: int | None = None,
    n_levels: int = 4,
    n_landmarks: int | None = None,
    text: str | Sequence[str] | None = None,
    random_state: int = 0,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Clusters:
    """Find clusters at several levels of one hierarchy, and name them from the data.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
        Rows with NaN or infinity are in no cluster.
    space : {"original"}, Projection or ndarray of shape (n_points, 2 or 3)
        Where clusters are found: among the vectors, or in a picture of them. A picture pulls
        apart what is dense and so shows more of them; whether they are real, only the original
        space can say.
    metric : str, default="euclidean"
        Of the original space: any of `projector.neighbors` but "inner_product". In a picture
        distances are always euclidean.
    n_neighbors : int, default=15
        Neighbors per point in the graph, 2 to 1,000; all other points if there are fewer.
    min_samples : int, default=5
        A point is as dense as its nearest so many points are near, itself counted; from 1 to
        ``n_neighbors + 1``. More of them make more noise and rounder clusters.
    min_cluster_size : int, optional
        Points of a cluster of the finest level at least, 2 or more; by default
        ``n_points ** 0.4``, at least 5. Each coarser level has 3 times as many.
    n_levels : int, default=4
        1 to 8. Levels without clusters, and those that are like the next finer one, are left out.
    n_landmarks : int, optional
        Points, drawn by chance, that are clustered; the others are in the clusters of the
        landmarks nearest to them, or noise. 100 or more; as many as there are points, or more,
        cluster all of them. By default 100,000 of more than 200,000 vectors whose neighbor graph
        is not stored, and all points else.
    text : str or sequence of str, optional
        Metadata columns that are read for distinctive words; by default all columns of prose.
    random_state : int, default=0
        Seed of the approximate neighbor search, of what joins a graph of several parts, and of
        the landmarks.
    progress : callable, optional
        Called with a `Progress`; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.

    Returns
    -------
    Clusters
        ``labels`` and ``names`` of the finest level, all ``levels``, and the ``degree`` of each
        point in the neighbor graph. Every name says why: its words with their weights, the
        category that it holds most with its share, its size, its central points.

    Raises
    ------
    ParameterError
        A parameter is out of range, or the metric is none that clusters can be found with.
    UnknownNameError
        There is no such column.
    ShapeError
        No vector is finite, or there are not as many positions as points.
    MemoryLimitError
        It does not fit into the memory that is free.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> rng = np.random.default_rng(0)
    >>> vectors = np.concatenate([rng.normal(at, 0.1, (60, 3)) for at in (0, 1, 9)])
    >>> texts = ["red fruit"] * 60 + ["green fruit"] * 60 + ["fast car"] * 60
    >>> data = projector.Dataset(vectors, metadata={"text": texts})
    >>> found = projector.clusters(data, min_cluster_size=20, text="text")
    >>> [name.text for name in found.names]
    ['red', 'green', 'car, fast']
    >>> np.bincount(found.labels + 1).tolist()
    [0, 60, 60, 60]
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    settings = cluster_settings(
        metric, n_neighbors, min_samples, min_cluster_size, n_levels, random_state, n_landmarks
    )
    check_callable(progress, name="progress")
    positions = _positions_of(space, dataset.n_points)
    columns = naming_columns(dataset, text)
    found = found_clusters(
        dataset, positions, settings, cache or default_cache(), progress or ignore_progress
    )
    return named_clusters(found, columns, progress or ignore_progress)


def _positions_of(space: Any, n_points: int) -> Positions | None:
    if isinstance(space, str):
        if space != "original":
            raise ParameterError(
                f"'space' must be \"original\", a Projection or positions. Got {shown(space)}."
            )
        return None
    positions = as_positions(
        space.positions if isinstance(space, Projection) else space, what="The positions"
    )
    if len(positions) != n_points:
        raise ShapeError(
            f"There are {len(positions):,} positions for {n_points:,} points. Expected one per "
            "point."
        )
    return positions


def named_clusters(
    found: UnnamedClusters, columns: NamingColumns, progress: ProgressCallback
) -> Clusters:
    """Return the clusters with names."""
    levels: list[ClusterLevel] = []
    above: tuple[ClusterName, ...] = ()
    for at, labels in enumerate(found.labels):
        progress(Progress("names", at, len(found.labels)))
        above = name_clusters(
            labels, found.central[at], columns, above=above, parents=found.parents[at]
        )
        levels.append(ClusterLevel(labels, above, found.parents[at], found.sizes[at]))
    progress(Progress("names", len(levels), len(levels)))
    told = found.warnings
    if columns.texts and len(found.degree) > MOST_TEXTS:
        told = (
            *told,
            f"Words were read in {MOST_TEXTS:,} of {len(found.degree):,} texts, chosen by chance.",
        )
    return Clusters(
        tuple(levels),
        found.degree,
        found.space,
        found.metric,
        told,
        found.n_landmarks or None,
    )
