"""Recognizes columns that are one vector by their names: ``dim_0 … dim_63``, or axes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: ``x3``, ``dim_3`` and ``dim.3``; ``pixel_0_5`` and ``3x5`` have two numbers of one grid.
_SERIES = re.compile(
    r"^(?P<stem>.*?)(?P<grid>(?:(?<=[_ .-])\d+[_ .-]|\d+x))?[_ .-]?(?P<number>\d{1,9})$"
)
_AXES = frozenset("xyz")


def stem_of(name: str) -> str | None:
    """Return what the columns of a series have in common; None for a name without a number."""
    hit = _SERIES.match(name)
    return None if hit is None else hit["stem"].rstrip("_ .-")


def series_among(names: Iterable[str]) -> list[list[str]]:
    """Return the names of each numbered series of at least two, whose numbers lie close."""
    groups: dict[str, list[str]] = {}
    for name in names:
        stem = stem_of(name)
        if stem is not None:
            groups.setdefault(stem, []).append(name)
    return [group for group in groups.values() if len(group) > 1 and _lie_close(group)]


def are_one_vector(names: Sequence[str]) -> bool:
    """Tell whether columns with these names belong together: one series, or the axes."""
    if {name.lower() for name in names} <= _AXES:
        return True
    return any(len(group) == len(names) for group in series_among(names))


def _lie_close(group: list[str]) -> bool:
    """Tell whether numbers count, with some gaps: ``150`` and ``4`` are no series."""
    hits = [_SERIES.match(name) for name in group]
    if any(hit is not None and hit["grid"] for hit in hits):
        return True
    numbers = {int(hit["number"]) for hit in hits if hit is not None}
    return max(numbers) - min(numbers) < 2 * len(group)
