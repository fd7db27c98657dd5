"""Neighbor graphs, computed once and kept: t-SNE, UMAP, search and quality share them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np

from projector.api.result_store import default_cache, result_key
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import Metric, Vectors

#: Graphs are made in these sizes only, so that what UMAP gets does not depend on whether
#: t-SNE ran before it: a larger approximate graph is not the smaller one with more columns.
_SIZES = (32, 96, 192, 384, 1000)
#: Raised when the search gives other neighbors than before.
SEARCH_VERSION = 2


def graph_size(n_points: int, k: int) -> int:
    """Return how many neighbors the graph that serves `k` has."""
    return min(n_points - 1, next((size for size in _SIZES if size >= k), k))


@dataclass(frozen=True)
class Graphs:
    """Finds neighbor graphs in the cache, and makes and keeps the missing ones."""

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
        """
        n_points = len(vectors)
        size = graph_size(n_points, k)
        settings = {
            "k": size,
            "metric": metric,
            "random_state": random_state,
            "version": SEARCH_VERSION,
        }
        key = result_key("neighbors", content, settings)
        stored = self.cache.get(key)
        if stored is not None:
            about: dict[str, Any] = dict(stored.about, warnings=tuple(stored.about["warnings"]))
            found = Neighbors(stored.arrays["indices"], stored.arrays["distances"], **about)
        else:
            found = find_neighbors(
                vectors, size, metric=metric, random_state=random_state, progress=progress
            )
            about = {k: v for k, v in asdict(found).items() if k not in ("indices", "distances")}
            self.cache.put(key, {"indices": found.indices, "distances": found.distances}, about)
        return found.nearest(k)


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
        Rows with NaN or infinity are no one's neighbors; theirs are -1 at an infinite distance.
    k : int
        1 to n_points - 1.
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}
    random_state : int
        Seed of the approximate search (above some ten thousand points).
    progress : callable, optional
        Called with a `Progress`; raising `Cancelled` in it stops the search.

    Returns
    -------
    Neighbors
        With the measured `recall` where the search was approximate.

    Raises
    ------
    ParameterError
        `k` or `metric` out of range.
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    finite = dataset.finite_rows
    n_finite = int(finite.sum())
    if not 1 <= k <= n_finite - 1:
        raise ParameterError(
            f"The parameter 'k' of neighbors must be a whole number from 1 to {n_finite - 1}, one "
            f"less than the points that have finite vectors. Got {k!r}."
        )
    everywhere = bool(finite.all())
    vectors = dataset.vectors if everywhere else dataset.vectors[finite]
    found = Graphs(default_cache()).graph(
        vectors,
        dataset.content_hash,
        k,
        cast("Metric", metric),
        random_state=random_state,
        progress=progress or ignore_progress,
    )
    return found if everywhere else _over_all_rows(found, finite)


def _over_all_rows(found: Neighbors, finite: np.ndarray[Any, np.dtype[np.bool_]]) -> Neighbors:
    rows = np.flatnonzero(finite).astype(np.int32)
    indices = np.full((len(finite), found.k), -1, np.int32)
    distances = np.full((len(finite), found.k), np.inf, np.float32)
    indices[rows], distances[rows] = rows[found.indices], found.distances
    n_lost = len(finite) - len(rows)
    lost = f"NaN or infinity: no neighbors for {n_lost:,} of {len(finite):,} points."
    return Neighbors(
        indices, distances, found.metric, found.recall, found.exact, (*found.warnings, lost)
    )
