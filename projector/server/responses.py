"""Responses of JSON or bytes, with an ETag made from their content; and query parameters."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from flask import Response, request

from projector.errors import ParameterError
from projector.typing import Json


def json_reply(content: Any, *, status: int = 200) -> Response:
    """Return `content` as JSON."""
    body = json.dumps(plain(content), ensure_ascii=False, allow_nan=False).encode()
    return _tagged(Response(body, status, content_type="application/json"), body)


def bytes_reply(body: bytes, *, etag: str | None = None) -> Response:
    """Return raw bytes; `etag` saves hashing content that is already identified."""
    return _tagged(Response(body, content_type="application/octet-stream"), body, etag)


def image_reply(body: bytes, headers: dict[str, str] | None = None) -> Response:
    """Return a PNG."""
    response = media_reply(body, "image/png")
    response.headers.update(headers or {})
    return response


def media_reply(body: bytes, kind: str) -> Response:
    """Return bytes of a given media type."""
    return _tagged(Response(body, content_type=kind), body)


def plain(value: Any) -> Json:
    """Return `value` with NaN and infinities as None, because JSON has no such numbers."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def optional_number(name: str, *, low: int = 0, high: int | None = None) -> int | None:
    """Return a whole number of the query, or None if it is not given.

    Raises
    ------
    ParameterError
        It is not a whole number, or out of range.
    """
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isdecimal() or int(text) < low or (high is not None and int(text) > high):
        span = f"from {low:,} to {high:,}" if high is not None else f"of at least {low:,}"
        raise ParameterError(f"{name!r} must be a whole number {span}. Got {text!r}.")
    return int(text)


def whole_number(name: str, default: int, *, low: int = 0, high: int | None = None) -> int:
    """Return a whole number of the query, or `default` (see `optional_number`)."""
    found = optional_number(name, low=low, high=high)
    return default if found is None else found


def _tagged(response: Response, body: bytes, etag: str | None = None) -> Response:
    response.set_etag(etag or hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"  # revalidate: 304 if unchanged
    response.make_conditional(request)
    return response
