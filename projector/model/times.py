"""Reads times in metadata, in the format of ISO 8601."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

#: A year alone is a number, not a time.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
#: Bytes of a time in microseconds; further digits are dropped.
_TO_MICROSECONDS = 26

Letters = np.ndarray[Any, np.dtype[np.uint8]]


def read_times(text: PackedText) -> NDArray[np.float64] | None:
    """Read all texts that are not missing as times; None if one of them is not a time.

    Returns
    -------
    ndarray of shape (n,), float64, or None
        Seconds since 1970 in UTC; NaN is missing. A time without a time zone is read as UTC.

    Notes
    -----
    Texts of equal length are read together, column by column: a million take a second.
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
    """Read texts of equal length, (n, length) bytes. Their time zones may differ in form."""
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
    """Return which rows have digits where the model has digits, and equal characters elsewhere."""
    is_digit = (model >= ord("0")) & (model <= ord("9"))
    digits = table[:, is_digit]
    good = ((digits >= ord("0")) & (digits <= ord("9"))).all(axis=1)
    return np.asarray(good & (table[:, ~is_digit] == model[~is_digit]).all(axis=1))


def _read_layout(table: Letters, zone: str) -> NDArray[np.float64] | None:
    """Read texts of one layout; None if a day or an hour does not exist."""
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
    # Whole numbers until the last step, so that only the division rounds.
    ahead = offset if zone[0] == "+" else -offset
    return np.asarray((microseconds - ahead * 1_000_000) / 1e6, np.float64)
