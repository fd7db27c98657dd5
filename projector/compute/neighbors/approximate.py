"""Approximate nearest-neighbor search: cells, then neighbors of neighbors.

Points are assigned to cells around centers (k-means on a sample); each is compared with the
points of the cells whose centers are nearest to it, by matrix products. Neighbors beyond these
cells are found by rounds over the neighbors of neighbors (`descent`). The recall is measured on a
sample, not assumed, and decides when to stop.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.cells import CELL_SIZE, Cells, number_of_cells
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.recall import Recalls, Sample
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Cells that each point is compared with, and how many times as many where they do not suffice.
N_PROBES, MORE = 12, 4
#: Share of the cells from which on comparing all pairs costs less.
_MOST_CELLS = 1 / 4
#: Neighbors of a point, and points that it is a neighbor of, from which the search continues.
N_FORTH, N_BACK = 16, 12
#: Rounds over the neighbors of neighbors: at most, and the recall and the gain that end them.
MOST_ROUNDS, ENOUGH_RECALL, LEAST_GAIN = 8, 0.98, 0.002
#: A round that finds less than this share of what was missing is the last below `least`.
LEAST_SHARE = 1 / 3
#: Points joined between two reports.
JOIN_ROWS = 1000
#: Numbers of neighbors whose exact ranks are computed between two reports.
_BLOCK_NUMBERS = 4_000_000


def approximate_neighbors(
    search: Search,
    k: int,
    *,
    least: float = 0.0,
    most_work: float = 0.0,
    random_state: int,
    progress: ProgressCallback,
) -> tuple[NDArray[np.int32], NDArray[np.float64], Recalls]:
    """Find most of the `k` nearest points of every point; see `exact_neighbors`.

    Parameters
    ----------
    search : Search
    k : int
    least : float
        A lower recall is improved by more cells, as long as that takes less than comparing all
        pairs, where these may be compared, or at most `most_work`.
    most_work : float
        Numbers that may be compared: n_points² n_dims is all of them.
    random_state : int
    progress : callable

    Returns
    -------
    indices : ndarray of shape (n_points, k), int32
    ranks : ndarray of shape (n_points, k), float64
        Exact rank values of `indices`.
    recalls : tuple of (float, float)
        Share of the neighbors that are at least as near as the true last one, and its error, for
        the nearest 1 to k; see `Sample`.

    Notes
    -----
    Time about O(n_points n_dims (`N_PROBES` cell size + (`N_FORTH` + `N_BACK`)²)), and for the
    centers n_points^1.5 n_dims; memory one copy of the rows, see `scratch_like`. Not for
    ``inner_product``, whose nearest points are far out, not close.
    """
    sample = Sample.of(search, k, random_state, progress)
    cells = Cells.of(search, _n_probes(search.n_points, k), random_state, progress)
    place = np.empty_like(cells.order)
    place[cells.order] = np.arange(len(place))
    at = place[sample.points]

    def recall_of(indices: NDArray[np.int32]) -> float:
        return sample.recall(cells.original(indices[at]))

    indices = np.full((cells.n_points, k), -1, np.int32)
    ranks = np.full((cells.n_points, k), np.inf, np.float32)
    n_probes = cells.nearest.shape[1]
    while k > 0:
        cells.compare(n_probes, indices, ranks, progress)
        indices, ranks = _descend(cells, (indices, ranks), recall_of, least, progress)
        n_probes *= MORE
        if recall_of(indices) >= least or not _is_worth(search, cells, n_probes, most_work):
            break
    lacking = cells.order[(indices < 0).any(axis=1) | cells.is_cut]
    found, exact = _in_first_order(search, cells.order, indices, progress)
    _fill(search, lacking, (found, exact), progress)
    return found, exact, sample.recalls(found)


def _n_probes(n_points: int, k: int) -> int:
    """Return how many cells are looked at first: fewer where these are larger."""
    size = n_points / number_of_cells(n_points)
    fewer = float(min(1.0, CELL_SIZE / size) ** 0.5)
    return max(round(N_PROBES * fewer), int(2 * k / size))


def _is_worth(search: Search, cells: Cells, n_probes: int, most_work: float) -> bool:
    """Return whether to compare each point with those of `n_probes` cells."""
    pairs = float(search.n_points) ** 2
    if pairs * search.space.n_dims <= most_work:
        return n_probes < _MOST_CELLS * cells.n_cells
    share = n_probes / cells.n_cells
    return n_probes < cells.n_cells and share * pairs * search.space.n_dims <= most_work


def _descend(
    cells: Cells,
    graph: tuple[NDArray[np.int32], NDArray[np.float32]],
    recall_of: Callable[[NDArray[np.int32]], float],
    least: float,
    progress: ProgressCallback,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Take rounds over the neighbors of neighbors, as long as they find enough."""
    indices, ranks = graph
    recall, k = recall_of(indices), indices.shape[1]
    n_forth = min(k, max(N_FORTH, k // 3))
    links = np.full((cells.n_points, n_forth + N_BACK), -1, np.int32)
    is_new = np.empty(links.shape, np.bool_)
    for round_ in range(MOST_ROUNDS):
        if recall >= ENOUGH_RECALL:
            break
        links = _links(indices, links, is_new)
        indices, ranks = _join(cells, indices, ranks, (links, is_new), round_, progress)
        before, recall = recall, recall_of(indices)
        enough = LEAST_GAIN if recall >= least else LEAST_SHARE * (1 - before)
        if recall < before + enough:
            break
    return indices, ranks


def _fill(
    search: Search, lacking: AnyArray, found: tuple[AnyArray, AnyArray], progress: ProgressCallback
) -> None:
    """Search exactly for points that found fewer than k in cells that were too small."""
    k = found[0].shape[1]
    for start in range(0, len(lacking), 50):
        some = lacking[start : start + 50]
        found[0][some], found[1][some] = search.of_points(some, k)
        progress(Progress("neighbors of neighbors", start, len(lacking)))


def _in_first_order(
    search: Search, order: NDArray[np.intp], indices: NDArray[np.int32], progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return to the original order of the points, with exact ranks and ties by index."""
    from projector.compute.neighbors.differences import compiled_ranks

    space = search.space
    found, ranks = np.empty_like(indices), np.empty(indices.shape)
    step = max(16, _BLOCK_NUMBERS // max(1, indices.shape[1] * space.n_dims))
    for start in range(0, len(order), step):
        points = order[start : start + step]
        near = order[indices[start : start + step]].astype(np.int32)
        values = compiled_ranks(space, space.own_queries(points), near)
        by_rank = np.lexsort((near, values))
        found[points] = np.take_along_axis(near, by_rank, axis=1)
        ranks[points] = np.take_along_axis(values, by_rank, axis=1)
        progress(Progress("distances", start + len(points), len(order)))
    return found, ranks


def _join(
    cells: Cells,
    indices: NDArray[np.int32],
    ranks: AnyArray,
    links: tuple[NDArray[np.int32], NDArray[np.bool_]],
    round_: int,
    progress: ProgressCallback,
) -> tuple[NDArray[np.int32], AnyArray]:
    from projector.compute.neighbors.descent import join_neighbors, kind_of

    new_indices, new_ranks = np.empty_like(indices), np.empty_like(ranks)
    for start in range(0, cells.n_points, JOIN_ROWS):
        rows = slice(start, start + JOIN_ROWS)
        join_neighbors(
            cells.rows,
            indices,
            ranks,
            *links,
            start,
            kind_of(cells.metric),
            new_indices[rows],
            new_ranks[rows],
        )
        done = round_ * cells.n_points + start
        progress(Progress("neighbors of neighbors", done, MOST_ROUNDS * cells.n_points))
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
