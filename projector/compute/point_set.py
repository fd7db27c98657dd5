"""Reads and writes sets of points as row indices: ``3, 17, 20-40``."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from projector.errors import ParameterError
from projector.typing import AnyArray


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
        Not of that form, or an index out of range.

    Examples
    --------
    >>> parse_indices("7, 2-4", 10, parameter="x_from", owner="axes").tolist()
    [7, 2, 3, 4]
    """
    found: list[int] = []
    for word in text.replace(",", " ").split():
        first, _, last = word.partition("-")
        if not (first.isdecimal() and (last.isdecimal() or word == first)):
            raise ParameterError(
                f"The parameter {parameter!r} of {owner} must be row indices such as 3, 17, "
                f"20-40. Got {word!r}."
            )
        start, stop = int(first), int(last or first)
        if max(start, stop) >= n_points:
            raise ParameterError(
                f"The parameter {parameter!r} of {owner} names point {max(start, stop)}, but the "
                f"points are 0 to {n_points - 1}."
            )
        found.extend(range(start, stop + 1))
    return np.array(list(dict.fromkeys(found)), np.int64)


def format_indices(rows: Iterable[int]) -> str:
    """Write row indices as `parse_indices` reads them."""
    return ", ".join(str(int(row)) for row in rows)
