"""Parses word2vec's binary form: a word, a blank, float32 numbers, and possibly a line feed.

Nothing marks the end of a word but a blank, and words may contain blanks. Where the first blank of
such a word is taken for its end, the numbers are read from a wrong place, and so is the next word.
Words are therefore checked: one that is no clean text, or numbers of an impossible size, mean that
the reading slipped, and another blank is tried. Numbers from between are never returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.machine.handover import empty_array
from projector.typing import Vectors

#: Longer words do not exist; word2vec itself cuts them at 100 bytes.
_LONGEST = 4096
#: Blanks of one word that are tried.
_BLANKS = 64
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
#: Numbers of another size are letters read as numbers ("York" is 2.9e26), not coordinates.
_SMALLEST, _LARGEST = 1e-12, 1e12
#: How often a blank may be tried, in multiples of the number of words.
_PATIENCE = 32


@dataclass(frozen=True)
class Records:
    """Bytes that hold records of a word and its numbers.

    Attributes
    ----------
    data : bytes
    start : int
        The offset of the first word.
    n_words, n_dims : int
        As the header says.
    """

    data: bytes
    start: int
    n_words: int
    n_dims: int

    @property
    def width(self) -> int:
        """Bytes of the numbers of one word."""
        return 4 * self.n_dims


@dataclass(frozen=True)
class _Reading:
    """Where the words begin and end, and the numbers between them."""

    places: list[tuple[int, int]]
    values: Vectors
    end: int


def read_records(path: Path, records: Records) -> tuple[list[bytes], Vectors, list[str]]:
    """Return the words, a (n_words, n_dims) float32 matrix, and warnings.

    Parameters
    ----------
    path : Path
        For error messages.
    records : Records

    Raises
    ------
    LoadError
        The records are not complete, or no reading gives clean words and possible numbers.

    Notes
    -----
    A word whose first blank is its end takes 0.6 microseconds, any other ten times that.
    """
    data = records.data
    soon = _at_first_blanks(records)
    chosen = soon if soon is not None and _is_certain(records, soon) else None
    if chosen is None:
        chosen = _carefully(records, strict=True) or _carefully(records, strict=False)
    if chosen is None and soon is not None and _is_fair(records, soon):
        chosen = soon
    if chosen is None:
        raise LoadError(path, _slipped(records), place=f"byte {_first_wrong(records)}")
    left = len(data[chosen.end :].strip(b"\n"))
    warnings = [f"{left:,} bytes after the last word are ignored."] if left else []
    return [data[begin:blank] for begin, blank in chosen.places], chosen.values, warnings


def _at_first_blanks(records: Records) -> _Reading | None:
    """Read as if every word ended at its first blank; None where one cannot."""
    data, width, at = records.data, records.width, records.start
    values = empty_array((records.n_words, records.n_dims), np.float32)
    places = []
    for number in range(records.n_words):
        # Google's files end a vector with a line feed, Gensim's do not.
        while data[at : at + 1] == b"\n":
            at += 1
        blank = data.find(b" ", at, at + _LONGEST)
        if blank <= at or blank + 1 + width > len(data):
            return None
        places.append((at, blank))
        values[number] = np.frombuffer(data, "<f4", records.n_dims, blank + 1)
        at = blank + 1 + width
    return _Reading(places, values, at)


def _is_certain(records: Records, reading: _Reading) -> bool:
    words = b"\n".join(records.data[begin:blank] for begin, blank in reading.places)
    ends = not records.data[reading.end :].strip(b"\n")
    return ends and _is_text(words.replace(b"\n", b"")) and _are_possible(reading.values, True)


def _is_fair(records: Records, reading: _Reading) -> bool:
    """Tell whether a reading is right but for the encoding of its words, or its end."""
    words = b"".join(records.data[begin:blank] for begin, blank in reading.places)
    return _CONTROL.search(words) is None and _are_possible(reading.values, False)


def _is_text(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(word) is None


def _are_possible(values: NDArray[np.float32], strict: bool) -> bool:
    """Tell whether numbers have the size of coordinates; NaN may be one."""
    with np.errstate(invalid="ignore"):
        sizes = np.abs(values)
        if bool((sizes >= _LARGEST).any()):
            return False
        return not strict or not bool(((sizes < _SMALLEST) & (sizes != 0)).any())


def _carefully(records: Records, *, strict: bool) -> _Reading | None:
    """Try every blank of a word, going back where what follows cannot be words and numbers."""
    data, width, n_words = records.data, records.width, records.n_words
    open_ones: list[Iterator[tuple[int, int]]] = [_candidates(records, records.start, strict)]
    places: list[tuple[int, int]] = []
    for _ in range(_PATIENCE * (n_words + _BLANKS)):
        place = next(open_ones[-1], None)
        if place is None:  # no blank will do: an earlier one was wrong
            open_ones.pop()
            if not open_ones:
                return None
            places.pop()
            continue
        places.append(place)
        end = place[1] + 1 + width
        if len(places) < n_words:
            open_ones.append(_candidates(records, end, strict))
        elif not data[end:].strip(b"\n"):
            values = [np.frombuffer(data, "<f4", records.n_dims, at + 1) for _, at in places]
            return _Reading(places, np.array(values, np.float32), end)
        else:
            places.pop()
    return None


def _candidates(records: Records, at: int, strict: bool) -> Iterator[tuple[int, int]]:
    """Give where a word may begin and end, the shortest first."""
    data, width = records.data, records.width
    begins = (at + 1, at) if data[at : at + 1] == b"\n" else (at,)
    for begin in begins:
        blank = begin - 1
        for _ in range(_BLANKS):
            blank = data.find(b" ", blank + 1, begin + _LONGEST)
            if blank < 0 or blank + 1 + width > len(data):
                break
            word = data[begin:blank]
            if strict and not (word and _is_text(word)):
                if _CONTROL.search(word):
                    break  # every longer word contains it, too
                continue
            if not strict:
                if not word and begin > at:
                    continue  # the line feed before it is the word
                if _CONTROL_BUT_LINES.search(word):
                    break
            values = np.frombuffer(data, "<f4", records.n_dims, blank + 1)
            if _are_possible(values, strict):
                yield begin, blank


def _first_wrong(records: Records) -> int:
    """Return the offset of the first word that is none, if every word ends at its first blank."""
    data, at = records.data, records.start
    for _ in range(records.n_words):
        at += data[at : at + 1] == b"\n"
        blank = data.find(b" ", at, at + _LONGEST)
        if blank < at or blank + 1 + records.width > len(data) or not _is_text(data[at:blank]):
            return at
        at = blank + 1 + records.width
    return at


def _slipped(records: Records) -> str:
    data, at, complete = records.data, records.start, 0
    while complete < records.n_words:
        at += data[at : at + 1] == b"\n"
        blank = data.find(b" ", at, at + _LONGEST)
        if blank < 0 or blank + 1 + records.width > len(data):
            return (
                f"is truncated: the header says {records.n_words:,} words, but only {complete:,} "
                "are complete. Copy it again."
            )
        at, complete = blank + 1 + records.width, complete + 1
    return (
        "a word here is no text: words contain blanks, and no reading of them gives clean words. "
        "Save the vectors in the text form, with binary=False."
    )
