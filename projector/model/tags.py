"""Tags: what a person wrote beside some points. The data itself is never changed by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from projector.errors import ParameterError, UnknownName
from projector.model.metadata import Column, Metadata
from projector.model.text import PackedText

#: A table of tags is written by hand; what is wider or longer than this is data.
MAX_COLUMNS = 100
MAX_NAME = 200
MAX_VALUE = 1000


@dataclass(frozen=True)
class Tags:
    """The tags of one tensor: some columns, each with a text for some of the rows.

    Attributes
    ----------
    tensor : str
        The tensor's name within its run; tags hold at all of its steps.
    n_points : int
        Rows that the tensor had when it was tagged: a row of a tensor with another number of
        rows is another thing.
    columns : mapping of str to (mapping of int to str)
        By name, the text of each tagged row. A column that the data has already is *edited* by
        the one of the same name: its tagged rows are shown with these texts.

    Raises
    ------
    ParameterError
        A row that is none, a text with a tab, a line end or another control character, an empty
        name or text, or more than can be kept.
    """

    tensor: str
    n_points: int
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if len(self.columns) > MAX_COLUMNS:
            raise ParameterError(
                f"{len(self.columns):,} columns of tags; at most {MAX_COLUMNS} are kept. "
                "Put such a table beside the vectors as metadata."
            )
        for name, values in self.columns.items():
            check_text(name, MAX_NAME, "The name of a column of tags")
            for text in set(values.values()):
                check_text(text, MAX_VALUE, "A tag")
            for row in (min(values, default=0), max(values, default=0)):
                if not 0 <= row < self.n_points:
                    raise ParameterError(
                        f"A tagged row is a number from 0 to {self.n_points - 1:,}. Got {row:,}."
                    )

    def with_values(self, rows: Iterable[int], column: str, value: str | None) -> Tags:
        """Return the tags with `value` at `rows` of `column`; None takes the tag away there."""
        values = dict(self.columns.get(column, {}))
        for row in rows:
            if value is None:
                values.pop(int(row), None)
            else:
                values[int(row)] = value
        return replace(self, columns={**self.columns, column: values})

    def renamed(self, column: str, name: str) -> Tags:
        """Return the tags with a column under another name, in its place."""
        self._check(column)
        if name != column and name in self.columns:
            raise ParameterError(f"There is a column of tags {name!r} already. Give another name.")
        return replace(self, columns={name if k == column else k: v for k, v in self._items()})

    def without(self, column: str) -> Tags:
        """Return the tags without a column; an edited one is as the data has it again."""
        self._check(column)
        return replace(self, columns={k: v for k, v in self._items() if k != column})

    def over(self, metadata: Metadata) -> Metadata:
        """Return `metadata` with edited columns in their places and all others behind it."""
        known = dict.fromkeys(metadata.names)
        columns = list(metadata.columns)
        edited: set[str] = set()
        for place, column in enumerate(columns):
            values = self.columns.get(column.name)
            if values and column.name not in edited:  # of columns of one name, the first
                edited.add(column.name)
                columns[place] = _edited(column, values)
        blank = PackedText.blank(self.n_points)
        own = [_own(name, values, blank) for name, values in self._items() if name not in known]
        return Metadata((*columns, *own))

    def _items(self) -> Iterable[tuple[str, Mapping[int, str]]]:
        return self.columns.items()

    def _check(self, column: str) -> None:
        if column not in self.columns:
            raise UnknownName("column of tags", column, self.columns)


def check_text(text: str, most: int, what: str) -> None:
    """Raise ParameterError unless `text` can stand in a cell of a table of tags."""
    if not text or len(text) > most:
        raise ParameterError(f"{what} has 1 to {most:,} characters. Got {len(text):,}.")
    # Cc are control characters, tabs and line ends among them; Cs are halves of characters.
    odd = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None)
    if odd is not None:
        raise ParameterError(
            f"{what} may hold no tab, line end or other control character. Got U+{ord(odd):04X} "
            f"in {text[:40]!r}."
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
