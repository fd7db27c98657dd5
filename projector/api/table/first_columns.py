"""Chooses the columns that label and color the points at first."""

from __future__ import annotations

from projector.model.dataset import Dataset
from projector.model.metadata import Column

#: A column with more categories than this is of little use as a color.
_MAX_COLORS = 100
#: Common names of the column that labels a point, the best first.
_LABEL_NAMES = ("label", "labels", "name", "word", "token", "title", "text", "class", "target")


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

    The first one with a few categories; otherwise the first numeric one whose values differ.
    Columns of tags alone are left out, as in `label_column`.

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
    numeric = [index for index, kind, n_values in counted if kind == "numeric" and n_values > 1]
    return next(iter([*few, *numeric]), None)


def _untagged(data: Dataset) -> list[tuple[int, Column]]:
    """Return the columns of the data, with their numbers; also those that tags edit."""
    return [
        (index, column)
        for index, column in enumerate(data.metadata.columns)
        if column.tagged is None or column.source is not None
    ]
