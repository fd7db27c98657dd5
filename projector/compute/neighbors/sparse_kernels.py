"""Compiled kernels that compare sparse vectors: by an inverted index, then by their differences.

For each query a pass over the index, dimension by dimension, sums its products with all points in
float64: numbers that only one of two vectors has cost nothing. Between which bounds a rank value
then lies is known, and where that leaves the order open, the numbers of the two are compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.typing import AnyArray

#: How the kernels tell the metrics apart, as in `sparse_search.KINDS`.
_SQUARED, _UNIT, _ABSOLUTE, _PRODUCT = 0, 1, 2, 3
#: Rounding of one sum in float64, and more than that of the lengths.
_ROUNDING = 2.0**-50

#: starts, dims and values of sparse rows: float32, of queries float64.
Csr = tuple[NDArray[np.int64], NDArray[np.int32], AnyArray]
#: starts, points and values of the inverted index, by dimension.
Index = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]


@inlined
def _rank(
    dims: NDArray[np.int32],
    query: AnyArray,
    others: NDArray[np.int32],
    values: AnyArray,
    factor: float,
    kind: int,
) -> float:
    """Return the rank value of two sparse vectors, as `Space.ranks` defines it."""
    total = 0.0
    if kind == _UNIT and (factor == 0.0) != (len(dims) == 0):
        return 2.0
    at, there = 0, 0
    while at < len(dims) or there < len(others):
        if there == len(others) or (at < len(dims) and dims[at] < others[there]):
            difference = query[at]
            product = 0.0
            at += 1
        elif at == len(dims) or others[there] < dims[at]:
            difference = values[there] * factor
            product = 0.0
            there += 1
        else:
            difference = values[there] * factor - query[at]
            product = values[there] * query[at]
            at += 1
            there += 1
        if kind == _PRODUCT:
            total -= product
        elif kind == _ABSOLUTE:
            total += abs(difference)
        else:
            total += difference * difference
    return total


@inlined
def _sums(
    dims: NDArray[np.int32], query: NDArray[np.float64], index: Index, kind: int, n_points: int
) -> NDArray[np.float64]:
    """Sum what a query and each point have in common."""
    found = np.zeros(n_points)
    for at in range(len(dims)):
        value = query[at]
        first, stop = index[0][dims[at]], index[0][dims[at] + 1]
        for place in range(first, stop):
            other = index[2][place]
            if kind == _ABSOLUTE:
                found[index[1][place]] += abs(value - other) - abs(value) - abs(other)
            else:
                found[index[1][place]] += value * other
    return found


@inlined
def _bounds(
    common: float, size: float, of_query: float, factor: float, n_numbers: int, kind: int
) -> tuple[float, float]:
    """Return between which a rank value lies, by what two vectors have in common."""
    rounding = (n_numbers + 8) * _ROUNDING
    if kind == _PRODUCT:
        off = rounding * np.sqrt(size * of_query)
        return -common - off, -common + off
    if kind == _UNIT:
        if factor == 0.0 or of_query == 0.0:
            middle = 0.0 if factor == 0.0 and of_query == 0.0 else 2.0
            return middle, middle
        return 2 - 2 * common * factor - 4 * rounding, 2 - 2 * common * factor + 4 * rounding
    share = common if kind == _ABSOLUTE else -2 * common
    off = rounding * (size + of_query)
    return size + of_query + share - off, size + of_query + share + off


@inlined
def _size(query: AnyArray, kind: int) -> float:
    """Return the squared length of a query, the sum of absolute numbers for manhattan."""
    total = 0.0
    for value in query:
        total += abs(value) if kind == _ABSOLUTE else value * value
    return total


@inlined
def _limit(
    low: NDArray[np.float64],
    own: int,
    size: float,
    sizes: NDArray[np.float64],
    factors: NDArray[np.float64],
    kind: int,
    n_numbers: int,
    k: int,
) -> float:
    """Return a rank value that the k nearest do not exceed.

    `low` has what the query has in common with each point, and then the least that its rank
    value can be.
    """
    # A heap: the largest of the k smallest comes first.
    heap = np.full(k, np.inf)
    for point in range(len(low)):
        least, most = _bounds(low[point], sizes[point], size, factors[point], n_numbers, kind)
        if point == own:
            low[point] = np.inf
            continue
        low[point] = least
        if most >= heap[0]:
            continue
        at = 0
        while 2 * at + 1 < k:
            below = 2 * at + 1
            if below + 1 < k and heap[below + 1] > heap[below]:
                below += 1
            if heap[below] <= most:
                break
            heap[at] = heap[below]
            at = below
        heap[at] = most
    largest: float = heap[0]
    return largest


@inlined
def _nearest_of(
    row: int,
    queries: Csr,
    own: NDArray[np.int64],
    rows: Csr,
    index: Index,
    sizes: NDArray[np.float64],
    factors: NDArray[np.float64],
    kind: int,
    n_numbers: int,
    indices: NDArray[np.int32],
    ranks: NDArray[np.float64],
) -> None:
    """Write the nearest points of one query; apart from the loop, which compiles sooner so."""
    k, n_points = indices.shape[1], len(sizes)
    first, stop = queries[0][row], queries[0][row + 1]
    dims, query = queries[1][first:stop], queries[2][first:stop]
    low = _sums(dims, query, index, kind, n_points)
    limit = _limit(low, own[row], _size(query, kind), sizes, factors, kind, n_numbers, k)
    near = np.flatnonzero(low <= limit)
    exact = np.full(len(near), np.inf)
    n_same = 0
    for at in range(len(near)):
        point = near[at]
        if point == own[row]:
            continue
        first, stop = rows[0][point], rows[0][point + 1]
        others, values = rows[1][first:stop], rows[2][first:stop]
        exact[at] = _rank(dims, query, others, values, factors[point], kind)
        n_same += kind != _PRODUCT and exact[at] == 0
        # Nothing is nearer than duplicates, and what follows has a larger index.
        if n_same == k:
            break
    order = np.argsort(exact, kind="mergesort")
    for at in range(k):
        indices[row, at] = near[order[at]]
        ranks[row, at] = exact[order[at]]


@compiled(parallel=True)
def nearest_sparse(
    queries: Csr,
    own: NDArray[np.int64],
    rows: Csr,
    index: Index,
    sizes: NDArray[np.float64],
    factors: NDArray[np.float64],
    kind: int,
    n_numbers: int,
    indices: NDArray[np.int32],
    ranks: NDArray[np.float64],
) -> None:
    """Find the nearest points of each query among all.

    Parameters
    ----------
    queries, rows : three ndarrays
        Of queries in float64, of unit length for cosine.
    own : ndarray of shape (n_queries,), int64
        A point that is left out, or -1.
    index : three ndarrays
        `rows` by dimension.
    sizes : ndarray of shape (n_points,), float64
        Squared lengths, sums of absolute numbers for manhattan.
    factors : ndarray of shape (n_points,), float64
    kind : int
        See `sparse_search.KINDS`.
    n_numbers : int
        The most numbers of a row or query.
    indices : ndarray of shape (n_queries, k), int32
        Written; nearest first, ties by index.
    ranks : ndarray of shape (n_queries, k), float64
        Written.
    """
    for row in parallel_range(len(own)):
        _nearest_of(row, queries, own, rows, index, sizes, factors, kind, n_numbers, indices, ranks)


@inlined
def _ranks_of(
    row: int,
    queries: Csr,
    candidates: NDArray[np.int64],
    rows: Csr,
    factors: NDArray[np.float64],
    kind: int,
    ranks: NDArray[np.float64],
) -> None:
    first, stop = queries[0][row], queries[0][row + 1]
    dims, query = queries[1][first:stop], queries[2][first:stop]
    for at in range(candidates.shape[1]):
        point = candidates[row, at]
        first, stop = rows[0][point], rows[0][point + 1]
        others, values = rows[1][first:stop], rows[2][first:stop]
        ranks[row, at] = _rank(dims, query, others, values, factors[point], kind)


@compiled(parallel=True)
def rank_sparse(
    queries: Csr,
    candidates: NDArray[np.int64],
    rows: Csr,
    factors: NDArray[np.float64],
    kind: int,
    ranks: NDArray[np.float64],
) -> None:
    """Write the exact rank values of queries and their candidates; see `Space.ranks`."""
    for row in parallel_range(len(candidates)):
        _ranks_of(row, queries, candidates, rows, factors, kind, ranks)


@inlined
def _count_of(
    row: int,
    queries: Csr,
    own: NDArray[np.int64],
    limits: tuple[NDArray[np.float64], NDArray[np.float64]],
    reference: NDArray[np.int64],
    rows: Csr,
    index: Index,
    sizes: NDArray[np.float64],
    factors: NDArray[np.float64],
    kind: int,
    n_numbers: int,
    nearer: NDArray[np.int32],
    equal: NDArray[np.int32],
) -> None:
    """Write the counts of one query: see `count_sparse`."""
    k, n_points = nearer.shape[1], len(sizes)
    first, stop = queries[0][row], queries[0][row + 1]
    dims, query = queries[1][first:stop], queries[2][first:stop]
    common = _sums(dims, query, index, kind, n_points)
    size = _size(query, kind)
    below_order, upto_order = np.argsort(limits[0][row]), np.argsort(limits[1][row])
    below, upto = limits[0][row][below_order], limits[1][row][upto_order]
    n_below, n_upto = np.zeros(k + 1, np.int64), np.zeros(k + 1, np.int64)
    for point in range(n_points):
        if reference[point] == own[row]:
            continue
        low, high = _bounds(common[point], sizes[point], size, factors[point], n_numbers, kind)
        one = np.searchsorted(below, low, side="right")
        two = np.searchsorted(upto, low, side="left")
        if (one < k and below[one] <= high) or (two < k and upto[two] < high):
            first, stop = rows[0][point], rows[0][point + 1]
            others, values = rows[1][first:stop], rows[2][first:stop]
            low = _rank(dims, query, others, values, factors[point], kind)
            one = np.searchsorted(below, low, side="right")
            two = np.searchsorted(upto, low, side="left")
        n_below[one] += 1
        n_upto[two] += 1
    so_far, all_far = 0, 0
    for at in range(k):
        so_far += n_below[at]
        all_far += n_upto[at]
        nearer[row, below_order[at]] = so_far
        equal[row, upto_order[at]] = all_far
    for at in range(k):
        equal[row, at] -= nearer[row, at]


@compiled(parallel=True)
def count_sparse(
    queries: Csr,
    own: NDArray[np.int64],
    limits: tuple[NDArray[np.float64], NDArray[np.float64]],
    reference: NDArray[np.int64],
    rows: Csr,
    index: Index,
    sizes: NDArray[np.float64],
    factors: NDArray[np.float64],
    kind: int,
    n_numbers: int,
    nearer: NDArray[np.int32],
    equal: NDArray[np.int32],
) -> None:
    """Count, for each limit of a query, the points of the reference below it and at it.

    Parameters
    ----------
    limits : two ndarrays of shape (n_queries, k), float64
        The rank value from which on a point is at the limit, and up to which it is.
    reference : ndarray of shape (n_reference,), int64
        Which points the rows of the index are.
    nearer, equal : ndarray of shape (n_queries, k), int32
        Written.

    See `nearest_sparse` for the others.
    """
    for row in parallel_range(len(own)):
        _count_of(
            row,
            queries,
            own,
            limits,
            reference,
            rows,
            index,
            sizes,
            factors,
            kind,
            n_numbers,
            nearer,
            equal,
        )
