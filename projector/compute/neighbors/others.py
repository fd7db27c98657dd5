"""Nearest points to vectors that are none of them: exact, or by the cells around each vector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.cells import number_of_cells
from projector.compute.neighbors.centers import Centers
from projector.compute.neighbors.exact import Search, nearest_rows
from projector.compute.neighbors.space import Space, prepare
from projector.machine.blas_threads import take_in_order
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Metric, Vectors

#: Metrics that products of float32 estimate; the others are compared with all points.
_BY_PRODUCTS: tuple[Metric, ...] = ("euclidean", "cosine", "correlation")
#: All points are compared up to so many numbers, some seconds.
EXACT_WORK = 6e10
#: Cells around a vector whose points it is compared with, and candidates beyond k.
_N_PROBES, _SLACK = 12, 4
#: Vectors at once, and among them those whose candidates are compared exactly at once.
_ROWS, _RANKED = 32_768, 2048
#: Vectors on which recall is measured.
_SAMPLE = 300
#: Numbers multiplied between two reports.
_BLOCK_WORK = 4_000_000_000


@dataclass(frozen=True)
class NearOthers:
    """The nearest points of each vector.

    Attributes
    ----------
    indices : ndarray of shape (n_vectors, k), int32
        Nearest first, ties by index.
    distances : ndarray of shape (n_vectors, k), float32
        Exact, in the unit of the metric.
    recall : float
        Share of the true nearest that was found; 1 where all points were compared.
    """

    indices: NDArray[np.int32] = field(repr=False)
    distances: NDArray[np.float32] = field(repr=False)
    recall: float


def nearest_to_others(
    points: Vectors,
    vectors: Vectors,
    k: int,
    *,
    metric: Metric = "euclidean",
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> NearOthers:
    """Find the `k` points that are nearest to each of other vectors.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dims), float32
    vectors : ndarray of shape (n_vectors, n_dims), float32
        May be a memory map; read in chunks.
    k : int, 1 to n_points
    metric : Metric
    random_state : int
        Seed of the cells and of the sample that measures recall.
    progress : callable

    Notes
    -----
    Exact up to `EXACT_WORK` numbers, and for all metrics but euclidean, cosine and correlation.
    Else each vector is compared with the points of the 12 cells around it: k-means cells of some
    150 points. The same bytes for any number of threads.
    """
    search = Search(prepare(points, metric))
    work = float(len(points)) * len(vectors) * search.space.n_dims
    by_cells = metric in _BY_PRODUCTS and search.index is None and work > EXACT_WORK
    look: _Look = partial(_all, search)
    step = int(np.clip(_BLOCK_WORK // max(1, points.size), 16, 2048))
    if by_cells and number_of_cells(len(points)) > 2 * _N_PROBES:
        cells = _PointCells.of(search, random_state, progress)
        look, step = cells.nearest, _ROWS
    else:
        by_cells = False
    indices = np.empty((len(vectors), k), np.int32)
    distances = np.empty((len(vectors), k), np.float32)
    for start in range(0, len(vectors), step):
        rows = slice(start, min(len(vectors), start + step))
        indices[rows], ranks = look(_chunk(vectors[rows]), k)
        distances[rows] = search.space.distances(ranks)
        progress(Progress("nearest landmarks", rows.stop, len(vectors)))
    recall = _recall(search, vectors, distances, random_state) if by_cells else 1.0
    return NearOthers(indices, distances, recall)


_Look = Callable[[AnyArray, int], tuple[NDArray[np.int32], NDArray[np.float64]]]


def _chunk(rows: AnyArray) -> AnyArray:
    return rows if sparse_of(rows) is not None else np.asarray(rows)


def _all(search: Search, chunk: AnyArray, k: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    return search.of_queries(chunk, k)


def _recall(
    search: Search, vectors: Vectors, distances: NDArray[np.float32], random_state: int
) -> float:
    """Return the share that is at least as near as the true last one, on a sample."""
    n_sample, k = min(_SAMPLE, len(vectors)), distances.shape[1]
    rng = np.random.default_rng(random_state)
    sample = np.sort(rng.choice(len(vectors), n_sample, replace=False))
    true = search.space.distances(search.of_queries(_chunk(vectors[sample]), k)[1])
    return float((distances[sample] <= true[:, -1:]).mean())


@dataclass(frozen=True)
class _PointCells:
    """The points in the order of their cells, as the sieve has them."""

    search: Search
    centers: Centers
    order: NDArray[np.intp]
    first: NDArray[np.intp]
    rows: NDArray[np.float32]
    squares: NDArray[np.float32]

    @classmethod
    def of(cls, search: Search, random_state: int, progress: ProgressCallback) -> _PointCells:
        rows = search.sieve.rows
        n_cells = number_of_cells(len(rows))
        centers = Centers.of(rows, n_cells, random_state, progress)
        own = centers.nearest(rows, 1, progress)[:, 0]
        order = np.argsort(own, kind="stable")
        first = np.searchsorted(own[order], np.arange(n_cells + 1))
        return cls(search, centers, order, first, rows[order], search.sieve.sizes[order])

    def nearest(self, chunk: AnyArray, k: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """See `Search.of_queries`; by the cells around each vector."""
        queries = self.search.space.queries(chunk)
        rows, _, is_cut = self.search.sieve.queries(queries)
        n_found = k + _SLACK
        near = self.centers.nearest(rows, _N_PROBES, _say_nothing)
        values = np.full((len(rows), _N_PROBES, n_found), np.inf, np.float32)
        places = np.zeros(values.shape, np.int32)
        visits = np.argsort(near.ravel(), kind="stable")
        entry = np.searchsorted(near.ravel()[visits], np.arange(len(self.first)))

        def look(cell: int) -> None:
            begin, end = self.first[cell], self.first[cell + 1]
            which, probe = np.divmod(visits[entry[cell] : entry[cell + 1]], _N_PROBES)
            n_near = min(n_found, end - begin)
            if len(which) == 0 or n_near == 0:
                return
            squares = self.squares[begin:end]
            found = nearest_rows(rows[which], self.rows[begin:end], squares, n_near, "euclidean")
            values[which, probe, :n_near] = found[0]
            places[which, probe, :n_near] = begin + found[1]

        take_in_order(look, range(len(self.first) - 1), lambda _: None)
        flat = values.reshape(len(rows), -1)
        best = np.argpartition(flat, n_found - 1, axis=1)[:, :n_found]
        lacks = ~np.isfinite(np.take_along_axis(flat, best, axis=1)).all(axis=1)
        candidates = self.order[np.take_along_axis(places.reshape(flat.shape), best, axis=1)]
        indices, ranks = _ranked(self.search.space, queries, candidates, k)
        # Too far out for the common scale, or among empty cells: compared with all.
        left = np.flatnonzero(is_cut | lacks)
        if len(left):
            indices[left], ranks[left] = self.search.of_queries(chunk[left], k)
        return indices, ranks


def _ranked(
    space: Space, queries: AnyArray, candidates: AnyArray, k: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the `k` nearest candidates by their exact rank values."""
    indices = np.empty((len(queries), k), np.int32)
    ranks = np.empty((len(queries), k))

    def rank(start: int) -> None:
        some = slice(start, start + _RANKED)
        near = candidates[some]
        exact = space.ranks(queries[some], near)
        order = np.lexsort((near, exact))[:, :k]
        indices[some] = np.take_along_axis(near, order, axis=1)
        ranks[some] = np.take_along_axis(exact, order, axis=1)

    take_in_order(rank, range(0, len(queries), _RANKED), lambda _: None)
    return indices, ranks


def _say_nothing(progress: Progress) -> None:
    """Parts of a chunk are no reports of their own."""
