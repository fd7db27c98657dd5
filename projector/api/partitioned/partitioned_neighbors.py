"""Nearest neighbors among points in parts: of each part, by comparing all, then of all parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.partitioned import tasks
from projector.api.partitioned.chunk_rows import checked_limit, rows_for_neighbors
from projector.api.partitioned.given_data import sources_of
from projector.api.partitioned.landmarks import read_rows
from projector.api.partitioned.phases import Phases
from projector.compute.neighbors.space import prepare
from projector.errors import ParameterError, ShapeError
from projector.jobs.executors.chosen import chosen_executor
from projector.jobs.executors.protocol import Executor
from projector.jobs.executors.reduction import reduce_in_tree
from projector.jobs.executors.serial import SerialExecutor
from projector.model.arguments import check_callable, metric_name, whole_number
from projector.model.arrays import as_numbers
from projector.model.partitioned import PartitionedDataset
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.rows import as_rows
from projector.typing import AnyArray, Distances, Json, Metric


@dataclass(frozen=True)
class PartitionedNeighbors:
    """The points of data in parts that are nearest to some queries.

    Attributes
    ----------
    indices : ndarray of shape (n_queries, k), int64
        Rows of the whole dataset, nearest first, ties by index; -1 where there are fewer points.
    distances : ndarray of shape (n_queries, k), float32
        In the unit of `metric`; infinite where there are fewer points.
    metric : Metric
    details : dict
        ``n_left_out``, the points with NaN or infinity, which are nobody's neighbors;
        ``executor`` and ``dashboard``.
    """

    indices: NDArray[np.int64] = field(repr=False)
    distances: Distances = field(repr=False)
    metric: Metric
    details: dict[str, Json] = field(default_factory=dict)


def partitioned_neighbors(
    data: PartitionedDataset | Any,
    k: int = 15,
    *,
    queries: AnyArray | None = None,
    rows: Sequence[int] | AnyArray | None = None,
    metric: str = "euclidean",
    executor: Any = None,
    memory_limit: int | None = None,
    progress: ProgressCallback | None = None,
) -> PartitionedNeighbors:
    """Find the nearest neighbors of some points, or vectors, among all points of data in parts.

    Parameters
    ----------
    data : PartitionedDataset, or a Dask array or dataframe
    k : int, default=15
    queries : array-like of shape (n_queries, n_dims), optional
        Vectors whose neighbors are searched.
    rows : sequence of int, optional
        Points whose neighbors are searched, in place of `queries`; none is its own neighbor.
    metric : str, default="euclidean"
        As in `projector.neighbors`.
    executor, memory_limit, progress
        As in `projector.project`.

    Returns
    -------
    PartitionedNeighbors
        All points are compared: the same as of one search over all of them, bit for bit.

    Raises
    ------
    ParameterError
        Neither or both of `queries` and `rows` are given, or `k` is out of range.
    ShapeError
        A query has another number of dimensions, or NaN or infinity.
    MemoryLimitError
        The queries do not fit in the memory of a task.
    JobError, Cancelled
        As in `projector.project`.

    Notes
    -----
    Time O(n_points n_queries n_dims), one pass over the data. An index of each part would take
    longer to build than it saves for fewer than some thousand queries.

    Examples
    --------
    >>> parts = projector.open_parts("dir/*.parquet")                     # doctest: +SKIP
    >>> projector.partitioned_neighbors(parts, k=10, rows=[0, 5_000_000_000])  # doctest: +SKIP
    """
    check_callable(progress, name="progress")
    k = whole_number(k, name="k", low=1, high=None)
    chosen = metric_name(metric)
    limit = checked_limit(memory_limit)
    if (queries is None) == (rows is None):
        raise ParameterError("Give either 'queries', vectors, or 'rows', indices of points.")
    with chosen_executor(executor) as where:
        sources = sources_of(data, in_process=not isinstance(where, SerialExecutor))
        phases = Phases(progress or ignore_progress)
        if rows is not None:
            own = np.asarray(as_rows(rows, sources.n_points, what="The rows"), np.int64)
            wanted, place = np.unique(own, return_inverse=True)
            with phases.phase("reading", sources.n_points) as on_rows:
                some = rows_for_neighbors(limit, sources.n_dims, len(own), k)
                found_rows, vectors = read_rows(where, sources, wanted, some, on_rows)
            if len(found_rows) < len(wanted):
                raise ShapeError(
                    f"{len(wanted) - len(found_rows):,} of the {len(wanted):,} points have NaN or "
                    "infinity, so they have no neighbors. Leave them out."
                )
            asked = tasks.Queries(vectors[place], own)
        else:
            vectors = _vectors(queries, sources.n_dims)
            asked = tasks.Queries(vectors, np.full(len(vectors), -1, np.int64))
        most_rows = rows_for_neighbors(limit, sources.n_dims, len(asked.own), k)
        shared = where.scatter(asked)
        with phases.phase("neighbors", sources.n_points) as on_rows:
            submits = [
                partial(where.submit, tasks.nearest_of, part, shared, k, chosen, most_rows)
                for part in sources.parts
            ]
            found = reduce_in_tree(where, submits, tasks.nearest_merged, on_rows)
        return _result(found, asked, chosen, where)


def _vectors(queries: Any, n_dims: int) -> AnyArray:
    vectors = np.ascontiguousarray(as_numbers(queries, what="'queries'")[0], np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != n_dims or not len(vectors):
        raise ShapeError(
            f"'queries' has the shape {vectors.shape}. Expected (n_queries, {n_dims}), as the data "
            f"has {n_dims} dimensions."
        )
    if not np.isfinite(vectors).all():
        raise ShapeError("'queries' has NaN or infinity. Leave these vectors out.")
    return vectors


def _result(
    found: tasks.Found, asked: tasks.Queries, metric: Metric, where: Executor
) -> PartitionedNeighbors:
    n_queries, n_found = found.nearest.indices.shape
    indices = np.full((n_queries, found.k), -1, np.int64)
    distances = np.full((n_queries, found.k), np.inf, np.float32)
    indices[:, :n_found] = found.nearest.indices
    is_found = indices[:, :n_found] >= 0
    of_found = prepare(asked.vectors, metric).distances(found.nearest.ranks)
    distances[:, :n_found] = np.where(is_found, of_found, np.inf)
    details: dict[str, Json] = {
        "n_left_out": found.n_left_out,
        "executor": where.name,
        "dashboard": where.dashboard,
    }
    return PartitionedNeighbors(indices, distances, metric, details)
