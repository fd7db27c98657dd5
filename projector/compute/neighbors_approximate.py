"""Neighbors of very many points: cells, and the neighbors of neighbors.

Points are put into cells around centers (k-means on a sample); those of a cell are compared with
the points of the nearest cells only, by matrix products. What a border hides from a point, rounds
over the neighbors of its neighbors find (`neighbors_join`). How much is still missed is measured
on a sample, not assumed, and decides when to stop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.metrics import Space
from projector.compute.neighbors_exact import nearest_rows, neighbors_of
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Points of a cell on average, and cells that are looked at for each.
CELL_SIZE, N_PROBES = 300, 16
#: k-means: points a center is found from, and rounds.
SAMPLE_PER_CENTER, ROUNDS = 40, 5
#: Neighbors, and points it is a neighbor of, from which the search goes on.
N_SEEN = 15
#: Rounds over the neighbors of neighbors: they end at this recall, or where one gains less.
MOST_ROUNDS, ENOUGH_RECALL, LEAST_GAIN = 8, 0.98, 0.004
#: Points whose true neighbors are searched to measure the recall.
RECALL_SAMPLE = 300
#: Points joined between two reports.
JOIN_ROWS = 2000


@dataclass(frozen=True)
class _Cells:
    """The points sorted by cell: points ``first[c]`` to ``first[c + 1]`` are those of cell c."""

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    near: NDArray[np.intp]
    space: Space

    def members(self, cell: int) -> tuple[AnyArray, NDArray[np.float32], NDArray[np.float32]]:
        """Return places, rows and squared lengths of all points in the cells near `cell`."""
        spans = [slice(self.first[each], self.first[each + 1]) for each in self.near[cell]]
        return (
            np.concatenate([np.arange(each.start, each.stop) for each in spans]),
            np.concatenate([self.space.rows[each] for each in spans]),
            np.concatenate([self.space.squares[each] for each in spans]),
        )


def approximate_neighbors(
    space: Space, k: int, *, random_state: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray, float]:
    """Find most of the `k` nearest points of every point; see `exact_neighbors`.

    Returns
    -------
    indices, ranks : ndarray of shape (n_points, k)
    recall : float
        Share of the neighbors that are at least as near as the true k-th, on a sample.

    Notes
    -----
    Time about O(n_points (`N_PROBES` `CELL_SIZE` + `MOST_ROUNDS` 4 `N_SEEN`²) n_dims). Not for
    ``inner_product``, whose nearest points lie far out, not near by.
    """
    cells = _cells(space, random_state, progress)
    limits = _true_limits(cells.space, k, random_state, progress)
    indices, ranks = _search_cells(cells, k, progress)
    recall = _recall(ranks, limits)
    for round_ in range(MOST_ROUNDS):
        if recall >= ENOUGH_RECALL:
            break
        indices, ranks = _join(cells.space, indices, ranks, round_, progress)
        before, recall = recall, _recall(ranks, limits)
        if recall < before + LEAST_GAIN:
            break
    found = np.empty_like(indices)
    found[cells.order] = cells.order[indices]
    ranks = space.rank_pairs(np.arange(space.n_points), found)
    order = np.lexsort((found, ranks))
    return (
        np.take_along_axis(found, order, axis=1),
        np.take_along_axis(ranks, order, axis=1),
        recall,
    )


def _true_limits(
    space: Space, k: int, random_state: int, progress: ProgressCallback
) -> tuple[AnyArray, AnyArray]:
    """Return a sample of points and how far the true k-th neighbor of each is."""
    n_sample = min(RECALL_SAMPLE, space.n_points)
    rng = np.random.default_rng(random_state)
    sample = np.sort(rng.choice(space.n_points, n_sample, replace=False))
    limits = np.empty((n_sample, 1), np.float32)
    for start in range(0, n_sample, 50):
        rows = slice(start, start + 50)
        limits[rows] = neighbors_of(space, sample[rows], k)[1][:, -1:]
        progress(Progress("recall", min(n_sample, start + 50), n_sample))
    return sample, limits


def _recall(ranks: AnyArray, limits: tuple[AnyArray, AnyArray]) -> float:
    sample, farthest = limits
    return float((ranks[sample] <= farthest * np.float32(1 + 1e-5)).mean())


def _cells(space: Space, random_state: int, progress: ProgressCallback) -> _Cells:
    n_cells = max(1, space.n_points // CELL_SIZE)
    centers = _centers(space.rows, n_cells, random_state, progress)
    cell = np.empty(space.n_points, np.intp)
    step = max(256, 20_000_000 // n_cells)
    for start in range(0, space.n_points, step):
        chunk = space.rows[start : start + step]
        cell[start : start + step] = _nearest_center(chunk, centers, 1)[:, 0]
        progress(Progress("cells", start, space.n_points))
    order = np.argsort(cell, kind="stable")
    first = np.searchsorted(cell[order], np.arange(n_cells + 1))
    near = _nearest_center(centers, centers, min(N_PROBES, n_cells))
    rows = space.rows[order]
    sorted_space = Space(rows, space.squares[order], rows, space.metric)
    return _Cells(order, first, near, sorted_space)


def _centers(
    rows: NDArray[np.float32], n_cells: int, random_state: int, progress: ProgressCallback
) -> NDArray[np.float32]:
    """Lloyd's k-means on a sample; a center that loses all its points stays where it was."""
    rng = np.random.default_rng(random_state)
    n_sample = min(len(rows), SAMPLE_PER_CENTER * n_cells)
    sample = rows[np.sort(rng.choice(len(rows), n_sample, replace=False))]
    centers = sample[rng.choice(n_sample, n_cells, replace=False)]
    nearest = np.empty(n_sample, np.intp)
    step = max(256, 20_000_000 // n_cells)
    for round_ in range(ROUNDS):
        for start in range(0, n_sample, step):
            chunk = sample[start : start + step]
            nearest[start : start + step] = _nearest_center(chunk, centers, 1)[:, 0]
            progress(Progress("cells", round_, ROUNDS))
        counts = np.bincount(nearest, minlength=n_cells)
        held = np.flatnonzero(counts)
        starts = np.cumsum(counts[held]) - counts[held]
        sums = np.add.reduceat(sample[np.argsort(nearest, kind="stable")], starts, axis=0)
        centers[held] = sums / counts[held, None]
    return centers


def _nearest_center(
    rows: NDArray[np.float32], centers: NDArray[np.float32], n_near: int
) -> AnyArray:
    squares = np.einsum("ij,ij->i", centers, centers)
    return nearest_rows(rows, centers, squares, n_near, "euclidean")[1]


def _search_cells(
    cells: _Cells, k: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Compare the points of each cell with those of the cells near it, in sorted places."""
    space = cells.space
    indices = np.full((space.n_points, k), -1, np.int32)
    ranks = np.full((space.n_points, k), np.inf, np.float32)
    for cell in range(len(cells.first) - 1):
        start, stop = cells.first[cell], cells.first[cell + 1]
        places, rows, squares = cells.members(cell)
        for at in range(start, stop, 512):
            own = np.arange(at, min(stop, at + 512))
            n_near = min(len(places), k + 1)
            near = places[nearest_rows(space.rows[own], rows, squares, n_near, space.metric)[1]]
            values = space.rank_pairs(own, near)
            values[near == own[:, None]] = np.inf
            order = np.argsort(values, axis=1, kind="stable")[:, :k]
            indices[own, : order.shape[1]] = np.take_along_axis(near, order, axis=1)
            ranks[own, : order.shape[1]] = np.take_along_axis(values, order, axis=1)
            progress(Progress("neighbors", int(own[-1]) + 1, space.n_points))
    return indices, ranks


def _join(
    space: Space,
    indices: NDArray[np.int32],
    ranks: AnyArray,
    round_: int,
    progress: ProgressCallback,
) -> tuple[NDArray[np.int32], AnyArray]:
    from projector.compute.neighbors_join import join_neighbors

    links = _links(indices)
    new_indices, new_ranks = np.empty_like(indices), np.empty_like(ranks)
    for start in range(0, space.n_points, JOIN_ROWS):
        rows = slice(start, start + JOIN_ROWS)
        join_neighbors(
            space.rows,
            indices,
            ranks,
            links,
            start,
            space.metric == "manhattan",
            new_indices[rows],
            new_ranks[rows],
        )
        done = round_ * space.n_points + start
        progress(Progress("neighbors of neighbors", done, MOST_ROUNDS * space.n_points))
    return new_indices, new_ranks


def _links(indices: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the nearest neighbors of each point beside the nearest that it is a neighbor of.

    Those who are near to many, but to whom only few are near, are found from behind only.
    """
    n_points = len(indices)
    forth = indices[:, :N_SEEN]
    # By rank first: the stable sort keeps those nearest to a point ahead.
    target = forth.T.ravel()
    source = np.tile(np.arange(n_points, dtype=np.int32), forth.shape[1])
    order = np.argsort(target, kind="stable")
    target, source = target[order], source[order]
    first = np.searchsorted(target, np.arange(n_points))
    at = np.arange(len(target)) - first[target]
    kept = (at < N_SEEN) & (target >= 0)
    back = np.full((n_points, N_SEEN), -1, np.int32)
    back[target[kept], at[kept]] = source[kept]
    return np.hstack([forth, back])
