"""Compares the neighborhoods of projections with those of the original space, point by point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.sieve import Sieve
from projector.compute.neighbors.space import prepare
from projector.compute.neighbors.sparse_search import SparseIndex
from projector.compute.quality.ties import mean_ranks, same_share, tolerance, weights
from projector.machine.blas_threads import one_blas_thread
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback
from projector.model.sparse_rows import sparse_rows
from projector.typing import AnyArray, Positions

#: Numbers compared between two progress reports, for each of six counts.
BLOCK_SIZE = 4_000_000
#: Rank values held at once where neighbors tie.
TIED_SIZE = 1_000_000
#: A row of distances that varies by less, as a share of its largest, has no correlation.
_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Comparison:
    """The original space, with which any number of projections are compared.

    Attributes
    ----------
    search : Search
    truth : Neighbors
        At least k.
    k : int
    reference : ndarray of shape (n_reference,), int64
        Points that ranks are counted among, sorted: all, or a sample.
    """

    search: Search
    truth: Neighbors
    k: int
    reference: NDArray[np.int64]

    @cached_property
    def is_reference(self) -> NDArray[np.bool_]:
        """Which points are in the reference."""
        found = np.zeros(self.search.n_points, np.bool_)
        found[self.reference] = True
        return found

    @property
    def is_whole(self) -> bool:
        """Whether ranks are counted among all points."""
        return len(self.reference) == self.search.n_points

    def scores(self, projections: list[Positions], progress: ProgressCallback) -> list[AnyArray]:
        """Return the four scores of every point, shape (4, n_points), for each projection."""
        with one_blas_thread():
            return self._scores(projections, progress)

    def _scores(self, projections: list[Positions], progress: ProgressCallback) -> list[AnyArray]:
        n_points = self.search.n_points
        positions = [np.ascontiguousarray(each, np.float32) for each in projections]
        searches = [Search(prepare(each, "euclidean")) for each in positions]
        graphs = [find_neighbors(each, self.k, progress=progress).indices for each in positions]
        sieves = [self._reference_sieve(each) for each in searches]
        truth = (self.search, self._reference_sieve(self.search))
        found = [np.empty((4, n_points), np.float32) for _ in positions]
        # A row's ranks are counted six times, each neighbor's against all of the reference.
        step = max(16, BLOCK_SIZE // (len(self.reference) * min(self.k, 100)))
        for start in range(0, n_points, step):
            rows = np.arange(start, min(n_points, start + step))
            original = _Side.of(self, *truth, rows, self.truth.indices[rows, : self.k])
            for search, sieve, graph, into in zip(searches, sieves, graphs, found, strict=True):
                picture = _Side.of(self, search, sieve, rows, graph[rows])
                into[:, rows] = self._scores_of(original, picture)
            progress(Progress("quality", int(rows[-1]) + 1, n_points))
        return found

    def _reference_sieve(self, search: Search) -> Sieve | SparseIndex:
        sparse, space = search.space.sparse, search.space
        if sparse is not None:
            reference = self.reference
            return SparseIndex.of(sparse[reference], space.metric, space.factors[reference])
        return search.sieve if self.is_whole else search.sieve.part(self.reference)

    def _scores_of(self, original: _Side, picture: _Side) -> AnyArray:
        """Return the four scores of the points `rows`, shape (4, n_rows)."""
        n, k, rows = self.search.n_points, self.k, original.rows
        intruders, missing = original.places(picture.near), picture.places(original.near)
        among = (picture.near[:, :, None] == original.near[:, None, :]).any(axis=2)
        overlap = among.mean(axis=1)
        if not self.is_whole:
            intruders = self._within_graph(rows, picture.near, intruders)
            present = (original.near[:, :, None] == picture.near[:, None, :]).any(axis=2)
            # Without a tie at the last place, what is among the k nearest has no worse rank.
            certain = present & ~picture.is_tied[:, None]
            missing = np.where(certain, 0, np.where(present, missing, np.maximum(missing, k + 1)))
        false, lost = np.maximum(intruders - k, 0), np.maximum(missing - k, 0)
        penalties = [false.sum(axis=1), lost.sum(axis=1)]
        tied = np.flatnonzero(original.is_tied | picture.is_tied)
        step = max(1, TIED_SIZE // len(self.reference))
        for start in range(0, len(tied), step):
            at = tied[start : start + step]
            self._share(at, original, picture, (false, lost), (*penalties, overlap))
        worst = k * (2 * n - 3 * k - 1) / 2
        true_far = self.truth.distances[rows, :k]
        seen_far = np.sqrt(picture.ranks(original.near))
        return np.stack(
            [
                1 - penalties[0] / worst,
                1 - penalties[1] / worst,
                overlap,
                correlation(true_far, seen_far),
            ]
        )

    def _within_graph(self, rows: AnyArray, near: AnyArray, places: AnyArray) -> AnyArray:
        """Replace estimated places by those in the graph; all other points are behind it."""
        graph, far = self.truth.indices[rows], self.truth.distances[rows]
        same = near[:, :, None] == graph[:, None, :]
        is_held, column = same.any(axis=2), same.argmax(axis=2)
        first = (far[:, None, :] < far[:, :, None]).sum(axis=2)
        last = (far[:, None, :] <= far[:, :, None]).sum(axis=2)
        mean = np.take_along_axis((first + last + 1) / 2, column, axis=1)
        # Beyond the last of the graph there may be more at the same distance.
        is_open = np.take_along_axis(last == graph.shape[1], column, axis=1)
        behind = np.take_along_axis(first + 1, column, axis=1)
        known = np.where(is_open, np.maximum(places, behind), mean)
        return np.where(is_held, known, np.maximum(places, graph.shape[1] + 1))

    def _share(
        self,
        at: AnyArray,
        original: _Side,
        picture: _Side,
        listed: tuple[AnyArray, AnyArray],
        into: tuple[AnyArray, AnyArray, AnyArray],
    ) -> None:
        """Let points that tie for the last place share it, in the scores of the points `at`."""
        n, k = self.search.n_points, self.k
        n_others = len(self.reference) - self.is_reference[original.rows[at], None]
        far, seen = original.to_reference(at), picture.to_reference(at)
        true_weights, true_level = weights(far, original.level[at], k)
        seen_weights, seen_level = weights(seen, picture.level[at], k)
        for values, other, is_level, side, pens, total in (
            (far, seen_weights, seen_level, picture, listed[0], into[0]),
            (seen, true_weights, true_level, original, listed[1], into[1]),
        ):
            same = same_share(max(original.queries.shape[1], picture.queries.shape[1]))
            wanted = (other > 0 if self.is_whole else is_level) & np.isfinite(values)
            ranks = mean_ranks(values, same, wanted)
            ranks = 1 + (ranks - 1) / np.maximum(1, n_others) * (n - 1)
            penalty = np.where(np.isinf(values), 0, np.maximum(0, ranks - k))
            if self.is_whole:
                total[at] = (other * penalty).sum(axis=1)
                continue
            tied = side.is_tied[at]
            n_level = is_level.sum(axis=1)
            mean = (is_level * penalty).sum(axis=1) / np.maximum(1, n_level)
            last = side.is_last[at]
            shared = (pens[at] * ~last).sum(axis=1) + last.sum(axis=1) * mean
            total[at] = np.where(tied, shared, total[at])
        if self.is_whole:
            into[2][at] = (true_weights * seen_weights).sum(axis=1) / k


@dataclass(frozen=True)
class _Side:
    """Some points in one of the two spaces, with estimates of their ranks to the reference.

    Attributes
    ----------
    near : ndarray of shape (n_rows, k), int32
        The k nearest there.
    level : ndarray of shape (n_rows, 2), float64
        From which to which rank value a point is as near as the k-th.
    is_last : ndarray of shape (n_rows, k), bool
        Which of `near` are.
    index : SparseIndex or None
        Of the reference, if the vectors are sparse.
    estimates : ndarray of shape (n_rows, n_reference), float32
        Empty of sparse vectors, which are compared by the index.
    is_tied : ndarray of shape (n_rows,), bool
        Whether there are more of them in the reference than in `near`.
    """

    comparison: Comparison
    search: Search
    index: SparseIndex | None
    rows: AnyArray
    near: AnyArray
    queries: NDArray[np.float64]
    estimates: AnyArray
    level: AnyArray
    is_last: AnyArray
    is_tied: AnyArray

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        search: Search,
        among: Sieve | SparseIndex,
        rows: AnyArray,
        near: AnyArray,
    ) -> _Side:
        """Estimate the rank values of the points `rows` and of those in `among`."""
        from projector.compute.neighbors.differences import compiled_ranks

        space, reference = search.space, comparison.reference
        queries = space.own_queries(rows)
        estimates: AnyArray = np.empty((0, 0), np.float32)
        if isinstance(among, Sieve):
            sieve = search.sieve
            estimates = among.estimates(sieve.rows[rows], sieve.is_cut[rows])
            place = np.minimum(np.searchsorted(reference, rows), len(reference) - 1)
            is_own = np.flatnonzero(reference[place] == rows)
            estimates[is_own, place[is_own]] = np.inf
        ranks = compiled_ranks(space, queries, near)
        last = ranks[:, -1:]
        off = tolerance(space, queries, near[:, -1:], last)
        level = np.hstack([last - off, last + off])
        is_last = ranks >= level[:, :1]
        nothing = np.zeros(len(rows), np.bool_)
        index = among if isinstance(among, SparseIndex) else None
        side = cls(
            comparison, search, index, rows, near, queries, estimates, level, is_last, nothing
        )
        equal = side.count(last, level)[1][:, 0]
        listed = (is_last & comparison.is_reference[near]).sum(axis=1)
        nothing |= equal > listed
        return side

    def ranks(self, others: AnyArray) -> NDArray[np.float64]:
        """Return the exact rank values of each point and its `others`."""
        from projector.compute.neighbors.differences import compiled_ranks

        return compiled_ranks(self.search.space, self.queries, others)

    def count(self, ranks: AnyArray, between: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return how many of the reference are below each of `ranks`, and how many at it."""
        from projector.compute.neighbors.differences import kind_of
        from projector.compute.quality.kernels import count_nearer

        k = ranks.shape[1]
        if self.index is not None:
            limits = np.ascontiguousarray(between[:, :k]), np.ascontiguousarray(between[:, k:])
            queries = sparse_rows(self.queries)
            return self.index.count(queries, self.rows, limits, self.comparison.reference)
        space, sieve = self.search.space, self.search.sieve
        nearer, equal = np.empty(ranks.shape, np.int32), np.empty(ranks.shape, np.int32)
        count_nearer(
            self.estimates,
            sieve.bounds(ranks, sieve.sizes[self.rows]),
            (np.ascontiguousarray(between[:, :k]), np.ascontiguousarray(between[:, k:])),
            self.queries,
            self.rows,
            self.comparison.reference,
            space.vectors,
            space.scalings,
            kind_of(space.metric),
            nearer,
            equal,
        )
        return nearer, equal

    def places(self, others: AnyArray) -> AnyArray:
        """Return the rank of each of `others` among the neighbors of its point, by the sample."""
        space, comparison = self.search.space, self.comparison
        ranks = self.ranks(others)
        off = tolerance(space, self.queries, others, ranks)
        nearer, equal = self.count(ranks, np.hstack([ranks - off, ranks + off]))
        is_own = comparison.is_reference[self.rows][:, None]
        # The mean of those at the same distance, the point itself left out.
        before = nearer + (equal - comparison.is_reference[others]) / 2
        share = before / np.maximum(1, len(comparison.reference) - is_own)
        return np.asarray(1 + share * (space.n_points - 1))

    def to_reference(self, at: AnyArray) -> AnyArray:
        """Return the exact rank values of all of the reference, infinite for the point itself."""
        reference = self.comparison.reference
        to_all = np.broadcast_to(reference, (len(at), len(reference)))
        values = replace(self, queries=self.queries[at]).ranks(to_all)
        values[self.rows[at, None] == reference] = np.inf
        return values


def correlation(first: AnyArray, second: AnyArray) -> AnyArray:
    """Return Pearson's correlation of each row, 0 where a row does not vary."""
    first, second = _centered(first), _centered(second)
    both = (first * second).sum(axis=1)
    size = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return np.asarray(np.divide(both, size, out=np.zeros_like(both), where=size > _LEAST_VARIANCE))


def _centered(distances: AnyArray) -> AnyArray:
    wide = distances.astype(np.float64)
    largest = np.abs(wide).max(axis=1, keepdims=True)
    wide /= np.where(largest > 0, largest, 1)
    return np.asarray(wide - wide.mean(axis=1, keepdims=True))
