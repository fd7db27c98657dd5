"""The distance of a metric, in float64: the one that graphs, queries, recall and quality ask.

A search compares **rank values**: squared euclidean distance for ``euclidean``, ``cosine``
(of unit vectors), ``correlation`` (of unit vectors less their mean) and ``haversine`` (on the unit
sphere), the negated product for ``inner_product``, the distance itself for all others. They order
the points as the metric does and are cheap; only the result is converted to distances. They are
sums of differences, or of products, in float64, in which no sum over float32 numbers overflows,
and no difference of two of them is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.direct import direct_ranks, squared_chords
from projector.compute.neighbors.metrics import (
    ANGULAR,
    DIRECT,
    check_metric,
    check_vectors,
    no_direction_warning,
    unusual_numbers,
)
from projector.compute.neighbors.sparse_search import (
    check_sparse_metric,
    sparse_factors,
    sparse_queries,
    sparse_ranks,
)
from projector.model.sparse_rows import SparseRows, as_held, sparse_of, sparse_rows
from projector.typing import AnyArray, Metric, Vectors

#: Float64 numbers compared at once: they stay in the cache.
GATHER_SIZE = 200_000
#: Rank value of a vector without a direction and one that has one: distance 1.
_NO_DIRECTION = 2.0


@dataclass(frozen=True)
class Space:
    """Vectors under one metric, in which exact rank values are computed.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        As they were given; nothing is copied.
    metric : Metric
    """

    vectors: Vectors
    metric: Metric

    @property
    def n_points(self) -> int:
        """Points in the space."""
        return len(self.vectors)

    @property
    def n_dims(self) -> int:
        """Numbers of a vector."""
        return int(self.vectors.shape[1])

    @property
    def is_angular(self) -> bool:
        """Whether directions are compared."""
        return self.metric in ANGULAR

    @property
    def is_direct(self) -> bool:
        """Whether every pair is compared as it is, without estimates."""
        return self.metric in DIRECT

    @cached_property
    def shifts(self) -> NDArray[np.float64]:
        """What is subtracted from each vector first: its mean for correlation, else 0."""
        shifts = np.zeros(self.n_points)
        if self.metric == "correlation":
            for some in chunks(self.n_points, self.n_dims):
                shifts[some] = _means(np.asarray(self.vectors[some], np.float64))
        return shifts

    @cached_property
    def factors(self) -> NDArray[np.float64]:
        """What each vector is multiplied by then: 1 / its length (0 if zero), or 1."""
        factors = np.ones(self.n_points)
        if self.is_angular and self.sparse is not None:
            return sparse_factors(self.sparse)
        if self.is_angular:
            for some in chunks(self.n_points, self.n_dims):
                wide = np.asarray(self.vectors[some], np.float64)
                factors[some] = _factors(self._shifted(wide))
        return factors

    @cached_property
    def sparse(self) -> SparseRows | None:
        """The vectors if they are sparse. Queries are sparse then, too."""
        return sparse_of(self.vectors)

    @property
    def scalings(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`factors` and `shifts`, as compiled kernels take them."""
        return self.factors, self.shifts

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be known about the vectors under this metric."""
        n_without = self.n_points - int(np.count_nonzero(self.factors))
        if n_without:
            return (no_direction_warning(n_without, self.metric),)
        unusual = unusual_numbers(self.vectors, self.metric)
        return (unusual,) if unusual else ()

    def queries(self, vectors: AnyArray) -> NDArray[np.float64]:
        """Return vectors as `ranks` takes them: in float64, of unit length if angular."""
        if self.sparse is not None:
            return as_held(sparse_queries(sparse_rows(vectors), self.metric))
        wide = np.asarray(vectors, np.float64)
        if not self.is_angular:
            return wide
        wide = self._shifted(wide)
        return wide * _factors(wide)[:, None]

    def _shifted(self, wide: NDArray[np.float64]) -> NDArray[np.float64]:
        return wide - _means(wide)[:, None] if self.metric == "correlation" else wide

    def own_queries(self, points: AnyArray | slice) -> NDArray[np.float64]:
        """Return points of this space as `ranks` takes them."""
        if self.sparse is not None:
            return as_held(sparse_queries(self.sparse[points], self.metric))
        return self.queries(self.vectors[points])

    def ranks(self, queries: NDArray[np.float64], candidates: AnyArray) -> NDArray[np.float64]:
        """Compute the exact rank values of queries and their candidates.

        Parameters
        ----------
        queries : ndarray of shape (n, n_dims), float64
            See `queries`.
        candidates : ndarray of shape (n, n_candidates), int
            Points of this space.

        Returns
        -------
        ndarray of shape (n, n_candidates), float64
        """
        asked = sparse_of(queries)
        if asked is not None and self.sparse is not None:
            return sparse_ranks(self.sparse, self.metric, self.factors, asked, candidates)
        found = np.empty(candidates.shape)
        step = max(1, GATHER_SIZE // max(1, candidates.shape[1] * self.n_dims))
        for start in range(0, len(candidates), step):
            rows = slice(start, start + step)
            chosen = candidates[rows]
            near = np.asarray(self.vectors[chosen.ravel()], np.float64)
            near = near.reshape(*chosen.shape, self.n_dims)
            found[rows] = self._compare(queries[rows], near)
        return found

    def rank_pairs(self, points: AnyArray, candidates: AnyArray) -> NDArray[np.float64]:
        """Compute the exact rank values of points and their candidates; see `ranks`."""
        found = np.empty(candidates.shape)
        step = max(1, GATHER_SIZE // max(1, self.n_dims))
        for start in range(0, len(candidates), step):
            rows = slice(start, start + step)
            found[rows] = self.ranks(self.own_queries(points[rows]), candidates[rows])
        return found

    def _compare(self, queries: AnyArray, near: AnyArray) -> AnyArray:
        """Return the rank values of each query and its near vectors, which are overwritten."""
        if self.metric == "inner_product":
            return np.asarray(np.einsum("id,ikd->ik", -queries, near))
        if self.metric == "haversine":
            return squared_chords(queries, near)
        if self.is_direct:
            return direct_ranks(queries, near, self.metric)
        is_mixed = np.zeros(near.shape[:2], np.bool_)
        if self.is_angular:
            near = self._shifted(near.reshape(-1, near.shape[2]))
            factors = _factors(near).reshape(len(queries), -1)
            near = near.reshape(*factors.shape, -1)
            near *= factors[:, :, None]
            has_direction = np.asarray(queries.any(axis=1))
            is_mixed = (factors > 0) != has_direction[:, None]
        near -= queries[:, None, :]
        if self.metric == "manhattan":
            return np.asarray(np.abs(near, out=near).sum(axis=2))
        ranks = np.asarray(np.einsum("ikd,ikd->ik", near, near))
        ranks[is_mixed] = _NO_DIRECTION
        return ranks

    def distances(self, ranks: AnyArray) -> NDArray[np.float32]:
        """Convert rank values to distances in the unit of the metric.

        Distances beyond float32 are its largest number.
        """
        found = np.empty(ranks.shape, np.float32)
        largest = np.finfo(np.float32).max
        for some in chunks(len(ranks), max(1, ranks.shape[-1])):
            wide = ranks[some] / 2 if self.is_angular else ranks[some]
            if self.metric in ("euclidean", "haversine"):
                wide = np.sqrt(wide)
            if self.metric == "haversine":
                wide = 2 * np.arcsin(np.minimum(1, wide / 2))
            found[some] = np.clip(wide, -largest, largest)
        return found


def prepare(vectors: Vectors, metric: Metric) -> Space:
    """Return the space of `vectors` under `metric`.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite; may be a memory map.
    metric : Metric

    Raises
    ------
    ParameterError
        Unknown metric, or vectors that it does not take.
    """
    check_metric(metric)
    if sparse_of(vectors) is not None:
        check_sparse_metric(metric)
        return Space(vectors, metric)
    vectors = np.asarray(vectors)
    check_vectors(vectors, metric)
    return Space(vectors, metric)


def chunks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Yield slices of rows that fit into the cache together, as float64."""
    step = max(1, GATHER_SIZE // max(1, n_columns))
    for start in range(0, n_rows, step):
        yield slice(start, start + step)


def _means(wide: AnyArray) -> AnyArray:
    """Return the mean of each row; the second pass takes back what the first one rounded."""
    first = wide.mean(axis=1)
    return np.asarray(first + (wide - first[:, None]).mean(axis=1))


def _factors(wide: AnyArray) -> AnyArray:
    """Return 1 / length of each row, 0 for those of length 0."""
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    return np.asarray(np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0))
