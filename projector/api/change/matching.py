"""Matches the points of two datasets: by row, by a column, or by pairs that are given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.table.first_columns import label_column
from projector.errors import ParameterError, ShapeError, UnknownNameError
from projector.model.arguments import shown
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.rows import as_rows
from projector.typing import AnyArray

Rows = NDArray[np.int64]
#: In place of a row: the other dataset does not have the point.
NO_ROW = 0xFFFFFFFF


@dataclass(frozen=True)
class Match:
    """Which rows of two datasets are the same point.

    Attributes
    ----------
    rows_a, rows_b : ndarray of shape (n_shared,), int64
        Row ``rows_a[i]`` of the first is row ``rows_b[i]`` of the second; ascending in the first.
    only_a, only_b : ndarray, int64
        Rows that the other side does not have.
    duplicated_a, duplicated_b : ndarray, int64
        Rows whose value of the column occurs more than once on either side.
    warnings : tuple of str
    """

    rows_a: Rows = field(repr=False)
    rows_b: Rows = field(repr=False)
    only_a: Rows = field(repr=False)
    only_b: Rows = field(repr=False)
    duplicated_a: Rows = field(repr=False)
    duplicated_b: Rows = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """A hash of which rows are matched."""
        both = self.rows_a.astype("<i8").tobytes() + self.rows_b.astype("<i8").tobytes()
        return hashlib.sha256(both).hexdigest()[:32]

    def rows_to_b(self) -> NDArray[np.uint32]:
        """Return for every row of the first dataset its row in the second, or ``NO_ROW``."""
        found = np.full(len(self.rows_a) + len(self.only_a), NO_ROW, np.uint32)
        found[self.rows_a] = self.rows_b
        return found

    @property
    def is_whole(self) -> bool:
        """Whether row i is row i, for all rows of both."""
        same = len(self.only_a) == 0 == len(self.only_b)
        return same and bool((self.rows_a == self.rows_b).all())


def match_points(a: Dataset, b: Dataset, match: Any = "row") -> Match:
    """Find the points that two datasets have in common.

    Parameters
    ----------
    a, b : Dataset
    match : "row", "label", name of a column, or pair of rows
        ``"row"``: row i is row i. ``"label"``: by the column of that name, else by the one that
        labels the points (`projector.label_column`). Values that occur more than once are matched
        in the order of their rows; rows without a value are matched with none.

    Raises
    ------
    ShapeError
        Another number of rows with ``"row"``.
    UnknownNameError
        A dataset has no such column.
    ParameterError
        `match` is none of these, or no point is shared.
    """
    if isinstance(match, str):
        found = _by_row(a, b) if match == "row" else _by_column(a, b, match)
    elif isinstance(match, tuple | list) and len(match) == 2:
        found = _by_pairs(a, b, match)
    else:
        raise ParameterError(
            "'match' must be 'row', 'label', the name of a column, or a pair of row numbers. Got "
            f"{shown(match)}."
        )
    if len(found.rows_a) == 0:
        raise ParameterError(
            f"The {a.n_points:,} and {b.n_points:,} points have none in common by {shown(match)}. "
            "Match them by another column."
        )
    return found


def match_rows(a: Dataset, b: Dataset, rows_a: Rows, rows_b: Rows) -> Match:
    """Return the match of rows that were found before; what is doubled is not known here."""
    none = np.zeros(0, np.int64)
    return replace(_match(a, b, rows_a, rows_b, none, none), warnings=())


def _by_row(a: Dataset, b: Dataset) -> Match:
    if a.n_points != b.n_points:
        raise ShapeError(
            f"{a.n_points:,} and {b.n_points:,} points cannot be matched by row. Match them by a "
            "column that names the points, such as match='label'."
        )
    rows, none = np.arange(a.n_points), np.zeros(0, np.int64)
    return Match(rows, rows, none, none, none, none)


def _by_pairs(a: Dataset, b: Dataset, match: Any) -> Match:
    rows_a = as_rows(match[0], a.n_points, what="The rows of 'match' in the first dataset")
    rows_b = as_rows(match[1], b.n_points, what="The rows of 'match' in the second dataset")
    if len(rows_a) != len(rows_b):
        raise ParameterError(
            f"'match' pairs {len(rows_a):,} rows with {len(rows_b):,}. Give as many of both."
        )
    for side, rows in (("first", rows_a), ("second", rows_b)):
        n_again = len(rows) - len(np.unique(rows))
        if n_again:
            rows_said = "1 row" if n_again == 1 else f"{n_again:,} rows"
            raise ParameterError(
                f"'match' names {rows_said} of the {side} dataset more than once. Pair each row "
                "with one other."
            )
    order = np.argsort(rows_a)
    none = np.zeros(0, np.int64)
    return _match(a, b, rows_a[order], rows_b[order], none, none)


def _by_column(a: Dataset, b: Dataset, name: str) -> Match:
    values = [np.array(column_named(side, name).text.to_list(), object) for side in (a, b)]
    codes, twice = _codes(values)
    order = [np.argsort(each, kind="stable") for each in codes]
    keys = [each[at] for each, at in zip(codes, order, strict=True)]
    # The nth row with a value on one side is the nth with it on the other.
    places = [each * (max(map(len, codes)) + 1) + _nth(each) for each in keys]
    _, at_a, at_b = np.intersect1d(places[0], places[1], assume_unique=True, return_indices=True)
    rows_a, rows_b = order[0][at_a], order[1][at_b]
    is_given = codes[0][rows_a] >= 0
    rows_a, rows_b = rows_a[is_given], rows_b[is_given]
    ascending = np.argsort(rows_a)
    doubled = [np.flatnonzero(np.isin(each, twice)) for each in codes]
    return _match(a, b, rows_a[ascending], rows_b[ascending], doubled[0], doubled[1], len(twice))


def _codes(values: list[AnyArray]) -> tuple[list[Rows], Rows]:
    """Return numbers for the values of both sides, -1 for missing, and those that repeat."""
    known: dict[str, int] = {}
    codes = [
        np.fromiter(
            (-1 if each is None else known.setdefault(each, len(known)) for each in side),
            np.int64,
            len(side),
        )
        for side in values
    ]
    counts = [np.bincount(each[each >= 0], minlength=len(known)) for each in codes]
    return codes, np.flatnonzero((counts[0] > 1) | (counts[1] > 1))


def _nth(keys: Rows) -> Rows:
    """Return how many equal ones stand before each of sorted keys."""
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    return np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))


def _match(
    a: Dataset,
    b: Dataset,
    rows_a: Rows,
    rows_b: Rows,
    doubled_a: Rows,
    doubled_b: Rows,
    n_values: int = 0,
) -> Match:
    only_a = np.setdiff1d(np.arange(a.n_points), rows_a, assume_unique=True)
    only_b = np.setdiff1d(np.arange(b.n_points), rows_b, assume_unique=True)
    said = []
    if len(only_a) or len(only_b):
        said.append(
            f"{len(rows_a):,} points are on both sides, {len(only_a):,} only on the first and "
            f"{len(only_b):,} only on the second."
        )
    if n_values:
        labels = "1 label occurs" if n_values == 1 else f"{n_values:,} labels occur"
        said.append(f"{labels} more than once: matched in the order of their rows.")
    return Match(rows_a, rows_b, only_a, only_b, doubled_a, doubled_b, tuple(said))


def column_named(data: Dataset, name: str) -> Column:
    """Return a column by its name; ``"label"`` may be the one that labels the points."""
    if name == "label" and name not in data.metadata:
        best = label_column(data)
        if best is None:
            raise UnknownNameError("column", name, data.metadata.names)
        return data.metadata.columns[best]
    return data.metadata[name]
