"""Messages from the page in a cell, checked; docs/notebook.md has the protocol."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast, get_args

from projector.errors import RequestError

#: Bytes of a body in one message: with its envelope a message stays below 1 MiB, far from what ends
#: a notebook's connection.
PIECE_BYTES = (1 << 20) - (1 << 14)
#: Pieces of one body that may be under way before the other side asks for more.
PIECES_AHEAD = 4

Kind: TypeAlias = Literal["hello", "text", "open", "body", "more", "abort", "gone", "picture"]
_KINDS = get_args(Kind)
_OF_A_CALL = ("open", "body", "more", "abort")
#: Letters of the name of a view, and of a path.
_LONGEST_VIEW, _LONGEST_PATH = 64, 1 << 16


@dataclass(frozen=True)
class Opening:
    """A request without its body.

    Attributes
    ----------
    method, path : str
        The path begins with a slash and has its query, encoded.
    headers : dict
    size : int
        Bytes of the body, which follows in pieces.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    size: int


@dataclass(frozen=True)
class PageMessage:
    """A message from a page.

    Attributes
    ----------
    kind : str
    view : str
        The page: a widget may be shown several times.
    number : int
        The page's own number of the request; 0 where the message is of none.
    opening : Opening or None
        Of the kind "open".
    body : bytes
        Up to 1 MiB.
    is_binary : bool
        Whether the bytes came as such and not as text.
    """

    kind: Kind
    view: str
    number: int = 0
    opening: Opening | None = None
    body: bytes = field(default=b"", repr=False)
    is_binary: bool = True


def read_message(content: object, buffers: Sequence[Any]) -> PageMessage:
    """Return a message as it came over the channel.

    Raises
    ------
    RequestError
        It is none of the protocol's.
    """
    if not isinstance(content, Mapping):
        raise _wrong("an object", content)
    kind, view = content.get("kind"), content.get("view")
    if kind not in _KINDS:
        raise _wrong(f"a kind among {', '.join(_KINDS)}", kind)
    if not isinstance(view, str) or not 0 < len(view) <= _LONGEST_VIEW:
        raise _wrong("the name of a view", view)
    number = content.get("id", 0)
    if kind in _OF_A_CALL and (type(number) is not int or number < 1):
        raise _wrong("the number of a request", number)
    body, is_binary = _body_of(content, buffers)
    if len(body) > 1 << 20:
        raise _wrong("a body of at most 1 MiB", f"{len(body):,} bytes")
    opening = _opening_of(content) if kind == "open" else None
    return PageMessage(cast("Kind", kind), view, int(number), opening, body, is_binary)


def _opening_of(content: Mapping[str, Any]) -> Opening:
    method, path = content.get("method"), content.get("path")
    headers, size = content.get("headers", {}), content.get("size", 0)
    if not isinstance(method, str) or not (method.isascii() and method.isalpha()):
        raise _wrong("a method", method)
    if not isinstance(path, str) or not path.startswith("/") or len(path) > _LONGEST_PATH:
        raise _wrong("a path that begins with a slash", path)
    if not path.isascii() or not path.isprintable():
        raise _wrong("an encoded path", path)
    if type(size) is not int or size < 0:
        raise _wrong("the size of a body", size)
    if not isinstance(headers, Mapping) or not all(map(_is_header, headers.items())):
        raise _wrong("headers", headers)
    return Opening(method.upper(), path, dict(headers), size)


def _is_header(item: tuple[object, object]) -> bool:
    name, value = item
    if not isinstance(name, str) or not isinstance(value, str):
        return False
    return name.replace("-", "").isalnum() and name.isascii() and value.isprintable()


def _body_of(content: Mapping[str, Any], buffers: Sequence[Any]) -> tuple[bytes, bool]:
    """Return the bytes of a message; as text where the notebook drops buffers."""
    if buffers:
        return bytes(buffers[0]), True
    text = content.get("data")
    if text is None:
        return b"", False
    try:
        return base64.b64decode(text, validate=True), False
    except (TypeError, ValueError, binascii.Error):
        raise _wrong("bytes as base64", text) from None


def _wrong(expected: str, found: object) -> RequestError:
    return RequestError(
        f"A message of a notebook's page must have {expected}. Got {str(found)[:80]!r}. Run the "
        "cell again, so that page and kernel are of one version of projector."
    )
