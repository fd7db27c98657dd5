"""Approximate nearest-neighbor search: cells, then neighbors of neighbors.

Points are assigned to cells around centers (k-means on a sample); each is compared with the
points of the cells whose centers are nearest to it, by matrix products. Neighbors beyond these
cells are found by rounds over the neighbors of neighbors (`descent`). The recall is measured on a
sample, not assumed, and decides when to stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import Search, nearest_rows
from projector.compute.neighbors.recall import Recalls, Sample
from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import Space
from projector.machine.blas_threads import take_in_order
from projector.machine.scratch import scratch_like
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Metric

#: Points of a cell on average, and cells that each point is compared with.
CELL_SIZE, N_PROBES = 300, 8
#: k-means: points for each center, numbers in the sample at most, and rounds.
SAMPLE_PER_CENTER, SAMPLE_SIZE, ROUNDS = 40, 20_000_000, 5
#: Neighbors of a point, and points that it is a neighbor of, from which the search continues.
N_FORTH, N_BACK = 20, 15
#: Rounds over the neighbors of neighbors: at most, and the recall and the gain that end them.
MOST_ROUNDS, ENOUGH_RECALL, LEAST_GAIN = 8, 0.98, 0.002
#: Points joined between two reports, and numbers compared at once within a cell.
JOIN_ROWS, BLOCK_SIZE = 1000, 1_000_000
#: Numbers of neighbors whose exact ranks are computed between two reports.
_BLOCK_NUMBERS = 4_000_000
#: Scaled numbers are cut here: sums of their squares are far from the largest float32.
_MOST = 2.0**40


@dataclass(frozen=True)
class _Cells:
    """The points sorted by cell.

    Points ``first[c]`` to ``first[c + 1]`` are those of cell c; ``visitors[entry[c]]`` to
    ``visitors[entry[c + 1]]`` are those compared with it. Differences of `rows` are those of the
    vectors, in float32; where they may not be (`is_cut`), the search has to be exact.
    """

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    visitors: NDArray[np.int32]
    entry: NDArray[np.intp]
    rows: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    metric: Metric

    @property
    def n_points(self) -> int:
        """Points in all cells."""
        return len(self.rows)

    def original(self, indices: AnyArray) -> AnyArray:
        """Return which points are at these places, -1 for -1."""
        return np.where(indices < 0, -1, self.order[indices])


def approximate_neighbors(
    search: Search, k: int, *, random_state: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64], Recalls]:
    """Find most of the `k` nearest points of every point; see `exact_neighbors`.

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
    Time about O(n_points n_dims (`N_PROBES` `CELL_SIZE` + (`N_FORTH` + `N_BACK`)²)), and for the
    centers n_points² n_dims / `CELL_SIZE`; memory one copy of the rows, see `scratch_like`. Not
    for ``inner_product``, whose nearest points are far out, not close.
    """
    sample = Sample.of(search, k, random_state, progress)
    cells = _cells(search, k, random_state, progress)
    place = np.empty_like(cells.order)
    place[cells.order] = np.arange(len(place))
    at = place[sample.points]
    indices, ranks = _search_cells(cells, k, progress)
    recall = sample.recall(cells.original(indices[at]))
    n_forth = min(k, max(N_FORTH, k // 3))
    links = np.full((cells.n_points, n_forth + N_BACK), -1, np.int32)
    is_new = np.empty(links.shape, np.bool_)
    for round_ in range(MOST_ROUNDS if k > 0 else 0):
        if recall >= ENOUGH_RECALL:
            break
        links = _links(indices, links, is_new)
        indices, ranks = _join(cells, indices, ranks, (links, is_new), round_, progress)
        before, recall = recall, sample.recall(cells.original(indices[at]))
        if recall < before + LEAST_GAIN:
            break
    lacking = cells.order[(indices < 0).any(axis=1) | cells.is_cut]
    found, exact = _in_first_order(search, cells.order, indices, progress)
    _fill(search, lacking, (found, exact), progress)
    return found, exact, sample.recalls(found)


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


def _cells(search: Search, k: int, random_state: int, progress: ProgressCallback) -> _Cells:
    space, sieve = search.space, search.sieve
    if space.is_direct:
        # Where no matrix product tells the distance, that of most others narrows the search.
        sieve = Sieve.of(Space(space.vectors, "euclidean"))
    n_points, n_cells = search.n_points, max(1, search.n_points // CELL_SIZE)
    centers = _centers(sieve.rows, n_cells, random_state, progress)
    n_probes = min(n_cells, max(N_PROBES, 2 * k // CELL_SIZE))
    nearest = np.empty((n_points, n_probes), np.int32)
    step = max(256, 20_000_000 // n_cells)
    for start in range(0, n_points, step):
        chunk = sieve.rows[start : start + step]
        nearest[start : start + step] = _nearest_centers(chunk, centers, n_probes)
        progress(Progress("cells", start, n_points))
    order = np.argsort(nearest[:, 0], kind="stable")
    looked_at = nearest[order].ravel()
    first = np.searchsorted(nearest[order, 0], np.arange(n_cells + 1))
    visits = np.argsort(looked_at, kind="stable")
    entry = np.searchsorted(looked_at[visits], np.arange(n_cells + 1))
    visitors = (visits // n_probes).astype(np.int32)
    rows, is_cut = _sorted_rows(space, sieve, order, progress)
    return _Cells(order, first, visitors, entry, rows, is_cut, space.metric)


def _sorted_rows(
    space: Space, sieve: Sieve, order: NDArray[np.intp], progress: ProgressCallback
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Copy the rows in their order; their differences are those of the vectors.

    The unit vectors are taken from the sieve, where they were centered before they were narrowed.
    The others are as they were given but for a power of two, as centering would round them.
    """
    rows = scratch_like(space.vectors, sieve.rows.shape)
    is_cut = sieve.is_cut[order]
    for start in range(0, len(order), JOIN_ROWS):
        some, into = order[start : start + JOIN_ROWS], slice(start, start + JOIN_ROWS)
        if space.is_angular:
            np.take(sieve.rows, some, 0, rows[into])
        else:
            wide = np.asarray(space.vectors[some], np.float64) * (1 / sieve.scale)
            is_cut[into] |= np.abs(wide).max(axis=1, initial=0) > _MOST
            rows[into] = np.clip(wide, -_MOST, _MOST, out=wide)
        progress(Progress("cells", len(order), len(order)))
    return rows, is_cut


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
    return nearest_rows(rows, centers, squares, n_near, "euclidean")[1]


def _search_cells(
    cells: _Cells, k: int, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Compare the points of each cell with its visitors, in the order of the cells."""
    from projector.compute.neighbors.descent import keep_nearest, kind_of, rank_again

    indices = np.full((cells.n_points, k), -1, np.int32)
    ranks = np.full((cells.n_points, k), np.inf, np.float32)
    if k == 0:
        return indices, ranks
    done = 0

    def keep(found: tuple[NDArray[np.int32], int, AnyArray]) -> None:
        nonlocal done
        points, first, block = found
        keep_nearest(block, points, first, indices, ranks)
        done += len(points)
        progress(Progress("neighbors", done, len(cells.visitors)))

    take_in_order(partial(_compared_piece, cells), _pieces(cells), keep)
    for start in range(0, cells.n_points, JOIN_ROWS):
        rows = slice(start, start + JOIN_ROWS)
        rank_again(cells.rows, kind_of(cells.metric), start, indices[rows], ranks[rows])
        progress(Progress("neighbors", len(cells.visitors), len(cells.visitors)))
    return indices, ranks


def _pieces(cells: _Cells) -> list[tuple[int, int, int]]:
    """Return cells, and from which to which of their visitors are compared at once."""
    pieces = []
    for cell, n_members in enumerate(np.diff(cells.first)):
        step = int(np.clip(BLOCK_SIZE // max(1, n_members), 16, 1024))
        end = int(cells.entry[cell + 1])
        starts = range(int(cells.entry[cell]), end, step) if n_members else ()
        pieces += [(cell, start, min(start + step, end)) for start in starts]
    return pieces


def _compared_piece(
    cells: _Cells, piece: tuple[int, int, int]
) -> tuple[NDArray[np.int32], int, AnyArray]:
    """Return visitors of a cell, its first point, and what they are from its points."""
    cell, start, end = piece
    first = int(cells.first[cell])
    members = cells.rows[first : cells.first[cell + 1]]
    # Within a cell the products round less around its own center.
    center = members.mean(axis=0, dtype=np.float64).astype(np.float32)
    members = members - center
    squares = np.einsum("ij,ij->i", members, members)
    points = cells.visitors[start:end]
    return points, first, _compared(cells.rows[points] - center, members, squares, cells.metric)


def _compared(
    queries: NDArray[np.float32],
    members: NDArray[np.float32],
    squares: NDArray[np.float32],
    metric: Metric,
) -> AnyArray:
    if metric == "manhattan":
        import faiss

        return np.asarray(faiss.pairwise_distances(queries, members, metric=faiss.METRIC_L1))
    product = (queries * np.float32(-2)) @ members.T
    product += squares
    product += np.einsum("ij,ij->i", queries, queries)[:, None]
    return product


def _join(
    cells: _Cells,
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
