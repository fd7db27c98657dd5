"""The categories of a column: a range of them, those that contain a text, or some by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from projector.errors import ParameterError
from projector.model.metadata import Column

#: Categories that are returned at once where nothing else is said, and names looked up at once.
MAX_VALUES = 1000
#: Categories that are returned at once.
MAX_LIMIT = 100_000


@dataclass(frozen=True)
class Values:
    """Some categories of a column.

    Attributes
    ----------
    ranks : list of int
        Rank among the categories, the most frequent first; equal to the category's code.
    names : list of str
    counts : list of int
    n_found : int
        Number of matching categories, including those that are not returned.
    n_categories : int
        Number of all categories.
    """

    ranks: list[int]
    names: list[str]
    counts: list[int]
    n_found: int
    n_categories: int


def values(column: Column, *, offset: int = 0, limit: int = MAX_VALUES, text: str = "") -> Values:
    """Return categories from `offset` on, the most frequent first.

    Parameters
    ----------
    column : Column
    offset, limit : int
        The range among the matching categories.
    text : str
        Only categories that contain it, ignoring case.
    """
    _, names, counts = column.categories()
    ranks: Sequence[int] = range(len(names))
    if text:
        folded = text.casefold()
        ranks = [rank for rank, name in enumerate(names) if folded in name.casefold()]
    some = list(ranks[offset : offset + limit])
    return Values(
        some,
        [names[rank] for rank in some],
        [int(counts[rank]) for rank in some],
        len(ranks),
        len(names),
    )


def named_values(column: Column, sought: Sequence[str]) -> Values:
    """Return the categories with these names; unknown names are left out.

    Raises
    ------
    ParameterError
        More than `MAX_VALUES` names.
    """
    if len(sought) > MAX_VALUES:
        raise ParameterError(
            f"At most {MAX_VALUES:,} names are looked up at once. Got {len(sought):,}."
        )
    _, names, counts = column.categories()
    known = set(sought)
    some = [rank for rank, name in enumerate(names) if name in known]
    return Values(
        some,
        [names[rank] for rank in some],
        [int(counts[rank]) for rank in some],
        len(some),
        len(names),
    )
