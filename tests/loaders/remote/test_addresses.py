from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import projector
from projector.loaders.remote.addresses import (
    is_address,
    parts_of,
    shown_address,
    without_secrets,
)
from projector.model.arguments import scheme_of


@pytest.mark.parametrize(
    ("given", "scheme"),
    [
        ("s3://bucket/runs", "s3"),
        ("HTTPS://example.com/x", "https"),
        ("memory://", "memory"),
        ("runs/s3://bucket", ""),
        ("C:\\runs", ""),
        ("C://runs", ""),
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


@pytest.mark.parametrize("address", ["s3://bucket/out", "https://user:secret@example.com/x.npy"])
def test_nothing_is_written_to_an_address(address: str, tmp_path: Path) -> None:
    """A path would lose the second slash, and lead into a folder here."""
    placed = projector.Projection(np.zeros((3, 2), np.float32), "given", {})
    for write in (projector.Writer, placed.save):
        with pytest.raises(
            projector.ParameterError, match="must be a path of this machine"
        ) as said:
            write(address)
        assert "secret" not in str(said.value)
