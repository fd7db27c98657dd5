"""Tensors as text: which files are vectors, and which are labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.text.tensors_tsv import TensorsTsv
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("v.tsv", "1\t2\n", True),
        ("v.txt", "1 2\n", True),
        ("v.tab", "a\tb\n1\t2\n", True),
        ("v.txt", "a b\n1 2\n", False),
        ("v.csv", "1\t2\n", False),
        ("one.tsv", "1\n2\n", False),
        ("tensor.tsv", "1\n2\n", True),
        ("labels.tsv", "1\t2\n", False),
        ("metadata.tsv", "1\t2\n", False),
        ("v.tsv", "a\tb\n", False),
        ("v.tsv", "1\tb\n", False),
        ("v.tsv", "", False),
        ("v.tsv", b"\0\1\2", False),
    ],
)
def test_files_are_recognized(
    tmp_path: Path, name: str, content: str | bytes, expected: bool
) -> None:
    assert TensorsTsv().sniff(file_with(tmp_path / name, content)) is expected


@pytest.mark.parametrize(
    ("content", "header"),
    [("1\t2\n3\t4\n", False), ("x\ty\n1\t2\n3\t4", True), ("1 2\n\n3  4\n", False)],
)
def test_matrices_are_read(tmp_path: Path, content: str, header: bool) -> None:
    file = file_with(tmp_path / "v.tsv", content)
    found = TensorsTsv().list(file)
    (tensor,) = found.tensors
    assert (tensor.name, tensor.shape, tensor.whole) == ("v", (2, 2), True)
    assert [problem.severity for problem in found.problems] == ["warning"] * header
    loaded = TensorsTsv().load(file, tensor)
    np.testing.assert_array_equal(loaded.values, [[1, 2], [3, 4]])
    assert len(loaded.warnings) == header


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty. Expected one row of numbers per point"),
        (b"\0\1\2", "is not a text file"),
        (b"\n\n", "contains no numbers"),
        (b"1\t2\n3\tx\n", r"line 2, column 2: found 'x', expected a number"),
        (b"a\t2\n", r"line 1, column 1: found 'a', expected a number"),
        (b"1\t2\n3\n", r"line 2: found 1 numbers, expected 2 as on line 1"),
        (b"\xff\xfe1\t2", "starts as UTF-16, but is not|found"),
    ],
)
def test_mistakes_have_their_place(tmp_path: Path, content: bytes, message: str) -> None:
    file = file_with(tmp_path / "v.tsv", content)
    loader = TensorsTsv()
    with pytest.raises(LoadError, match=message):
        loader.load(file, loader.list(file).tensors[0])


def test_a_first_line_longer_than_the_head_is_read(tmp_path: Path) -> None:
    file = file_with(tmp_path / "v.tsv", "\t".join(["0.25"] * 5000) + "\n")
    (tensor,) = TensorsTsv().list(file).tensors
    assert tensor.shape == (1, 5000)
