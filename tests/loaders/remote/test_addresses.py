from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.remote.addresses import (
    is_address,
    parts_of,
    scheme_of,
    shown_address,
    without_secrets,
)


@pytest.mark.parametrize(
    ("given", "scheme"),
    [
        ("s3://bucket/runs", "s3"),
        ("HTTPS://example.com/x", "https"),
        ("memory://", "memory"),
        ("runs/s3://bucket", ""),
        ("C:\\runs", ""),
        ("c:/runs", ""),
        ("s3:/bucket", ""),
        ("", ""),
        (Path("s3://bucket"), ""),
        (None, ""),
        (b"s3://bucket", ""),
    ],
)
def test_what_is_an_address(given: object, scheme: str) -> None:
    assert scheme_of(given) == scheme
    assert is_address(given) == bool(scheme)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://ann:secret@example.com:8000/a/b?sig=abc#d", "https://example.com:8000/a/b"),
        ("s3://key:secret@bucket/runs", "s3://bucket/runs"),
        ("s3://bucket/a@b/c", "s3://bucket/a@b/c"),
        ("hf://datasets/me/data@main/x", "hf://datasets/me/data@main/x"),
    ],
)
def test_an_address_is_shown_without_secrets(given: str, shown: str) -> None:
    assert shown_address(given) == shown


def test_what_a_library_says_is_shown_without_secrets() -> None:
    said = "404, url='https://u:p@h/x?X-Amz-Signature=abc' Authorization: Bearer1 token=xyz"
    found = without_secrets(said)
    assert not any(secret in found for secret in ("u:p", "abc", "Bearer1", "xyz"))
    assert "https://h/x?…" in found


def test_the_parts_of_an_address() -> None:
    assert parts_of("s3://bucket/a%20b/c/") == ("bucket", "a%20b", "c")
    assert parts_of("https://u:p@h:80/a%20b/c?x=1") == ("h:80", "a b", "c")
    assert parts_of("memory://") == ()
