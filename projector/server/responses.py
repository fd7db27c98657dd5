"""Responses of JSON or bytes, with an ETag made from their content."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import threading
from collections.abc import Callable
from typing import Any

from flask import Response, request

from projector.errors import RequestError
from projector.typing import Json

#: Elements of a list that are encoded at once.
_PIECE = 500


def json_reply(content: Any, *, status: int = 200) -> Response:
    """Return `content` as JSON."""
    body = as_json(plain(content)).encode()
    return _tagged(Response(body, status, content_type="application/json"), body)


def as_json(content: Json) -> str:
    """Return content as JSON; the long lists of an object piece by piece.

    The encoder serves no other thread before it is done: a listing of 100,000 files would make
    every other request wait.
    """
    if not isinstance(content, dict):
        return _dumps(content)
    return "{" + ", ".join(f"{_dumps(key)}: {_list(each)}" for key, each in content.items()) + "}"


def _list(content: Json) -> str:
    if not isinstance(content, list) or len(content) <= _PIECE:
        return _dumps(content)
    pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
    return "[" + ", ".join(_dumps(piece)[1:-1] for piece in pieces) + "]"


def _dumps(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def bytes_reply(body: bytes, *, etag: str | None = None) -> Response:
    """Return raw bytes; `etag` saves hashing content that is already identified."""
    return _tagged(Response(body, content_type="application/octet-stream"), body, etag)


class KeptBody:
    """Bytes that are sent again and again: made when they are asked for first, and kept.

    Parameters
    ----------
    make : callable
        Returns the bytes.
    """

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._plain: bytes | None = None
        self._compressed: bytes | None = None

    def content(self, *, compressed: bool) -> bytes:
        """Return the bytes, as they are or compressed with gzip."""
        with self._lock:
            if self._plain is None:
                self._plain = self._make()
            if not compressed:
                return self._plain
            if self._compressed is None:
                self._compressed = gzip.compress(self._plain, 6, mtime=0)
            return self._compressed


def kept_reply(body: KeptBody, etag: str) -> Response:
    """Return JSON that is kept, compressed for those who take it so.

    Its ETag is known before, so that an answer of 304 makes and sends no bytes.
    """
    compressed = request.accept_encodings["gzip"] > 0
    response = Response(content_type="application/json")
    response.vary.add("Accept-Encoding")
    _conditional(response, f"{etag}-gzip" if compressed else etag)
    if response.status_code == 200:
        response.set_data(body.content(compressed=compressed))
        if compressed:
            response.content_encoding = "gzip"
    return response


def compressed_reply(content: Any) -> Response:
    """Return `content` as JSON, compressed for those who take it so."""
    body = as_json(plain(content)).encode()
    return kept_reply(KeptBody(lambda: body), hashlib.sha256(body).hexdigest()[:32])


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


def _tagged(response: Response, body: bytes, etag: str | None = None) -> Response:
    return _conditional(response, etag or hashlib.sha256(body).hexdigest()[:32])


def _conditional(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"  # revalidate: 304 if unchanged
    if response.status_code >= 400:  # an error is never "not modified"
        return response
    response.make_conditional(request)
    if response.status_code == 412:
        # Werkzeug would send the content with this status.
        raise RequestError("The content has another ETag than If-Match names.", status=412)
    return response
