"""Parses JSON of others within bounds: how deep it is nested and how many values it has.

Every JSON text passes here before a parser sees it: native parsers use the call stack for each
level, and end the process where it is used up. The scan is linear and takes no Python step per
value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

#: Values may be nested this deep. No format that is read here has more than a dozen levels.
MAX_NESTING = 100
#: Values and separators of one text: each value may take some 100 bytes of memory.
MAX_VALUES = 4_000_000
#: Small enough for what is made of a piece to stay in the processor's cache.
_PIECE = 1 << 18
_OTHERS = bytes(set(range(256)) - set(b'"[]{}'))
_QUOTE = ord('"')
_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"[{")] = 1
_STEPS[list(b"]}")] = -1


class JsonBoundsError(ValueError):
    """JSON that is nested too deeply, or has too many values. The message is half a sentence."""


def check_nesting(raw: bytes) -> None:
    """Raise JsonBoundsError if values are nested more than `MAX_NESTING` deep.

    Parameters
    ----------
    raw : bytes
        One JSON text, or several one after the other.

    Notes
    -----
    Counts the levels above every place, also where brackets are missing before it. Reads some
    500 MB/s of numbers, and a tenth of that where there are nothing but brackets.
    """
    is_inside = False  # a string
    level = 0  # above the lowest one so far
    for piece in _pieces(raw):
        marks = np.frombuffer(_without_escapes(piece).translate(None, _OTHERS), np.uint8)
        if not len(marks):
            continue
        # A quote ends the string that the quote before it began.
        quotes = np.cumsum(marks == _QUOTE, dtype=np.uint32) & 1
        steps = np.where((quotes == 1) == is_inside, _STEPS[marks], 0)
        levels = level + np.cumsum(steps, dtype=np.int32)
        lows = np.minimum(np.minimum.accumulate(levels), 0)
        if int((levels - lows).max()) > MAX_NESTING:
            raise JsonBoundsError(f"values are nested more than {MAX_NESTING} deep")
        level = int(levels[-1] - lows[-1])
        is_inside ^= bool(quotes[-1])


def parse_json(raw: bytes, **hooks: Any) -> Any:
    """Return the value of a JSON text in UTF-8; a byte order mark is skipped.

    Parameters
    ----------
    raw : bytes
    **hooks
        As for `json.loads`.

    Raises
    ------
    JsonBoundsError
        It is nested too deeply, or has more than `MAX_VALUES` values.
    json.JSONDecodeError
        It is not JSON.
    UnicodeDecodeError
        It is not UTF-8.
    ValueError
        A whole number has thousands of digits.
    """
    check_nesting(raw)
    count = sum(raw.count(mark) for mark in (b",", b"[", b"{"))
    if count > MAX_VALUES:
        raise JsonBoundsError(f"it has more than {MAX_VALUES:,} values")
    return json.loads(raw.decode("utf-8-sig"), **hooks)


def _pieces(raw: bytes) -> Iterator[bytes]:
    """Cut a text into pieces, never after a backslash: it belongs to the next character."""
    start = 0
    while start < len(raw):
        stop = min(start + _PIECE, len(raw))
        while stop < len(raw) and raw[stop - 1 : stop] == b"\\":
            run = len(raw) - len(raw[stop:].lstrip(b"\\"))
            stop = min(run + 1, len(raw))
        yield raw[start:stop]
        start = stop


def _without_escapes(piece: bytes) -> bytes:
    """Drop the escaped quotes. Pairs of backslashes go first: a quote after them is a real one."""
    if b"\\" not in piece:
        return piece
    return piece.replace(b"\\\\", b"").replace(b'\\"', b"")
