"""Compiled kernel of the quality scores: counts nearer and equally near points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, parallel_range
from projector.compute.neighbors.differences import rank_value


@compiled(parallel=True)
def count_nearer(
    estimates: NDArray[np.float32],
    bounds: tuple[NDArray[np.float32], NDArray[np.float32]],
    limits: tuple[NDArray[np.float64], NDArray[np.float64]],
    queries: NDArray[np.float64],
    own: NDArray[np.int64],
    reference: NDArray[np.int64],
    vectors: NDArray[np.float32],
    factors: NDArray[np.float64],
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
    factors : ndarray of shape (n_points,), float64
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
        for at in range(nearer.shape[1]):
            low = bounds[0][row, at]
            high = bounds[1][row, at]
            below = np.int32(0)
            above = np.int32(0)
            for value in values:
                below += np.int32(value < low)
                above += np.int32(value > high)
            same = np.int32(0)
            if below + above < len(values):
                for place in range(len(values)):
                    value = values[place]
                    point = reference[place]
                    if value < low or value > high or point == own[row]:
                        continue
                    if np.isnan(known[place]):
                        known[place] = rank_value(
                            query, vectors[point], factors[point], is_zero, kind, np.inf
                        )
                    if known[place] < limits[0][row, at]:
                        below += np.int32(1)
                    elif known[place] <= limits[1][row, at]:
                        same += np.int32(1)
            nearer[row, at] = below
            equal[row, at] = same
