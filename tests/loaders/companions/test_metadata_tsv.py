"""Metadata tables: the header by the number of points, cells as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.model.metadata import Metadata

FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CELL = st.text(st.characters(exclude_characters="\n\t\r", codec="utf-8"), max_size=8)


def read(tmp_path: Path, content: bytes | str, n_points: int) -> tuple[Metadata, list[str]]:
    path = tmp_path / "m.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_metadata(path, n_points)


@FAST
@given(
    rows=st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    header=st.booleans(),
    crlf=st.booleans(),
    closed=st.booleans(),
)
def test_what_is_written_is_read(
    tmp_path: Path, rows: list[list[str]], header: bool, crlf: bool, closed: bool
) -> None:
    names = [f"name {i}" for i in range(len(rows[0]))]
    lines = ["\t".join(row) for row in ([names] if header else []) + rows]
    end = "\r\n" if crlf else "\n"
    # Without a last line end, an empty last row cannot be seen.
    text = end.join(lines) + (end if closed or not lines[-1] else "")
    if not text.strip():
        return
    if text.startswith("\ufeff"):
        return
    table, warnings = read(tmp_path, text, len(rows))
    assert warnings == []
    assert [table.row(i) for i in range(len(rows))] == [[c or None for c in row] for row in rows]
    if header:
        assert list(table.names) == names


@pytest.mark.parametrize(
    ("text", "n_points", "header", "first"),
    [
        ("a\nb\n", 2, False, "a"),
        ("label\na\nb\n", 2, True, "a"),
        ("x\ty\nz\tw\n", 2, False, "x"),
        ("x\ty\nz\tw\n", 1, True, "z"),
        ("a\nb\n\n\n", 2, False, "a"),
        ("a\n\nb\n", 3, False, "a"),
        ("\na\n", 2, False, None),
    ],
)
def test_the_number_of_points_decides_on_the_header(
    tmp_path: Path, text: str, n_points: int, header: bool, first: str | None
) -> None:
    table, warnings = read(tmp_path, text, n_points)
    assert warnings == []
    assert table.n_rows == n_points
    assert table.row(0)[0] == first
    assert (table.names[0] in ("label", "x")) == (header or table.names == ("label",))


def test_too_few_and_too_many_rows_are_warned_of_with_counts(tmp_path: Path) -> None:
    table, warnings = read(tmp_path, "a\nb\n", 5)
    assert table.n_rows == 5
    assert table["label"].n_missing == 3
    assert "2 rows for 5 points" in warnings[0]
    table, warnings = read(tmp_path, "n\tg\na\t1\nb\t2\nc\t3\n", 2)
    assert table.row(1) == ["b", "2"]
    assert "3 rows for 2 points" in warnings[0]
    assert "ignored" in warnings[0]


def test_ragged_rows_are_warned_of_with_the_line(tmp_path: Path) -> None:
    table, warnings = read(tmp_path, "n\tg\na\t1\nb\nc\t3\t9\n", 3)
    assert table.row(1) == ["b", None]
    assert table.row(2) == ["c", "3"]
    assert any("line 4" in each and "more than 2 cells" in each for each in warnings)
    assert any("line 3" in each and "fewer than 2 cells" in each for each in warnings)


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    odd = "a\u2028b\x0bc\x85d\x1ce\rf"
    table, _ = read(tmp_path, f"{odd}\nnext\n", 2)
    assert table.row(0) == [odd]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks_are_taken_at_their_word(tmp_path: Path, encoding: str) -> None:
    table, warnings = read(tmp_path, "mot\tx\ncafé\t1\n".encode(encoding), 1)
    assert warnings == []
    assert table.names == ("mot", "x")
    assert table.row(0) == ["café", "1"]


def test_latin_1_is_read_with_a_warning(tmp_path: Path) -> None:
    table, warnings = read(tmp_path, "plain\ncafé\n".encode("latin-1"), 2)
    assert table.row(1) == ["café"]
    assert "line 2" in warnings[0]


def test_repeated_headers_are_made_unique(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "v\tv\t\n1\t2\t3\n", 1)
    assert table.names == ("v", "v (2)", "column 3")


def test_no_value_is_changed(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "id\tn\n007\t1_000\n010\t2.50\n", 2)
    assert table["id"].text.to_list() == ["007", "010"]
    assert table["id"].kind != "numeric"
    assert table["n"].text.to_list() == ["1_000", "2.50"]


@pytest.mark.parametrize("content", [b"", b"\n\n", bytes(range(256)) * 9])
def test_other_content_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LoadError, match=r"m\.tsv"):
        read(tmp_path, content, 4)
