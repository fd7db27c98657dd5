"""Which of its nearest neighbors each point keeps between two sets of vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.space import Space, chunks
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray

#: Distances that differ by less than this share of a vector's length are equal: vectors are stored
#: in float32, and a rotation rounds them again.
ROUNDING = 2.0**-22
#: Points between two reports.
CHUNK_ROWS = 20_000


def kept_share(
    first: tuple[Space, Neighbors],
    second: tuple[Space, Neighbors],
    *,
    points: NDArray[np.int64] | None = None,
    progress: ProgressCallback = ignore_progress,
) -> NDArray[np.float32]:
    """Return the share of its k neighbors that each point keeps, 0 to 1.

    Parameters
    ----------
    first, second : pair of Space and Neighbors
        The same points in two spaces of the same metric, with graphs of the same k.
    points : ndarray of shape (n,), int64, optional
        The points whose neighbors the graphs hold; all by default.
    progress : callable

    Returns
    -------
    ndarray of shape (n,), float32

    Notes
    -----
    The mean of both directions, so that the order of the two sets means nothing: they differ only
    where neighbors tie for the k-th place. Time O(n k²), and O(k n_dims) more for points that keep
    few.
    """
    rows = np.arange(first[0].n_points) if points is None else points
    there = kept_mask(first[1].indices, second, rows, progress=progress)
    back = kept_mask(second[1].indices, first, rows, progress=progress)
    k = first[1].k
    both = there.sum(axis=1) + back.sum(axis=1)
    return np.asarray(both / (2 * k), np.float32)


def kept_mask(
    near: AnyArray,
    other: tuple[Space, Neighbors],
    points: NDArray[np.int64],
    *,
    progress: ProgressCallback = ignore_progress,
) -> NDArray[np.bool_]:
    """Tell which neighbors of each point are its neighbors in another space, too.

    Parameters
    ----------
    near : ndarray of shape (n, k), int32
    other : pair of Space and Neighbors
        The other space, and the neighbors there.
    points : ndarray of shape (n,), int64
        Whose neighbors they are.
    progress : callable

    Returns
    -------
    ndarray of shape (n, k), bool
        True for those no further there than the k-th neighbor: of points at the same distance, of
        which only some have a place in the graph, all count.
    """
    from projector.compute.change.kernels import find_kept
    from projector.compute.neighbors.differences import kind_of

    space, graph = other
    kept = np.zeros(near.shape, np.bool_)
    limits = furthest(space, graph, points)
    for start in range(0, len(near), CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        find_kept(
            np.ascontiguousarray(near[rows]),
            np.ascontiguousarray(graph.indices[rows]),
            limits[rows],
            points[rows],
            space.vectors,
            space.scalings,
            kind_of(space.metric),
            kept[rows],
        )
        progress(Progress("kept neighbors", min(len(near), start + CHUNK_ROWS), len(near)))
    return kept


def furthest(
    space: Space, graph: Neighbors, points: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return up to which rank value a point is as near as the last neighbor, (n,)."""
    rows = np.arange(space.n_points) if points is None else points
    found = np.empty(len(rows))
    for some in chunks(len(rows), space.n_dims):
        queries = space.own_queries(rows[some])
        last = space.ranks(queries, graph.indices[some, -1:])[:, 0]
        found[some] = reach(space, queries, last)
    return found


def reach(space: Space, queries: AnyArray, last: AnyArray) -> NDArray[np.float64]:
    """Return up to which rank value points count as near as those at the rank values `last`."""
    if space.metric == "euclidean" or space.is_angular:
        length = np.sqrt(np.einsum("ij,ij->i", queries, queries))
        return np.asarray((np.sqrt(last) + ROUNDING * length) ** 2)
    found = last + ROUNDING * np.abs(last)
    if space.metric == "manhattan":
        found += ROUNDING * np.abs(queries).sum(axis=1)
    return np.asarray(found)


def n_tied(space: Space, graph: Neighbors, larger: Neighbors) -> int:
    """Return how many points have more than k neighbors no further than the k-th one.

    `larger` is a graph of the same points with at least one neighbor more, or the same.
    """
    if larger.k <= graph.k:
        return 0
    limit = space.distances(furthest(space, graph)[:, None])[:, 0]
    return int((larger.distances[:, graph.k] <= limit).sum())
