"""Checks of arguments that are no parameter of a method: counts, seeds, metrics and callables."""

from __future__ import annotations

import operator
import re
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np

from projector.errors import ParameterError
from projector.typing import Metric

#: Letters of what was given that a message shows.
_SHOWN = 60
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://", re.ASCII)
#: The largest seed: numpy's own generators take no larger ones.
MAX_SEED = 2**32 - 1


def whole_number(value: Any, *, name: str, low: int, high: int | None, why: str = "") -> int:
    """Return a whole number in a range; Python's and numpy's own are taken, nothing is rounded.

    Parameters
    ----------
    value : object
    name : str
        Of the argument, for messages: ``"k"``.
    low, high : int, int or None
        The inclusive range; None is open.
    why : str
        Where the range comes from, as the end of a sentence.

    Raises
    ------
    ParameterError
        Not a whole number, or out of the range.
    """
    try:
        found = None if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        found = None
    if found is not None and low <= found and (high is None or found <= high):
        return found
    limits = f"at least {low:,}" if high is None else f"from {low:,} to {high:,}"
    raise ParameterError(f"{name!r} must be a whole number {limits}{why}. Got {shown(value)}.")


def seed(value: Any) -> int:
    """Return a seed, 0 to 2**32 - 1, or raise `ParameterError`."""
    return whole_number(value, name="random_state", low=0, high=MAX_SEED)


def metric_name(value: Any) -> Metric:
    """Return a metric by its name.

    Raises
    ------
    ParameterError
        A name that is unknown, or a function: distances are computed in compiled code.
    """
    if isinstance(value, str) and value in get_args(Metric):
        return cast("Metric", value)
    known = ", ".join(repr(each) for each in get_args(Metric))
    hint = " A function cannot be one." if callable(value) else ""
    raise ParameterError(f"The metric must be one of {known}. Got {shown(value)}.{hint}")


def check_callable(value: Any, *, name: str) -> None:
    """Raise `ParameterError` unless an optional argument can be called."""
    if value is not None and not callable(value):
        raise ParameterError(f"{name!r} must be a function, or None. Got {shown(value)}.")


def scheme_of(value: Any) -> str:
    """Return the scheme of an address, such as ``"s3"``; empty for what is a path."""
    found = _SCHEME.match(value) if isinstance(value, str) else None
    return found[1].lower() if found else ""


def path_of(value: Any, *, name: str = "path") -> Path:
    """Return a path, or raise `ParameterError` for what is none, such as an address."""
    scheme = scheme_of(value)  # a path would lose its second slash, and lead to another place
    if scheme:
        raise ParameterError(
            f"{name!r} must be a path of this machine. Got an address ({scheme}://), and those are "
            "only read."
        )
    if isinstance(value, str) or (hasattr(value, "__fspath__") and not isinstance(value, type)):
        try:
            found = Path(value)
        except TypeError:  # a path of bytes
            found = None
        if found is not None and "\0" not in str(found):
            return found
    raise ParameterError(f"{name!r} must be a path, as a text or a Path. Got {shown(value)}.")


def shown(value: Any) -> str:
    """Return what was given as a message shows it: on one line, and not longer than it reads."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
