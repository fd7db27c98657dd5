"""Times in metadata: ISO 8601, as every program that writes times on purpose does."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

#: A bare year is a number, and no time.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
#: Bytes of a time to the microsecond; what is written beyond is cut.
_TO_MICROSECONDS = 26

Letters = np.ndarray[Any, np.dtype[np.uint8]]


def read_times(text: PackedText) -> NDArray[np.float64] | None:
    """Read every present text as a time, or return None where one is none.

    Returns
    -------
    ndarray of shape (n,), float64, or None
        Seconds since 1970 in UTC, NaN where missing. A time without a zone is taken as UTC.

    Notes
    -----
    Texts of one length are read together, by columns of letters: a million take a second.
    """
    present = np.flatnonzero(~text.missing)
    if not len(present) or _TIME.fullmatch(text[int(present[0])] or "") is None:
        return None
    words = text.fixed_width()
    if words is None:
        return None
    table = words.view(np.uint8).reshape(len(words), words.dtype.itemsize)
    lengths = np.diff(text.offsets)
    seconds = np.full(len(text), np.nan)
    for length in np.unique(lengths[present]).tolist():
        rows = present[lengths[present] == length]
        found = _read_alike(table[rows, :length])
        if found is None:
            return None
        seconds[rows] = found
    return seconds


def _read_alike(table: Letters) -> NDArray[np.float64] | None:
    """Read texts of one length, (n, length) bytes. Zones of one length can still be different."""
    seconds = np.empty(len(table))
    todo = np.ones(len(table), np.bool_)
    while todo.any():
        rows = np.flatnonzero(todo)
        model = _TIME.fullmatch(table[rows[0]].tobytes().decode("ascii", "replace"))
        if model is None:
            return None
        alike = rows[_has_layout(table[rows], table[rows[0]])]
        todo[alike] = False
        found = _read_layout(table[alike], model["zone"] or "")
        if found is None:
            return None
        seconds[alike] = found
    return seconds


def _has_layout(table: Letters, model: Letters) -> NDArray[np.bool_]:
    """Tell which rows have digits where the model has digits, and its very signs elsewhere."""
    is_digit = (model >= ord("0")) & (model <= ord("9"))
    digits = table[:, is_digit]
    good = ((digits >= ord("0")) & (digits <= ord("9"))).all(axis=1)
    return np.asarray(good & (table[:, ~is_digit] == model[~is_digit]).all(axis=1))


def _read_layout(table: Letters, zone: str) -> NDArray[np.float64] | None:
    """Read texts of one layout; None where one names a day or an hour that does not exist."""
    moments = np.ascontiguousarray(table[:, : table.shape[1] - len(zone)][:, :_TO_MICROSECONDS])
    moments[moments == ord(",")] = ord(".")
    try:
        exact = moments.view(f"S{moments.shape[1]}").ravel().astype("datetime64[us]")
    except ValueError:
        return None
    microseconds = exact.astype(np.int64)
    if len(zone) < 2:
        return microseconds / 1e6
    places = [at - len(zone) for at, letter in enumerate(zone) if letter.isdigit()]
    hour_tens, hours, minute_tens, minutes = (table[:, places].astype(np.int64) - ord("0")).T
    offset = (hour_tens * 10 + hours) * 3600 + (minute_tens * 10 + minutes) * 60
    if bool((offset >= 24 * 3600).any()):
        return None
    # Whole numbers until the end: the division rounds once.
    ahead = offset if zone[0] == "+" else -offset
    return np.asarray((microseconds - ahead * 1_000_000) / 1e6, np.float64)
