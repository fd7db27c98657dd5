"""Reads the JSON body of a request, the one place that does: bounds first, then the parser."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from flask import request

from projector.errors import ParameterError, RequestError
from projector.server.queries import MAX_DIGITS, shown

#: Objects and lists within each other. No request needs more than five.
_MAX_DEPTH = 32
#: A string, even without its end, or a bracket. Nothing in it is tried twice.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_MAYBE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_LIMIT = 1 << 63


def read_object() -> dict[str, Any]:
    """Return the JSON object in the request's body.

    Every string in it is Unicode, every number finite and within 64 bits, every name unique.

    Raises
    ------
    RequestError
        The body is not declared as JSON.
    ParameterError
        It is not such an object.
    """
    if request.content_length != 0 and not request.is_json:
        raise RequestError(
            f"The body must be JSON, with Content-Type: application/json. Got "
            f"{shown(request.mimetype)}.",
            status=415,
        )
    found = parse(request.get_data(cache=False))
    if not isinstance(found, dict):
        raise ParameterError(f"The body must be a JSON object. Got {shown(found)}.")
    return found


def parse(body: bytes) -> Any:
    """Return what a body of JSON says, or raise ParameterError."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParameterError(f"The body is not UTF-8: byte {error.start} is wrong.") from None
    _check_depth(text)
    try:
        found = json.loads(
            text,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_number,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        raise ParameterError(
            f"The body is not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    if _MAYBE_HALF.search(text):
        _check_strings(found)
    return found


def _check_depth(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        if first in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                raise ParameterError(
                    f"The body has more than {_MAX_DEPTH} objects and lists within each other."
                )
        elif first in "]}":
            depth -= 1


def _whole(text: str) -> int:
    number = int(text) if len(text) <= MAX_DIGITS + 1 else _LIMIT
    if not -_LIMIT <= number < _LIMIT:
        raise ParameterError(f"A whole number must fit into 64 bits. Got {shown(text)}.")
    return number


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParameterError(f"A number must fit into a float of 64 bits. Got {shown(text)}.")
    return number


def _no_number(text: str) -> float:
    raise ParameterError(f"JSON has no number {text}.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParameterError(f"{shown(twice)} is given more than once in one object.")
    return found


def _check_strings(found: Any) -> None:
    """Raise ParameterError if a string has a half of a pair of surrogates."""
    if isinstance(found, str):
        try:
            found.encode()
        except UnicodeEncodeError:
            raise ParameterError(
                "A string of the body has a half of a character: a surrogate without its other "
                f"half. Got {shown(found)}."
            ) from None
    elif isinstance(found, list):
        for each in found:
            _check_strings(each)
    elif isinstance(found, dict):
        for name, each in found.items():
            _check_strings(name)
            _check_strings(each)
