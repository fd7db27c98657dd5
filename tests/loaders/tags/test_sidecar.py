"""The format of sidecar files: what is written is read, and every mistake has its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.loaders.logdir.walk import read_folder
from projector.loaders.tags.sidecar import (
    LIMIT,
    Sidecar,
    parse_header,
    parse_tags,
    read_sidecar,
    revision_of,
    tags_bytes,
)
from projector.model.tags import Tags
from tests.loaders.tags.hostile import HEADER, HOSTILE
from tests.loaders.writers import write

CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
COLUMNS = st.dictionaries(CELLS, st.dictionaries(st.integers(0, 49), CELLS), max_size=4)


@given(tensor=st.text(st.characters(exclude_categories=["Cs"])), columns=COLUMNS)
def test_whatever_is_written_is_read_again(tensor: str, columns: dict[str, dict[int, str]]) -> None:
    tags = Tags(tensor, 50, columns)
    found, problems = parse_tags(tags_bytes(tags))
    assert problems == []
    assert found == tags


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_at_all_are_an_error(raw: bytes, framed: bool) -> None:
    tags, problems = parse_tags(HEADER + b"row\tkind\n" + raw if framed else raw)
    assert tags is not None or problems


def test_rows_are_written_in_order_with_all_columns() -> None:
    tags = Tags("default", 300, {"kind": {17: "odd", 3: "odd"}, "label": {3: "mine"}})
    assert tags_bytes(tags) == HEADER + b"row\tkind\tlabel\n3\todd\tmine\n17\todd\t\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_mistakes_are_problems_with_their_line(name: str) -> None:
    raw, message = HOSTILE[name]
    _, (problem,) = parse_tags(raw)
    assert message in problem


def test_good_lines_of_a_bad_file_are_read() -> None:
    lines = b"row\tkind\n3\todd\n-1\tx\n999\tx\n4\teven\n3\tx\n4\tx\n\n5\tlast\r\n"
    tags, (problem,) = parse_tags(HEADER + lines)
    assert tags is not None
    assert tags.columns == {"kind": {3: "odd", 4: "even", 5: "last"}}
    assert [f"line {number}: " in problem for number in (4, 5, 7, 8)] == [True, True, True, False]
    assert "and 1 more line. These lines are ignored" in problem


def test_files_of_other_programs_are_read() -> None:
    content = HEADER.replace(b"\n", b"\r\n") + b"row\tkind\tlabel\r\n3\t\tx\r\n4\r\n5\todd\t\t\r\n"
    tags, problems = parse_tags(b"\xef\xbb\xbf" + content)
    assert problems == []
    assert tags is not None
    assert tags.columns == {"kind": {5: "odd"}, "label": {3: "x"}}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (HEADER.decode().rstrip("\n"), ("default", 300)),
        ('# projector-tags {"tensor": "ä/b", "n_points": 1, "version": 1, "more": 2}', ("ä/b", 1)),
        (
            '# projector-tags {"version": 3, "tensor": "a", "n_points": 1}',
            "has the format version 3",
        ),
        ('# projector-tags {"version": 1, "tensor": 5, "n_points": 1}', "line 1 is not"),
        ('# projector-tags {"version": 1, "tensor": "a", "n_points": 0}', "line 1 is not"),
        ('# projector-tags {"version": 1, "tensor": "a", "n_points": 4294967296}', "line 1 is not"),
        ("# projector-tags [1]", "line 1 is not"),
        ("row\tkind", "line 1 is not"),
    ],
)
def test_the_first_line_says_what_the_rows_are(line: str, expected: tuple[str, int] | str) -> None:
    found = parse_header(line)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert found.startswith(expected)
    else:
        assert found == expected


def sidecar_of(path: Path) -> Sidecar:
    (file,) = read_folder(path.parent).tags
    return read_sidecar(file)


def test_a_file_is_read_with_its_revision(tmp_path: Path) -> None:
    raw = HEADER + b"row\tkind\n3\todd\n"
    path = write(tmp_path / "a.projector-tags.tsv", raw)
    found = sidecar_of(path)
    assert found.file == path
    assert found.tags == Tags("default", 300, {"kind": {3: "odd"}})
    assert found.revision == revision_of(raw)
    assert revision_of(raw) != revision_of(raw + b"4\todd\n")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.projector-tags.tsv")
    os.truncate(path, LIMIT + 1)
    found = sidecar_of(path)
    assert found.tags is None
    assert "at most 67,108,864 are read" in found.problems[0]
