"""Where some points differ from others: categories, numbers and words, the clearest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.api.table.first_columns import is_identifier
from projector.api.table.words import Words
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.metadata import Column

Rows: TypeAlias = NDArray[np.int64]

#: Values of a column that are returned.
MOST_VALUES = 12
#: Whole numbers of so few values are read as names of classes.
_FEW_NUMBERS = 40
#: Chance alone passes these once in a hundred columns: a chi-square of one degree of freedom,
#: and a normal deviate. There are many more words than columns: once in a hundred thousand.
_CLEAR, _CLEAR_DEVIATE, _CLEAR_WORD = 6.63, 2.58, 19.5


@dataclass(frozen=True)
class ValueShare:
    """How frequent one value or word is in both groups.

    Attributes
    ----------
    name : str
    n, n_other : int
        Points of the group, and of the others, that have it.
    lift : float or None
        Its share of the group, divided by its share of the others; None where no other has it.
    """

    name: str
    n: int
    n_other: int
    lift: float | None


@dataclass(frozen=True)
class Difference:
    """How one column differs between a group and the others.

    Attributes
    ----------
    column : int
    kind : {"categories", "numbers", "words"}
    strength : float
        0 to 1. Of categories half the sum of the differences of their shares; of numbers
        ``|2 probability - 1|``; of words the largest difference of their shares.
    is_clear : bool
        Whether chance alone would rarely do this.
    values : tuple of ValueShare
        The most telling first, at most `MOST_VALUES`.
    median, median_other : float or None
    probability : float or None
        That a number of the group is larger than one of the others; ties count half.
    """

    column: int
    kind: Literal["categories", "numbers", "words"]
    strength: float
    is_clear: bool
    values: tuple[ValueShare, ...] = ()
    median: float | None = None
    median_other: float | None = None
    probability: float | None = None


def contrast(
    data: Dataset,
    group: Rows,
    others: Rows,
    words: Callable[[Column, Callable[[], object]], Words],
    check: Callable[[], object] = lambda: None,
) -> list[Difference]:
    """Return where `group` differs from `others`, column by column, the strongest first.

    Parameters
    ----------
    data : Dataset
    group, others : ndarray of int64
        Row numbers, none empty; a row may be in both.
    words : callable
        Returns the words of a column (see `words_of`); it may keep them.
    check : callable, optional
        Called many times a second; if it raises, the work ends.

    Returns
    -------
    list of Difference
        Columns that name each point, and those of one value, are left out.

    Raises
    ------
    ParameterError
        A group is empty.
    """
    if len(group) == 0 or len(others) == 0:
        which = "selection" if len(group) == 0 else "group to compare with"
        raise ParameterError(f"The {which} has no points. Both groups need at least 1.")
    found: list[Difference] = []
    for index, column in enumerate(data.metadata.columns):
        check()
        if is_identifier(column) or column.text.n_distinct() < 2:
            continue
        found += _difference(index, column, group, others, words, check)
    return sorted(found, key=lambda each: (not each.is_clear, -each.strength, each.column))


def _difference(
    index: int,
    column: Column,
    group: Rows,
    others: Rows,
    words: Callable[[Column, Callable[[], object]], Words],
    check: Callable[[], object],
) -> list[Difference]:
    if column.numbers is not None and not _is_class(column, column.numbers):
        numbers = _numbers(index, column.numbers[group], column.numbers[others])
        return [] if numbers is None else [numbers]
    if column.kind == "text":
        return _words(index, words(column, check), group, others)
    codes, names, _ = column.categories()
    counts = [
        np.bincount(codes[rows][codes[rows] >= 0], minlength=len(names)) for rows in (group, others)
    ]
    return [_categories(index, "categories", names, counts, (len(group), len(others)), _CLEAR)]


def _is_class(column: Column, numbers: NDArray[np.float64]) -> bool:
    if column.kind == "time" or column.text.n_distinct() > _FEW_NUMBERS:
        return False
    present = numbers[np.isfinite(numbers)]
    return bool((present % 1 == 0).all())


def _numbers(
    index: int, group: NDArray[np.float64], others: NDArray[np.float64]
) -> Difference | None:
    """Compare two groups of numbers by ranks (Mann and Whitney), without those not finite."""
    group, others = group[np.isfinite(group)], np.sort(others[np.isfinite(others)])
    n, n_other = len(group), len(others)
    if n == 0 or n_other == 0:
        return None
    below = np.searchsorted(others, group, "left") + np.searchsorted(others, group, "right")
    probability = float(below.mean() / (2 * n_other))
    deviation = np.sqrt((n + n_other + 1) / (12 * n * n_other))
    return Difference(
        index,
        "numbers",
        abs(2 * probability - 1),
        bool(abs(probability - 0.5) > _CLEAR_DEVIATE * deviation),
        median=float(np.median(group)),
        median_other=float(np.median(others)),
        probability=probability,
    )


def _words(index: int, words: Words, group: Rows, others: Rows) -> list[Difference]:
    counts = [words.counts(group), words.counts(others)]
    # What stands in one text says nothing of a group, unless there is one text only.
    repeated = counts[0] + counts[1] > 1
    names = [words.names[i] for i in np.flatnonzero(repeated)]
    if not names:
        return []
    counts = [each[repeated] for each in counts]
    sizes = (len(group), len(others))
    return [_categories(index, "words", names, counts, sizes, _CLEAR_WORD)]


def _categories(
    index: int,
    kind: Literal["categories", "words"],
    names: list[str],
    counts: list[NDArray[np.int64]],
    sizes: tuple[int, int],
    clear: float,
) -> Difference:
    evidence = _evidence(counts[0], counts[1], sizes)
    apart = counts[0] / sizes[0] - counts[1] / sizes[1]
    strength = np.abs(apart).sum() / 2 if kind == "categories" else np.abs(apart).max()
    # What the group has more of comes first among equals; words that it lacks say little.
    kept = evidence > 0 if kind == "categories" else apart > 0
    order = np.lexsort((-apart, -evidence))
    order = order[kept[order]][:MOST_VALUES]
    values = tuple(_share(names[i], int(counts[0][i]), int(counts[1][i]), sizes) for i in order)
    is_clear = bool((evidence[order] > clear).any())
    return Difference(index, kind, float(min(1.0, strength)), is_clear, values)


def _share(name: str, n: int, n_other: int, sizes: tuple[int, int]) -> ValueShare:
    lift = None if n_other == 0 else (n / sizes[0]) / (n_other / sizes[1])
    return ValueShare(name, n, n_other, lift)


def _evidence(
    n: NDArray[np.int64], n_other: NDArray[np.int64], sizes: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the likelihood ratio of each value against "as frequent in both" (Dunning's G²)."""
    total = sizes[0] + sizes[1]
    result = np.zeros(len(n))
    for has, lacks, size in ((n, sizes[0] - n, sizes[0]), (n_other, sizes[1] - n_other, sizes[1])):
        of_all = n + n_other
        for observed, expected in (
            (has, of_all * (size / total)),
            (lacks, (total - of_all) * (size / total)),
        ):
            some = observed > 0
            result[some] += 2 * observed[some] * np.log(observed[some] / expected[some])
    return np.maximum(result, 0)
