"""Finds the points nearest to one vector: one pass in float32, the near ones in float64.

The pass computes for every point between which bounds its distance lies. The points that may be
among the nearest are then compared exactly, by the same `Space` that the graphs ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from projector.compute.neighbors.space import Space, prepare
from projector.compute.neighbors.sparse_search import bounds_of_all
from projector.errors import ParameterError, ShapeError
from projector.typing import AnyArray, Distances, Indices, Metric, Vectors

#: Numbers compared at once: they stay in the cache.
CHUNK_SIZE = 64_000
#: Such chunks between two checks: some 10 ms.
_CHUNKS_UNCHECKED = 128
#: Points compared exactly between two checks, in numbers.
_EXACT_SIZE = 2_000_000
#: Half a unit in the last place of float32, its largest number, and a length whose square may
#: underflow.
_ROUNDING, _LARGEST, _TINY = 2.0**-24, float(np.finfo(np.float32).max), 1.1e-19
#: Metrics with a pass in float32; under the others every point is compared exactly.
_ESTIMATED = ("euclidean", "cosine", "inner_product", "manhattan")
#: Lengths between these have squares that float32 holds.
_SHORT, _LONG = 1e-15, 1e15


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
        Finite, except for points that are excluded.
    query : ndarray of shape (n_dims,)
        Any finite vector: a point's own, a centroid, king - man + woman. Taken in float64.
    k : int, at least 1
        If fewer points are left, all of them are returned.
    metric : Metric
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
    low = high = np.zeros(space.n_points)
    if metric in _ESTIMATED:
        low, high = _bounds_of_all(space, asked[0], check)
    if exclude is not None:
        low[np.asarray(exclude, np.intp)] = np.nan
    left = np.flatnonzero(~np.isnan(low))
    n_found = min(k, len(left))
    if n_found == 0:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    limit = np.partition(high[left], n_found - 1)[n_found - 1]
    near = left[low[left] <= limit]
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


def _bounds_of_all(
    space: Space, asked: AnyArray, check: Callable[[], object]
) -> tuple[AnyArray, AnyArray]:
    """Return between what each point's distance lies, two arrays of shape (n_points,)."""
    if space.sparse is not None:
        return bounds_of_all(space.sparse, asked, space.factors, space.metric)
    vectors, metric, n_dims = space.vectors, space.metric, space.n_dims
    found = np.empty(space.n_points, np.float32)
    squares = np.empty(space.n_points if metric in ("cosine", "inner_product") else 0, np.float32)
    narrow = np.clip(asked, -_LARGEST, _LARGEST).astype(np.float32)
    ones = np.ones_like(narrow)
    step = max(1, CHUNK_SIZE // max(1, n_dims))
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        for start in range(0, space.n_points, step):
            if start // step % _CHUNKS_UNCHECKED == 0:
                check()
            rows = slice(start, start + step)
            chunk = vectors[rows]
            if len(squares):
                found[rows] = chunk @ narrow
                squares[rows] = np.einsum("ij,ij->i", chunk, chunk)
                continue
            difference = chunk - narrow
            if metric == "manhattan":
                found[rows] = np.abs(difference, out=difference) @ ones
            else:
                found[rows] = np.einsum("ij,ij->i", difference, difference)
        lost = np.abs(asked - narrow)
        if len(squares):
            return _of_products(found, squares, (narrow, lost), metric)
        return _of_differences(found, lost, metric)


def _of_differences(found: AnyArray, lost: AnyArray, metric: Metric) -> tuple[AnyArray, AnyArray]:
    """Return between what distances lie, by sums of differences in float32.

    `lost` is what narrowing took from the query. A sum of d numbers errs by at most d roundings
    (Higham 2002, section 3.1); where it leaves the range of float32, the bounds say so.
    """
    n_dims, wide = len(lost), found.astype(np.float64)
    if metric == "manhattan":
        off = wide * ((n_dims + 4) * _ROUNDING) + (lost.sum() + n_dims * _TINY**2)
        largest = _LARGEST / 2
    else:
        wide = np.sqrt(wide)
        lost_length = np.sqrt(lost @ lost) + 2 * np.sqrt(n_dims) * _TINY
        off = wide * ((n_dims / 2 + 4) * _ROUNDING) + lost_length
        largest = np.sqrt(_LARGEST) / 2
    is_huge = ~np.isfinite(wide)
    return np.where(is_huge, largest, wide - off), np.where(is_huge, np.inf, wide + off)


def _of_products(
    found: AnyArray, squares: AnyArray, query: tuple[AnyArray, AnyArray], metric: Metric
) -> tuple[AnyArray, AnyArray]:
    """Return between what the rank values lie, by products and squared lengths in float32.

    `query` is the narrowed one and what that took from it; see `_of_differences`.
    """
    narrow, lost = query
    n_dims, product = len(narrow), found.astype(np.float64)
    lengths = np.sqrt(squares.astype(np.float64))
    size = float(np.sqrt(np.square(narrow, dtype=np.float64).sum()))
    if metric == "inner_product":
        most = lengths * (1 + (n_dims + 4) * _ROUNDING) + 2 * np.sqrt(n_dims) * _TINY
        off = most * ((n_dims + 4) * _ROUNDING * size + np.sqrt(lost @ lost))
        off += n_dims * _TINY**2
        middle, is_known = -product, np.isfinite(product) & np.isfinite(off)
    else:
        middle = 2 - 2 * product / lengths
        off = np.full(len(found), (3 * n_dims + 24) * _ROUNDING)
        is_known = (lengths > _SHORT) & (lengths < _LONG) & (size > 0)
    return (
        np.where(is_known, middle - off, -np.inf),
        np.where(is_known, middle + off, np.inf),
    )
