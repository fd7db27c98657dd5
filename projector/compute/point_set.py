"""Reads and writes sets of points as row indices: ``3, 17, 20-40``."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from projector.errors import ParameterError
from projector.typing import AnyArray

#: A row index, or a range of them.
_RANGE = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?", re.ASCII)
#: Points that may be named again, beyond twice as many as there are.
_REPEATED = 1000


def parse_indices(text: str, n_points: int, *, parameter: str, owner: str) -> AnyArray:
    """Read a set of points as in ``"3, 17, 20-40"``.

    Parameters
    ----------
    text : str
    n_points : int
    parameter, owner : str
        The names of the parameter and of its method, for messages.

    Returns
    -------
    ndarray of shape (n_found,), int64
        In the order given, each point once.

    Raises
    ------
    ParameterError
        Not of that form, an index out of range, or more points than there are, with repetitions.

    Examples
    --------
    >>> parse_indices("7, 2-4", 10, parameter="x_from", owner="axes").tolist()
    [7, 2, 3, 4]
    """
    named = f"The parameter {parameter!r} of {owner}"
    ranges: list[tuple[int, int]] = []
    n_named = 0
    for word in text.replace(",", " ").split():
        found = _RANGE.fullmatch(word)
        if found is None:
            raise ParameterError(
                f"{named} must be row indices such as 3, 17, 20-40. Got {word[:40]!r}."
            )
        start, stop = int(found[1]), int(found[2] or found[1])
        if max(start, stop) >= n_points:
            raise ParameterError(
                f"{named} names point {max(start, stop)}, but the points are 0 to {n_points - 1}."
            )
        ranges.append((start, stop + 1))
        n_named += max(0, stop + 1 - start)
        if n_named > 2 * n_points + _REPEATED:
            raise ParameterError(
                f"{named} names more than {n_named - 1:,} points, but there are only "
                f"{n_points:,}. Name each point once."
            )
    if not ranges:
        return np.zeros(0, np.int64)
    rows = np.concatenate([np.arange(start, stop) for start, stop in ranges])
    _, first = np.unique(rows, return_index=True)
    return rows[np.sort(first)].astype(np.int64)


def format_indices(rows: Iterable[int]) -> str:
    """Write row indices as `parse_indices` reads them."""
    return ", ".join(str(int(row)) for row in rows)
