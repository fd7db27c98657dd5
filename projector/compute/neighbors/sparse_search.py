"""Exact nearest neighbors of sparse vectors, and what else is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError
from projector.model.sparse_rows import SparseRows
from projector.typing import AnyArray, Metric

#: Metrics that are measured on sparse vectors, and how the kernels tell them apart.
KINDS = {"euclidean": 0, "cosine": 1, "manhattan": 2, "inner_product": 3}
#: Numbers added, and points looked at, for one block of queries: well under 0.1 s.
_BLOCK_WORK = 60_000_000
#: A point that is looked at costs as much as some additions.
_PER_POINT = 4
#: More than the rounding of a sum of two numbers in float64.
_ROUNDING = 2.0**-50


@dataclass(frozen=True, eq=False)
class SparseIndex:
    """Sparse vectors by dimension, with which queries are compared.

    Attributes
    ----------
    rows : SparseRows
    metric : str
    factors : ndarray of shape (n_points,), float64
        1 / length for cosine, 0 for a vector that is zero; else 1.
    sizes : ndarray of shape (n_points,), float64
        Squared lengths, sums of absolute numbers for manhattan.
    by_dim : three ndarrays
        Starts, points and values of each dimension.
    work : float
        Numbers added when all points are compared with all.
    """

    rows: SparseRows
    metric: Metric
    factors: NDArray[np.float64]
    sizes: NDArray[np.float64] = field(repr=False)
    by_dim: tuple[AnyArray, AnyArray, AnyArray] = field(repr=False)
    work: float

    @classmethod
    def of(cls, rows: SparseRows, metric: Metric, factors: NDArray[np.float64]) -> SparseIndex:
        """Sort the numbers by dimension.

        Raises
        ------
        ParameterError
            A metric that is not measured on sparse vectors.
        """
        check_sparse_metric(metric)
        columns: Any = rows.matrix().tocsc()
        by_dim = (
            _shut(columns.indptr.astype(np.int64)),
            _shut(columns.indices.astype(np.int32)),
            _shut(columns.data),
        )
        wide = rows.values.astype(np.float64)
        sizes = rows.row_sums(np.abs(wide) if metric == "manhattan" else np.square(wide))
        counts = np.diff(by_dim[0]).astype(np.float64)
        return cls(rows, metric, factors, sizes, by_dim, float(counts @ counts))

    @property
    def work_of_all(self) -> float:
        """What comparing all points with all costs, in additions."""
        return self.work + _PER_POINT * float(len(self.rows)) ** 2

    @property
    def rows_at_once(self) -> int:
        """Queries for one block."""
        cost = self.work_of_all / max(1, len(self.rows))
        return int(np.clip(_BLOCK_WORK // max(1, cost), 1, 1024))

    def nearest(
        self, queries: SparseRows, own: AnyArray, k: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Find the `k` nearest points of each query; see `Search.of_points`.

        Parameters
        ----------
        queries : SparseRows
            In float64, of unit length for cosine.
        own : ndarray of shape (n_queries,), int64
            A point that is left out, or -1.
        k : int
        """
        from projector.compute.neighbors.sparse_kernels import nearest_sparse

        indices = np.empty((len(queries), k), np.int32)
        ranks = np.empty((len(queries), k))
        if k:
            nearest_sparse(
                arrays(queries),
                np.asarray(own, np.int64),
                arrays(self.rows),
                self.by_dim,
                self.sizes,
                self.factors,
                KINDS[self.metric],
                self._most_numbers(queries),
                indices,
                ranks,
            )
        return indices, ranks

    def count(
        self,
        queries: SparseRows,
        own: AnyArray,
        between: tuple[AnyArray, AnyArray],
        reference: NDArray[np.int64],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Count the points of this index below each limit and at it; see `count_sparse`.

        `reference` tells which points they are.
        """
        from projector.compute.neighbors.sparse_kernels import count_sparse

        shape = between[0].shape
        nearer, equal = np.empty(shape, np.int32), np.empty(shape, np.int32)
        count_sparse(
            arrays(queries),
            np.asarray(own, np.int64),
            between,
            reference,
            arrays(self.rows),
            self.by_dim,
            self.sizes,
            self.factors,
            KINDS[self.metric],
            self._most_numbers(queries),
            nearer,
            equal,
        )
        return nearer, equal

    def _most_numbers(self, queries: SparseRows) -> int:
        counts = (np.diff(each.starts).max(initial=0) for each in (queries, self.rows))
        return int(max(counts))


def check_sparse_metric(metric: str) -> None:
    """Raise ParameterError if a metric is not measured on sparse vectors."""
    if metric not in KINDS:
        raise ParameterError(
            f"The metric {metric!r} is not measured on sparse matrices. Use one of "
            f"{', '.join(repr(each) for each in KINDS)}, or reduce them first: "
            "pca_dims=50."
        )


def squared_lengths(rows: SparseRows) -> NDArray[np.float64]:
    """Return the sum of the squares of each row."""
    return rows.row_sums(np.square(rows.values, dtype=np.float64))


def sparse_factors(rows: SparseRows) -> NDArray[np.float64]:
    """Return 1 / length of each row, 0 for those of length 0."""
    lengths = np.sqrt(squared_lengths(rows))
    return np.asarray(np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0))


def sparse_queries(rows: SparseRows, metric: Metric) -> SparseRows:
    """Return rows in float64, of unit length if cosine."""
    values: AnyArray = rows.values.astype(np.float64)
    if metric == "cosine":
        values *= np.repeat(sparse_factors(rows), np.diff(rows.starts))
    return SparseRows(rows.starts, rows.dims, values, rows.n_dims)


def sparse_ranks(
    rows: SparseRows,
    metric: Metric,
    factors: NDArray[np.float64],
    queries: SparseRows,
    candidates: AnyArray,
) -> NDArray[np.float64]:
    """Return the exact rank values of queries and their candidates; see `Space.ranks`."""
    from projector.compute.neighbors.sparse_kernels import rank_sparse

    check_sparse_metric(metric)
    found = np.empty(candidates.shape)
    wanted = np.ascontiguousarray(candidates, np.int64)
    rank_sparse(arrays(queries), wanted, arrays(rows), factors, KINDS[metric], found)
    return found


def bounds_of_all(
    rows: SparseRows, query: NDArray[np.float64], factors: NDArray[np.float64], metric: Metric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return between what the distance of one query to each point lies, as `nearest_to` asks.

    Parameters
    ----------
    rows : SparseRows
    query : ndarray of shape (n_dims,), float64
        Of unit length for cosine, or 0.
    factors : ndarray of shape (n_points,), float64
    metric : str
        Bounds are of rank values for cosine and inner product, else of distances.
    """
    check_sparse_metric(metric)
    with np.errstate(invalid="ignore", over="ignore"):  # in rows that are left out
        return _bounds_of_all(rows, query, factors, metric)


def _bounds_of_all(
    rows: SparseRows, query: NDArray[np.float64], factors: NDArray[np.float64], metric: Metric
) -> tuple[AnyArray, AnyArray]:
    values = rows.values.astype(np.float64)
    there = query[rows.dims]
    rounding = (rows.n_dims + 8) * _ROUNDING
    if metric == "manhattan":
        size = rows.row_sums(np.abs(values)) + np.abs(query).sum()
        shares = np.abs(values - there) - np.abs(values) - np.abs(there)
        middle = size + rows.row_sums(shares)
        return middle - rounding * size, middle + rounding * size
    product = rows.row_sums(values * there)
    size = rows.row_sums(np.square(values))
    of_query = float(query @ query)
    if metric == "inner_product":
        off = rounding * np.sqrt(size * of_query)
        return -product - off, -product + off
    if metric == "cosine":
        middle = np.where(factors > 0, 2 - 2 * product * factors, 2.0)
        if of_query == 0:
            middle = np.where(factors > 0, 2.0, 0.0)
        return middle - 4 * rounding, middle + 4 * rounding
    middle, off = size + of_query - 2 * product, rounding * (size + of_query)
    return np.sqrt(np.maximum(0, middle - off)), np.sqrt(np.maximum(0, middle + off))


def arrays(rows: SparseRows) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Return starts, dims and values as the kernels take them."""
    return _shut(rows.starts), _shut(rows.dims), _shut(rows.values)


def _shut(array: AnyArray) -> AnyArray:
    """Return a read-only view: kernels are compiled once for these, and not again for others."""
    found = np.ascontiguousarray(array).view()
    found.flags.writeable = False
    return found
