"""Approximate nearest-neighbor search: cells, then neighbors of neighbors.

Points are assigned to cells around centers (k-means on a sample); each is compared with the
points of the cells whose centers are nearest to it, by matrix products. Neighbors beyond these
cells are found by rounds over the neighbors of neighbors (`descent`). The recall is measured on a
sample, not assumed, and decides when to stop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import nearest_rows, neighbors_of, rank_block
from projector.compute.neighbors.metrics import GATHER_SIZE, Space
from projector.machine.scratch import scratch_like
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Points of a cell on average, and cells that each point is compared with.
CELL_SIZE, N_PROBES = 300, 8
#: k-means: points for each center, numbers in the sample at most, and rounds.
SAMPLE_PER_CENTER, SAMPLE_SIZE, ROUNDS = 40, 20_000_000, 5
#: Neighbors of a point, and points that it is a neighbor of, from which the search continues.
N_FORTH, N_BACK = 20, 15
#: Rounds over the neighbors of neighbors: at most, and the recall and the gain that end them.
MOST_ROUNDS, ENOUGH_RECALL, LEAST_GAIN = 8, 0.98, 0.002
#: Points whose true neighbors are searched to measure the recall.
RECALL_SAMPLE = 300
#: Points joined between two reports, and numbers compared at once within a cell.
JOIN_ROWS, BLOCK_SIZE = 1000, 1_000_000


@dataclass(frozen=True)
class _Cells:
    """The points sorted by cell.

    Points ``first[c]`` to ``first[c + 1]`` are those of cell c; ``visitors[entry[c]]`` to
    ``visitors[entry[c + 1]]`` are those compared with it.
    """

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    visitors: NDArray[np.int32]
    entry: NDArray[np.intp]
    space: Space


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
    Time about O(n_points n_dims (`N_PROBES` `CELL_SIZE` + (`N_FORTH` + `N_BACK`)²)), and for the
    centers n_points² n_dims / `CELL_SIZE`; memory one copy of the rows, see `scratch_like`. Not
    for ``inner_product``, whose nearest points are far out, not close.
    """
    cells = _cells(space, k, random_state, progress)
    limits = _true_limits(cells.space, k, random_state, progress)
    indices, ranks = _search_cells(cells, k, progress)
    recall = _recall(ranks, limits)
    n_forth = min(k, max(N_FORTH, k // 3))
    links = np.full((space.n_points, n_forth + N_BACK), -1, np.int32)
    is_new = np.empty(links.shape, np.bool_)
    for round_ in range(MOST_ROUNDS if k > 0 else 0):
        if recall >= ENOUGH_RECALL:
            break
        links = _links(indices, links, is_new)
        indices, ranks = _join(cells.space, indices, ranks, (links, is_new), round_, progress)
        before, recall = recall, _recall(ranks, limits)
        if recall < before + LEAST_GAIN:
            break
    _fill(cells.space, indices, progress)
    return (*_in_first_order(space, cells.order, indices, progress), recall)


def _fill(space: Space, indices: NDArray[np.int32], progress: ProgressCallback) -> None:
    """Search exactly for points that found fewer than k, in cells that were too small."""
    lacking = np.flatnonzero((indices < 0).any(axis=1))
    for start in range(0, len(lacking), 50):
        some = lacking[start : start + 50]
        indices[some] = neighbors_of(space, some, indices.shape[1])[0]
        progress(Progress("neighbors of neighbors", start, len(lacking)))


def _in_first_order(
    space: Space, order: NDArray[np.intp], indices: NDArray[np.int32], progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Return to the original order of the points, with exact ranks and ties by index."""
    found, ranks = np.empty_like(indices), np.empty(indices.shape, np.float32)
    step = max(16, GATHER_SIZE // max(1, indices.shape[1] * space.rows.shape[1]))
    for start in range(0, len(order), step):
        points = order[start : start + step]
        near = order[indices[start : start + step]].astype(np.int32)
        values = space.rank_pairs(points, near)
        by_rank = np.lexsort((near, values))
        found[points] = np.take_along_axis(near, by_rank, axis=1)
        ranks[points] = np.take_along_axis(values, by_rank, axis=1)
        progress(Progress("distances", start + len(points), len(order)))
    return found, ranks


def _true_limits(
    space: Space, k: int, random_state: int, progress: ProgressCallback
) -> tuple[AnyArray, AnyArray]:
    """Return a sample of points and the rank value of the true k-th neighbor of each."""
    n_sample = min(RECALL_SAMPLE, space.n_points)
    rng = np.random.default_rng(random_state)
    sample = np.sort(rng.choice(space.n_points, n_sample, replace=False))
    limits = np.empty((n_sample, 1), np.float32)
    for start in range(0, n_sample, 25):
        rows = slice(start, start + 25)
        limits[rows] = neighbors_of(space, sample[rows], k)[1][:, -1:]
        progress(Progress("recall", min(n_sample, start + 25), n_sample))
    return sample, limits


def _recall(ranks: AnyArray, limits: tuple[AnyArray, AnyArray]) -> float:
    sample, farthest = limits
    return float((ranks[sample] <= farthest * np.float32(1 + 1e-5)).mean())


def _cells(space: Space, k: int, random_state: int, progress: ProgressCallback) -> _Cells:
    n_points, n_cells = space.n_points, max(1, space.n_points // CELL_SIZE)
    centers = _centers(space.rows, n_cells, random_state, progress)
    n_probes = min(n_cells, max(N_PROBES, 2 * k // CELL_SIZE))
    nearest = np.empty((n_points, n_probes), np.int32)
    step = max(256, 20_000_000 // n_cells)
    for start in range(0, n_points, step):
        chunk = space.rows[start : start + step]
        nearest[start : start + step] = _nearest_centers(chunk, centers, n_probes)
        progress(Progress("cells", start, n_points))
    order = np.argsort(nearest[:, 0], kind="stable")
    looked_at = nearest[order].ravel()
    first = np.searchsorted(nearest[order, 0], np.arange(n_cells + 1))
    visits = np.argsort(looked_at, kind="stable")
    entry = np.searchsorted(looked_at[visits], np.arange(n_cells + 1))
    rows = scratch_like(space.true_rows, space.rows.shape)
    for start in range(0, n_points, JOIN_ROWS):
        np.take(space.rows, order[start : start + JOIN_ROWS], 0, rows[start : start + JOIN_ROWS])
        progress(Progress("cells", n_points, n_points))
    sorted_space = Space(rows, space.squares[order], rows, space.metric)
    return _Cells(order, first, (visits // n_probes).astype(np.int32), entry, sorted_space)


def _centers(
    rows: NDArray[np.float32], n_cells: int, random_state: int, progress: ProgressCallback
) -> NDArray[np.float32]:
    """Lloyd's k-means on a sample; a center that loses all its points does not move."""
    rng = np.random.default_rng(random_state)
    most = max(2 * n_cells, SAMPLE_SIZE // rows.shape[1])
    n_sample = min(len(rows), most, SAMPLE_PER_CENTER * n_cells)
    sample = rows[np.sort(rng.choice(len(rows), n_sample, replace=False))]
    centers: NDArray[np.float32] = sample[rng.choice(n_sample, n_cells, replace=False)]
    nearest = np.empty(n_sample, np.intp)
    step = max(256, 20_000_000 // n_cells)
    for round_ in range(ROUNDS):
        for start in range(0, n_sample, step):
            chunk = sample[start : start + step]
            nearest[start : start + step] = _nearest_centers(chunk, centers, 1)[:, 0]
            progress(Progress("cells", round_, ROUNDS))
        ends = np.cumsum(np.bincount(nearest, minlength=n_cells))[:-1]
        for cell, members in enumerate(np.split(np.argsort(nearest, kind="stable"), ends)):
            if len(members):
                centers[cell] = sample[members].mean(axis=0)
    return centers


def _nearest_centers(
    rows: NDArray[np.float32], centers: NDArray[np.float32], n_near: int
) -> AnyArray:
    """Return the `n_near` centers nearest to each row, the nearest first."""
    squares = np.einsum("ij,ij->i", centers, centers)
    values, places = nearest_rows(rows, centers, squares, n_near, "euclidean")
    order = np.lexsort((places, values))
    return np.asarray(np.take_along_axis(places, order, axis=1))


def _search_cells(
    cells: _Cells, k: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Compare the points of each cell with its visitors, in the order of the cells."""
    from projector.compute.neighbors.descent import keep_nearest, rank_again

    space = cells.space
    indices = np.full((space.n_points, k), -1, np.int32)
    ranks = np.full((space.n_points, k), np.inf, np.float32)
    if k == 0:
        return indices, ranks
    for cell in range(len(cells.first) - 1):
        members = np.arange(cells.first[cell], cells.first[cell + 1])
        step = int(np.clip(BLOCK_SIZE // max(1, len(members)), 16, 1024))
        for start in range(cells.entry[cell], cells.entry[cell + 1], step):
            points = cells.visitors[start : min(start + step, cells.entry[cell + 1])]
            block = rank_block(space, points, members)
            keep_nearest(block, points, int(cells.first[cell]), indices, ranks)
            progress(Progress("neighbors", start, len(cells.visitors)))
    for start in range(0, space.n_points, JOIN_ROWS):
        rows = slice(start, start + JOIN_ROWS)
        rank_again(space.rows, space.metric == "manhattan", start, indices[rows], ranks[rows])
        progress(Progress("neighbors", len(cells.visitors), len(cells.visitors)))
    return indices, ranks


def _join(
    space: Space,
    indices: NDArray[np.int32],
    ranks: AnyArray,
    links: tuple[NDArray[np.int32], NDArray[np.bool_]],
    round_: int,
    progress: ProgressCallback,
) -> tuple[NDArray[np.int32], AnyArray]:
    from projector.compute.neighbors.descent import join_neighbors

    new_indices, new_ranks = np.empty_like(indices), np.empty_like(ranks)
    for start in range(0, space.n_points, JOIN_ROWS):
        rows = slice(start, start + JOIN_ROWS)
        join_neighbors(
            space.rows,
            indices,
            ranks,
            *links,
            start,
            space.metric == "manhattan",
            new_indices[rows],
            new_ranks[rows],
        )
        done = round_ * space.n_points + start
        progress(Progress("neighbors of neighbors", done, MOST_ROUNDS * space.n_points))
    return new_indices, new_ranks


def _links(
    indices: NDArray[np.int32], before: NDArray[np.int32], is_new: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the nearest neighbors of each point, then the nearest that it is a neighbor of.

    Without the latter, points that are neighbors of few others would rarely be found. `is_new` is
    written: which of the links are not in `before`.
    """
    from projector.compute.neighbors.descent import link_back, mark_new

    links = np.empty_like(before)
    n_forth = links.shape[1] - N_BACK
    links[:, :n_forth] = indices[:, :n_forth]
    back = np.empty((len(links), N_BACK), np.int32)
    link_back(np.ascontiguousarray(links[:, :n_forth]), back)
    links[:, n_forth:] = back
    mark_new(links, before, is_new)
    return links
