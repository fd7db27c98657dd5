"""Nearest neighbors of a point, a set of points, a vector or an expression: king - man + woman."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.api.table.first_columns import label_column
from projector.compute.neighbors.query import nearest_to
from projector.errors import ParameterError, ShapeError, UnknownNameError
from projector.model.arguments import check_callable, metric_name, shown, whole_number
from projector.model.arrays import as_numbers
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.rows import as_rows
from projector.typing import AnyArray, Distances, Indices, Metric

#: Neighbors that one request may ask for.
MAX_K = 1000
#: Terms of an expression.
MAX_TERMS = 1000
#: Numbers of the vectors that are averaged at once.
_BLOCK = 1 << 21
#: A term: an optional sign and factor, then a label in quotes or up to the next operator. An
#: operator has spaces around it, so that well-known is one label.
_TERM = re.compile(
    r"""\s*(?P<sign>[+-](?=\s|$)|)\s*
    (?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>\S+(?:\s+(?![+-](?:\s|$))\S+)*))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    """One term of an expression, such as ``- 2 * "man"``, and the rows with its label."""

    weight: float
    label: str
    rows: AnyArray = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """The points nearest to a query, and how the query was read.

    Attributes
    ----------
    indices : ndarray of shape (n_found,), int32
        Rows of the dataset, nearest first, ties by index.
    distances : ndarray of shape (n_found,), float32
        In the unit of `metric`.
    metric : str
    terms : tuple of Term
        Of an expression; empty for other queries.
    warnings : tuple of str
        If fewer points than `k` were there to be found.
    """

    indices: Indices = field(repr=False)
    distances: Distances = field(repr=False)
    metric: Metric
    terms: tuple[Term, ...] = ()
    warnings: tuple[str, ...] = ()


def nearest(
    data: Dataset | Any,
    query: int | Sequence[int] | AnyArray | str,
    k: int = 10,
    *,
    metric: str = "cosine",
    column: str | int | None = None,
    check: Callable[[], object] = lambda: None,
) -> Answer:
    """Find the `k` points nearest to a point, to the centroid of points, or to an expression.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
    query : int, sequence of int, mask, sequence of n_dims floats, or str
        A point; points, of which the centroid is taken, also as a mask of n_points truth values;
        a vector of floats; or an expression of labels
        with signs and factors, such as ``"king - man + woman"`` or ``"2 * paris - 'New York'"``.
        Operators need spaces around them. A label of several points stands for their centroid.
    k : int, default=10
        1 to 1000.
    metric : str, default="cosine"
        "euclidean", "cosine", "inner_product", "manhattan", "correlation", "chebyshev",
        "canberra", "braycurtis", "hamming", "jaccard" or "haversine" (latitude and longitude in
        radians); docs/algorithms.md has their formulas.
        With ``"cosine"`` each vector counts by its direction alone (Mikolov et al., 2013).
    column : str or int, optional
        The metadata column with the labels; by default the one that labels the points
        (`projector.label_column`).
    check : callable, optional
        Called many times a second; if it raises, the search ends.

    Returns
    -------
    Answer
        Without the points of the query, and without points with NaN or infinity. Empty if no
        point of the query has a finite vector. Exact; about 25 ms for 100,000 x 384.

    Raises
    ------
    ParameterError
        `k` or a point is no whole number or out of range, a vector is not finite or of another
        length, `metric` is unknown, or the expression cannot be read.
    UnknownNameError
        No point has a label of the expression, or `column` does not exist.

    Examples
    --------
    >>> import projector
    >>> words = projector.Dataset(
    ...     [[1.0, 1.0], [0.9, 0.0], [0.0, 1.0], [-1.0, 1.0]],
    ...     metadata={"word": ["king", "man", "queen", "woman"]},
    ... )
    >>> projector.nearest(words, 0, k=2, metric="euclidean").indices.tolist()
    [2, 1]
    >>> answer = projector.nearest(words, "king - man + woman", k=1)
    >>> words.metadata["word"].text[answer.indices[0]]
    'queen'
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    k = whole_number(k, name="k", low=1, high=MAX_K)
    chosen = metric_name(metric)
    check_callable(check, name="check")
    terms: tuple[Term, ...] = ()
    if isinstance(query, str):
        terms = read_expression(query, label_column_of(dataset, column))
        vector = _combined(dataset, terms, chosen, check)
        asked = np.concatenate([term.rows for term in terms])
    elif (given := _vector_of(query, dataset.n_dims)) is not None:
        vector, asked = given - dataset.center_under(chosen), np.zeros(0, np.int64)
    else:
        asked = as_rows(query, dataset.n_points, what="The points of a query")
        vector = centroid(dataset, asked, chosen, check)
    excluded = np.union1d(asked, np.flatnonzero(~dataset.finite_rows))
    if len(excluded) >= dataset.n_points or not np.isfinite(vector).all():
        return Answer(np.zeros(0, np.int32), np.zeros(0, np.float32), chosen, terms)
    indices, distances = nearest_to(
        dataset.vectors_under(chosen),
        np.asarray(vector, np.float64),
        k,
        metric=chosen,
        exclude=excluded,
        # No metric whose vectors are centered compares products.
        squares=lambda: dataset.squared_lengths,
        check=check,
    )
    fewer = f"Only {len(indices):,} points were found, not {k:,}: there are no others."
    warnings = (*((fewer,) if len(indices) < k else ()), *dataset.warnings_under(chosen))
    return Answer(indices, distances, chosen, terms, warnings)


def _vector_of(query: Any, n_dims: int) -> AnyArray | None:
    """Return a query of floats as a vector, or None: it names points.

    Raises
    ------
    ParameterError
        Floats that are no finite vector of the data's length.
    """
    if isinstance(query, int | np.integer):
        return None
    try:
        vector, _ = as_numbers(query, what="A query")
    except ShapeError:
        return None
    if vector.dtype.kind != "f" or vector.size == 0:
        return None
    if vector.ndim != 1 or len(vector) != n_dims:
        given = f"{len(vector):,}" if vector.ndim == 1 else f"the shape {vector.shape}"
        raise ParameterError(
            f"A query of floats is a vector and must have {n_dims:,} numbers, as many as the data "
            f"has dimensions. Got {given}. Name points by whole numbers."
        )
    if not np.isfinite(vector).all():
        raise ParameterError("The vector of a query must not contain NaN or infinity.")
    return vector


def _combined(
    data: Dataset, terms: Iterable[Term], metric: Metric, check: Callable[[], object]
) -> AnyArray:
    """Return the weighted sum of the terms' centroids; each label's is computed once."""
    weights: dict[str, float] = {}
    rows: dict[str, AnyArray] = {}
    for term in terms:
        weights[term.label] = weights.get(term.label, 0.0) + term.weight
        rows[term.label] = term.rows
    # Of vectors less their center, the sum lacks as many centers as the weights add up to.
    total = (sum(weights.values()) - 1) * data.center_under(metric)
    for label, weight in weights.items():
        total += weight * centroid(data, rows[label], metric, check)
    return total


def read_expression(text: str, column: Column) -> tuple[Term, ...]:
    """Return the terms of an expression over the labels of `column`.

    Raises
    ------
    ParameterError
        It cannot be read, or has more than `MAX_TERMS` terms.
    UnknownNameError
        No point has one of its labels.
    """
    terms: list[tuple[float, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or found.end() == at or (terms and not found["sign"]):
            raise ParameterError(
                f"Cannot read {shown(text[at:])}. Write labels with + and - between "
                "spaces, such as king - man + woman. Put a label that contains + or - in quotes."
            )
        label = next(v for v in (found["double"], found["single"], found["plain"]) if v is not None)
        weight = float(found["factor"] or 1) * (-1 if found["sign"] == "-" else 1)
        terms.append((weight, label))
        if len(terms) > MAX_TERMS:
            raise ParameterError(
                f"The expression has more than {MAX_TERMS:,} terms. Use fewer labels, or name "
                "the points by their row numbers."
            )
        at = found.end()
    if not terms:
        raise ParameterError("The expression is empty. Write labels, such as king - man + woman.")
    rows = rows_of_labels(column, [label for _, label in terms])
    return tuple(Term(weight, label, rows[label]) for weight, label in terms)


def rows_of_labels(column: Column, labels: Iterable[str]) -> dict[str, AnyArray]:
    """Return the rows whose text is each label, ignoring case if none matches exactly.

    Raises
    ------
    UnknownNameError
        No row has a label.

    Notes
    -----
    Looks at every category twice and at every row once, however many labels there are.
    """
    codes, names, _ = column.categories()
    wanted = set(labels)
    found = {name: [code] for code, name in enumerate(names) if name in wanted}
    others = wanted - found.keys()
    if others:
        folded: dict[str, list[int]] = {label.casefold(): [] for label in others}
        for code, name in enumerate(names):
            same = folded.get(name.casefold())
            if same is not None:
                same.append(code)
        found |= {label: folded[label.casefold()] for label in others}
    for label, same in found.items():
        if not same:
            raise UnknownNameError(f"label in column {column.name!r}:", label, names)
    is_wanted = np.zeros(len(names) + 1, np.bool_)  # the last one is for missing texts
    is_wanted[[code for same in found.values() for code in same]] = True
    rows = np.flatnonzero(is_wanted[codes])
    rows = rows[np.argsort(codes[rows], kind="stable")]
    sorted_codes = codes[rows]

    def rows_with(code: int) -> AnyArray:
        start, stop = np.searchsorted(sorted_codes, (code, code + 1))
        return rows[start:stop]

    return {
        label: np.sort(np.concatenate([rows_with(code) for code in same]))
        for label, same in found.items()
    }


def centroid(
    data: Dataset, rows: AnyArray, metric: Metric, check: Callable[[], object] = lambda: None
) -> AnyArray:
    """Return the mean of some points' vectors; of their directions if the metric is cosine.

    Of the vectors that are computed with (`Dataset.vectors_under`).

    Points with NaN or infinity do not count; NaN if there is no other. `check` is called between
    blocks of rows.
    """
    finite = rows[data.finite_rows[rows]]
    if not len(finite):
        return np.full(data.n_dims, np.nan)
    total, taken = np.zeros(data.n_dims), data.vectors_under(metric)
    step = max(1, _BLOCK // data.n_dims)
    for start in range(0, len(finite), step):
        check()
        vectors = np.asarray(taken[finite[start : start + step]], np.float64)
        if metric == "cosine":
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / np.where(lengths > 0, lengths, 1)
        total += vectors.sum(axis=0)
    return total / len(finite)


def label_column_of(data: Dataset, column: Any) -> Column:
    """Return the column with the labels: by name or index, or the one that labels the points."""
    columns = data.metadata.columns
    if isinstance(column, str):
        return data.metadata[column]
    at = label_column(data) if column is None else column
    is_number = isinstance(at, int | np.integer) and not isinstance(at, bool)
    if at is None or not is_number or not 0 <= at < len(columns):
        name = "label" if column is None else shown(column)
        raise UnknownNameError("column", name, data.metadata.names)
    return columns[int(at)]
