"""Nearest-neighbor search for t-SNE, UMAP, quality and the inspector."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from projector.compute.neighbors.exact import Search, exact_neighbors
from projector.compute.neighbors.metrics import check_metric
from projector.compute.neighbors.space import Space, prepare
from projector.compute.neighbors.tree import MOST_DIMS, tree_neighbors
from projector.errors import ParameterError
from projector.model.neighbors import Neighbors, recall_warning
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import Metric, Vectors

#: All pairs cost n_points² n_dims: they are compared up to this many points ...
EXACT_POINTS = 20_000
#: ... and above, while that product stays below this (some seconds on two cores).
EXACT_WORK = 6e10
#: From this many points on, a tree is faster in few dimensions.
TREE_POINTS = 1000
_TREE_METRICS = ("euclidean", "manhattan", "chebyshev", "haversine")
#: A lower recall is not returned where all pairs can be compared with this work, some minutes
#: on two cores; above, that much work may be done to find more.
LEAST_RECALL, MOST_WORK = 0.95, 1e13
#: Sparse vectors are compared exactly up to so many additions, some minutes: a sketch takes longer.
SPARSE_WORK = 4e11


def find_neighbors(
    vectors: Vectors,
    k: int,
    *,
    metric: Metric = "euclidean",
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Neighbors:
    """Find the `k` nearest neighbors of every point.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite.
    k : int, 0 <= k <= n_points - 1
    metric : Metric
    random_state : int
        Seed of the approximate search and of the sample that measures it.
    progress : callable
        Called between blocks of some 50 ms.

    Returns
    -------
    Neighbors
        Nearest first, ties by index, a point is not its own neighbor, its duplicates are at
        distance 0. Distances are those of the metric; for ``"inner_product"`` the negated
        product, so that less is nearer. They are exact: sums over the differences of the given
        numbers in float64. ``exact`` is whether all pairs were compared; if not, ``recall`` is
        measured on 300 points, and ``recall_error`` says how well.

    Raises
    ------
    ParameterError
        `k` out of range or an unknown metric.

    Notes
    -----
    Exact up to `EXACT_POINTS` points, or while n_points² n_dims is at most `EXACT_WORK`, and
    always for ``"inner_product"`` and in up to 4 dimensions; memory one copy of `vectors`. Where
    the approximate search finds less than `LEAST_RECALL`, it compares each point with those of
    more cells, and in the end all pairs, unless these exceed `MOST_WORK`. Sparse vectors are
    compared exactly up to `SPARSE_WORK`.
    """
    check_metric(metric)
    if not 0 <= k <= len(vectors) - 1:
        raise ParameterError(
            f"k must be from 0 to {len(vectors) - 1:,}, as there are {len(vectors):,} points and "
            f"none is its own neighbor. Got {k:,}."
        )
    space = prepare(vectors, metric)
    search = Search(space)
    if not _is_exact(search):
        indices, ranks, recalls = _approximate(search)(
            search, k, random_state=random_state, progress=progress
        )
        recall, error = recalls[-1] if recalls else (1.0, 0.0)
        if recall >= LEAST_RECALL or _work(search) > MOST_WORK or search.index is not None:
            said = recall_warning(space.n_points, recall, error)
            return Neighbors(
                indices,
                space.distances(ranks),
                metric,
                recall,
                False,
                (*space.warnings, said),
                error,
                recalls,
            )
    compare = tree_neighbors if _fits_tree(space) else exact_neighbors
    indices, ranks = compare(search, k, progress=progress)
    return Neighbors(indices, space.distances(ranks), metric, warnings=space.warnings)


def _fits_tree(space: Space) -> bool:
    few = space.n_dims <= MOST_DIMS and space.metric in _TREE_METRICS
    return few and space.n_points >= TREE_POINTS and space.sparse is None


def _work(search: Search) -> float:
    return float(search.n_points) ** 2 * search.space.n_dims


def _is_exact(search: Search) -> bool:
    if search.index is not None:
        return search.index.work_of_all <= SPARSE_WORK
    few = search.n_points <= EXACT_POINTS or _work(search) <= EXACT_WORK
    return few or search.space.metric == "inner_product" or _fits_tree(search.space)


def _approximate(search: Search) -> Callable[..., Any]:
    if search.index is not None:
        from projector.compute.neighbors.sparse_approximate import approximate_sparse

        return approximate_sparse
    from projector.compute.neighbors.approximate import approximate_neighbors

    return partial(approximate_neighbors, least=LEAST_RECALL, most_work=MOST_WORK)
