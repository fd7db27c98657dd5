"""Chooses the columns that label and color the points at first."""

from __future__ import annotations

import re

from projector.model.dataset import Dataset
from projector.model.metadata import Column

#: A column with more categories than this is of little use as a color.
_MAX_COLORS = 100
#: So many clusters at most have colors that differ.
_CLEAR_COLORS = 40
#: Common names of the column that labels a point, the best first.
_LABEL_NAMES = ("label", "labels", "name", "word", "token", "title", "text", "class", "target")


#: Names of columns that number the points or name each of them.
_IDENTIFIER = re.compile(
    r"(.*[\s_.-])?(id|ids|uid|guid|uuid|key|index|idx|row|sku|isbn|doi|hash|url|unnamed: 0)", re.I
)


def is_identifier(column: Column) -> bool:
    """Tell whether a column names each point and says nothing else: by its name and its values.

    A color or a chart of such a column shows only how the file is sorted.
    """
    n_present = len(column.text) - column.n_missing
    whole = column.numbers is None or bool((column.numbers[~column.text.missing] % 1 == 0).all())
    return (
        _IDENTIFIER.fullmatch(column.name.strip()) is not None
        and n_present > 1
        and column.kind != "time"
        and whole
        and column.text.n_distinct() == n_present
    )


def label_column(data: Dataset) -> int | None:
    """Return the number of the column that labels the points best; None without columns.

    A column with a common name such as ``"label"``; otherwise the first one that is not numeric;
    otherwise the first one. Columns of tags alone are left out: what is shown first must not
    change with a tag.

    Examples
    --------
    >>> import projector
    >>> data = projector.Dataset([[0.0], [1.0]], metadata={"id": [7, 8], "word": ["a", "b"]})
    >>> projector.label_column(data)
    1
    """
    columns = _untagged(data)
    for name in _LABEL_NAMES:
        for index, column in columns:
            if column.name.strip().casefold() == name:
                return index
    texts = [index for index, column in columns if column.kind != "numeric"]
    return next(iter([*texts, *(index for index, _ in columns)]), None)


def color_column(data: Dataset) -> int | None:
    """Return the number of the column that colors the points best, None if none does.

    The first one with a few categories; otherwise the first numeric one whose values differ and
    that is no identifier of the points.
    Columns of tags alone are left out, as in `label_column`. Where nothing else is there, the
    clusters that were found color the points, at the finest level that has few enough.

    Examples
    --------
    >>> import projector
    >>> data = projector.Dataset([[0.0]] * 4, metadata={"id": list("abcd"), "group": list("xxyy")})
    >>> projector.color_column(data)
    1
    """
    # If almost every point has its own value, colors show nothing.
    most = min(_MAX_COLORS, max(2, data.n_points // 2))
    counted = [(index, column.kind, column.text.n_distinct()) for index, column in _untagged(data)]
    few = [index for index, _, n_values in counted if 2 <= n_values <= most]
    columns = data.metadata.columns
    numeric = [
        index
        for index, kind, n_values in counted
        if kind == "numeric" and n_values > 1 and not is_identifier(columns[index])
    ]
    made = [
        (index, column)
        for index, column in enumerate(columns)
        if column.made_by is not None and column.compares is None
    ]
    clear = [index for index, column in made if column.text.n_distinct() <= _CLEAR_COLORS]
    return next(iter([*few, *numeric, *clear, *(index for index, _ in made[-1:])]), None)


def _untagged(data: Dataset) -> list[tuple[int, Column]]:
    """Return the columns of the data, with their numbers; also those that tags edit."""
    return [
        (index, column)
        for index, column in enumerate(data.metadata.columns)
        if (column.tagged is None or column.source is not None) and column.made_by is None
    ]
