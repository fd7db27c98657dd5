"""One object of a remote file system as a listing describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

#: What says which version an object is, the surest first: of S3 and HTTP, Google, Azure, the Hub.
_TAGS = ("ETag", "etag", "generation", "md5Hash", "content_md5", "blob_id", "Content-MD5", "Digest")
_TIMES = (
    "LastModified",
    "last_modified",
    "Last-Modified",
    "updated",
    "mtime",
    "modified",
    "created",
)
_SECOND = 1_000_000_000


@dataclass(frozen=True)
class RemoteObject:
    """One version of one object.

    Attributes
    ----------
    name : str
        Relative to the root, with ``/`` between its parts; as the server has it.
    key : str
        What the file system opens it by.
    size : int
        Bytes.
    tag : str
        Another one means other bytes; empty where the server tells nothing.
    is_strong : bool
        Whether the tag is the server's own for the content, not a time.
    modified_ns : int
        Since 1970; 0 where the server does not tell.
    """

    name: str
    key: str
    size: int
    tag: str
    is_strong: bool
    modified_ns: int

    @classmethod
    def of(cls, name: str, key: str, info: Mapping[str, Any]) -> RemoteObject | None:
        """Return the object that a file system describes; None if it does not say its size."""
        size = info.get("size")
        if not isinstance(size, int) or size < 0:
            return None
        tag, is_strong = tag_of(info)
        return cls(name, key, size, tag, is_strong, _modified(info))

    def is_still(self, info: Mapping[str, Any]) -> bool:
        """Tell whether a newer description is of the same version."""
        return info.get("size") == self.size and tag_of(info)[0] == self.tag


def tag_of(info: Mapping[str, Any]) -> tuple[str, bool]:
    """Return what tells versions apart, and whether it is more than a time."""
    for name in _TAGS:
        if info.get(name):
            return str(info[name]), True
    # The same time may be a number in one answer and a date in another.
    modified = _modified(info)
    return (str(modified), False) if modified else ("", False)


def _modified(info: Mapping[str, Any]) -> int:
    for name in _TIMES:
        at = info.get(name)
        try:
            if isinstance(at, str):
                at = _parsed(at)
            if isinstance(at, datetime):
                at = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
            if isinstance(at, (int, float)) and 0 < at < 1 << 33:
                return int(at * _SECOND)
        except (ValueError, TypeError, OverflowError):
            continue
    return 0


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)
