"""Compiled kernels that compare vectors by their differences, where estimates leave it open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.compute.neighbors.metrics import ANGULAR
from projector.compute.neighbors.scan import KINDS, pair_distance
from projector.compute.neighbors.space import Space
from projector.typing import AnyArray, Metric

#: How the kernels tell the metrics apart.
_SQUARED, _UNIT, _ABSOLUTE, _PRODUCT, _CHORD = 0, 1, 2, 3, 4
#: Numbers compared before it is looked whether the sum is too large already.
_PART = 64


def kind_of(metric: Metric) -> int:
    """Return the number by which the kernels know a metric."""
    if metric in ANGULAR:
        return _UNIT
    kinds: dict[Metric, int] = {
        "euclidean": _SQUARED,
        "manhattan": _ABSOLUTE,
        "inner_product": _PRODUCT,
        "haversine": _CHORD,
        **KINDS,
    }
    return kinds[metric]


@inlined
def _squared_chord(query: NDArray[np.float64], vector: NDArray[np.float32]) -> float:
    latitude, longitude = np.float64(vector[0]), np.float64(vector[1])
    up, across = np.sin((latitude - query[0]) / 2), np.sin((longitude - query[1]) / 2)
    found: float = 4 * (up * up + np.cos(query[0]) * np.cos(latitude) * across * across)
    return max(0.0, found)


@inlined
def rank_value(
    query: NDArray[np.float64],
    vector: NDArray[np.float32],
    scaling: tuple[float, float],
    is_zero: bool,
    kind: int,
    most: float,
) -> float:
    """Return the rank value of a query and a vector as `Space.ranks` does; any above `most`.

    `scaling` is the vector's factor and shift, see `Space`.
    """
    if kind >= _CHORD:
        return (
            _squared_chord(query, vector) if kind == _CHORD else pair_distance(query, vector, kind)
        )
    factor, shift = scaling
    total = 0.0
    if kind == _PRODUCT:
        for at in range(len(query)):
            total -= query[at] * vector[at]
        return total
    if kind == _UNIT and (factor == 0.0) != is_zero:
        return 2.0
    for start in range(0, len(query), _PART):
        # Slices, as an index that might be negative keeps a loop from being vectorized.
        asked = query[start : start + _PART]
        there = vector[start : start + _PART]
        part = 0.0
        if kind == _ABSOLUTE:
            for at in range(len(asked)):
                part += abs(there[at] - asked[at])
        else:
            for at in range(len(asked)):
                difference = (there[at] - shift) * factor - asked[at]
                part += difference * difference
        total += part
        if total > most:
            return total
    return total


@compiled(parallel=True)
def settle_nearest(
    estimates: NDArray[np.float32],
    highest: NDArray[np.float32],
    queries: NDArray[np.float64],
    own: NDArray[np.int64],
    vectors: NDArray[np.float32],
    scalings: tuple[NDArray[np.float64], NDArray[np.float64]],
    kind: int,
    indices: NDArray[np.int32],
) -> None:
    """Find the nearest points of each query among those that the estimates do not exclude.

    Parameters
    ----------
    estimates : ndarray of shape (n_queries, n_points), float32
        Points above `highest` are not looked at, those with NaN are.
    highest : ndarray of shape (n_queries,), float32
        At least k points other than `own` are not above it.
    queries : ndarray of shape (n_queries, n_dims), float64
    own : ndarray of shape (n_queries,), int64
        A point that is left out, or -1.
    vectors : ndarray of shape (n_points, n_dims), float32
    scalings : two ndarrays of shape (n_points,), float64
        Factors and shifts; see `Space`.
    kind : int
        See `kind_of`.
    indices : ndarray of shape (n_queries, k), int32
        Written; nearest first, ties by index.
    """
    k = indices.shape[1]
    for row in parallel_range(len(queries)):
        query = queries[row]
        is_zero = not query.any()
        ranks = np.full(k, np.inf)
        indices[row] = -1
        for point in range(len(vectors)):
            if estimates[row, point] > highest[row] or point == own[row]:
                continue
            worst = ranks[k - 1]
            scaling = (scalings[0][point], scalings[1][point])
            rank = rank_value(query, vectors[point], scaling, is_zero, kind, worst)
            if rank >= worst:
                continue
            at = k - 1
            while at > 0 and ranks[at - 1] > rank:
                ranks[at] = ranks[at - 1]
                indices[row, at] = indices[row, at - 1]
                at -= 1
            ranks[at] = rank
            indices[row, at] = point
            # Nothing is nearer than duplicates, and what follows has a larger index.
            if kind != _PRODUCT and ranks[k - 1] == 0:
                break


@compiled(parallel=True)
def rank_candidates(
    queries: NDArray[np.float64],
    candidates: NDArray[np.int64],
    vectors: NDArray[np.float32],
    scalings: tuple[NDArray[np.float64], NDArray[np.float64]],
    kind: int,
    ranks: NDArray[np.float64],
) -> None:
    """Write the rank values of queries and their candidates; see `Space.ranks`."""
    for row in parallel_range(len(queries)):
        query = queries[row]
        is_zero = not query.any()
        for at in range(candidates.shape[1]):
            point = candidates[row, at]
            # A limit that is never reached, but that the compiler does not know.
            most = np.inf if point >= 0 else 0.0
            scaling = (scalings[0][point], scalings[1][point])
            ranks[row, at] = rank_value(query, vectors[point], scaling, is_zero, kind, most)


def compiled_ranks(space: Space, queries: AnyArray, candidates: AnyArray) -> NDArray[np.float64]:
    """Return what `Space.ranks` does, several times as fast once this is compiled."""
    if space.sparse is not None:
        return space.ranks(queries, candidates)
    found = np.empty(candidates.shape)
    wanted = np.ascontiguousarray(candidates, np.int64)
    rank_candidates(queries, wanted, space.vectors, space.scalings, kind_of(space.metric), found)
    return found
