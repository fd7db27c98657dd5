"""How large a regular expression becomes when it is compiled, estimated before it is."""

from __future__ import annotations

import re

#: Instructions of a compiled character, and of a class that may contain any character: RE2
#: matches UTF-8 byte by byte, and a letter in both cases.
_CHARACTER, _CLASS = 4, 12
#: ... and of a class of Unicode, such as letters: they are in hundreds of ranges.
_UNICODE = 800
_REPEAT = re.compile(r"\{(\d*)(?:,(\d*))?\}", re.ASCII)
_PROPERTY = re.compile(r"[pP](?:\{[^}]*\}|.)", re.DOTALL)
_HEXADECIMAL = re.compile(r"x(?:\{[^}]*\}|[0-9A-Fa-f]{2})")
_OPENING = re.compile(r"\((?:\?P?<[^>]*>|\?[a-zA-Z-]*:)?")


def pattern_size(pattern: str) -> int:
    """Return about how many instructions a pattern in the syntax of RE2 takes, from above.

    A counted repetition is compiled as often as it counts, and so is every one in it.

    Notes
    -----
    Takes time proportional to the pattern's length. What is not a regular expression has some
    size, too.
    """
    groups: list[int] = []  # the sizes of the groups around, up to here
    total = last = 0  # of the group here, and of the last thing in it
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        repeat = _REPEAT.match(pattern, at) if letter == "{" else None
        if letter == "(":
            groups.append(total)
            total = last = 0
            found = _OPENING.match(pattern, at)
            at = found.end() if found else at + 1
            continue
        if letter == ")" and groups:
            last, total = total + 2, groups.pop() + total + 2
            at += 1
            continue
        if repeat is not None:
            times = max(_number(repeat[1]), _number(repeat[2]), 1)
            total += last * (times - 1)
            last *= times
            at = repeat.end()
            continue
        if letter in "*+?|":
            total += 1
            at += 1
            continue
        last, at = _atom(pattern, at)
        total += last
    return total + sum(groups)


def _number(text: str | None) -> int:
    """Return a count; one with many digits is too large anyway."""
    return int(text[:9]) if text else 0


def _atom(pattern: str, at: int) -> tuple[int, int]:
    """Return the size of the character or class at a place, and where it ends."""
    letter = pattern[at]
    if letter == "[":
        return _bracket(pattern, at)
    if letter == "\\":
        return _escape(pattern, at + 1)
    return (_CLASS if letter == "." else _CHARACTER), at + 1


def _escape(pattern: str, at: int) -> tuple[int, int]:
    if pattern[at : at + 1] == "Q":
        end = pattern.find("\\E", at)
        end = len(pattern) if end < 0 else end
        return _CHARACTER * (end - at), end + 2
    found = _PROPERTY.match(pattern, at)
    if found is not None:
        return _UNICODE, found.end()
    found = _HEXADECIMAL.match(pattern, at)
    return _CLASS, found.end() if found is not None else at + 1


def _bracket(pattern: str, at: int) -> tuple[int, int]:
    """Return the size of a class in brackets, and where it ends."""
    size, at = _CLASS, at + 1
    at += pattern[at : at + 1] == "^"
    first = True
    while at < len(pattern) and (first or pattern[at] != "]"):
        first = False
        if pattern[at] == "\\":
            more, at = _escape(pattern, at + 1)
        else:
            more, at = _CHARACTER, at + 1
        size += more
    return size, at + 1
