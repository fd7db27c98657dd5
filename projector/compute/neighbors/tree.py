"""Exact nearest-neighbor search in few dimensions, by a k-d tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import SLACK, neighbors_of
from projector.compute.neighbors.metrics import Space
from projector.compute.reporting import report_during
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Above this many dimensions a tree has to visit too many of its nodes.
MOST_DIMS = 4
#: Points searched between two reports, some 50 ms.
CHUNK_ROWS = 5000


def tree_neighbors(
    space: Space, k: int, *, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Find the `k` nearest points of every point in few dimensions; see `exact_neighbors`.

    Notes
    -----
    A k-d tree (Bentley 1975), as scipy has it; time O(n_points log n_points k).
    """
    from scipy.spatial import cKDTree

    report = Progress("neighbors", 0, space.n_points)
    tree = report_during(lambda: cKDTree(space.rows), report, progress)
    indices = np.empty((space.n_points, k), np.int32)
    ranks = np.empty((space.n_points, k), np.float32)
    n_near = min(space.n_points, k + 1 + SLACK)
    power = 1 if space.metric == "manhattan" else 2
    for start in range(0, space.n_points, CHUNK_ROWS):
        rows = np.arange(start, min(space.n_points, start + CHUNK_ROWS))
        far, near = map(np.asarray, tree.query(space.rows[rows], range(1, n_near + 1), p=power))
        values = space.rank_pairs(rows, near)
        values[near == rows[:, None]] = np.inf
        order = np.lexsort((near, values))[:, :k]
        indices[rows] = np.take_along_axis(near, order, axis=1)
        ranks[rows] = np.take_along_axis(values, order, axis=1)
        # Many points as near as the last one, most often duplicates: the index decides.
        crowded = rows[far[:, -1] <= far[:, k] * (1 + 1e-6)] if n_near > k + 1 else rows[:0]
        for at in range(0, len(crowded), 256):
            some = crowded[at : at + 256]
            indices[some], ranks[some] = neighbors_of(space, some, k)
            progress(Progress("neighbors", int(rows[0]), space.n_points))
        progress(Progress("neighbors", int(rows[-1]) + 1, space.n_points))
    return indices, ranks
