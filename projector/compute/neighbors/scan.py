"""Compiled kernels that compare every pair as it is, for metrics without a matrix product.

Points stand side by side, one dimension after the other, so that the processor compares several
at once while each distance is still summed from its first dimension to its last: the same bits
as in `direct`, whatever is compared with whom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined_in_order, parallel_range
from projector.compute.neighbors.direct import FARTHEST
from projector.typing import AnyArray, Metric

#: How the kernels tell the metrics apart; see also `differences`.
CHEBYSHEV, CANBERRA, BRAYCURTIS, HAMMING, JACCARD = 10, 11, 12, 13, 14
KINDS: dict[Metric, int] = {
    "chebyshev": CHEBYSHEV,
    "canberra": CANBERRA,
    "braycurtis": BRAYCURTIS,
    "hamming": HAMMING,
    "jaccard": JACCARD,
}
#: Points compared at once: their sums stay in the fastest cache.
_PART = 128
#: Points brought into the order of the dimensions together.
BLOCK = 1024


@inlined_in_order
def pair_distance(query: NDArray[np.float64], vector: NDArray[np.float32], kind: int) -> float:
    """Return the distance of two vectors, summed in their order."""
    part, whole = 0.0, 0.0
    for at in range(len(query)):
        asked, there = query[at], np.float64(vector[at])
        if kind == CHEBYSHEV:
            part = max(part, abs(there - asked))
        elif kind == CANBERRA:
            both = abs(there) + abs(asked)
            part += abs(there - asked) / both if both > 0 else 0.0
        elif kind == BRAYCURTIS:
            part += abs(there - asked)
            whole += abs(there + asked)
        elif kind == HAMMING:
            part += 1.0 if there != asked else 0.0
        else:
            part += 1.0 if (there != 0) != (asked != 0) else 0.0
            whole += 1.0 if there != 0 or asked != 0 else 0.0
    return _finished(part, whole, len(query), kind)


@inlined_in_order
def _finished(part: float, whole: float, n_dims: int, kind: int) -> float:
    if kind == HAMMING:
        return part / max(1, n_dims)
    if kind in (CHEBYSHEV, CANBERRA):
        return part
    if whole > 0:
        return part / whole
    return FARTHEST if part > 0 else 0.0


@inlined_in_order
def _add(
    columns: NDArray[np.float32],
    query: NDArray[np.float64],
    start: int,
    part: NDArray[np.float64],
    whole: NDArray[np.float64],
    kind: int,
) -> None:
    """Compare a query with the points from `start` on, as many as `part` has places."""
    n = len(part)
    part[:] = 0.0
    whole[:] = 0.0
    for dim in range(len(query)):
        there = columns[dim, start : start + n]
        if kind in (HAMMING, JACCARD):
            _count(there, query[dim], part, whole, kind)
        else:
            _add_up(there, query[dim], part, whole, kind)


@inlined_in_order
def _count(
    there: NDArray[np.float32],
    asked: float,
    part: NDArray[np.float64],
    whole: NDArray[np.float64],
    kind: int,
) -> None:
    if kind == HAMMING:
        for at in range(len(part)):
            part[at] += 1.0 if np.float64(there[at]) != asked else 0.0
    elif asked != 0:
        for at in range(len(part)):
            part[at] += 1.0 if there[at] == 0 else 0.0
            whole[at] += 1.0
    else:
        for at in range(len(part)):
            one = 1.0 if there[at] != 0 else 0.0
            part[at] += one
            whole[at] += one


@inlined_in_order
def _add_up(
    there: NDArray[np.float32],
    asked: float,
    part: NDArray[np.float64],
    whole: NDArray[np.float64],
    kind: int,
) -> None:
    if kind == CHEBYSHEV:
        for at in range(len(part)):
            far = abs(np.float64(there[at]) - asked)
            part[at] = far if far > part[at] else part[at]
    elif kind == CANBERRA:
        size = abs(asked)
        for at in range(len(part)):
            value = np.float64(there[at])
            both = abs(value) + size
            # Nothing is divided by 0; the difference of zeros is 0 as well.
            part[at] += abs(value - asked) / (both if both > 0 else 1.0)
    else:
        for at in range(len(part)):
            value = np.float64(there[at])
            part[at] += abs(value - asked)
            whole[at] += abs(value + asked)


@compiled()
def compare_all(
    queries: NDArray[np.float64], columns: NDArray[np.float32], kind: int, found: AnyArray
) -> None:
    """Write the distances of queries and points.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dims), float64
    columns : ndarray of shape (n_dims, n_points), float32
        The points, transposed.
    kind : int
    found : ndarray of shape (n_queries, n_points), float32 or float64
        Written; distances beyond its type are infinite.
    """
    n_points, n_dims = columns.shape[1], columns.shape[0]
    part, whole = np.empty(_PART), np.empty(_PART)
    for row in range(len(queries)):
        for start in range(0, n_points, _PART):
            n = min(_PART, n_points - start)
            _add(columns, queries[row], start, part[:n], whole[:n], kind)
            for at in range(n):
                found[row, start + at] = _finished(part[at], whole[at], n_dims, kind)


@compiled(parallel=True)
def keep_nearest_of(
    queries: NDArray[np.float64],
    own: NDArray[np.int64],
    columns: NDArray[np.float32],
    first: int,
    kind: int,
    indices: NDArray[np.int32],
    ranks: NDArray[np.float64],
) -> None:
    """Insert the points of a block that are nearer than those found so far.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dims), float64
    own : ndarray of shape (n_queries,), int64
        A point that is left out, or -1.
    columns : ndarray of shape (n_dims, n_block), float32
        The points from `first` on, transposed. Blocks come in their order: ties go by index.
    first : int
    kind : int
    indices, ranks : ndarray of shape (n_queries, k)
        Sorted rows, infinite where none was found yet; written.
    """
    n_block, n_dims, last = columns.shape[1], columns.shape[0], indices.shape[1] - 1
    for row in parallel_range(len(queries)):
        part, whole = np.empty(_PART), np.empty(_PART)
        near, far = indices[row], ranks[row]
        for start in range(0, n_block, _PART):
            n = min(_PART, n_block - start)
            _add(columns, queries[row], start, part[:n], whole[:n], kind)
            for at in range(n):
                rank = _finished(part[at], whole[at], n_dims, kind)
                point = first + start + at
                if rank >= far[last] or point == own[row]:
                    continue
                place = last
                while place > 0 and far[place - 1] > rank:
                    far[place] = far[place - 1]
                    near[place] = near[place - 1]
                    place -= 1
                far[place] = rank
                near[place] = point


def nearest_of_all(
    queries: AnyArray, own: AnyArray, vectors: AnyArray, metric: Metric, k: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the `k` nearest of `vectors` for each query, ties by index; see `keep_nearest_of`."""
    indices = np.full((len(queries), k), -1, np.int32)
    ranks = np.full((len(queries), k), np.inf)
    for start in range(0, len(vectors), BLOCK):
        columns = np.ascontiguousarray(vectors[start : start + BLOCK].T, np.float32)
        keep_nearest_of(queries, own, columns, start, KINDS[metric], indices, ranks)
    return indices, ranks
