"""The points sorted into cells, each compared with the points of the cells nearest to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.centers import MANY_CENTERS, Centers
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.metrics import DIRECT
from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import Space
from projector.machine.blas_threads import take_in_order
from projector.machine.scratch import scratch_like
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Metric

#: Points of a cell on average; more up to `LARGEST_CELL` before centers have to be grouped.
CELL_SIZE, LARGEST_CELL = 150, 400
#: Points copied between two reports, and numbers compared at once within a cell.
_COPY_ROWS, BLOCK_SIZE = 1000, 1_000_000
#: Scaled numbers are cut here: sums of their squares are far from the largest float32.
_MOST = 2.0**40


@dataclass(frozen=True)
class Cells:
    """The points sorted by cell.

    Points ``first[c]`` to ``first[c + 1]`` are those of cell c. Differences of `rows` are those
    of the vectors, in float32; where they may not be (`is_cut`), the search has to be exact.
    """

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    rows: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    metric: Metric
    centers: Centers = field(repr=False)
    placed: NDArray[np.float32] = field(repr=False)
    nearest: NDArray[np.int32] = field(repr=False)

    @classmethod
    def of(
        cls, search: Search, n_probes: int, random_state: int, progress: ProgressCallback
    ) -> Cells:
        """Sort the points of a search into cells of some `CELL_SIZE`."""
        space, sieve = search.space, search.sieve
        if space.is_direct:
            # Where no matrix product tells the distance, that of most others places the points.
            sieve = Sieve.of(Space(space.vectors, "euclidean"))
        n_cells = number_of_cells(search.n_points)
        centers = Centers.of(sieve.rows, n_cells, random_state, progress)
        nearest = centers.nearest(sieve.rows, min(n_cells, n_probes), progress)
        order = np.argsort(nearest[:, 0], kind="stable")
        first = np.searchsorted(nearest[order, 0], np.arange(n_cells + 1))
        rows, is_cut = _sorted_rows(space, sieve, order, progress)
        return cls(order, first, rows, is_cut, space.metric, centers, sieve.rows, nearest)

    @property
    def n_points(self) -> int:
        """Points in all cells."""
        return len(self.rows)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.first) - 1

    def original(self, indices: AnyArray) -> AnyArray:
        """Return which points are at these places, -1 for -1."""
        return np.where(indices < 0, -1, self.order[indices])

    def compare(
        self,
        n_probes: int,
        indices: NDArray[np.int32],
        ranks: NDArray[np.float32],
        progress: ProgressCallback,
    ) -> None:
        """Compare each point with those of the `n_probes` cells nearest to it.

        Parameters
        ----------
        n_probes : int, 1 to n_cells
        indices, ranks : ndarray of shape (n_points, k)
            The neighbors found so far, in the order of the cells; -1 and infinite where there is
            none. Written; sorted.
        progress : callable
        """
        from projector.compute.neighbors.descent import keep_nearest, kind_of, rank_again

        nearest = self.nearest
        if n_probes > nearest.shape[1]:
            nearest = self.centers.nearest(self.placed, n_probes, progress)
        looked_at = nearest[self.order].ravel()
        visits = np.argsort(looked_at, kind="stable")
        entry = np.searchsorted(looked_at[visits], np.arange(self.n_cells + 1))
        visitors = (visits // n_probes).astype(np.int32)
        done = 0

        def keep(
            found: tuple[NDArray[np.int32], int, AnyArray, tuple[AnyArray, AnyArray]],
        ) -> None:
            nonlocal done
            points, first, block, sizes = found
            keep_nearest(block, sizes, points, first, indices, ranks)
            done += len(points)
            progress(Progress("neighbors", done, len(visitors)))

        take_in_order(partial(_compared_piece, self, visitors), _pieces(self.first, entry), keep)
        for start in range(0, self.n_points, _COPY_ROWS):
            rows = slice(start, start + _COPY_ROWS)
            rank_again(self.rows, kind_of(self.metric), start, indices[rows], ranks[rows])
            progress(Progress("neighbors", len(visitors), len(visitors)))


def number_of_cells(n_points: int) -> int:
    """Return into how many cells so many points are sorted."""
    return max(1, min(n_points // CELL_SIZE, MANY_CENTERS), n_points // LARGEST_CELL)


def _sorted_rows(
    space: Space, sieve: Sieve, order: NDArray[np.intp], progress: ProgressCallback
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Copy the rows in their order; their differences are those of the vectors.

    The unit vectors are taken from the sieve, where they were centered before they were narrowed.
    The others are as they were given but for a power of two, as centering would round them.
    """
    rows = scratch_like(space.vectors, sieve.rows.shape)
    is_cut = sieve.is_cut[order]
    for start in range(0, len(order), _COPY_ROWS):
        some, into = order[start : start + _COPY_ROWS], slice(start, start + _COPY_ROWS)
        if space.is_angular:
            np.take(sieve.rows, some, 0, rows[into])
        else:
            wide = np.asarray(space.vectors[some], np.float64) * (1 / sieve.scale)
            is_cut[into] |= np.abs(wide).max(axis=1, initial=0) > _MOST
            rows[into] = np.clip(wide, -_MOST, _MOST, out=wide)
        progress(Progress("cells", len(order), len(order)))
    return rows, is_cut


def _pieces(first: NDArray[np.intp], entry: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """Return cells, and from which to which of their visitors are compared at once.

    The visitors of cell c are ``entry[c]`` to ``entry[c + 1]``.
    """
    pieces = []
    for cell, n_members in enumerate(np.diff(first)):
        step = int(np.clip(BLOCK_SIZE // max(1, n_members), 16, 1024))
        end = int(entry[cell + 1])
        starts = range(int(entry[cell]), end, step) if n_members else ()
        pieces += [(cell, start, min(start + step, end)) for start in starts]
    return pieces


def _compared_piece(
    cells: Cells, visitors: NDArray[np.int32], piece: tuple[int, int, int]
) -> tuple[NDArray[np.int32], int, AnyArray, tuple[AnyArray, AnyArray]]:
    """Return visitors of a cell, its first point, and what they are from its points."""
    cell, start, end = piece
    first = int(cells.first[cell])
    members = cells.rows[first : cells.first[cell + 1]]
    points = visitors[start:end]
    queries = cells.rows[points]
    if cells.metric in DIRECT or cells.metric == "manhattan":
        none = np.zeros(len(queries), np.float32), np.zeros(len(members), np.float32)
        return points, first, _compared(queries, members, cells.metric), none
    # Within a cell the products round less around its own center.
    center = members.mean(axis=0, dtype=np.float64).astype(np.float32)
    members = members - center
    queries -= center
    sizes = np.einsum("ij,ij->i", queries, queries), np.einsum("ij,ij->i", members, members)
    members *= np.float32(-2)
    return points, first, queries @ members.T, sizes


def _compared(
    queries: NDArray[np.float32], members: NDArray[np.float32], metric: Metric
) -> AnyArray:
    """Return distances that no product tells."""
    if metric == "manhattan":
        import faiss

        return np.asarray(faiss.pairwise_distances(queries, members, metric=faiss.METRIC_L1))
    from projector.compute.neighbors.scan import KINDS, compare_all

    found = np.empty((len(queries), len(members)), np.float32)
    there = np.ascontiguousarray(members.T)
    compare_all(queries.astype(np.float64), there, KINDS[metric], found)
    return found
