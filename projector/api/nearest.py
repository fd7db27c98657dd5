"""Nearest neighbors of a point, a set of points, a vector or an expression: king - man + woman."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from projector.compute.neighbors.search import nearest_to
from projector.errors import ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.typing import AnyArray, Distances, Indices, Metric

#: Neighbors that one request may ask for.
MAX_K = 1000
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
    """

    indices: Indices = field(repr=False)
    distances: Distances = field(repr=False)
    metric: Metric
    terms: tuple[Term, ...] = ()


def nearest(
    data: Dataset | Any,
    query: int | Sequence[int] | AnyArray | str,
    k: int = 10,
    *,
    metric: str = "cosine",
    column: str | int | None = None,
) -> Answer:
    """Find the `k` points nearest to a point, to the centroid of points, or to an expression.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
    query : int, sequence of int, float vector of shape (n_dims,), or str
        A point; points, of which the centroid is taken; a vector; or an expression of labels
        with signs and factors, such as ``"king - man + woman"`` or ``"2 * paris - 'New York'"``.
        Operators need spaces around them. A label of several points stands for their centroid.
    k : int, default=10
        1 to 1000.
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}, default="cosine"
        With ``"cosine"`` each vector counts by its direction alone (Mikolov et al., 2013).
    column : str or int, optional
        The metadata column with the labels; the first one by default.

    Returns
    -------
    Answer
        Without the points of the query, and without points with NaN or infinity. Empty if no
        point of the query has a finite vector. Exact; about 20 ms for 100,000 x 384.

    Raises
    ------
    ParameterError
        `k` or a point is out of range, `metric` is unknown, or the expression cannot be read.
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
    if not 1 <= k <= MAX_K:
        raise ParameterError(f"'k' must be a whole number from 1 to {MAX_K:,}. Got {k}.")
    chosen = cast("Metric", metric)
    terms: tuple[Term, ...] = ()
    if isinstance(query, str):
        terms = read_expression(query, label_column_of(dataset, column))
        vector = sum(t.weight * centroid(dataset, t.rows, chosen) for t in terms)
        asked = np.concatenate([term.rows for term in terms])
    elif isinstance(query, np.ndarray) and query.dtype.kind == "f":
        vector, asked = query, np.zeros(0, np.int64)
    else:
        asked = np.atleast_1d(np.asarray(query, np.int64))
        if asked.size == 0 or asked.min() < 0 or asked.max() >= dataset.n_points:
            raise ParameterError(
                f"The points of a query must be from 0 to {dataset.n_points - 1:,}. Got {query!r}."
            )
        vector = centroid(dataset, asked, chosen)
    excluded = np.union1d(asked, np.flatnonzero(~dataset.finite_rows))
    if len(excluded) >= dataset.n_points or not np.isfinite(vector).all():
        return Answer(np.zeros(0, np.int32), np.zeros(0, np.float32), chosen, terms)
    indices, distances = nearest_to(
        dataset.vectors, np.asarray(vector, np.float32), k, metric=chosen, exclude=excluded
    )
    return Answer(indices, distances, chosen, terms)


def read_expression(text: str, column: Column) -> tuple[Term, ...]:
    """Return the terms of an expression over the labels of `column`."""
    terms: list[Term] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or found.end() == at or (terms and not found["sign"]):
            raise ParameterError(
                f"Cannot read {text[at:]!r}. Write labels with + and - between spaces, such as "
                "king - man + woman. Put a label that contains + or - in quotes."
            )
        label = next(v for v in (found["double"], found["single"], found["plain"]) if v is not None)
        weight = float(found["factor"] or 1) * (-1 if found["sign"] == "-" else 1)
        terms.append(Term(weight, label, rows_with(column, label)))
        at = found.end()
    if not terms:
        raise ParameterError("The expression is empty. Write labels, such as king - man + woman.")
    return tuple(terms)


def rows_with(column: Column, label: str) -> AnyArray:
    """Return the rows whose text is `label`, ignoring case if none matches exactly."""
    codes, names, _ = column.categories()
    same = [i for i, name in enumerate(names) if name == label]
    folded = label.casefold()
    same = same or [i for i, name in enumerate(names) if name.casefold() == folded]
    if not same:
        raise UnknownNameError(f"label in column {column.name!r}:", label, names[:20_000])
    return np.flatnonzero(np.isin(codes, same))


def centroid(data: Dataset, rows: AnyArray, metric: Metric) -> AnyArray:
    """Return the mean of some points' vectors; of their directions if the metric is cosine.

    Points with NaN or infinity do not count; NaN if there is no other.
    """
    finite = rows[data.finite_rows[rows]]
    if not len(finite):
        return np.full(data.n_dims, np.nan)
    vectors = np.asarray(data.vectors[finite], np.float64)
    if metric == "cosine":
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors / np.where(lengths > 0, lengths, 1)
    return np.asarray(vectors.mean(axis=0))


def label_column_of(data: Dataset, column: str | int | None) -> Column:
    """Return the column with the labels: by name or index, or the first one."""
    columns = data.metadata.columns
    if isinstance(column, str):
        return data.metadata[column]
    if not 0 <= (column or 0) < len(columns):
        raise UnknownNameError("column", str(column or "label"), data.metadata.names)
    return columns[column or 0]
