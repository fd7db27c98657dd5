"""Nearest neighbors of queries among points in pieces: of each piece, then the nearest of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.space import prepare
from projector.typing import AnyArray, Metric, Vectors


@dataclass(frozen=True)
class Nearest:
    """The points nearest to some queries, so far.

    Attributes
    ----------
    indices : ndarray of shape (n_queries, k), int64
        Rows of the whole dataset, nearest first, ties by index; -1 where there are fewer points.
    ranks : ndarray of shape (n_queries, k), float64
        Exact rank values; infinite where there are fewer points.
    """

    indices: NDArray[np.int64]
    ranks: NDArray[np.float64]

    @classmethod
    def none(cls, n_queries: int) -> Nearest:
        """Return what is found among no points."""
        return cls(np.empty((n_queries, 0), np.int64), np.empty((n_queries, 0)))


def nearest_in_piece(
    vectors: Vectors,
    rows: AnyArray,
    queries: Vectors,
    own: AnyArray,
    k: int,
    metric: Metric,
) -> Nearest:
    """Find the points of one piece that are nearest to each query, by comparing all.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite.
    rows : ndarray of shape (n_points,), int64
        Their rows in the whole dataset, ascending.
    queries : ndarray of shape (n_queries, n_dims), float32
    own : ndarray of shape (n_queries,), int64
        The row of each query that is a point, which is not its own neighbor; -1 for others.
    k : int
    metric : Metric
    """
    if len(vectors) == 0:
        return Nearest.none(len(queries))
    # One more, as a point finds itself.
    n_near = min(len(vectors), k + 1)
    places, ranks = Search(prepare(vectors, metric)).of_queries(queries, n_near)
    indices = rows[places].astype(np.int64)
    return _first(indices, np.where(indices == own[:, None], np.inf, ranks), k)


def merge_nearest(found: Sequence[Nearest], k: int) -> Nearest:
    """Return the `k` nearest of several pieces, ties by index: the same in any order."""
    indices = np.concatenate([each.indices for each in found], axis=1)
    ranks = np.concatenate([each.ranks for each in found], axis=1)
    return _first(indices, ranks, k)


def _first(indices: AnyArray, ranks: AnyArray, k: int) -> Nearest:
    order = np.lexsort((indices, ranks))[:, :k]
    indices = np.take_along_axis(indices, order, axis=1)
    ranks = np.take_along_axis(ranks, order, axis=1)
    return Nearest(np.where(np.isinf(ranks), -1, indices), ranks)
