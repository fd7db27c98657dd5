"""Compiles every kernel in advance, while the first projection is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.model.progress import Progress, ProgressCallback, ignore_progress


def warm_up(*, progress: ProgressCallback = ignore_progress) -> None:
    """Call each compiled kernel of layouts and of their quality once, on tiny data.

    It takes seconds after the installation, and tenths of a second once the code is cached on
    disk. Call it in the process that will compute, or in any other before: they share the code.

    Parameters
    ----------
    progress : callable
        Called after each group of kernels.
    """
    from projector.compute.neighbors.descent import (
        join_neighbors,
        keep_nearest,
        link_back,
        mark_new,
        rank_again,
    )
    from projector.compute.tsne.descent import Descent
    from projector.compute.umap.forces import force_tables
    from projector.compute.umap.layout import move_points

    rows = np.eye(4, dtype=np.float32)
    places = np.ascontiguousarray(rows[:, :2])
    starts, ends = np.arange(5), np.array([1, 0, 3, 2], np.int32)
    weights = np.full(4, 0.25, np.float32)
    order, bounds = np.arange(4, dtype=np.int32), np.array([0, 2, 4])
    edges = (order, bounds, starts, ends, weights)
    forces = force_tables(1.5, 0.9, 1.0)
    for n_dims in (2, 3):
        moved = np.ascontiguousarray(rows[:, :n_dims])
        axes = tuple(range(n_dims))
        move_points(moved, moved.copy(), 0, 4, *edges, *forces, 5, 1.0, 1, 0, axes)
    progress(Progress("warming up", 1, 4))
    from scipy.sparse import csr_matrix

    joint = csr_matrix((weights, ends, starts), shape=(4, 4))
    for exact in (True, False):
        Descent(joint, places.copy(), exact=exact).gradient()
    progress(Progress("warming up", 2, 4))
    _warm_comparisons(rows)
    _warm_change(rows)
    progress(Progress("warming up", 3, 4))
    near, far = ends[:, None].copy(), weights[:, None].copy()
    is_new = np.ones((4, 1), np.bool_)
    sizes = (rows[0].copy(), rows[0].copy())
    keep_nearest(rows, sizes, np.arange(4, dtype=np.int32), 0, near.copy(), far.copy())
    rank_again(rows, 0, 0, near.copy(), far.copy())
    link_back(near, near.copy())
    mark_new(near, near.copy(), is_new)
    join_neighbors(rows, near, far, near.copy(), is_new, 0, 0, near.copy(), far.copy())
    progress(Progress("warming up", 4, 4))


def _warm_comparisons(rows: NDArray[np.float32]) -> None:
    """Compile what compares by differences, for vectors that may and may not be written."""
    from projector.compute.neighbors.differences import rank_candidates, settle_nearest
    from projector.compute.neighbors.select import keep_smallest
    from projector.compute.quality.kernels import count_nearer

    keep_smallest(rows, rows[0].copy(), 0, rows.copy(), np.zeros((4, 4), np.int32))
    wide, ones, counts = rows.astype(np.float64), np.ones(4), np.empty((4, 4), np.int32)
    points = np.arange(4)
    scalings = (ones, ones)
    shut = rows.copy()
    shut.flags.writeable = False
    for vectors in (rows, shut):
        settle_nearest(rows, ones.astype(np.float32), wide, points, vectors, scalings, 0, counts)
        rank_candidates(wide, points[:, None], vectors, scalings, 0, ones[:, None].copy())
        among = (points, points, vectors, scalings, 0)
        count_nearer(rows, (rows, rows), (wide, wide), wide, *among, counts, counts)


def warm_up_clusters() -> None:
    """Find clusters of a few points: in one part of a graph, and in several."""
    from projector.compute.clusters.find import find_clusters
    from projector.model.neighbors import Neighbors

    indices = np.array([[1], [0], [3], [2]], np.int32)
    graph = Neighbors(indices, np.ones((4, 1), np.float32), "euclidean")
    find_clusters(np.eye(4, dtype=np.float32), graph, min_cluster_size=2, min_samples=2, n_levels=1)


def warm_up_metrics() -> None:
    """Search under a metric that no product estimates, and among sparse vectors."""
    from scipy.sparse import csr_matrix

    from projector.compute.neighbors.scan import KINDS, compare_all
    from projector.compute.neighbors.search import find_neighbors
    from projector.compute.neighbors.space import prepare
    from projector.compute.quality.kernels import rank_wanted
    from projector.model.sparse_rows import SparseRows, as_held

    rows = np.eye(4, dtype=np.float32)
    find_neighbors(rows, 1, metric="canberra")
    wide, across = rows.astype(np.float64), np.ascontiguousarray(rows.T)
    compare_all(wide, across, KINDS["canberra"], rows.copy())
    rank_wanted(wide, wide, rows > 0, 0.0, wide.copy())
    sparse = as_held(SparseRows.of(csr_matrix(rows)))
    near = find_neighbors(sparse, 1)
    space = prepare(sparse, "euclidean")
    space.ranks(space.queries(sparse), near.indices)


def _warm_change(rows: NDArray[np.float32]) -> None:
    """Compile what compares steps, for vectors that may and may not be written."""
    from projector.compute.change.kernels import find_kept
    from projector.compute.series.kernels import pull_together

    near, kept = np.zeros((4, 1), np.int32), np.zeros((4, 1), np.bool_)
    ones, points = np.ones(4), np.arange(4)
    shut = rows.copy()
    shut.flags.writeable = False
    for vectors in (rows, shut):
        find_kept(near, near.copy(), ones, points, vectors, (ones, ones), 0, kept)
    steps, weights = np.zeros((2, 4, 2), np.float32), np.zeros((1, 2, 4), np.float32)
    pull_together(steps, weights, 1.0, np.zeros(2, np.bool_), steps.copy())
