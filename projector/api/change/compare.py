"""Compares two datasets point by point: computed once and stored."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from projector.api.change.comparison_result import Comparison
from projector.api.change.matching import Match, match_points
from projector.api.change.stored_change import load_change, save_change
from projector.api.memory_check import check_change_fits
from projector.api.neighbors import Graphs, graph_size
from projector.api.result_store import default_cache, result_key
from projector.api.table.first_columns import color_column
from projector.compute.change.comparison import measure_change
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from projector.model.arguments import check_callable, metric_name, shown, whole_number
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.sparse_rows import dense_vectors
from projector.typing import AnyArray, Metric, Vectors

#: Increased when other figures are computed than before.
CHANGE_VERSION = 2


def compare(
    a: Dataset | Any,
    b: Dataset | Any,
    k: int = 15,
    *,
    metric: str = "euclidean",
    match: Any = "row",
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Comparison:
    """Say for every point what changed between two datasets of the same points.

    Parameters
    ----------
    a, b : Dataset or array-like of shape (n_points, n_dims)
        Two steps, runs or layers; they may have other numbers of dimensions and points.
    k : int, default=15
        Neighbors per point that are compared, at least 1; lowered to less than half of the
        points if they are few, with a warning.
    metric : str, default="euclidean"
        Of both sides. Under cosine, shifts are those of the directions.
    match : "row", "label", name of a column, or pair of rows, default="row"
        How the points of `b` are found in `a`: row i is row i; by the column that labels the
        points, or another one; or rows of `a` and the same points' rows of `b`. What only one
        side has, and what occurs twice, is counted.
    progress : callable, optional
        Called with a `Progress`; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.

    Returns
    -------
    Comparison
        For every row of `a`: ``kept``, the share of its neighbors that it kept; ``shift``, how
        far it moved once `a` is laid on `b` by a robust Procrustes fit, in sizes of the cloud;
        ``radius``, how far its neighborhood reaches; ``state``. ``summary`` for the whole,
        ``groups`` that moved alike, ``neighbors(i)`` of one point.

    Raises
    ------
    ParameterError
        `k` is out of range, `metric` is unknown or not one for both, or no point is shared.
    ShapeError
        Another number of rows with ``match="row"``, or fewer than 3 shared points.
    DataError
        All vectors of one side are equal.
    MemoryLimitError
        The work does not fit into the memory that is free.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> before = np.random.default_rng(0).normal(size=(300, 16))
    >>> turn = np.linalg.qr(np.random.default_rng(1).normal(size=(16, 16)))[0]
    >>> after = 3 * before @ turn + 5
    >>> change = projector.compare(before, after)
    >>> float(change.kept.min()), bool(change.shift.max() < 1e-5), round(change.summary.scale, 3)
    (1.0, True, 3.0)
    """
    a, b = (each if isinstance(each, Dataset) else Dataset(each) for each in (a, b))
    k = whole_number(k, name="k", low=1, high=None)
    chosen = one_metric(metric)
    check_callable(progress, name="progress")
    matched = match_points(a, b, match)
    labels = first_labels(a)
    store, report = cache or default_cache(), progress or ignore_progress
    return compare_matched(a, b, k, chosen, matched, labels, store, report)


def compare_matched(
    a: Dataset,
    b: Dataset,
    k: int,
    metric: Metric,
    matched: Match,
    labels: tuple[AnyArray, list[str]] | None,
    cache: ResultCache,
    progress: ProgressCallback,
) -> Comparison:
    """Compare two datasets whose points are matched; see `compare`.

    `labels` are the category of each row of `a`, -1 where there is none, and their names.
    """
    is_finite = a.finite_rows[matched.rows_a] & b.finite_rows[matched.rows_b]
    rows_a, rows_b = matched.rows_a[is_finite], matched.rows_b[is_finite]
    n_points = len(rows_a)
    if n_points < 3:
        raise ShapeError(
            f"{n_points:,} of the {len(matched.rows_a):,} shared points have finite vectors on "
            "both sides. A comparison needs at least 3."
        )
    used = min(k, (n_points - 1) // 2)
    check_change_fits(n_points, (a.n_dims, b.n_dims), used)
    vectors = taken_rows(a, rows_a, metric), taken_rows(b, rows_b, metric)
    contents = row_content(a, rows_a), row_content(b, rows_b)
    names = None if labels is None else (labels[0][rows_a], labels[1])
    about = {
        "other": contents[1],
        "k": used,
        "metric": metric,
        "labels": None if names is None else names_hash(names),
        "version": CHANGE_VERSION,
    }
    key = result_key("change", contents[0], about)
    found = load_change(cache, key, n_points, used)
    if found is None:
        size = max(graph_size(n_points, used), used)
        graphs = Graphs(cache)
        first, second = (
            graphs.graph(each, content, size, metric, progress=progress)
            for each, content in zip(vectors, contents, strict=True)
        )
        found = measure_change(*vectors, (first, second), used, labels=names, progress=progress)
        save_change(cache, key, found)
    warnings = [*matched.warnings, *found.summary.warnings]
    if n_points < len(matched.rows_a):
        n_lost = len(matched.rows_a) - n_points
        warnings.append(f"{n_lost:,} shared points are left out: NaN or infinity.")
    if used < k:
        warnings.append(f"k was lowered from {k:,} to {used:,}, less than half of the points.")
    warnings += [*a.warnings_under(metric), *b.warnings_under(metric)]
    told = tuple(dict.fromkeys(warnings))
    return Comparison(matched, rows_a, found, a.n_points, vectors, told)


def one_metric(metric: Any) -> Metric:
    """Return the one metric of both sides, or raise ParameterError."""
    if isinstance(metric, tuple | list) and len(metric) == 2:
        if metric[0] != metric[1]:
            raise ParameterError(
                f"Both sides must have one metric. Got {shown(metric[0])} and {shown(metric[1])}: "
                "neighbors under two metrics differ without any change."
            )
        metric = metric[0]
    return metric_name(metric)


def taken_rows(data: Dataset, rows: AnyArray, metric: Metric) -> Vectors:
    """Return the vectors of some rows, a copy unless these are all."""
    vectors = dense_vectors(data.vectors_under(metric), "A comparison of embeddings")
    is_all = len(rows) == len(vectors) and bool((rows == np.arange(len(rows))).all())
    return vectors if is_all else np.ascontiguousarray(vectors[rows])


def row_content(data: Dataset, rows: AnyArray) -> str:
    """Return a hash of the vectors of some rows: that of the dataset if these are all."""
    if len(rows) == data.n_points and bool((rows == np.arange(len(rows))).all()):
        return data.content_hash
    chosen = hashlib.sha256(np.ascontiguousarray(rows, "<i8").tobytes()).hexdigest()
    return result_key("rows", data.content_hash, {"rows": chosen})


def names_hash(labels: tuple[AnyArray, list[str]]) -> str:
    """Return a hash of categories and their names."""
    codes, names = labels
    text = json.dumps(names).encode() + np.ascontiguousarray(codes, "<i4").tobytes()
    return hashlib.sha256(text).hexdigest()[:32]


def first_labels(data: Dataset) -> tuple[AnyArray, list[str]] | None:
    """Return the categories of the column that colors the points, None without one."""
    at = color_column(data)
    return None if at is None else categories_of(data.metadata.columns[at])


def categories_of(column: Column) -> tuple[AnyArray, list[str]]:
    """Return the category of each row, -1 where it is missing, and their names."""
    codes, names, _ = column.categories()
    return codes, names
