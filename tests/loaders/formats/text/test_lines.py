"""Text files: their encodings, and their number of lines."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders.formats.text import lines
from projector.loaders.formats.text.lines import (
    count_lines,
    decode,
    first_lines,
    looks_cut,
    looks_like_text,
)
from tests.loaders.writers import file_at, file_with, write


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"1\t2\n", True),
        ("näh".encode(), True),
        ("näh".encode("latin-1"), True),
        ("näh".encode("utf-16"), True),
        (b"\x1b[0m colors", True),
        (b"", False),
        (b"a\0b", False),
        (b"\x01\x02\x03\x04", False),
        (b"x" * 200 + b"\x01", True),
    ],
)
def test_text_is_recognized(head: bytes, expected: bool) -> None:
    assert looks_like_text(head) is expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_encodings_become_utf8(encoding: str) -> None:
    text = "mot\tcafé\n"
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    bom = codecs.BOM_UTF32_LE if encoding == "utf-32-le" else bom
    assert decode(bom + text.encode(encoding)) == (text.encode(), [])


def test_other_bytes_are_latin_1_with_a_warning() -> None:
    raw, (warning,) = decode(b"plain\ncaf\xe9\n")
    assert raw == "plain\ncafé\n".encode()
    assert warning.startswith("line 2 is not UTF-8. The file was read as Latin-1")


def test_a_wrong_byte_order_mark_is_an_error() -> None:
    with pytest.raises(UnicodeError):
        decode(codecs.BOM_UTF16_LE + b"abc")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"a\n\n \nb\nc\n", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\rb\rc", ["a", "b"]),
        ("\ufeffa\nb".encode("utf-16-le"), ["a", "b"]),
        (b"", []),
        (b"a\n" + b"x" * 5000, ["a"]),
        (b"x" * 5000, ["x" * 5000]),
    ],
)
def test_first_lines_are_whole(head: bytes, expected: list[str]) -> None:
    assert first_lines(head, 2) == expected


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.sampled_from("ab\n\r"), max_size=40), st.integers(1, 7))
def test_lines_are_counted_as_they_are_split(tmp_path: Path, text: str, piece: int) -> None:
    file = file_with(tmp_path / "t.txt", text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_PIECE", piece)
        # Read in pieces, as a large file is.
        patch.setattr(type(file), "head", lambda self: b"")
        if "\n" not in text and "\r" in text:
            expected = text.count("\r") + (not text.endswith("\r"))
            assert count_lines(file, blank=True) == expected
            return
        split = text.split("\n")
        if not split[-1]:
            split.pop()
        assert count_lines(file, blank=True) == len(split)
        n_blank = sum(line in ("", "\r") for line in split)
        assert count_lines(file, blank=False) == len(split) - n_blank


def test_a_small_file_is_counted_in_its_head(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.txt", "a\nb")
    file.head()
    (tmp_path / "t.txt").unlink()
    assert count_lines(file, blank=True) == 2


def test_a_huge_file_is_not_counted(tmp_path: Path) -> None:
    os.truncate(write(tmp_path / "t.txt"), (8 << 30) + 1)  # no byte of it is on the disk
    with pytest.raises(LoadError, match="larger than 8 GB"):
        count_lines(file_at(tmp_path / "t.txt"), blank=True)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"1\t2\n3\t4\n", False),
        (b"1\t2\n3\t4", True),
        (b"1\r2\r", False),
        (b"", False),
        (b"\x93NUMPY\0", False),
    ],
)
def test_text_without_a_last_line_end_may_be_cut(
    tmp_path: Path, content: bytes, expected: bool
) -> None:
    assert looks_cut(write(tmp_path / "x", content)) is expected
    assert not looks_cut(tmp_path / "missing")
