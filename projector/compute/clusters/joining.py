"""Joins the parts of a neighbor graph: pairs of near points of parts that no edge connects."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import Space, prepare
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray

#: Up to so many parts, all pairs of parts are compared; above, each with its nearest ones.
_FEW_PARTS = 1024
#: Points that stand for all parts together, and for one part at most.
_STANDING, _OF_PART = 4096, 32
#: Each part is joined with so many of the nearest parts at least.
_NEAREST_PARTS = 4
#: Standing points compared at once with all others.
_BLOCK = 64
#: Walks from each part towards another, and steps of a walk.
_WALKS = 8
_MOST_STEPS = 50


def nearest_pairs(
    space: Space,
    part: NDArray[np.int32],
    indices: NDArray[np.int32],
    *,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Find near points of different parts of the graph.

    Parameters
    ----------
    space : Space
    part : ndarray of shape (n_points,), int32
        The part of each point, numbered from 0 without gaps; at least 2.
    indices : ndarray of shape (n_points, k), int32
        The graph: both ends of a pair walk along its edges until no neighbor is nearer to the
        other end.
    random_state : int
        Seed of the points that stand for each part.
    progress : callable

    Returns
    -------
    starts, ends : ndarray of shape (n_pairs,), int64
        They connect all parts if there are at most `_FEW_PARTS`, and at least halve their number
        otherwise.
    distances : ndarray of shape (n_pairs,), float32
        In the unit of the metric.
    """
    n_parts = int(part.max()) + 1
    standing = _standing(part, n_parts, random_state)
    progress(Progress("joining", 0, n_parts))
    if n_parts <= _FEW_PARTS:
        starts, ends = _all_pairs(space, part, n_parts, standing)
    else:
        near = find_neighbors(
            space.vectors[standing],
            min(_NEAREST_PARTS, n_parts - 1),
            metric=space.metric,
            random_state=random_state,
        )
        starts = np.repeat(standing, near.k)
        ends = standing[near.indices.ravel()]
    return _walked(space, indices, starts, ends)


def _standing(part: AnyArray, n_parts: int, random_state: int) -> NDArray[np.int64]:
    """Return some points of each part, by part."""
    most = min(_OF_PART, max(1, _STANDING // n_parts)) if n_parts <= _FEW_PARTS else 1
    mixed = np.random.default_rng(random_state).permutation(len(part))
    order = mixed[np.argsort(part[mixed], kind="stable")]
    sizes = np.bincount(part, minlength=n_parts)
    place = np.arange(len(part)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(order[place < most], np.int64)


def _all_pairs(
    space: Space, part: AnyArray, n_parts: int, standing: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of standing points: of a tree of all parts, and of each part's nearest ones."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    few = prepare(space.vectors[standing], space.metric)
    owner = part[standing]
    bounds = np.flatnonzero(np.diff(owner, prepend=-1))
    sizes = np.diff(bounds, append=len(standing))
    every = np.arange(len(standing))
    of_points, ends_at = [], []
    for low in range(0, len(standing), _BLOCK):
        some = every[low : low + _BLOCK]
        ranks = few.ranks(few.own_queries(some), np.broadcast_to(every, (len(some), len(every))))
        least = np.minimum.reduceat(ranks, bounds, axis=1)
        where = np.where(ranks == np.repeat(least, sizes, axis=1), every, len(every))
        of_points.append(least)
        ends_at.append(np.minimum.reduceat(where, bounds, axis=1))
    of_point, end_at = np.concatenate(of_points), np.concatenate(ends_at)
    shortest = np.minimum.reduceat(of_point, bounds, axis=0)
    np.fill_diagonal(shortest, np.inf)
    # Zero is no edge to scipy: places in the order of the lengths are as good as lengths.
    places = np.argsort(np.argsort(np.minimum(shortest, shortest.T), axis=None)).reshape(
        n_parts, n_parts
    )
    ranked = np.minimum(places, places.T) + 1.0
    np.fill_diagonal(ranked, 0)
    tree = minimum_spanning_tree(ranked).tocoo()
    near = np.argsort(shortest, axis=1, kind="stable")[:, : min(_NEAREST_PARTS, n_parts - 1)]
    ones = np.concatenate([tree.row, np.repeat(np.arange(n_parts), near.shape[1])])
    others = np.concatenate([tree.col, near.ravel()])
    # A walk may end where it is not nearest: several begin at each pair of parts.
    first = _nearest_standing(of_point, bounds, sizes, ones, others)
    others = np.repeat(others, _WALKS)
    return standing[first], standing[end_at[first, others]]


def _nearest_standing(
    of_point: AnyArray, bounds: AnyArray, sizes: AnyArray, ones: AnyArray, others: AnyArray
) -> NDArray[np.int64]:
    """Return the `_WALKS` points of each part that are nearest to the other part of its pair."""
    found = np.empty((len(ones), _WALKS), np.int64)
    for pair, (one, other) in enumerate(zip(ones, others, strict=True)):
        low, size = bounds[one], sizes[one]
        order = np.argsort(of_point[low : low + size, other], kind="stable")
        found[pair] = low + order[np.arange(_WALKS) % size]
    return found.ravel()


def _walked(
    space: Space, indices: NDArray[np.int32], starts: AnyArray, ends: AnyArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Move both ends of each pair along the graph as long as they come nearer."""
    sides = [np.array(starts, np.int64), np.array(ends, np.int64)]
    best = space.rank_pairs(sides[0], sides[1][:, None])[:, 0]
    active = np.arange(len(best))
    for _ in range(_MOST_STEPS):
        moved = np.zeros(len(best), np.bool_)
        for side in (0, 1):
            near = indices[sides[side][active]]
            ranks = space.rank_pairs(sides[1 - side][active], near)
            at = np.argmin(ranks, axis=1)
            rows = np.arange(len(active))
            nearer = ranks[rows, at] < best[active]
            who = active[nearer]
            sides[side][who] = near[rows, at][nearer]
            best[who] = ranks[rows, at][nearer]
            moved[who] = True
        active = np.flatnonzero(moved)
        if not len(active):
            break
    return sides[0], sides[1], space.distances(best[:, None])[:, 0]
