"""Tags: labels that a person gives points. They never change the data itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from projector.errors import ParameterError, UnknownNameError
from projector.model.metadata import Column, Metadata
from projector.model.text import PackedText

#: Tags are written by hand; a table that is wider or longer than this is data.
MAX_COLUMNS = 100
MAX_NAME = 200
MAX_VALUE = 1000


@dataclass(frozen=True)
class Tags:
    """The tags of one tensor: columns with a text for some of the rows.

    Attributes
    ----------
    tensor : str
        The tensor's name within its run; tags apply to all of its steps.
    n_points : int
        Number of rows. Tags apply only to tensors with as many rows: in others, a row is
        another point.
    columns : mapping of str to (mapping of int to str)
        By name, the text of each tagged row. A column with the name of one in the data *edits*
        it: its tagged rows are shown with these texts.

    Raises
    ------
    ParameterError
        A row is out of range, a text contains a tab, a line end or another control character, a
        name or text is empty, or there are too many columns or characters.
    """

    tensor: str
    n_points: int
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if len(self.columns) > MAX_COLUMNS:
            raise ParameterError(
                f"There are {len(self.columns):,} tag columns; the limit is {MAX_COLUMNS}. Save a "
                "larger table as a metadata file next to the vectors."
            )
        for name, values in self.columns.items():
            check_text(name, MAX_NAME, "The name of a tag column")
            for text in set(values.values()):
                check_text(text, MAX_VALUE, "A tag")
            for row in (min(values, default=0), max(values, default=0)):
                if not 0 <= row < self.n_points:
                    raise ParameterError(
                        f"A tagged row must be from 0 to {self.n_points - 1:,}. Got {row:,}."
                    )

    def with_values(self, rows: Iterable[int], column: str, value: str | None) -> Tags:
        """Return the tags with `value` at `rows` of `column`; None removes the tags there."""
        values = dict(self.columns.get(column, {}))
        for row in rows:
            if value is None:
                values.pop(int(row), None)
            else:
                values[int(row)] = value
        return replace(self, columns={**self.columns, column: values})

    def renamed(self, column: str, name: str) -> Tags:
        """Return the tags with a column renamed, in the same position."""
        self._check(column)
        if name != column and name in self.columns:
            raise ParameterError(f"A tag column {name!r} already exists. Choose another name.")
        return replace(self, columns={name if k == column else k: v for k, v in self._items()})

    def without(self, column: str) -> Tags:
        """Return the tags without a column; an edited column gets its original values back."""
        self._check(column)
        return replace(self, columns={k: v for k, v in self._items() if k != column})

    def over(self, metadata: Metadata) -> Metadata:
        """Return `metadata` with edited columns in their positions and all others at the end."""
        known = dict.fromkeys(metadata.names)
        columns = list(metadata.columns)
        edited: set[str] = set()
        for place, column in enumerate(columns):
            values = self.columns.get(column.name)
            if values and column.name not in edited:  # of several columns with one name, the first
                edited.add(column.name)
                columns[place] = _edited(column, values)
        blank = PackedText.blank(self.n_points)
        own = [_own(name, values, blank) for name, values in self._items() if name not in known]
        return Metadata((*columns, *own))

    def _items(self) -> Iterable[tuple[str, Mapping[int, str]]]:
        return self.columns.items()

    def _check(self, column: str) -> None:
        if column not in self.columns:
            raise UnknownNameError("tag column", column, self.columns)


def check_text(text: str, most: int, what: str) -> None:
    """Raise ParameterError unless `text` is valid in a cell of a sidecar file."""
    if not text or len(text) > most:
        raise ParameterError(f"{what} must have 1 to {most:,} characters. Got {len(text):,}.")
    # Cc are control characters, including tabs and line ends; Cs are half characters.
    odd = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None)
    if odd is not None:
        raise ParameterError(
            f"{what} must not contain a tab, a line end or another control character. Got "
            f"U+{ord(odd):04X} in {text[:40]!r}."
        )


def _edited(column: Column, values: Mapping[int, str]) -> Column:
    return _with(column.name, column.text, values, column)


def _own(name: str, values: Mapping[int, str], blank: PackedText) -> Column:
    return _with(name, blank, values, None)


def _with(
    name: str, beneath: PackedText, values: Mapping[int, str], source: Column | None
) -> Column:
    rows = sorted(values)
    tagged = np.zeros(len(beneath), np.bool_)
    tagged[rows] = True
    made = Column.from_text(name, beneath.replaced(rows, [values[row] for row in rows]))
    return replace(made, tagged=tagged, source=source)
