"""Values of a column among its categories: a page of them, those that contain a text, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from projector.errors import ParameterError
from projector.model.metadata import Column

#: Values that are given at once.
MAX_VALUES = 1000


@dataclass(frozen=True)
class Values:
    """Some categories of a column.

    Attributes
    ----------
    ranks : list of int
        Place among the categories, the most frequent first: the value's code.
    names : list of str
    counts : list of int
    n_found : int
        How many there are of what was asked for, also those that are not given here.
    n_categories : int
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
        Among those that are found.
    text : str
        Only values that contain it, whatever its case.
    """
    _, names, counts = column.categories()
    ranks: Sequence[int] = range(len(names))
    if text:
        wanted = text.casefold()
        ranks = [rank for rank, name in enumerate(names) if wanted in name.casefold()]
    some = list(ranks[offset : offset + limit])
    return Values(
        some,
        [names[rank] for rank in some],
        [int(counts[rank]) for rank in some],
        len(ranks),
        len(names),
    )


def named_values(column: Column, wanted: Sequence[str]) -> Values:
    """Return the categories with these names; a name that nothing bears is left out.

    Raises
    ------
    ParameterError
        More than `MAX_VALUES` names.
    """
    if len(wanted) > MAX_VALUES:
        raise ParameterError(
            f"At most {MAX_VALUES:,} values are named at once. Got {len(wanted):,}."
        )
    _, names, counts = column.categories()
    sought = set(wanted)
    some = [rank for rank, name in enumerate(names) if name in sought]
    return Values(
        some,
        [names[rank] for rank in some],
        [int(counts[rank]) for rank in some],
        len(some),
        len(names),
    )
