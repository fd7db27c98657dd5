"""Names of which no two are alike."""

from __future__ import annotations

import itertools
from collections.abc import Container


def unique_name(name: str, taken: Container[str]) -> str:
    """Return a name that is not taken: ``"x"`` becomes ``"x (2)"``, ``"x (3)"`` and so on.

    Examples
    --------
    >>> unique_name("x", {"x", "x (2)"})
    'x (3)'
    """
    if name not in taken:
        return name
    return next(numbered for n in itertools.count(2) if (numbered := f"{name} ({n})") not in taken)
