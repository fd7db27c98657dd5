"""Delimited text: its dialect, its rows, and its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.formats.tables.csv_table import (
    csv_rows,
    dialect_of,
    json_start,
    parse_csv,
    parse_json_lines,
    read_csv_whole,
)
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("content", "delimiter", "header", "decimal"),
    [
        ("a,b\n1,2\n", ",", ("a", "b"), "."),
        ("a;b\n1,5;2\n", ";", ("a", "b"), ","),
        ("a\tb\n1\t2\n", "\t", ("a", "b"), "."),
        ("a|b\n1|2\n", "|", ("a", "b"), "."),
        ("1,2\n3,4\n", ",", (), "."),
        ("1;2,5;3\n3;4,5;6\n", ";", (), ","),
        ("a,a,\n1,2,3\n", ",", ("a", "a (2)", "column 3"), "."),
        ("\ufeffa,b\n1,2\n", ",", ("a", "b"), "."),
    ],
)
def test_the_dialect_is_found(
    tmp_path: Path, content: str, delimiter: str, header: tuple[str, ...], decimal: str
) -> None:
    dialect, start = dialect_of(file_with(tmp_path / "t.csv", content))
    assert (dialect.delimiter, dialect.header, dialect.decimal) == (delimiter, header, decimal)
    assert dialect.has_header == bool(header)
    assert start == content.removeprefix("\ufeff").encode()


def test_rows_are_counted_even_if_quotes_hide_line_ends(tmp_path: Path) -> None:
    for content, expected in (
        ("a,b\n1,2\n\n3,4\n", 2),
        ('a,b\n1,"x\ny"\n2,"z"\n', 2),
        ("1,2\n", 1),
    ):
        file = file_with(tmp_path / "t.csv", content)
        assert csv_rows(file, *dialect_of(file)) == expected


def test_numbers_are_numbers_and_all_else_stays_as_written(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.csv", "id;x\n007;1,5\n010;2\n")
    dialect, _ = dialect_of(file)
    table = parse_csv(read_csv_whole(file)[0], dialect, numbers=("x",))
    assert table.column("id").to_pylist() == ["007", "010"]
    assert table.column("x").to_pylist() == [1.5, 2.0]


def test_json_lines_are_a_table(tmp_path: Path) -> None:
    raw = b'{"v": [1, 2], "name": "a"}\n{"v": [3, 4], "name": "b"}\n'
    assert parse_json_lines(raw).column("v").to_pylist() == [[1, 2], [3, 4]]
    assert json_start(file_with(tmp_path / "t.jsonl", raw)) == raw


def test_other_encodings_are_converted_or_refused(tmp_path: Path) -> None:
    raw, warnings = read_csv_whole(file_with(tmp_path / "t.csv", "a,b\né,2\n".encode("latin-1")))
    assert raw == "a,b\né,2\n".encode()
    assert warnings[0].startswith("line 2 is not UTF-8")
    with pytest.raises(LoadError, match="starts as UTF-16, but is not"):
        dialect_of(file_with(tmp_path / "t.csv", b"\xff\xfeabc"))
