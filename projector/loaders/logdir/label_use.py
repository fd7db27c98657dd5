"""What labels a dataset takes from which file, and how their rows are matched with its points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from projector.errors import LoadError, ProjectorError
from projector.loaders.base import UNEXPECTED_ERRORS, File, Tensor
from projector.loaders.companions.label_files import LabelFile, read_labels
from projector.loaders.logdir.scanner import Listed
from projector.model.joined_columns import joined_columns
from projector.model.metadata import Column
from projector.model.text import PackedText
from projector.typing import AnyArray

#: The share of the points that a column of names must know to be the one to join by.
_KNOWN = 0.5


@dataclass(frozen=True)
class Taken:
    """Columns for the points of a dataset, and what is said about them."""

    columns: tuple[Column, ...] = ()
    warnings: tuple[str, ...] = ()


class LabelUse(Protocol):
    """One use of labels by a source."""

    @property
    def why(self) -> str:
        """Why they belong to the points; empty if that shows only when they are read."""

    @property
    def files(self) -> tuple[File, ...]:
        """The files that are read."""

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Return the columns for `n_points` points that already have the columns `present`."""


@dataclass(frozen=True)
class ArrayLabels:
    """An array with one value per point.

    Attributes
    ----------
    listed : Listed
    tensor : Tensor
        Of the shape (N,) or (N, 1).
    name : str
        Of the column.
    why : str
        Why its values belong to the points.
    """

    listed: Listed
    tensor: Tensor
    name: str
    why: str

    @property
    def files(self) -> tuple[File, ...]:
        """The file of the array."""
        return (self.listed.file,)

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Read the array; one of other length is a vocabulary, and padded."""
        file = self.listed.file
        what = f"{file.name}, {self.tensor.name!r}" if not self.tensor.whole else file.name
        try:
            values = self.listed.loader.load(file, self.tensor).values.reshape(-1)
        except (ProjectorError, *UNEXPECTED_ERRORS) as error:
            return Taken(warnings=(f"{what}: cannot be used as labels: {error}",))
        column = array_column(self.name, values)
        if len(values) == n_points:
            return Taken((column,), (f"{what}: {self.why}",))
        return Taken(
            (padded(column, n_points),), (f"{what}: {self.why} {counts(len(values), n_points)}",)
        )


def padded(column: Column, n_points: int) -> Column:
    """Return a column of other length cut or filled up with missing values."""
    return _rearranged(column, [row if row < len(column) else -1 for row in range(n_points)])


def counts(n_tokens: int, n_points: int) -> str:
    """Say how many rows of an embedding have no token, or how many tokens no row."""
    said = f"It has {n_tokens:,} tokens for {n_points:,} rows."
    if n_tokens < n_points:
        return f"{said} The last {n_points - n_tokens:,} rows are padding and have no token."
    return f"{said} Its last {n_tokens - n_points:,} tokens have no row."


def array_column(name: str, values: AnyArray) -> Column:
    """Return an array of numbers or texts as a column."""
    if values.dtype.kind in "iufb":
        return Column.from_values(name, values)
    if values.dtype.kind not in "SOU":
        return Column.from_values(name, values.astype(np.float64))
    return Column.from_values(name, [_text(value) for value in values.tolist()])


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


@dataclass(frozen=True)
class FileLabels:
    """A file of labels, matched row by row, or by a column that has the points' own names.

    Attributes
    ----------
    labels : LabelFile
    why : str
        Why its rows belong to the points; empty if they may only be matched by names.
    single : str
        What to call its column if it has just one without a name of its own.
    """

    labels: LabelFile
    why: str = ""
    single: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """The file itself."""
        return (self.labels.file,)

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Read the file; names that say another order than the rows decide."""
        file = self.labels.file
        try:
            by_name = self._joined(n_points, present)
            if by_name is not None:
                return by_name
            if not self.why:
                return Taken()
            if self.labels.is_vocabulary and not self.labels.fits(n_points):
                return self._padded(n_points)
            columns, warnings = read_labels(self.labels, n_points)
        except ProjectorError as error:
            return Taken(warnings=(str(error),))
        return Taken(self._named(columns), (*warnings, f"{file.name}: {self.why}"))

    def _named(self, columns: list[Column]) -> tuple[Column, ...]:
        if len(columns) == 1 and self.single and columns[0].name == "label":
            only = columns[0]
            return (Column(self.single, only.kind, only.text, only.numbers),)
        return tuple(columns)

    def _joined(self, n_points: int, present: Sequence[Column]) -> Taken | None:
        """Return the rows in the order of the points' names, where the file has these names."""
        if self.labels.is_vocabulary:
            return None
        names = [column for column in present if _is_identity(column)]
        if not names:
            return None
        columns, _ = read_labels(self.labels, None)
        if len(columns) == 1:
            columns = _split(columns[0])
        fewest = max(1, math.ceil(_KNOWN * n_points))
        best: tuple[int, Column, Column] | None = None
        for own in names:
            for by in columns:
                # A hundred columns of numbers are not compared with words one by one.
                if own.text.most_common_with(by.text) < fewest:
                    continue
                known = _matches(own, by)
                if known >= fewest and (best is None or known > best[0]):
                    best = known, own, by
        return None if best is None else self._by_name(best[1], best[2], columns, best[0])

    def _by_name(self, own: Column, by: Column, columns: list[Column], known: int) -> Taken:
        rows = {text: row for row, text in enumerate(by.text.to_list()) if text is not None}
        order = [rows.get(text, -1) if text is not None else -1 for text in own.text.to_list()]
        taken = tuple(_rearranged(column, order) for column in columns if column is not by)
        said = f"its rows are matched by the column {by.name!r} with the points' {own.name!r}."
        more = []
        if known < len(order):
            more.append(f"{len(order) - known:,} of {len(order):,} points are not in it.")
        if len(by) > known:
            more.append(f"{len(by) - known:,} of its {len(by):,} rows belong to no point.")
        return Taken(taken, (f"{self.labels.file.name}: {' '.join([said, *more])}",))

    def _padded(self, n_points: int) -> Taken:
        """Return a vocabulary for an embedding with rows that have no token, or the reverse."""
        columns, _ = read_labels(self.labels, None)
        n_tokens = len(columns[0]) if columns else 0
        taken = self._named([padded(column, n_points) for column in columns])
        said = f"{self.labels.file.name}: {self.why} {counts(n_tokens, n_points)}"
        return Taken(taken, (said,))


def _split(column: Column) -> list[Column]:
    """Return the names and labels of lines such as ``n7 club`` as columns, or nothing."""
    lines = [(text or "").split(maxsplit=1) for text in column.text.to_list()]
    if not all(len(line) == 2 for line in lines):
        return []
    first, rest = ([line[at] for line in lines] for at in (0, 1))
    return [Column.from_values("name", first), Column.from_values(column.name, rest)]


def _is_identity(column: Column) -> bool:
    """Tell whether every point has another value, which names it."""
    if column.kind == "numeric" and column.numbers is not None:
        numbers = column.numbers
        return bool(np.all(numbers == np.floor(numbers))) and _all_differ(column)
    return _all_differ(column)


def _all_differ(column: Column) -> bool:
    return column.n_missing == 0 and column.text.n_distinct() == len(column)


def _matches(own: Column, by: Column) -> int:
    """Return how many points a column knows; 0 if it has a name twice."""
    present = [text for text in by.text.to_list() if text is not None]
    known = set(present)
    if len(known) < len(present):
        return 0
    return sum(text in known for text in own.text.to_list())


def _rearranged(column: Column, order: Sequence[int]) -> Column:
    """Return a column's values in another order; -1 stands for a missing value."""
    texts = column.text.to_list()
    text = PackedText.pack(texts[row] if row >= 0 else None for row in order)
    if column.kind == "numeric" and column.numbers is not None:
        at = np.array(order, np.int64)
        numbers = np.where(at >= 0, column.numbers[np.maximum(at, 0)], np.nan)
        return Column(column.name, "numeric", text, numbers)
    return Column.from_text(column.name, text)


@dataclass(frozen=True)
class OwnTable:
    """The table of a tensor that a store says belongs to it, row by row.

    Attributes
    ----------
    file : File
    why : str
    """

    file: File
    why: str = "the store says so."

    @property
    def files(self) -> tuple[File, ...]:
        """The table."""
        return (self.file,)

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Read the table."""
        try:
            columns, warnings = read_labels(LabelFile(self.file, "table", n_points), n_points)
        except ProjectorError as error:
            return Taken(warnings=(f"has no metadata: {error}",))
        return Taken(tuple(columns), tuple(warnings))


@dataclass(frozen=True)
class PartArrays:
    """An array that each part of an embedding has in its own file.

    Attributes
    ----------
    parts : tuple of (Listed, Tensor, int)
        In the order of the parts, with the number of points of each.
    name : str
        Of the column.
    """

    parts: tuple[tuple[Listed, Tensor, int], ...]
    name: str
    why: str = "each part has one value for each of its rows."

    @property
    def files(self) -> tuple[File, ...]:
        """The files of all parts."""
        return tuple(listed.file for listed, _, _ in self.parts)

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Read the arrays of all parts and put them below each other."""
        tables: list[tuple[Column, ...]] = []
        warnings: list[str] = []
        for listed, tensor, count in self.parts:
            taken = ArrayLabels(listed, tensor, self.name, "").take(count, ())
            tables.append(taken.columns)
            warnings += [] if taken.columns else taken.warnings
        columns = joined_columns(tables, [count for _, _, count in self.parts])
        said = f"{self.name!r}: used as a column because {self.why}"
        return Taken(tuple(columns), (*warnings, said))


@dataclass(frozen=True)
class PartLabels:
    """The labels of an embedding in parts: one file for each part.

    Attributes
    ----------
    parts : tuple of (LabelFile, int)
        In the order of the parts, with the number of points of each.
    """

    parts: tuple[tuple[LabelFile, int], ...]
    why: str = "each has as many rows as its part."

    @property
    def files(self) -> tuple[File, ...]:
        """The files of all parts."""
        return tuple(labels.file for labels, _ in self.parts)

    def take(self, n_points: int, present: Sequence[Column]) -> Taken:
        """Read the tables of all parts and put them below each other."""
        tables: list[list[Column]] = []
        warnings: list[str] = []
        for labels, count in self.parts:
            try:
                columns, more = read_labels(labels, count)
            except LoadError as error:
                columns, more = [], [str(error)]
            tables.append(columns)
            warnings += more
        first = self.parts[0][0].file.name
        said = f"{first} and those after it: used as metadata because {self.why}"
        columns = list(joined_columns(tables, [count for _, count in self.parts]))
        return Taken(tuple(columns), (*warnings, said))
