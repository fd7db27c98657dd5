"""Estimates rank values by float32 matrix products, with bounds on how far they are off.

Matrix products are fast and round: |x|² - 2xy + |y|² loses the digits of near points, and one
row of 1e30 would flush all others to zero. So the rows are shifted to the middle of most of them
and scaled to their size in float64, the few that are far beyond are cut, and every estimate has
a bound, from which follows for whom it settles the order and for whom it does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.direct import on_sphere
from projector.compute.neighbors.metrics import ANGULAR, DIRECT
from projector.compute.neighbors.space import Space, chunks
from projector.machine.blas_threads import take_in_order
from projector.machine.scratch import scratch_like
from projector.typing import AnyArray, Metric

#: Rows from which the middle and the size of most are taken.
_SAMPLE = 1001
#: Scaled numbers are cut here: their squares are far from the largest float32.
_MOST = 2.0**40
#: Half a unit in the last place of float32, and more than what is lost where numbers underflow.
_ROUNDING, _TINY = 2.0**-24, 1e-37
#: Queries compared by one thread at once, and products from which there are several threads.
_ROWS_OF_ONE, _SPREAD_SIZE = 64, 40_000_000
#: What a coordinate on the unit sphere is off in float64, at most.
_ON_SPHERE = 1e-15


@dataclass(frozen=True)
class Sieve:
    """The rows of a space in float32, shifted and scaled.

    Attributes
    ----------
    rows : ndarray of shape (n_points, n_dims or n_dims + 1), float32, C order
        Under cosine and correlation the unit vectors, with one more dimension if some have no
        direction; under haversine points of the unit sphere; where every pair is compared as it
        is (`Space.is_direct`), the vectors themselves.
    sizes : ndarray of shape (n_points,), float32
        Squared lengths of `rows`; under manhattan their sums of absolute numbers.
    is_cut : ndarray of shape (n_points,), bool
        Rows too far out for the common scale. Cutting never moves two apart, so that estimates
        of distances are never too large on account of it, but may be far too small.
    metric : str
    center : ndarray of shape (n_dims or n_dims + 1,), float64
        What was subtracted: the median; 0 under inner product.
    scale : float
        A length in the space is `scale` times the length in `rows`; a power of two.
    longest : float
        Length of the longest row that was not cut.
    """

    rows: NDArray[np.float32]
    sizes: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    metric: Metric
    center: NDArray[np.float64]
    scale: float
    longest: float

    @classmethod
    def of(cls, space: Space) -> Sieve:
        """Read the space once and copy it, to a file if it is a large memory map."""
        n_points, metric = space.n_points, space.metric
        if space.is_direct:
            return cls._unchanged(space)
        more = space.is_angular and not space.factors.all()
        some = np.unique(np.linspace(0, max(0, n_points - 1), _SAMPLE).astype(np.intp))
        sample = _placed(space.own_queries(some[:n_points]), metric, more)
        center = np.zeros(sample.shape[1])
        if metric != "inner_product" and n_points:
            center = np.median(sample, axis=0)
        scale = _power_of_two(np.abs(sample - center).max(axis=1, initial=0))
        rows = scratch_like(space.vectors, (n_points, sample.shape[1]))
        sizes, is_cut = np.empty(n_points, np.float32), np.empty(n_points, np.bool_)
        for part in chunks(n_points, sample.shape[1]):
            wide = _placed(space.own_queries(part), metric, more)
            rows[part], sizes[part], is_cut[part] = _scaled(wide, center, scale, metric)
        kept = sizes[~is_cut]
        longest = float(np.sqrt(kept.max(initial=0), dtype=np.float64))
        return cls(rows, sizes, is_cut, metric, center, scale, longest)

    @classmethod
    def _unchanged(cls, space: Space) -> Sieve:
        rows = np.ascontiguousarray(space.vectors, np.float32)
        sizes, is_cut = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.bool_)
        return cls(rows, sizes, is_cut, space.metric, np.zeros(space.n_dims), 1.0, 0.0)

    def queries(self, queries: NDArray[np.float64]) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Return queries of the space as `rows`, `sizes` and `is_cut` have them."""
        more = self.metric in ANGULAR and len(self.center) > queries.shape[1]
        wide = _placed(queries, self.metric, more)
        return _scaled(wide, self.center, self.scale, self.metric)

    def part(self, points: AnyArray) -> Sieve:
        """Return the sieve of some points: their rows, under the same shift and scale."""
        return replace(
            self, rows=self.rows[points], sizes=self.sizes[points], is_cut=self.is_cut[points]
        )

    def estimates(self, rows: AnyArray, is_cut: AnyArray) -> AnyArray:
        """Compare queries with the points, each with all.

        Parameters
        ----------
        rows : ndarray of shape (n_queries, n), float32
        is_cut : ndarray of shape (n_queries,), bool

        Returns
        -------
        ndarray of shape (n_queries, n_points), float32
            NaN where nothing is known, as one of the two was cut.
        """
        columns = self.rows
        if self.metric in DIRECT:
            from projector.compute.neighbors.scan import KINDS, compare_all

            found, kind = np.empty((len(rows), len(columns)), np.float32), KINDS[self.metric]
            across = np.ascontiguousarray(columns.T)

            def compare(start: int) -> None:
                some = slice(start, start + _ROWS_OF_ONE)
                compare_all(rows[some].astype(np.float64), across, kind, found[some])

            take_in_order(compare, range(0, len(rows), _ROWS_OF_ONE), lambda _: None)
        elif self.metric == "manhattan":
            import faiss

            found = np.asarray(faiss.pairwise_distances(rows, columns, metric=faiss.METRIC_L1))
        else:
            found = self._by_products(rows)
        if self.is_cut.any():
            found[:, self.is_cut] = np.nan
        found[is_cut] = np.nan
        return np.asarray(found)

    def _by_products(self, rows: AnyArray) -> NDArray[np.float32]:
        found = np.empty((len(rows), len(self.rows)), np.float32)
        columns, factor = self.rows.T, -1 if self.metric == "inner_product" else -2

        def multiply(start: int) -> None:
            some = rows[start : start + step]
            into = found[start : start + step]
            np.matmul(some * np.float32(factor), columns, out=into)
            if self.metric != "inner_product":
                into += self.sizes
                into += np.vecdot(some, some)[:, None]

        # A product that is done in less than a millisecond is not worth threads.
        step = _ROWS_OF_ONE if len(rows) * self.rows.size > _SPREAD_SIZE else max(1, len(rows))
        take_in_order(multiply, range(0, len(rows), step), lambda _: None)
        return found

    def bounds(self, ranks: AnyArray, sizes: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return between which estimates a rank value may lie.

        Parameters
        ----------
        ranks : ndarray of shape (n_queries, n), float64
        sizes : ndarray of shape (n_queries,), float32
            Of the queries.

        Returns
        -------
        low, high : ndarray of shape (n_queries, n), float32
            The estimate of a rank value above that of `ranks` is above `low`, and of one that is
            not above it is at most `high`; except for rows that were cut.

        Notes
        -----
        A product of d numbers errs by at most d roundings of |x| |y| (Higham 2002, section
        3.1), and the length of y is at most that of x and their distance together. Numbers that
        underflow lose less than `_TINY` each.
        """
        n_dims = self.rows.shape[1]
        gamma = (n_dims + 8) * _ROUNDING
        wide = ranks / (self.scale if self.metric == "manhattan" else self.scale**2)
        of_query = sizes.astype(np.float64)[:, None]
        if self.metric in DIRECT:
            off = 2 * _ROUNDING * np.abs(wide)
        elif self.metric == "inner_product":
            off = gamma * np.sqrt(of_query) * self.longest + np.zeros_like(wide)
        elif self.metric == "manhattan":
            off = gamma * np.abs(wide) + 3 * _ROUNDING * of_query
        else:
            off = 2 * gamma * np.abs(wide) + 8 * gamma * of_query
        if self.metric == "haversine":
            lost = _ON_SPHERE / self.scale
            off += 2 * np.sqrt(np.abs(wide)) * lost + lost**2
        # The last place of the bounds themselves, which are narrowed.
        off += 2 * _ROUNDING * np.abs(wide) + n_dims * _TINY
        with np.errstate(over="ignore"):
            return (wide - off).astype(np.float32), (wide + off).astype(np.float32)


def _placed(queries: AnyArray, metric: Metric, more: bool) -> AnyArray:
    """Place queries where their euclidean distances order them as the metric does.

    With `more`, vectors without a direction get one of their own, orthogonal to all others.
    """
    if metric == "haversine":
        return on_sphere(queries)
    if not more:
        return queries
    return np.column_stack([queries, ~queries.any(axis=1)])


def _scaled(
    wide: AnyArray, center: AnyArray, scale: float, metric: Metric
) -> tuple[AnyArray, AnyArray, AnyArray]:
    wide = (wide - center) * (1 / scale)
    is_cut = np.abs(wide).max(axis=1, initial=0) > _MOST
    rows = np.clip(wide, -_MOST, _MOST, out=wide).astype(np.float32)
    if metric == "manhattan":
        return rows, np.abs(rows).sum(axis=1), is_cut
    return rows, np.einsum("ij,ij->i", rows, rows), is_cut


def _power_of_two(sizes: AnyArray) -> float:
    """Return the power of two above the median of those sizes that are not 0."""
    sizes = sizes[sizes > 0]
    return float(2.0 ** np.frexp(np.median(sizes))[1]) if len(sizes) else 1.0
