"""Addresses of remote log directories: what is one, what is shown of it, and what opens it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from projector.model.arguments import scheme_of

#: What stands before the host in an address, and what its query says: both may be secret.
_USER = re.compile(r"(?<=://)[^/@\s'\"]+@")
_QUERY = re.compile(r"(://[^\s?'\"]*)\?[^\s'\"]*")
#: A question mark begins a query in many addresses.
_PATTERN = re.compile(r"[*\[]")
#: What a library says may name a key, or quote a header with one.
_KEYS = re.compile(r"(?i)\b(authorization|token|secret|signature|password)\b(\W{1,4})\S+")

#: The package behind each scheme, for the message that it is missing.
PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "adl": "adlfs",
    "hf": "huggingface_hub",
    "http": "aiohttp",
    "https": "aiohttp",
    "sftp": "paramiko",
    "ssh": "paramiko",
}


def is_address(source: object) -> bool:
    """Tell whether this is an address of a file system elsewhere: ``"s3://bucket/runs"``."""
    return bool(scheme_of(source))


def without_pattern(address: str) -> tuple[str, str]:
    """Return the folder of an address, and the pattern of names that follows; empty if none.

    Examples
    --------
    >>> without_pattern("s3://bucket/runs/day=*/part-*.parquet")
    ('s3://bucket/runs/', 'day=*/part-*.parquet')
    """
    at = _PATTERN.search(address)
    if at is None:
        return address, ""
    start = address.rfind("/", 0, at.start()) + 1
    return (address, "") if address[:start].endswith("://") else (address[:start], address[start:])


def shown_address(address: str) -> str:
    """Return an address as it may be shown: without user, password and query.

    Examples
    --------
    >>> shown_address("https://ann:secret@example.com/runs?sig=abc")
    'https://example.com/runs'
    """
    without = _USER.sub("", address)
    return without.split("?")[0].split("#")[0] if scheme_of(address) != "hf" else without


def without_user(address: str) -> str:
    """Return an address without user and password."""
    return _USER.sub("", address)


def without_secrets(text: str) -> str:
    """Return what a library says as it may be shown: addresses without user and query."""
    return _KEYS.sub(r"\1\2…", _QUERY.sub(r"\1?…", _USER.sub("", text)))


def parts_of(address: str) -> tuple[str, ...]:
    """Return the names on the way to what an address leads to, the host or bucket first."""
    split = urlsplit(address)
    host = split.netloc.rpartition("@")[2]
    web = scheme_of(address) in ("http", "https")
    path = unquote(split.path) if web else address.partition("://")[2].partition("/")[2]
    return tuple(part for part in (host, *path.split("/")) if part)
