"""Nearest-neighbor search for t-SNE, UMAP, quality and the inspector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import exact_neighbors
from projector.compute.neighbors.metrics import Space, check_metric, prepare
from projector.compute.neighbors.tree import MOST_DIMS, tree_neighbors
from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import AnyArray, Distances, Indices, Metric, Vectors

#: All pairs cost n_points² n_dims: they are compared up to this many points ...
EXACT_POINTS = 20_000
#: ... and above, while that product stays below this (some seconds on two cores).
EXACT_WORK = 5e10
#: From this many points on, a tree is faster in few dimensions.
TREE_POINTS = 1000
#: Numbers compared at once by `nearest_to`: they stay in the cache.
CHUNK_SIZE = 64_000
#: Such chunks between two checks: some 10 ms.
_CHUNKS_UNCHECKED = 128


def find_neighbors(
    vectors: Vectors,
    k: int,
    *,
    metric: Metric = "euclidean",
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Neighbors:
    """Find the `k` nearest neighbors of every point.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite.
    k : int, 0 <= k <= n_points - 1
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}
    random_state : int
        Seed of the approximate search and of the sample that measures it.
    progress : callable
        Called between blocks of some 50 ms.

    Returns
    -------
    Neighbors
        Nearest first, ties by index, a point is not its own neighbor, its duplicates are at
        distance 0. Distances are those of the metric; for ``"inner_product"`` the negated
        product, so that less is nearer. ``exact`` is whether all pairs were compared; if not,
        ``recall`` is measured on 300 points.

    Raises
    ------
    ParameterError
        `k` out of range or an unknown metric.

    Notes
    -----
    Exact up to `EXACT_POINTS` points, or while n_points² n_dims is at most `EXACT_WORK`, and
    always for ``"inner_product"`` and in up to 4 dimensions; memory one copy of `vectors`.
    """
    check_metric(metric)
    if not 0 <= k <= len(vectors) - 1:
        raise ParameterError(
            f"k must be from 0 to {len(vectors) - 1:,}, as there are {len(vectors):,} points and "
            f"none is its own neighbor. Got {k:,}."
        )
    space = prepare(vectors, metric)
    if _is_exact(space):
        search = _exact_search(space)
        indices, ranks = search(space, k, progress=progress)
        return Neighbors(indices, space.distances(ranks), metric, warnings=space.warnings)
    from projector.compute.neighbors.approximate import approximate_neighbors

    indices, ranks, recall = approximate_neighbors(
        space, k, random_state=random_state, progress=progress
    )
    warning = (
        f"The nearest neighbors of {space.n_points:,} points were searched approximately: "
        f"{recall:.1%} of the true ones were found, as measured on a sample."
    )
    return Neighbors(
        indices, space.distances(ranks), metric, recall, False, (*space.warnings, warning)
    )


def nearest_to(
    vectors: Vectors,
    query: AnyArray,
    k: int,
    *,
    metric: Metric,
    exclude: int | Sequence[int] | AnyArray | None = None,
    check: Callable[[], object] = lambda: None,
) -> tuple[Indices, Distances]:
    """Find the `k` points nearest to one vector, exactly and without an index.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    query : ndarray of shape (n_dims,)
        Any vector: a point's own, a centroid, king - man + woman.
    k : int, at least 1
        If fewer points are left, all of them are returned.
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}
    exclude : int or sequence of int, optional
        Points that are not returned, such as the query itself.
    check : callable, optional
        Called many times a second; if it raises, the search ends.

    Returns
    -------
    indices : ndarray of shape (n_found,), int32
        Nearest first, ties by index.
    distances : ndarray of shape (n_found,), float32
        As in `find_neighbors`.

    Notes
    -----
    One pass over `vectors`: 100,000 x 384 take some 20 ms. numpy only.
    """
    check_metric(metric)
    query = np.asarray(query, np.float32)
    if query.shape != vectors.shape[1:]:
        raise ShapeError(
            f"The query must have {vectors.shape[1]:,} numbers. Got shape {query.shape}."
        )
    if k < 1:
        raise ParameterError(f"k must be at least 1. Got {k}.")
    distances = distances_to(vectors, query, metric, check)
    if exclude is not None:
        distances[np.asarray(exclude, np.intp)] = np.inf
    n_found = min(k, int(np.isfinite(distances).sum()))
    if n_found == 0:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    limit = np.partition(distances, n_found - 1)[n_found - 1]
    near = np.flatnonzero(distances <= limit)
    near = near[np.argsort(distances[near], kind="stable")[:n_found]]
    return near.astype(np.int32), distances[near]


def distances_to(
    vectors: Vectors,
    query: NDArray[np.float32],
    metric: Metric,
    check: Callable[[], object] = lambda: None,
) -> Distances:
    """Return the distance of every point to one vector, shape (n_points,), float32."""
    found = np.empty(len(vectors), np.float32)
    step = max(1, CHUNK_SIZE // max(1, vectors.shape[1]))
    for start in range(0, len(vectors), step):
        if start // step % _CHUNKS_UNCHECKED == 0:
            check()
        chunk = vectors[start : start + step]
        found[start : start + step] = _distances(chunk, query, metric)
    return found


def _distances(chunk: Vectors, query: NDArray[np.float32], metric: Metric) -> Any:
    if metric == "inner_product":
        return -(chunk @ query)
    if metric == "manhattan":
        difference = chunk - query
        return np.abs(difference, out=difference) @ np.ones_like(query)
    if metric == "euclidean":
        difference = chunk - query
        return np.sqrt(np.einsum("ij,ij->i", difference, difference))
    lengths = np.sqrt(np.einsum("ij,ij->i", chunk, chunk))
    length = np.sqrt(query @ query)
    product = lengths * length
    cosines = np.divide(chunk @ query, product, out=np.zeros_like(product), where=product > 0)
    distances = np.clip(1 - cosines, 0, 2)
    if length == 0:
        distances[lengths == 0] = 0
    return distances


def _fits_tree(space: Space) -> bool:
    few = space.rows.shape[1] <= MOST_DIMS and space.metric in ("euclidean", "manhattan")
    return few and space.n_points >= TREE_POINTS


def _is_exact(space: Space) -> bool:
    work = float(space.n_points) ** 2 * space.rows.shape[1]
    few = space.n_points <= EXACT_POINTS or work <= EXACT_WORK
    return few or space.metric == "inner_product" or _fits_tree(space)


def _exact_search(space: Space) -> Callable[..., tuple[Indices, AnyArray]]:
    return tree_neighbors if _fits_tree(space) else exact_neighbors
