"""Reads what stands in the query and in the path of a request, the one place that does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from flask import request
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

from projector.errors import ParameterError, RequestError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Digits of the largest number that 64 bits hold.
MAX_DIGITS = 19
_NUMBER = re.compile(rf"[0-9]{{1,{MAX_DIGITS}}}")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}")
#: Characters of a value that are repeated in a message.
_QUOTED = 100


class PathNumber(BaseConverter):
    """A whole number in a path, of at most 64 bits."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Return the number."""
        if not _NUMBER.fullmatch(value):
            raise NotFound(f"There is nothing with the number {shown(value)}.")
        return int(value)


def check_query(environ: WSGIEnvironment) -> None:
    """Raise RequestError if a query is not what its writer can have meant."""
    query = environ.get("QUERY_STRING", "")
    wrong = _NO_ESCAPE.search(query)
    if wrong is not None:
        raise RequestError(
            f"A % in an address begins two hexadecimal digits; % itself is %25. Got {wrong[0]!r}."
        )
    try:
        unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"The query is not UTF-8: {error.reason}.") from None


def query_text(name: str, default: str = "") -> str:
    """Return a value of the query, or `default` if it is not given.

    Raises
    ------
    ParameterError
        It is given more than once.
    """
    found = _given(name)
    return default if found is None else found


def query_choice(name: str, default: str, others: tuple[str, ...]) -> str:
    """Return a value of the query that is `default` or one of `others`; or raise ParameterError."""
    found = query_text(name, default)
    if found not in (default, *others):
        known = " or ".join(map(repr, (default, *others))) if default else repr(others[0])
        raise ParameterError(f"{name!r} must be {known}. Got {shown(found)}.")
    return found


def query_number(name: str, default: int, *, low: int = 0, high: int | None = None) -> int:
    """Return a whole number of the query, or `default` (see `optional_query_number`)."""
    found = optional_query_number(name, low=low, high=high)
    return default if found is None else found


def optional_query_number(name: str, *, low: int = 0, high: int | None = None) -> int | None:
    """Return a whole number of the query, or None if it is not given.

    Raises
    ------
    ParameterError
        It is not a whole number, out of range, or given more than once.
    """
    text = _given(name)
    if text is None:
        return None
    number = int(text) if _NUMBER.fullmatch(text) else None
    if number is None or number < low or (high is not None and number > high):
        span = f"from {low:,} to {high:,}" if high is not None else f"of at least {low:,}"
        raise ParameterError(f"{name!r} must be a whole number {span}. Got {shown(text)}.")
    return number


def query_names(name: str) -> frozenset[str] | None:
    """Return the texts of a JSON list, or None if it is not given.

    Raises
    ------
    ParameterError
        It is no list of texts, or given more than once.
    """
    text = _given(name)
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ParameterError(f'{name!r} must be a JSON list such as ["a"]. Got {shown(text)}.')
    return frozenset(found)


def query_numbers(name: str) -> list[int] | None:
    """Return the numbers of a value such as ``0,1,2``, or None if it is not given.

    Raises
    ------
    ParameterError
        They are not numbers, or the value is given more than once.
    """
    text = _given(name)
    if text is None:
        return None
    parts = text.split(",")
    if not all(map(_NUMBER.fullmatch, parts)):
        raise ParameterError(f"{name!r} must be numbers separated by commas. Got {shown(text)}.")
    return [int(part) for part in parts]


def shown(value: object) -> str:
    """Return a value as a message repeats it: not more of it than can be read."""
    text = repr(value)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _given(name: str) -> str | None:
    found = request.args.getlist(name)
    if len(found) > 1:
        raise ParameterError(f"{name!r} is given {len(found)} times. Give it once.")
    return found[0] if found else None
