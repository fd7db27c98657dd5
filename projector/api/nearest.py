"""Questions to the original space: what is near this point, this set, or king - man + woman."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from projector.compute.neighbors.search import nearest_to
from projector.errors import ParameterError, UnknownName
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.typing import AnyArray, Distances, Indices, Metric

#: Neighbors that one question may ask for.
MAX_K = 1000
#: A term: an optional sign and factor, then a label in quotes or up to the next operator. An
#: operator stands between spaces, so that well-known is one label.
_TERM = re.compile(
    r"""\s*(?P<sign>[+-](?=\s|$)|)\s*
    (?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>\S+(?:\s+(?![+-](?:\s|$))\S+)*))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    """One term of an expression: ``- 2 * "man"`` and the rows that bear the label."""

    weight: float
    label: str
    rows: AnyArray = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """The points nearest to what was asked for, nearest first, and how it was understood."""

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
    """Find the `k` points nearest to a point, to the middle of a set, or to an expression.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
    query : int, sequence of int, float vector of shape (n_dims,), or str
        A point; the centroid of some; a vector; or labels with signs and factors, such as
        ``"king - man + woman"`` or ``"2 * paris - 'New York'"``. Operators stand between
        spaces. A label that several points bear means their centroid.
    k : int, 1 to 1000
    metric : {"euclidean", "cosine", "inner_product", "manhattan"}
        With ``"cosine"`` each term's vectors count by their direction alone (Mikolov et al.,
        2013), otherwise as they are.
    column : str or int, optional
        The metadata column of the labels; the first by default.

    Returns
    -------
    Answer
        Without the points that were asked about. Exact; about 20 ms at 100,000 x 384.

    Raises
    ------
    ParameterError, UnknownName
        `k` out of range, an expression that is none, or a label that no point bears.
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
                f"A query names points from 0 to {dataset.n_points - 1:,}. Got {query!r}."
            )
        vector = centroid(dataset, asked, chosen)
    left_out = np.union1d(asked, np.flatnonzero(~dataset.finite_rows))
    if len(left_out) >= dataset.n_points:
        return Answer(np.zeros(0, np.int32), np.zeros(0, np.float32), chosen, terms)
    indices, distances = nearest_to(
        dataset.vectors, np.asarray(vector, np.float32), k, metric=chosen, exclude=left_out
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
                f"Can not read {text[at:]!r}. An expression is labels with + and - between spaces: "
                "king - man + woman; put a label that holds one of them in quotes."
            )
        label = next(v for v in (found["double"], found["single"], found["plain"]) if v is not None)
        weight = float(found["factor"] or 1) * (-1 if found["sign"] == "-" else 1)
        terms.append(Term(weight, label, rows_with(column, label)))
        at = found.end()
    if not terms:
        raise ParameterError("The expression is empty. Type labels: king - man + woman.")
    return tuple(terms)


def rows_with(column: Column, label: str) -> AnyArray:
    """Return the rows whose text is `label`; without regard to case where none is exactly so."""
    codes, names, _ = column.categories()
    same = [i for i, name in enumerate(names) if name == label]
    folded = label.casefold()
    same = same or [i for i, name in enumerate(names) if name.casefold() == folded]
    if not same:
        raise UnknownName(f"label in the column {column.name!r}", label, names[:20_000])
    return np.flatnonzero(np.isin(codes, same))


def centroid(data: Dataset, rows: AnyArray, metric: Metric) -> AnyArray:
    """Return the mean of some points' vectors, of their directions where the metric is cosine."""
    vectors = np.asarray(data.vectors[rows], np.float64)
    if metric == "cosine":
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors / np.where(lengths > 0, lengths, 1)
    return np.asarray(vectors.mean(axis=0))


def label_column_of(data: Dataset, column: str | int | None) -> Column:
    """Return the column that holds the labels."""
    columns = data.metadata.columns
    if isinstance(column, str):
        return data.metadata[column]
    if not 0 <= (column or 0) < len(columns):
        raise UnknownName("column", str(column or "label"), data.metadata.names)
    return columns[column or 0]
