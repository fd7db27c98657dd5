"""Approximate nearest neighbors of very many sparse vectors: by a sketch, then exactly compared.

Random projections keep distances up to some percent (Johnson and Lindenstrauss 1984). The search
of dense vectors finds more neighbors than asked among them, and neighbors of these are looked at;
of all, the exact rank values decide. The recall is measured, as always, against the exact search.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.approximate import approximate_neighbors
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.recall import Recalls, Sample
from projector.compute.neighbors.space import prepare
from projector.model.progress import Progress, ProgressCallback
from projector.model.sparse_rows import sparse_rows
from projector.typing import AnyArray

#: Dimensions of the sketch, and neighbors that are taken from it for each one asked for.
SKETCH_DIMS, TIMES, MORE = 256, 3, 30
#: Rounds over the neighbors of neighbors: at most, and the recall and the gain that end them.
MOST_ROUNDS, ENOUGH_RECALL, LEAST_GAIN = 6, 0.98, 0.002
#: Neighbors of a point from which others are looked at, and points compared at once.
N_LINKS, _BLOCK = 15, 4096


def approximate_sparse(
    search: Search, k: int, *, random_state: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64], Recalls]:
    """Find most of the `k` nearest points of every point; see `approximate_neighbors`.

    Notes
    -----
    Memory of the sketch, n_points `SKETCH_DIMS` float32, and of the candidates; not for
    ``inner_product``.
    """
    sample = Sample.of(search, k, random_state, progress)
    n_near = min(search.n_points - 1, TIMES * k + MORE)
    sketch = prepare(_sketch(search, random_state), "euclidean")
    near, _, _ = approximate_neighbors(
        Search(sketch), n_near, random_state=random_state, progress=progress
    )
    found, ranks = _nearest_of(search, near, k, progress)
    recall = sample.recall(found[sample.points])
    for _ in range(MOST_ROUNDS if k else 0):
        if recall >= ENOUGH_RECALL:
            break
        found, ranks = _joined(search, found, k, progress)
        before, recall = recall, sample.recall(found[sample.points])
        if recall < before + LEAST_GAIN:
            break
    return found, ranks, sample.recalls(found)


def _sketch(search: Search, random_state: int) -> NDArray[np.float32]:
    rows = sparse_rows(search.space.vectors)
    if search.space.metric == "cosine":
        rows = rows.times(of_rows=search.space.factors)
    largest = float(np.abs(rows.values).max(initial=0))
    rows = rows.times(of_rows=np.full(len(rows), 1 / largest)) if largest > 0 else rows
    basis = np.random.default_rng(random_state).standard_normal((rows.n_dims, SKETCH_DIMS))
    found = np.empty((len(rows), SKETCH_DIMS), np.float32)
    for start in range(0, len(rows), _BLOCK):
        found[start : start + _BLOCK] = rows[start : start + _BLOCK] @ basis
    return found


def _nearest_of(
    search: Search, candidates: AnyArray, k: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the `k` nearest of some candidates of every point, none of them twice."""
    n_points = search.n_points
    found, ranks = np.empty((n_points, k), np.int32), np.empty((n_points, k))
    for start in range(0, n_points, _BLOCK):
        points = np.arange(start, min(n_points, start + _BLOCK))
        near = np.asarray(candidates[points], np.int64)
        found[points], ranks[points] = _selected(search, points, near, k)
        progress(Progress("neighbors", int(points[-1]) + 1, n_points))
    return found, ranks


def _joined(
    search: Search, found: AnyArray, k: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Look at the neighbors of each point's neighbors, and at theirs that it is a neighbor of."""
    n_points, n_links = search.n_points, min(N_LINKS, found.shape[1])
    links = np.full((n_points, 2 * n_links), -1, np.int64)
    links[:, :n_links] = found[:, :n_links]
    ends = links[:, :n_links].ravel()
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(n_points))
    place = np.arange(len(ends)) - first[ends[order]]
    is_held = place < n_links
    links[ends[order][is_held], n_links + place[is_held]] = order[is_held] // n_links
    new, ranks = np.empty((n_points, k), np.int32), np.empty((n_points, k))
    for start in range(0, n_points, _BLOCK):
        points = np.arange(start, min(n_points, start + _BLOCK))
        near = links[points]
        further = np.where(near[:, :, None] < 0, -1, links[near]).reshape(len(points), -1)
        candidates = np.hstack([found[points], near, further])
        new[points], ranks[points] = _selected(search, points, candidates, k)
        progress(Progress("neighbors of neighbors", int(points[-1]) + 1, n_points))
    return new, ranks


def _selected(
    search: Search, points: AnyArray, candidates: AnyArray, k: int
) -> tuple[AnyArray, AnyArray]:
    """Return the `k` nearest of each point's candidates, of which -1 and itself are none."""
    candidates = np.sort(np.asarray(candidates, np.int64), axis=1)
    is_none = (candidates < 0) | (candidates == points[:, None])
    is_none[:, 1:] |= candidates[:, 1:] == candidates[:, :-1]
    # Only those that count are compared: the point itself costs nothing, but for its own numbers.
    ranks = search.space.ranks(
        search.space.own_queries(points), np.where(is_none, points[:, None], candidates)
    )
    ranks[is_none] = np.inf
    order = np.lexsort((candidates, ranks))[:, :k]
    return np.take_along_axis(candidates, order, 1), np.take_along_axis(ranks, order, 1)
