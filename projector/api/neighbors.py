"""Nearest neighbors of every point: computed once, shared by t-SNE, UMAP, search and quality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from projector.api.result_store import default_cache, load_stored, part, result_key
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ShapeError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.model.arguments import check_callable, metric_name, seed, whole_number
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import Metric, Vectors

#: Graphs are computed in these sizes only, so that UMAP's result does not depend on whether
#: t-SNE ran before it: a larger approximate graph is not the smaller one with more columns.
_SIZES = (32, 96, 192, 384, 1000)
#: Increased when the search returns other neighbors than before.
SEARCH_VERSION = 4


def graph_size(n_points: int, k: int) -> int:
    """Return how many neighbors per point the graph has from which `k` are taken."""
    return min(n_points - 1, next((size for size in _SIZES if size >= k), k))


@dataclass(frozen=True)
class Graphs:
    """Neighbor graphs from the cache; missing ones are computed and stored."""

    cache: ResultCache

    def graph(
        self,
        vectors: Vectors,
        content: str,
        k: int,
        metric: Metric,
        *,
        random_state: int = 0,
        progress: ProgressCallback = ignore_progress,
    ) -> Neighbors:
        """Return the graph of the `k` nearest neighbors of finite `vectors`.

        Parameters
        ----------
        vectors : ndarray of shape (n_points, n_dims), float32
        content : str
            The vectors' content hash.
        k : int
            1 to n_points - 1.
        metric : Metric
        random_state : int
            Seed of the approximate search.
        progress : callable

        Returns
        -------
        Neighbors
        """
        n_points = len(vectors)
        size = graph_size(n_points, k)
        key = _key(content, size, metric, random_state)
        found = load_stored(self.cache, key, lambda stored: _rebuild(stored, n_points, size))
        if found is None:
            found = find_neighbors(
                vectors, size, metric=metric, random_state=random_state, progress=progress
            )
            about = {k: v for k, v in vars(found).items() if k not in ("indices", "distances")}
            self.cache.put(key, {"indices": found.indices, "distances": found.distances}, about)
        return found.nearest(k)

    def stored(
        self, n_points: int, content: str, k: int, metric: Metric, *, random_state: int = 0
    ) -> Neighbors | None:
        """Return the graph that `graph` would return if it is stored, or None."""
        size = graph_size(n_points, k)
        key = _key(content, size, metric, random_state)
        found = load_stored(self.cache, key, lambda stored: _rebuild(stored, n_points, size))
        return None if found is None else found.nearest(k)


def _key(content: str, size: int, metric: Metric, random_state: int) -> str:
    settings = {
        "k": size,
        "metric": metric,
        "random_state": random_state,
        "version": SEARCH_VERSION,
    }
    return result_key("neighbors", content, settings)


def _rebuild(stored: Stored, n_points: int, k: int) -> Neighbors:
    """Return the stored graph; raise ValueError if it is of other points."""
    indices, about = stored.arrays["indices"], stored.about
    if indices.shape != (n_points, k):
        raise ValueError("another graph")
    return Neighbors(
        indices,
        stored.arrays["distances"],
        cast("Metric", part(about, "metric", str)),
        float(part(about, "recall", float)),
        part(about, "exact", bool),
        tuple(part(about, "warnings", list)),
        float(part(about, "recall_error", float)),
        tuple((float(recall), float(error)) for recall, error in part(about, "recalls", list)),
    )


def neighbors(
    data: Dataset | Any,
    k: int = 15,
    *,
    metric: str = "euclidean",
    random_state: int = 0,
    progress: ProgressCallback | None = None,
) -> Neighbors:
    """Find the `k` nearest neighbors of every point.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
        Rows with NaN or infinity are excluded: their own neighbors are -1 at an infinite
        distance.
    k : int, default=15
        Neighbors per point, 1 to n_points - 1.
    metric : str, default="euclidean"
        "euclidean", "cosine", "inner_product", "manhattan", "correlation", "chebyshev",
        "canberra", "braycurtis", "hamming", "jaccard" or "haversine" (latitude and longitude in
        radians); docs/algorithms.md has their formulas.
    random_state : int, default=0
        Seed of the approximate search, which is used above some ten thousand points.
    progress : callable, optional
        Called with a `Progress`; raise `Cancelled` in it to cancel.

    Returns
    -------
    Neighbors
        Its `recall` is measured if the search was approximate, and `recall_error` says how well.

    Raises
    ------
    ParameterError
        `k` is no whole number or out of range, or `metric` is unknown.
    ShapeError
        Fewer than 2 points have a finite vector.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> vectors = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]])
    >>> found = projector.neighbors(vectors, k=2)
    >>> found.indices.tolist()
    [[1, 2], [0, 2], [1, 0]]
    >>> found.distances.tolist()
    [[1.0, 3.0], [1.0, 2.0], [2.0, 3.0]]
    >>> found.exact, found.recall
    (True, 1.0)
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    check_callable(progress, name="progress")
    return neighbors_in(
        default_cache(),
        dataset,
        k,
        metric=metric,
        random_state=random_state,
        progress=progress or ignore_progress,
    )


def neighbors_in(
    cache: ResultCache,
    dataset: Dataset,
    k: int,
    *,
    metric: str,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Neighbors:
    """Find neighbors as `neighbors` does, with results stored in `cache`."""
    finite = dataset.finite_rows
    n_finite = int(finite.sum())
    metric, random_state = metric_name(metric), seed(random_state)
    if n_finite < 2:
        raise ShapeError(
            f"{n_finite:,} of {len(finite):,} points have a finite vector. Neighbors need at least "
            "2 points without NaN and infinity."
        )
    why = ", one less than the number of points with finite vectors"
    k = whole_number(k, name="k", low=1, high=n_finite - 1, why=why)
    all_finite = bool(finite.all())
    vectors = dataset.vectors_under(metric)
    vectors = vectors if all_finite else vectors[finite]
    found = Graphs(cache).graph(
        vectors,
        dataset.content_hash,
        k,
        metric,
        random_state=random_state,
        progress=progress,
    )
    found = found if all_finite else _over_all_rows(found, finite)
    of_data = dataset.warnings_under(metric)
    return replace(found, warnings=(*found.warnings, *of_data)) if of_data else found


def _over_all_rows(found: Neighbors, finite: np.ndarray[Any, np.dtype[np.bool_]]) -> Neighbors:
    rows = np.flatnonzero(finite).astype(np.int32)
    indices = np.full((len(finite), found.k), -1, np.int32)
    distances = np.full((len(finite), found.k), np.inf, np.float32)
    indices[rows], distances[rows] = rows[found.indices], found.distances
    n_lost = len(finite) - len(rows)
    lost = f"{n_lost:,} of {len(finite):,} points have no neighbors: NaN or infinity."
    return replace(found, indices=indices, distances=distances, warnings=(*found.warnings, lost))
