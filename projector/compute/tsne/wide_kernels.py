"""Compiled kernels of t-SNE in any number of dimensions; `kernels` is for two and three."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, parallel_range


@compiled(parallel=True)
def attract_in_any(
    positions: NDArray[np.float32],
    start: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    """Sum P / (1 + d²) times the difference over the edges; see `kernels.attract`."""
    n_dims = positions.shape[1]
    for row in parallel_range(len(found)):
        i = start + row
        found[row] = np.float32(0)
        for edge in range(starts[i], starts[i + 1]):
            j = ends[edge]
            square = np.float32(1)
            for d in range(n_dims):
                difference = positions[i, d] - positions[j, d]
                square += difference * difference
            pull = weights[edge] / square
            for d in range(n_dims):
                found[row, d] += pull * (positions[i, d] - positions[j, d])


@compiled(parallel=True)
def repel_in_any(
    positions: NDArray[np.float32], forces: NDArray[np.float32], sums: NDArray[np.float64]
) -> None:
    """Sum the repulsion over all pairs: `forces` on each point times Z, and its part of Z."""
    n_points, n_dims = positions.shape
    for i in parallel_range(n_points):
        forces[i] = np.float32(0)
        total = np.float32(0)
        for j in range(n_points):
            square = np.float32(1)
            for d in range(n_dims):
                difference = positions[i, d] - positions[j, d]
                square += difference * difference
            inverse = np.float32(1) / square
            total += inverse
            for d in range(n_dims):
                forces[i, d] += inverse * inverse * (positions[i, d] - positions[j, d])
        sums[i] = total - np.float32(1)
