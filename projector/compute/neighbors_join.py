"""One round of the neighbors of neighbors, compiled.

What NN-Descent rests on (Dong, Moses and Li 2011, "Efficient k-nearest neighbor graph
construction for generic similarity measures"): a neighbor's neighbor is likely to be one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range


@inlined
def _rank(rows: NDArray[np.float32], i: int, j: int, absolute: bool) -> np.float32:
    total = np.float32(0)
    if absolute:
        for at in range(rows.shape[1]):
            total += abs(rows[i, at] - rows[j, at])
    else:
        for at in range(rows.shape[1]):
            difference = rows[i, at] - rows[j, at]
            total += difference * difference
    return total


@inlined
def _insert(
    ranks: NDArray[np.float32], indices: NDArray[np.int32], rank: np.float32, index: int
) -> None:
    """Put a point into its place of a sorted row whose last one it pushes out."""
    at = len(ranks) - 1
    while at > 0 and (ranks[at - 1] > rank or (ranks[at - 1] == rank and indices[at - 1] > index)):
        ranks[at] = ranks[at - 1]
        indices[at] = indices[at - 1]
        at -= 1
    ranks[at] = rank
    indices[at] = index


@inlined
def _is_new(table: NDArray[np.int32], index: int) -> bool:
    """Note `index` in an open hash table (-1 is empty) and say whether it was missing."""
    mask = len(table) - 1
    at = (index * 40503) & mask
    while table[at] != -1:
        if table[at] == index:
            return False
        at = (at + 1) & mask
    table[at] = index
    return True


@compiled(parallel=True)
def join_neighbors(
    rows: NDArray[np.float32],
    indices: NDArray[np.int32],
    ranks: NDArray[np.float32],
    links: NDArray[np.int32],
    start: int,
    absolute: bool,
    new_indices: NDArray[np.int32],
    new_ranks: NDArray[np.float32],
) -> None:
    """Look at the points two links away.

    Parameters
    ----------
    rows : ndarray of shape (n_points, n_dims), float32
    indices, ranks : ndarray of shape (n_points, k)
        The graph as it is; sorted rows; only read.
    links : ndarray of shape (n_points, n_links), int32
        For each point the points to go on from: some of its neighbors and of those it is a
        neighbor of; -1 where there are fewer.
    start : int
        The first point of this chunk.
    absolute : bool
        Whether rank values are sums of absolute, not of squared, differences.
    new_indices, new_ranks : ndarray of shape (n_chunk, k)
        The better graph of the points `start` to `start` + n_chunk; written.
    """
    k = indices.shape[1]
    size = 64
    while size < 2 * (k + links.shape[1] * links.shape[1]):
        size *= 2
    for row in parallel_range(len(new_indices)):
        i = start + row
        table = np.full(size, -1, np.int32)
        _is_new(table, i)
        for at in range(k):
            new_indices[row, at] = indices[i, at]
            new_ranks[row, at] = ranks[i, at]
            _is_new(table, indices[i, at])
        for at in range(links.shape[1]):
            j = links[i, at]
            if j < 0:
                continue
            for to in range(links.shape[1]):
                candidate = links[j, to]
                if candidate >= 0 and _is_new(table, candidate):
                    rank = _rank(rows, i, candidate, absolute)
                    if rank < new_ranks[row, k - 1]:
                        _insert(new_ranks[row], new_indices[row], rank, candidate)
