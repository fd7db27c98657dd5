"""Exact nearest-neighbor search in few dimensions, by a k-d tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.direct import on_sphere
from projector.compute.neighbors.exact import SLACK, Search
from projector.compute.reporting import report_during
from projector.model.progress import Progress, ProgressCallback

#: Above this many dimensions a tree has to visit too many of its nodes.
MOST_DIMS = 4
#: Points searched between two reports, some 50 ms.
CHUNK_ROWS = 5000
#: What a distance between points on the unit sphere is off in float64, at most.
_ON_SPHERE = 4e-15


def tree_neighbors(
    search: Search, k: int, *, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Find the `k` nearest points of every point in few dimensions; see `exact_neighbors`.

    Notes
    -----
    A k-d tree (Bentley 1975), as scipy has it, in float64; time O(n_points log n_points k).
    """
    from scipy.spatial import cKDTree

    space, n_points = search.space, search.n_points
    report = Progress("neighbors", 0, n_points)
    # On the unit sphere the straight distances order points as those along it do.
    on = on_sphere if space.metric == "haversine" else np.asarray
    tree = report_during(lambda: cKDTree(on(space.own_queries(slice(None)))), report, progress)
    indices = np.empty((n_points, k), np.int32)
    ranks = np.empty((n_points, k))
    n_near = min(n_points, k + 1 + SLACK)
    power = {"manhattan": 1, "chebyshev": np.inf}.get(space.metric, 2)
    for start in range(0, n_points, CHUNK_ROWS):
        rows = np.arange(start, min(n_points, start + CHUNK_ROWS))
        asked = np.asarray(space.vectors[rows], np.float64)
        far, near = map(np.asarray, tree.query(on(asked), range(1, n_near + 1), p=power))
        values = space.rank_pairs(rows, near)
        values[near == rows[:, None]] = np.inf
        order = np.lexsort((near, values))[:, :k]
        indices[rows] = np.take_along_axis(near, order, axis=1)
        ranks[rows] = np.take_along_axis(values, order, axis=1)
        # Many points as near as the last one, most often duplicates: the index decides.
        limit = far[:, k] * (1 + 1e-12) + (_ON_SPHERE if on is on_sphere else 0)
        crowded = rows[far[:, -1] <= limit] if n_near > k + 1 else rows[:0]
        for at in range(0, len(crowded), 256):
            some = crowded[at : at + 256]
            indices[some], ranks[some] = search.of_points(some, k)
            progress(Progress("neighbors", int(rows[0]), n_points))
        progress(Progress("neighbors", int(rows[-1]) + 1, n_points))
    return indices, ranks
