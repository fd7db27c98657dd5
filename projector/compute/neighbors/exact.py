"""Exact nearest-neighbor search: all pairs, block by block.

Matrix products select candidates; they round too much to order near points, so the candidates
are then compared by the differences of the vectors. Nothing has to be compiled first, and up to
some 20,000 points no index is faster (benchmarks/README.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.metrics import ROUNDING, Space
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Metric

#: Numbers multiplied for one block of queries: well under 0.1 s between two reports.
BLOCK_WORK = 6_000_000_000
#: Points whose ties are broken at once.
CROWD_ROWS = 128
#: Rows compared at once with a block of queries: the products stay near the cache.
TILE = 4096
#: From this many queries on, faiss is faster than numpy; below, it is slower.
FAISS_QUERIES = 512
#: Candidates beyond k, because the matrix product rounds.
SLACK = 8


def exact_neighbors(
    space: Space, k: int, *, progress: ProgressCallback
) -> tuple[NDArray[np.int32], AnyArray]:
    """Find the `k` nearest points of every point by comparing all.

    Parameters
    ----------
    space : Space
    k : int, 0 <= k <= n_points - 1

    Returns
    -------
    indices : ndarray of shape (n_points, k), int32
        Nearest first, ties by index, never the point itself.
    ranks : ndarray of shape (n_points, k), float32
        Rank values; `Space.distances` turns them into distances.

    Notes
    -----
    Time O(n_points² n_dims), memory O(n_points k).
    """
    n_points = space.n_points
    indices = np.empty((n_points, k), np.int32)
    ranks = np.empty((n_points, k), np.float32)
    step = _rows_at_once(space)
    for start in range(0, n_points, step):
        rows = np.arange(start, min(n_points, start + step))
        indices[rows], ranks[rows] = neighbors_of(space, rows, k)
        progress(Progress("neighbors", int(rows[-1]) + 1, n_points))
    return indices, ranks


def neighbors_of(space: Space, rows: AnyArray, k: int) -> tuple[NDArray[np.int32], AnyArray]:
    """Find the `k` nearest points of the points `rows`; see `exact_neighbors`."""
    candidates = _candidates(space, rows, k)
    ranks = space.rank_pairs(rows, candidates)
    ranks[candidates == rows[:, None]] = np.inf
    order = np.lexsort((candidates, ranks))[:, :k]
    return (
        np.take_along_axis(candidates, order, axis=1).astype(np.int32),
        np.take_along_axis(ranks, order, axis=1),
    )


def rank_block(space: Space, points: AnyArray, others: AnyArray) -> AnyArray:
    """Compare points with others, each with all, by one matrix product.

    Parameters
    ----------
    points, others : ndarray of int

    Returns
    -------
    ndarray of shape (n_points, n_others), float32
        Rank values; those of distances are rounded to `ROUNDING` of the squared lengths.
    """
    queries, rows = space.rows[points], space.rows[others]
    if space.metric == "manhattan":
        import faiss

        return np.asarray(faiss.pairwise_distances(queries, rows, metric=faiss.METRIC_L1))
    product = queries @ rows.T
    if space.metric == "inner_product":
        return -product
    product *= np.float32(-2)
    product += space.squares[others]
    product += space.squares[points, None]
    return product


def nearest_rows(
    queries: NDArray[np.float32],
    rows: NDArray[np.float32],
    squares: NDArray[np.float32],
    n_near: int,
    metric: Metric,
) -> tuple[AnyArray, AnyArray]:
    """Select the `n_near` rows that come nearest to each query, unsorted.

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
        Rank values but for a constant of each query, as the matrix product rounds them.
    places : ndarray of shape (n_queries, n_near), int
        Which of `rows`.
    """
    if metric == "manhattan" or len(queries) >= FAISS_QUERIES:
        return _nearest_by_faiss(queries, rows, n_near, metric)
    # |q - x|² without |q|², which orders nothing; powers of two round nothing.
    factor = np.float32(-1 if metric == "inner_product" else -2)
    scaled = queries * factor
    values, places = [], []
    for start in range(0, len(rows), TILE):
        product = scaled @ rows[start : start + TILE].T
        if metric != "inner_product":
            product += squares[start : start + TILE]
        near = _smallest(product, n_near)
        values.append(np.take_along_axis(product, near, axis=1))
        places.append(near + start)
    if len(values) == 1:
        return values[0], places[0]
    all_values, all_places = np.concatenate(values, axis=1), np.concatenate(places, axis=1)
    near = _smallest(all_values, n_near)
    return np.take_along_axis(all_values, near, axis=1), np.take_along_axis(
        all_places, near, axis=1
    )


def _nearest_by_faiss(
    queries: NDArray[np.float32], rows: NDArray[np.float32], n_near: int, metric: Metric
) -> tuple[AnyArray, AnyArray]:
    import faiss

    kinds = {"manhattan": faiss.METRIC_L1, "inner_product": faiss.METRIC_INNER_PRODUCT}
    kind = kinds.get(metric, faiss.METRIC_L2)
    values, places = faiss.knn(queries, rows, n_near, metric=kind)
    if metric == "inner_product":
        return -values, places
    if metric != "manhattan":
        values -= np.einsum("ij,ij->i", queries, queries)[:, None]
    return values, places


def _smallest(values: AnyArray, n: int) -> AnyArray:
    if n >= values.shape[1]:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return np.argpartition(values, n - 1, axis=1)[:, :n]


def _candidates(space: Space, rows: AnyArray, k: int) -> AnyArray:
    """Select the point itself, k others and `SLACK` more; ties are broken by index."""
    n_near = min(space.n_points, k + 1 + SLACK)
    values, near = nearest_rows(space.rows[rows], space.rows, space.squares, n_near, space.metric)
    if n_near <= k + 1:
        return near
    # The (k + 1)-th counts the point itself, which under inner_product need not be among them.
    limit = np.partition(values, k, axis=1)[:, k] + ROUNDING * space.squares[rows]
    crowded = np.flatnonzero(values.max(axis=1) <= limit)
    for start in range(0, len(crowded), CROWD_ROWS):
        some = crowded[start : start + CROWD_ROWS]
        _settle(space, rows[some], limit[some], some, near)
    return near


def _settle(space: Space, points: AnyArray, limit: AnyArray, at: AnyArray, near: AnyArray) -> None:
    """Select again, by the differences, where many points are about as near as the k-th.

    Most often they are duplicates, such as padding. `near` is written at the rows `at`.
    """
    n_near = near.shape[1]
    factor = np.float32(-1 if space.metric == "inner_product" else -2)
    if space.metric == "manhattan":
        values = rank_block(space, points, np.arange(space.n_points))
    else:
        values = (space.rows[points] * factor) @ space.rows.T
        if space.metric != "inner_product":
            values += space.squares
    is_near = values <= limit[:, None]
    for row, point in enumerate(points):
        crowd = np.flatnonzero(is_near[row])
        if len(crowd) < n_near:  # the product of other rows rounds otherwise
            continue
        near[at[row]] = _nearest_in(space, int(point), crowd, n_near)


def _nearest_in(space: Space, point: int, crowd: AnyArray, n_near: int) -> AnyArray:
    own = np.array([point])
    first = crowd[: 8 * n_near]
    ranks = space.rank_pairs(own, first[None, :])[0]
    if len(first) < len(crowd):
        # Duplicates of the point, in the order of their index, end the search at once.
        same = first[ranks == 0]
        if space.metric != "inner_product" and len(same) >= n_near:
            return np.concatenate([own, same[same != point]])[:n_near]
        ranks = space.rank_pairs(own, crowd[None, :])[0]
    ranks[crowd == point] = -np.inf
    return crowd[np.argsort(ranks, kind="stable")[:n_near]]


def _rows_at_once(space: Space) -> int:
    cost = space.n_points * (space.rows.shape[1] + 64)
    cost *= 4 if space.metric == "manhattan" else 1
    return int(np.clip(BLOCK_WORK // max(1, cost), 1, 1024))
