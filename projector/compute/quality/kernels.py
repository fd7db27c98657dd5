"""Compiled kernels of the quality scores: nearer and equally near points, and ranks of ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.compute.neighbors.differences import rank_value

#: Values counted before it is looked whether some of them are open.
_PART = 128


@inlined
def _outside(
    values: NDArray[np.float32], low: np.float32, high: np.float32
) -> tuple[np.int32, np.int32]:
    """Count the values below `low` and above `high`; vectorized in this form."""
    below = np.int32(0)
    above = np.int32(0)
    for at in range(len(values)):
        value = values[at]
        below += np.int32(1) if value < low else np.int32(0)
        above += np.int32(1) if value > high else np.int32(0)
    return below, above


@compiled(parallel=True)
def count_nearer(
    estimates: NDArray[np.float32],
    bounds: tuple[NDArray[np.float32], NDArray[np.float32]],
    limits: tuple[NDArray[np.float64], NDArray[np.float64]],
    queries: NDArray[np.float64],
    own: NDArray[np.int64],
    reference: NDArray[np.int64],
    vectors: NDArray[np.float32],
    scalings: tuple[NDArray[np.float64], NDArray[np.float64]],
    kind: int,
    nearer: NDArray[np.int32],
    equal: NDArray[np.int32],
) -> None:
    """Count, for each limit of a query, the points of the reference below it and at it.

    Those that the estimates leave open are compared by their differences.

    Parameters
    ----------
    estimates : ndarray of shape (n_queries, n_reference), float32
        Infinite for the point itself.
    bounds : two ndarrays of shape (n_queries, k), float32
        See `Sieve.bounds`.
    limits : two ndarrays of shape (n_queries, k), float64
        The rank value from which on a point is at the limit, and up to which it is.
    queries : ndarray of shape (n_queries, n_dims), float64
    own : ndarray of shape (n_queries,), int64
    reference : ndarray of shape (n_reference,), int64
    vectors : ndarray of shape (n_points, n_dims), float32
    scalings : two ndarrays of shape (n_points,), float64
        Factors and shifts; see `Space`.
    kind : int
        See `kind_of`.
    nearer, equal : ndarray of shape (n_queries, k), int32
        Written.
    """
    for row in parallel_range(len(estimates)):
        values = estimates[row]
        query = queries[row]
        is_zero = not query.any()
        known = np.full(len(reference), np.nan)
        farthest = limits[1][row].max()
        for at in range(nearer.shape[1]):
            low = bounds[0][row, at]
            high = bounds[1][row, at]
            nearer[row, at] = 0
            equal[row, at] = 0
            for start in range(0, len(values), _PART):
                part = values[start : start + _PART]
                below, above = _outside(part, low, high)
                nearer[row, at] += below
                if below + above == len(part):
                    continue
                for place in range(start, start + len(part)):
                    point = reference[place]
                    if values[place] < low or values[place] > high or point == own[row]:
                        continue
                    if np.isnan(known[place]):
                        scaling = (scalings[0][point], scalings[1][point])
                        known[place] = rank_value(
                            query, vectors[point], scaling, is_zero, kind, farthest
                        )
                    nearer[row, at] += known[place] < limits[0][row, at]
                    equal[row, at] += limits[0][row, at] <= known[place] <= limits[1][row, at]


@compiled(parallel=True)
def rank_wanted(
    values: NDArray[np.float64],
    ordered: NDArray[np.float64],
    wanted: NDArray[np.bool_],
    same: float,
    ranks: NDArray[np.float64],
) -> None:
    """Rank the wanted values of each row, from 1; equal ones have the mean of theirs.

    Parameters
    ----------
    values, ordered : ndarray of shape (n_rows, n_values), float64
        `ordered` is `values` with each row sorted.
    wanted : ndarray of shape (n_rows, n_values), bool
    same : float
        The share of the smaller one within which neighbors in the order are equal.
    ranks : ndarray of shape (n_rows, n_values), float64
        Written where wanted.
    """
    for row in parallel_range(len(values)):
        places = ordered[row]
        means = np.empty(len(places))
        first = 0
        for at in range(1, len(places) + 1):
            # Infinity, which stands for the point itself, is apart from all others.
            if at == len(places) or places[at] - places[at - 1] > same * abs(places[at - 1]):
                means[first:at] = (first + at + 1) / 2
                first = at
        for column in range(len(places)):
            if wanted[row, column]:
                ranks[row, column] = means[np.searchsorted(places, values[row, column])]
