"""Matches the points of all steps of a series: which rows are the same point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.change.matching import column_named
from projector.errors import ParameterError, ShapeError
from projector.model.arguments import shown
from projector.model.dataset import Dataset


def series_points(data: Sequence[Dataset], match: Any) -> list[NDArray[np.int64]]:
    """Return the number of each row's point, for every step.

    Parameters
    ----------
    data : sequence of Dataset
    match : "row", "label", name of a column, or one sequence of whole numbers per step
        As in `projector.compare`; numbers name the points themselves.

    Returns
    -------
    list of ndarray of shape (n_rows,), int64
        From 0, without gaps; each number occurs once in a step. Numbers do not depend on the order
        of the steps; those given are ranked.

    Raises
    ------
    ShapeError
        Other numbers of rows with ``"row"``.
    ParameterError
        `match` is none of these, names a point twice in one step, or no point is in two steps.
    """
    if isinstance(match, str):
        if match == "row":
            return _by_row(data)
        texts = [column_named(each, match).text.to_list() for each in data]
        return _shared(_numbered([_nth_of_each(column) for column in texts]), f"by {match!r}")
    if isinstance(match, list | tuple) and len(match) == len(data):
        pairs = enumerate(zip(match, data, strict=True))
        given = [_given(ids, each, t) for t, (ids, each) in pairs]
        every = np.unique(np.concatenate(given))
        return _shared([np.searchsorted(every, ids) for ids in given], "by their numbers")
    raise ParameterError(
        f"'match' must be 'row', 'label', the name of a column, or numbers of the points for each "
        f"of the {len(data):,} steps. Got {shown(match)}."
    )


def _shared(points: list[NDArray[np.int64]], how: str) -> list[NDArray[np.int64]]:
    """Return the points of all steps, or raise ParameterError if no two steps share one."""
    n_rows = sum(map(len, points))
    if len(points) > 1 and len(np.unique(np.concatenate(points))) == n_rows:
        raise ParameterError(
            f"No two of the {len(points):,} steps, of {n_rows:,} points in all, have a point in "
            f"common {how}. Match them by another column."
        )
    return points


def _by_row(data: Sequence[Dataset]) -> list[NDArray[np.int64]]:
    sizes = sorted({each.n_points for each in data})
    if len(sizes) > 1:
        raise ShapeError(
            f"Steps of {sizes[0]:,} to {sizes[-1]:,} points cannot be matched by row. Match them "
            "by a column that names the points, such as match='label'."
        )
    return [np.arange(sizes[0])] * len(data)


def _nth_of_each(texts: Sequence[str | None]) -> list[tuple[str, int]]:
    """Name each row by its text and its place among equal ones; missing ones match no other."""
    seen: dict[str | None, int] = {}
    found = []
    for text in texts:
        nth = seen.get(text, 0)
        seen[text] = nth + 1
        found.append(("", nth) if text is None else (f"={text}", nth))
    return found


def _numbered(names: Sequence[list[tuple[str, int]]]) -> list[NDArray[np.int64]]:
    known: dict[tuple[str, int], int] = {}
    given = {name for step in names for name in step if name[0]}
    for name in sorted(given):
        known[name] = len(known)
    # A row without a value is a point that only its step has.
    missing = sorted({name for step in names for name in step if not name[0]})
    n_named, n_missing = len(known), len(missing)
    return [
        np.array(
            [known[name] if name[0] else n_named + t * n_missing + name[1] for name in step],
            np.int64,
        )
        for t, step in enumerate(names)
    ]


def _given(ids: Any, data: Dataset, step: int) -> NDArray[np.int64]:
    found = np.asarray(ids)
    if found.dtype.kind not in "iu" or found.shape != (data.n_points,) or (found < 0).any():
        raise ParameterError(
            f"'match' must give each of the {data.n_points:,} points of step {step} a whole number "
            f"from 0. Got {shown(ids)}."
        )
    if len(np.unique(found)) < len(found):
        n_twice = len(found) - len(np.unique(found))
        raise ParameterError(
            f"'match' gives {n_twice:,} points of step {step} a number that another one has."
        )
    return found.astype(np.int64)
