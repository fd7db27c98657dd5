"""Finds the vectors among the columns of numbers: numbered series, places, or whatever there is.

``dim_0 … dim_63`` is a vector. ``loss, accuracy, lr`` may be anything, most often the course of a
training: such columns are offered as a table only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projector.loaders.formats.text.evidence import LOG_NAME
from projector.loaders.formats.text.series_names import series_among, stem_of

#: A column of whole numbers with such a name is a property, not a coordinate.
_PROPERTY = re.compile(
    r"(^|[_ .])(id|ids|idx|index|label|labels|class|target|cluster|group|year|count|rank|age|"
    r"row|number|no|num|time|date|step|epoch|seed|split|fold)$|^y$|^unnamed",
    re.IGNORECASE,
)
#: Columns of boxes, however many there are.
BOX_NAME = re.compile(
    r"(?<![a-z])(?:b?box(?:es)?|bbox|rect|roi|xyxy|xywh|polygon|segmentation|keypoints?)(?![a-z])",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^(?P<stem>.*?[_ .-])?(?P<axis>[xyz])$", re.IGNORECASE)
#: So many columns of one series are a vector, whatever else there is.
_FEWEST = 4
#: Rows in which a first or last column must be the only one of whole numbers.
_AGREED = 8


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers.

    Attributes
    ----------
    name : str
    is_float : bool
        Whether its numbers are written as fractions, or stored as such.
    n_distinct : int
        Different values in the first rows.
    """

    name: str
    is_float: bool
    n_distinct: int = 2


@dataclass(frozen=True)
class Series:
    """Columns that are one vector.

    Attributes
    ----------
    name : str
        What the columns have in common; empty for the only vector of a table.
    columns : tuple of str
    is_loose : bool
        Whether nothing says that the columns belong together.
    note : str
        What was decided without certainty.
    """

    name: str
    columns: tuple[str, ...]
    is_loose: bool = False
    note: str = ""


def series_of(columns: Sequence[NumberColumn]) -> list[Series]:
    """Return the vectors among the columns of numbers of a table with a header."""
    floats = [column.name for column in columns if column.is_float]
    whole = [column.name for column in columns if not column.is_float]
    groups = [group for group in _groups(columns) if _is_vector(group, floats)]
    if not groups:
        return _loose(floats, whole)
    used = {name for group in groups for name in group}
    left = [name for name in floats if name not in used]
    noun, verb, are = ("column", "is", "is") if len(left) == 1 else ("columns", "are", "are")
    note = f"the {noun} {_shown(left)} {verb} no part of the numbered series and {are} metadata."
    single = len(groups) == 1
    return [
        Series("" if single else stem_of(group[0]) or "", tuple(group), note=note if left else "")
        for group in groups
    ]


def unnamed_series(columns: Sequence[NumberColumn], n_rows: int) -> list[Series]:
    """Return the vector of a table without a header: all numbers, but for a class or a number."""
    if len(columns) < 2:
        return []
    note, chosen = "", list(columns)
    for at, which in ((0, "first"), (-1, "last")):
        others = [column for column in columns if column is not columns[at]]
        lonely = not columns[at].is_float and all(column.is_float for column in others)
        if lonely and len(others) > 1 and n_rows >= _AGREED and columns[at].n_distinct > 1:
            chosen = others
            note = (
                f"the {which} column has whole numbers and all others have fractions: it is "
                "metadata, not a dimension."
            )
    return [Series("", tuple(column.name for column in chosen), note=note)]


def places_of(columns: Sequence[NumberColumn]) -> list[Series]:
    """Return pairs and triples of columns such as ``umap_x``, ``umap_y``."""
    groups: dict[str, dict[str, str]] = {}
    for column in columns:
        hit = _PLACE.match(column.name)
        if hit:
            groups.setdefault(hit["stem"] or "", {})[hit["axis"].lower()] = column.name
    found = []
    for stem, axes in groups.items():
        if "x" in axes and "y" in axes:
            names = tuple(axes[axis] for axis in "xyz" if axis in axes)
            found.append(Series(", ".join(names), names, is_loose=not stem))
    return found


def _groups(columns: Sequence[NumberColumn]) -> list[list[str]]:
    """Return the columns of each numbered series with a fraction in it, or all if none has."""
    floats = {column.name for column in columns if column.is_float}
    groups = series_among(column.name for column in columns)
    return [group for group in groups if not floats or floats & set(group)]


def _is_vector(group: list[str], floats: list[str]) -> bool:
    stem = stem_of(group[0]) or ""
    if LOG_NAME.search(stem) or BOX_NAME.search(stem):
        return False
    if len(group) >= _FEWEST or set(floats) <= set(group):
        return True
    return len(group) > 2 and 2 * len(group) >= len(floats)


def _loose(floats: list[str], whole: list[str]) -> list[Series]:
    names = floats or [name for name in whole if not _PROPERTY.search(name)]
    if len(names) < 2:
        return []
    note = (
        f"has no column of vectors and no numbered series of columns. Its {len(names):,} columns "
        f"of numbers ({_shown(names)}) are shown as a table."
    )
    return [Series("", tuple(names), is_loose=True, note=note)]


def _shown(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:6])) + (", …" if len(names) > 6 else "")
