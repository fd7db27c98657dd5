"""Exact nearest-neighbor search: all pairs, block by block.

Estimates by matrix products select candidates, whose exact rank values are then computed. Where
the bounds of the estimates do not exclude all others, those that remain are compared too. Up to
some 20,000 points no index is faster (benchmarks/README.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import Space
from projector.compute.neighbors.sparse_search import SparseIndex
from projector.machine.blas_threads import take_in_order
from projector.model.progress import Progress, ProgressCallback
from projector.model.sparse_rows import sparse_rows
from projector.typing import AnyArray, Metric

#: Numbers multiplied for one block of queries: well under 0.1 s between two reports.
BLOCK_WORK = 6_000_000_000
#: Estimates held at once while crowds are settled.
CROWD_SIZE = 2_000_000
#: Queries and rows compared at once: the products stay in the cache while they are selected.
QUERIES, TILE = 256, 2048
#: Candidates beyond k, because the matrix product rounds.
SLACK = 8


@dataclass(frozen=True)
class Search:
    """A space, and the sieve that goes before exact comparison."""

    space: Space

    @cached_property
    def sieve(self) -> Sieve:
        """Made when it is first needed."""
        return Sieve.of(self.space)

    @cached_property
    def index(self) -> SparseIndex | None:
        """What is asked in place of the sieve if the vectors are sparse."""
        sparse = self.space.sparse
        if sparse is None:
            return None
        return SparseIndex.of(sparse, self.space.metric, self.space.factors)

    @property
    def n_points(self) -> int:
        """Points that are searched."""
        return self.space.n_points

    def of_points(self, points: AnyArray, k: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the `k` nearest other points of some points of the space.

        Parameters
        ----------
        points : ndarray of shape (n,), int
        k : int, 0 <= k <= n_points - 1

        Returns
        -------
        indices : ndarray of shape (n, k), int32
            Nearest first, ties by index, never the point itself.
        ranks : ndarray of shape (n, k), float64
            Exact rank values; `Space.distances` turns them into distances.
        """
        if self.index is not None:
            queries = sparse_rows(self.space.own_queries(points))
            return self.index.nearest(queries, points, k)
        if self.space.is_direct:
            own = np.asarray(points, np.int64)
            return self._compared(self.space.own_queries(points), own, k)
        sieve = self.sieve
        asked = _Asked(
            self.space.own_queries(points),
            np.asarray(points, np.int64),
            sieve.rows[points],
            sieve.sizes[points],
            sieve.is_cut[points],
        )
        return self._nearest(asked, k, k + 1)

    def of_queries(
        self, vectors: AnyArray, k: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the `k` points nearest to each of other vectors; see `of_points`.

        Parameters
        ----------
        vectors : ndarray of shape (n, n_dims)
        k : int, 0 <= k <= n_points
        """
        queries = self.space.queries(vectors)
        own = np.full(len(queries), -1, np.int64)
        if self.index is not None:
            return self.index.nearest(sparse_rows(queries), own, k)
        if self.space.is_direct:
            return self._compared(queries, own, k)
        return self._nearest(_Asked(queries, own, *self.sieve.queries(queries)), k, k)

    def _compared(
        self, queries: AnyArray, own: AnyArray, k: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the nearest by comparing every pair as it is."""
        from projector.compute.neighbors.scan import nearest_of_all

        if k == 0:
            return np.empty((len(own), 0), np.int32), np.empty((len(own), 0))
        return nearest_of_all(queries, own, self.space.vectors, self.space.metric, k)

    def _nearest(
        self, asked: _Asked, k: int, needed: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the nearest, among `needed` candidates and `SLACK` more where that suffices."""
        n_near = min(self.n_points, needed + SLACK)
        if k == 0:
            return np.empty((len(asked.own), 0), np.int32), np.empty((len(asked.own), 0))
        sieve, n_asked = self.sieve, len(asked.own)
        indices, ranks = np.empty((n_asked, k), np.int32), np.empty((n_asked, k))
        last = np.empty(n_asked, np.float32)

        def find(n_rows: int, start: int) -> None:
            rows = slice(start, start + n_rows)
            values, near = nearest_rows(
                asked.rows[rows], sieve.rows, sieve.sizes, n_near, sieve.metric
            )
            last[rows] = values.max(axis=1)
            indices[rows], ranks[rows] = self._ordered(
                asked.queries[rows], asked.own[rows], near, k
            )

        # faiss has threads of its own.
        step = max(1, n_asked) if sieve.metric == "manhattan" else QUERIES
        take_in_order(partial(find, step), range(0, n_asked, step), lambda _: None)
        if n_near == self.n_points:
            return indices, ranks
        _, high = sieve.bounds(ranks[:, -1:], asked.sizes)
        is_open = ~(last > high[:, 0])
        if self.space.metric == "inner_product":
            # Rows that were cut may have the largest products of all.
            is_open |= asked.is_cut | sieve.is_cut.any()
        crowded = np.flatnonzero(is_open)
        if len(crowded):
            self._settle(asked, crowded, high[:, 0], (indices, ranks))
        return indices, ranks

    def _ordered(
        self, queries: AnyArray, own: AnyArray, near: AnyArray, k: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        ranks = self.space.ranks(queries, near)
        ranks[near == own[:, None]] = np.inf
        order = np.lexsort((near, ranks))[:, :k]
        indices = np.take_along_axis(near, order, axis=1).astype(np.int32)
        return indices, np.take_along_axis(ranks, order, axis=1)

    def _settle(
        self, asked: _Asked, crowded: AnyArray, high: AnyArray, found: tuple[AnyArray, AnyArray]
    ) -> None:
        """Compare all that may be as near as the k-th; `found` is written at `crowded`."""
        from projector.compute.neighbors.differences import kind_of, settle_nearest

        space, k = self.space, found[0].shape[1]
        step = max(1, CROWD_SIZE // max(1, self.n_points))
        for start in range(0, len(crowded), step):
            at = crowded[start : start + step]
            estimates = self.sieve.estimates(asked.rows[at], asked.is_cut[at])
            queries, own = asked.queries[at], asked.own[at]
            indices = np.empty((len(at), k), np.int32)
            settle_nearest(
                estimates,
                high[at],
                queries,
                own,
                space.vectors,
                space.scalings,
                kind_of(space.metric),
                indices,
            )
            found[0][at], found[1][at] = self._ordered(queries, own, indices, k)


@dataclass(frozen=True)
class _Asked:
    """Queries in float64, and as the sieve has them; `own` is -1 where they are no points."""

    queries: NDArray[np.float64]
    own: NDArray[np.int64]
    rows: NDArray[np.float32]
    sizes: NDArray[np.float32]
    is_cut: NDArray[np.bool_]


def exact_neighbors(
    search: Search, k: int, *, progress: ProgressCallback
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Find the `k` nearest points of every point by comparing all; see `Search.of_points`.

    Notes
    -----
    Time O(n_points² n_dims), memory O(n_points k).
    """
    n_points = search.n_points
    indices = np.empty((n_points, k), np.int32)
    ranks = np.empty((n_points, k))
    index = search.index
    step = _rows_at_once(search.space) if index is None else index.rows_at_once
    for start in range(0, n_points, step):
        rows = np.arange(start, min(n_points, start + step))
        indices[rows], ranks[rows] = search.of_points(rows, k)
        progress(Progress("neighbors", int(rows[-1]) + 1, n_points))
    return indices, ranks


def nearest_rows(
    queries: NDArray[np.float32],
    rows: NDArray[np.float32],
    squares: NDArray[np.float32],
    n_near: int,
    metric: Metric,
) -> tuple[AnyArray, AnyArray]:
    """Select the `n_near` rows that come nearest to each query.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dims), float32
    rows : ndarray of shape (n_rows, n_dims), float32
    squares : ndarray of shape (n_rows,), float32
        Squared lengths of `rows`.
    n_near : int, <= n_rows

    Returns
    -------
    values : ndarray of shape (n_queries, n_near), float32
        Estimates, the smallest first; no other row has a smaller one.
    places : ndarray of shape (n_queries, n_near), int
        Which of `rows`; ties by place.
    """
    if metric == "manhattan":
        import faiss

        found: tuple[AnyArray, AnyArray] = faiss.knn(queries, rows, n_near, metric=faiss.METRIC_L1)
        return found
    from projector.compute.neighbors.select import keep_smallest

    # |q - x|² without |q|², which orders nothing; powers of two round nothing.
    is_product = metric == "inner_product"
    scaled = np.asarray(queries * np.float32(-1 if is_product else -2), np.float32)
    squares = np.zeros_like(squares) if is_product else squares
    values: NDArray[np.float32] = np.full((len(queries), n_near), np.inf, np.float32)
    places = np.zeros((len(queries), n_near), np.int32)
    for start in range(0, len(rows), TILE):
        tile = slice(start, start + TILE)
        keep_smallest(scaled @ rows[tile].T, squares[tile], start, values, places)
    if not is_product:
        values += np.einsum("ij,ij->i", queries, queries)[:, None]
    return values, places


def _rows_at_once(space: Space) -> int:
    cost = space.n_points * (space.n_dims + 64)
    cost *= 4 if space.metric == "manhattan" else 16 if space.is_direct else 1
    return int(np.clip(BLOCK_WORK // max(1, cost), 1, 1024))
