"""A listing in short: one record for each tensor with all of its steps (see docs/wire.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from projector.model.listing import Entry
from projector.typing import Json

#: Hexadecimal digits of a revision: another one is missed once in four billion changes.
_REVISION = 8
#: A page has its numbers as float64.
_LARGEST_STEP = 1 << 53
_LAST_DIGITS, _FIRST_DIGITS = re.compile(r"\d*\Z", re.ASCII), re.compile(r"\A\d*", re.ASCII)


@dataclass(frozen=True, eq=False)
class Record:
    """One tensor of one run with its steps.

    Attributes
    ----------
    entries : tuple of Entry
    text : str
        As JSON.
    """

    entries: tuple[Entry, ...]
    text: str


def records_of(entries: Iterable[Entry], before: Iterable[Record]) -> list[Record]:
    """Return the records of a listing; those that did not change are the ones of `before`.

    Parameters
    ----------
    entries : iterable of Entry
        In the order of the listing.
    before : iterable of Record
        Of an earlier listing.
    """
    known = {id(record.entries[0]): record for record in before}
    found: list[Record] = []
    for _, group in groupby(entries, key=_key):
        steps = tuple(group)
        kept = known.get(id(steps[0]))
        if kept is None or not _are_same(kept.entries, steps):
            text = json.dumps(described(steps), ensure_ascii=False, separators=(",", ":"))
            kept = Record(steps, text)
        found.append(kept)
    return found


def _key(entry: Entry) -> tuple[str, str]:
    return entry.run, entry.name


def _are_same(one: Sequence[Entry], other: Sequence[Entry]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def described(entries: Sequence[Entry]) -> dict[str, Json]:
    """Return the steps of one tensor; what they have in common is said once."""
    first = entries[0]
    is_plain = _has_plain_ids(entries)
    found: dict[str, Json] = {
        "run": as_unicode(first.run),
        "name": as_unicode(first.name),
        "steps": [entry.step for entry in entries],
        "n_points": _column([entry.n_points for entry in entries]),
        "n_dims": _column([entry.n_dims for entry in entries]),
        "dtype": _column([entry.dtype for entry in entries]),
        "format": _column([entry.format for entry in entries]),
        "path": _paths(entries) if is_plain else _column([as_unicode(e.path) for e in entries]),
        "has_metadata": _column([entry.has_metadata for entry in entries]),
        "has_sprite": _column([entry.has_sprite for entry in entries]),
        "has_bookmarks": _column([entry.has_bookmarks for entry in entries]),
        "has_scalars": _column([entry.has_scalars for entry in entries]),
        "role": _column([entry.role for entry in entries]),
        "revision": _column([entry.revision[:_REVISION] for entry in entries]),
        "tags": _column([entry.tags for entry in entries]),
    }
    if not is_plain:
        found["id"] = [entry.id for entry in entries]
    return found


def _column(values: list[Json]) -> Json:
    return values[0] if values.count(values[0]) == len(values) else values


def _has_plain_ids(entries: Sequence[Entry]) -> bool:
    """Tell whether a page has the very texts and numbers that ids are made of."""
    first = entries[0]
    if as_unicode(first.run) != first.run or as_unicode(first.name) != first.name:
        return False
    return all(entry.step is None or abs(entry.step) <= _LARGEST_STEP for entry in entries)


def _paths(entries: Sequence[Entry]) -> Json:
    """Return the paths: what is around the step if that is all that differs."""
    paths = [as_unicode(entry.path) for entry in entries]
    if len(paths) == 1 or paths.count(paths[0]) == len(paths):
        return paths[0]
    start = _LAST_DIGITS.sub("", _shared_start(paths))
    rest = [path[len(start) :] for path in paths]
    end = _FIRST_DIGITS.sub("", _shared_start([path[::-1] for path in rest])[::-1])
    numbers = [path[: len(path) - len(end)] for path in rest]
    digits = len(numbers[0]) if numbers[0].startswith("0") else 0
    if all(
        number == str(entry.step).zfill(digits)
        for number, entry in zip(numbers, entries, strict=True)
    ):
        return {"start": start, "end": end, "digits": digits}
    return [*paths]


def _shared_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((at for at, (one, other) in pairs if one != other), len(first))]


def as_unicode(name: str) -> str:
    """Return a file name that JSON can hold: bytes that are not UTF-8 become replacement marks."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
