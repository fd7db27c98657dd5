"""The registry: which loader reads which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders import LOADERS
from projector.loaders.base import ShapedLoader
from projector.loaders.formats.registry import (
    find_loader,
    known_extensions,
    loader_of_named_tensor,
)
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.npy", b"", "npy"),
        ("x", b"\x93NUMPY", "npy"),
        ("x.txt", b"king 1 2 3\nqueen 1 2 4\n", "word-vectors"),
        ("x.tsv", b"1\t2\n3\t4\n", "tensors-tsv"),
        ("x.csv", b"a,b\n1,2\n", "csv"),
        ("x.pkl", b"\x80\x04.", "pickle"),
        ("x.pt", b"", "torch"),
        ("x.bytes", b"\1\2\3\4", "raw-float32"),
        ("notes.md", b"# text", None),
    ],
)
def test_files_are_recognized(
    tmp_path: Path, name: str, content: bytes, expected: str | None
) -> None:
    found = find_loader(file_with(tmp_path / name, content))
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("name", "content", "has_shape", "expected"),
    [
        ("x.npy", b"", True, "npy"),
        ("x.weird", b"\0\1\2\3", True, "raw-float32"),
        ("x.weird", b"\0\1\2\3", False, "tensors-tsv"),
        ("x.weird", b"1 2\n", True, "tensors-tsv"),
    ],
)
def test_a_named_tensor_always_has_a_loader(
    tmp_path: Path, name: str, content: bytes, has_shape: bool, expected: str
) -> None:
    file = file_with(tmp_path / name, content)
    assert loader_of_named_tensor(file, has_shape=has_shape).name == expected


def test_one_format_takes_its_shape_from_a_config() -> None:
    shaped = [each.name for each in LOADERS if isinstance(each, ShapedLoader)]
    assert shaped == ["compressed", "raw-float32"]


def test_extensions_are_sorted_and_unique() -> None:
    known = known_extensions()
    assert list(known) == sorted(set(known))
    assert {".npy", ".safetensors", ".weights.json"} <= set(known)
    assert all(suffix.startswith(".") for suffix in known)
