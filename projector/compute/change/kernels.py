"""Compiled kernel that looks up which neighbors of a point are neighbors in another space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, parallel_range
from projector.compute.neighbors.differences import rank_value


@compiled(parallel=True)
def find_kept(
    near: NDArray[np.int32],
    others: NDArray[np.int32],
    limits: NDArray[np.float64],
    points: NDArray[np.int64],
    vectors: NDArray[np.float32],
    scalings: tuple[NDArray[np.float64], NDArray[np.float64]],
    kind: int,
    kept: NDArray[np.bool_],
) -> None:
    """Write which of `near` are among `others`, or no further than the furthest of them.

    Parameters
    ----------
    near, others : ndarray of shape (n_rows, k), int32
        Neighbors of the same points in one space and in another.
    limits : ndarray of shape (n_rows,), float64
        Rank values in the other space up to which a point counts.
    points : ndarray of shape (n_rows,), int64
        The point of each row.
    vectors : ndarray of shape (n_points, n_dims), float32
        Of the other space.
    scalings : pair of ndarray of shape (n_points,), float64
        See `Space.scalings`.
    kind : int
        See `kind_of`.
    kept : ndarray of shape (n_rows, k), bool
        Written.
    """
    factors, shifts = scalings
    n_dims = vectors.shape[1]
    for row in parallel_range(len(near)):
        point = points[row]
        query = np.empty(n_dims)
        is_made = False
        for at in range(near.shape[1]):
            other, is_kept = near[row, at], False
            for place in range(others.shape[1]):
                if others[row, place] == other:
                    is_kept = True
                    break
            if not is_kept:
                if not is_made:
                    is_made = True
                    for d in range(n_dims):
                        query[d] = (vectors[point, d] - shifts[point]) * factors[point]
                is_zero = factors[point] == 0.0
                most = limits[row]
                scaling = (factors[other], shifts[other])
                rank = rank_value(query, vectors[other], scaling, is_zero, kind, most)
                is_kept = rank <= most
            kept[row, at] = is_kept
