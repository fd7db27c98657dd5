"""Compiled kernels of the approximate search, which improve sorted rows of neighbors.

The rounds are those of NN-Descent (Dong, Moses and Li 2011, "Efficient k-nearest neighbor
graph construction for generic similarity measures"): a neighbor's neighbor is likely to be one,
and a pair that met in an earlier round need not meet again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.compute.neighbors.scan import BRAYCURTIS, CANBERRA, CHEBYSHEV, HAMMING, KINDS
from projector.typing import Metric

#: How the kernels tell the other metrics apart: by squared or by absolute differences.
_SQUARED, _ABSOLUTE = 0, 1
#: Numbers looked at before it is decided whether any of them is kept.
_PART = 64
#: Dimensions compared before it is looked whether the sum is too large already.
_DIMS = 64


def kind_of(metric: Metric) -> int:
    """Return the number by which the kernels of this module know a metric."""
    return KINDS.get(metric, _ABSOLUTE if metric == "manhattan" else _SQUARED)


@inlined
def _rank(
    x: NDArray[np.float32], y: NDArray[np.float32], kind: int, most: np.float32
) -> np.float32:
    """Return the rank value of two rows, or any above `most` if it is above."""
    if kind > _ABSOLUTE:
        return _direct(x, y, kind)
    total = np.float32(0)
    for start in range(0, len(x), _DIMS):
        here, there = x[start : start + _DIMS], y[start : start + _DIMS]
        part = np.float32(0)
        if kind == _SQUARED:
            for at in range(len(here)):
                difference = here[at] - there[at]
                part += difference * difference
        else:
            for at in range(len(here)):
                part += abs(here[at] - there[at])
        total += part
        if total > most:
            return total
    return total


@inlined
def _direct(x: NDArray[np.float32], y: NDArray[np.float32], kind: int) -> np.float32:
    """Return a distance of `scan` in float32: enough to find candidates."""
    part, whole = np.float32(0), np.float32(0)
    one, nothing = np.float32(1), np.float32(0)
    if kind == CHEBYSHEV:
        for at in range(len(x)):
            part = max(part, abs(x[at] - y[at]))
        return part
    if kind == CANBERRA:
        for at in range(len(x)):
            both = abs(x[at]) + abs(y[at])
            part += abs(x[at] - y[at]) / (both if both > nothing else one)
        return part
    if kind == HAMMING:
        for at in range(len(x)):
            part += one if x[at] != y[at] else nothing
        return part
    if kind == BRAYCURTIS:
        for at in range(len(x)):
            part += abs(x[at] - y[at])
            whole += abs(x[at] + y[at])
    else:
        for at in range(len(x)):
            part += one if (x[at] != nothing) != (y[at] != nothing) else nothing
            whole += one if x[at] != nothing or y[at] != nothing else nothing
    return part / whole if whole > nothing else part


@inlined
def _insert(
    ranks: NDArray[np.float32], indices: NDArray[np.int32], rank: np.float32, index: int
) -> None:
    """Insert a point into a sorted row, whose last one is dropped."""
    at = len(ranks) - 1
    while at > 0 and (ranks[at - 1] > rank or (ranks[at - 1] == rank and indices[at - 1] > index)):
        ranks[at] = ranks[at - 1]
        indices[at] = indices[at - 1]
        at -= 1
    ranks[at] = rank
    indices[at] = index


@inlined
def _holds(indices: NDArray[np.int32], index: int) -> bool:
    found = False
    for at in range(len(indices)):
        found = found or indices[at] == index
    return found


@inlined
def _is_new(table: NDArray[np.int32], index: int) -> bool:
    """Add `index` to an open hash table (-1 is empty) and return whether it was missing."""
    mask = len(table) - 1
    at = (index * 40503) & mask
    while table[at] != -1:
        if table[at] == index:
            return False
        at = (at + 1) & mask
    table[at] = index
    return True


@inlined
def _note_all(table: NDArray[np.int32], i: int, indices: NDArray[np.int32]) -> None:
    _is_new(table, i)
    for index in indices:
        if index >= 0:
            _is_new(table, index)


@compiled(parallel=True)
def keep_nearest(
    block: NDArray[np.float32],
    sizes: tuple[NDArray[np.float32], NDArray[np.float32]],
    points: NDArray[np.int32],
    first: int,
    indices: NDArray[np.int32],
    ranks: NDArray[np.float32],
) -> None:
    """Insert the points of a compared block that are nearer than those found so far.

    Parameters
    ----------
    block : ndarray of shape (n, n_others), float32
        Rank values of `points` and of the points from `first` on, less their `sizes`.
    sizes : ndarrays of shape (n,) and (n_others,), float32
    points : ndarray of shape (n,), int32
        No point twice.
    first : int
    indices, ranks : ndarray of shape (n_points, k)
        Sorted rows, infinite where none was found yet; the rows of `points` are written.
    """
    last = indices.shape[1] - 1
    for row in parallel_range(len(points)):
        i, own = points[row], sizes[0][row]
        for start in range(0, block.shape[1], _PART):
            part, size = block[row, start : start + _PART], sizes[1][start : start + _PART]
            # Vectorized in this form: few are nearer than those found before.
            worst = ranks[i, last]
            n_nearer = np.int32(0)
            for at in range(len(part)):
                n_nearer += np.int32(1) if part[at] + (size[at] + own) < worst else np.int32(0)
            for at in range(len(part) if n_nearer else 0):
                index, rank = first + start + at, part[at] + (size[at] + own)
                if rank < ranks[i, last] and index != i and not _holds(indices[i], index):
                    _insert(ranks[i], indices[i], rank, index)


@compiled(parallel=True)
def rank_again(
    rows: NDArray[np.float32],
    kind: int,
    start: int,
    indices: NDArray[np.int32],
    ranks: NDArray[np.float32],
) -> None:
    """Compute the ranks of neighbors from the differences of the vectors, and sort them.

    Parameters
    ----------
    rows : ndarray of shape (n_points, n_dims), float32
    kind : int
        See `kind_of`.
    start : int
    indices, ranks : ndarray of shape (n_chunk, k)
        Of the points from `start` on; written. An index of -1 stays last.
    """
    for row in parallel_range(len(indices)):
        for at in range(indices.shape[1]):
            index = indices[row, at]
            if index < 0:
                break
            rank = _rank(rows[start + row], rows[index], kind, np.float32(np.inf))
            _insert(ranks[row, : at + 1], indices[row, : at + 1], rank, index)


@compiled()
def link_back(forth: NDArray[np.int32], back: NDArray[np.int32]) -> None:
    """Write for each point those that have it among their neighbors, the nearest first.

    Parameters
    ----------
    forth : ndarray of shape (n_points, n_forth), int32
        Neighbors, nearest first; -1 where there are fewer.
    back : ndarray of shape (n_points, n_back), int32
        Written; -1 where there are fewer.
    """
    back[:] = -1
    counts = np.zeros(len(forth), np.int32)
    for at in range(forth.shape[1]):
        for source in range(len(forth)):
            target = forth[source, at]
            if target >= 0 and counts[target] < back.shape[1]:
                back[target, counts[target]] = source
                counts[target] += 1


@compiled(parallel=True)
def mark_new(
    links: NDArray[np.int32], before: NDArray[np.int32], is_new: NDArray[np.bool_]
) -> None:
    """Mark the links of each point that it did not have in the round before."""
    for i in parallel_range(len(links)):
        for at in range(links.shape[1]):
            found = False
            for there in range(before.shape[1]):
                found = found or before[i, there] == links[i, at]
            is_new[i, at] = not found


@compiled(parallel=True)
def join_neighbors(
    rows: NDArray[np.float32],
    indices: NDArray[np.int32],
    ranks: NDArray[np.float32],
    links: NDArray[np.int32],
    is_new: NDArray[np.bool_],
    start: int,
    kind: int,
    new_indices: NDArray[np.int32],
    new_ranks: NDArray[np.float32],
) -> None:
    """Compare each point with those two links away, at least one of which is new.

    Parameters
    ----------
    rows : ndarray of shape (n_points, n_dims), float32
    indices, ranks : ndarray of shape (n_points, k)
        The graph as it is; sorted rows; only read.
    links : ndarray of shape (n_points, n_links), int32
        For each point the points to continue from: some of its neighbors and of those that it
        is a neighbor of; -1 where there are fewer.
    is_new : ndarray of shape (n_points, n_links), bool
        Whether a link is new in this round: pairs behind two old links were compared before.
    start : int
        The first point of this chunk.
    kind : int
        See `kind_of`.
    new_indices, new_ranks : ndarray of shape (n_chunk, k)
        The improved graph of the points `start` to `start` + n_chunk; written.
    """
    k = indices.shape[1]
    size = 64
    while size < 2 * (k + links.shape[1] * links.shape[1]):
        size *= 2
    for row in parallel_range(len(new_indices)):
        i = start + row
        new_indices[row] = indices[i]
        new_ranks[row] = ranks[i]
        table = np.full(size, -1, np.int32)
        _note_all(table, i, indices[i])
        for at in range(links.shape[1]):
            j = links[i, at]
            for to in range(links.shape[1] if j >= 0 else 0):
                candidate = links[j, to]
                if candidate < 0 or not (is_new[i, at] or is_new[j, to]):
                    continue
                if _is_new(table, candidate):
                    worst = new_ranks[row, k - 1]
                    rank = _rank(rows[i], rows[candidate], kind, worst)
                    if rank < worst:
                        _insert(new_ranks[row], new_indices[row], rank, candidate)
