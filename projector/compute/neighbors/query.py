"""Finds the points nearest to one vector: one pass in float32, the near ones in float64.

The pass computes for every point between which bounds its distance lies. The points that may be
among the nearest are then compared exactly, by the same `Space` that the graphs ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.estimates import BY_PRODUCTS, ESTIMATED, Estimates
from projector.compute.neighbors.space import Space, prepare
from projector.compute.neighbors.sparse_search import bounds_of_all
from projector.errors import ParameterError, ShapeError
from projector.machine.blas_threads import one_blas_thread
from projector.typing import AnyArray, Distances, Indices, Metric, Vectors

#: Points compared exactly between two checks, in numbers.
_EXACT_SIZE = 2_000_000


def nearest_to(
    vectors: Vectors,
    query: AnyArray,
    k: int,
    *,
    metric: Metric,
    exclude: int | Sequence[int] | AnyArray | None = None,
    squares: Callable[[], NDArray[np.float32]] | None = None,
    check: Callable[[], object] = lambda: None,
) -> tuple[Indices, Distances]:
    """Find the `k` points nearest to one vector, exactly and without an index.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite, except for points that are excluded.
    query : ndarray of shape (n_dims,)
        Any finite vector: a point's own, a centroid, king - man + woman. Taken in float64.
    k : int, at least 1
        If fewer points are left, all of them are returned.
    metric : Metric
    exclude : int or sequence of int, optional
        Points that are not returned, such as the query itself.
    squares : callable, optional
        Returns the `squared_lengths` of the vectors, if they are kept for many queries.
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
    One pass over `vectors`: 100,000 x 384 take some 25 ms. numpy only.
    """
    space = prepare(vectors, metric)
    query = np.asarray(query, np.float64)
    if query.shape != vectors.shape[1:]:
        raise ShapeError(
            f"The query must have {vectors.shape[1]:,} numbers. Got shape {query.shape}."
        )
    if k < 1:
        raise ParameterError(f"k must be at least 1. Got {k}.")
    asked = np.asarray(space.queries(query[None]), np.float64)
    excluded = np.asarray([] if exclude is None else exclude, np.intp)
    n_left = space.n_points - len(np.unique(excluded % max(1, space.n_points)))
    n_found = min(k, n_left)
    if n_found == 0:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    near, low, high = _candidates(space, asked, n_found, excluded, squares, check)
    limit = np.partition(high, n_found - 1)[n_found - 1]
    near = near[low <= limit]
    ranks = np.empty(len(near))
    step = max(1, _EXACT_SIZE // max(1, space.n_dims))
    for start in range(0, len(near), step):
        check()
        some = near[start : start + step]
        # Each point as a row of its own, so that few are held in float64 at once.
        ranks[start : start + step] = space.ranks(
            np.broadcast_to(asked, (len(some), space.n_dims)), some[:, None]
        )[:, 0]
    order = np.argsort(ranks, kind="stable")[:n_found]
    return near[order].astype(np.int32), space.distances(ranks[order])


def _candidates(
    space: Space,
    asked: AnyArray,
    k: int,
    excluded: AnyArray,
    squares: Callable[[], NDArray[np.float32]] | None,
    check: Callable[[], object],
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Return points that may be among the `k` nearest, and between what their distances lie."""
    if space.sparse is None and space.metric in ESTIMATED:
        kept = squares() if squares is not None and space.metric in BY_PRODUCTS else None
        with one_blas_thread():
            estimates = Estimates.of(space, asked[0], check, kept)
        near = estimates.within_reach(k, excluded)
        return near, *estimates.bounds(near)
    near = np.setdiff1d(np.arange(space.n_points), excluded % space.n_points)
    if space.sparse is None:
        # Every point is compared exactly.
        return near, np.zeros(len(near)), np.zeros(len(near))
    low, high = bounds_of_all(space.sparse, asked[0], space.factors, space.metric)
    return near, low[near], high[near]
