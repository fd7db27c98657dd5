"""Delimited text: its layout, its rows, and its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.tables.csv_table import (
    csv_rows,
    names_of,
    parse_csv,
    read_whole,
    start_of_table,
    with_numbers,
)
from projector.loaders.formats.text.layout import Layout, layout_of
from tests.loaders.writers import file_with


def layout(file: File) -> Layout:
    found = layout_of(file)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "separator", "names", "decimal"),
    [
        ("a,b\n1,2\n", ",", ("a", "b"), "."),
        ("a;b\n1,5;2\n", ";", ("a", "b"), ","),
        ("a|b|c\nx|1|2\n", "|", ("a", "b", "c"), "."),
        ("1,2\n3,4\n", ",", ("column 1", "column 2"), "."),
        ("1;2,5;3\n3;4,5;6\n", ";", ("column 1", "column 2", "column 3"), ","),
        ("a,a,\n1,2,3\n", ",", ("a", "a (2)", "column 3"), "."),
        ("a,b,\n1,2,\n3,4,\n", ",", ("a", "b"), "."),
        ("\ufeffa,b\n1,2\n", ",", ("a", "b"), "."),
        ("id kind x y z\na p 1 2 3\nb q 4 5 6\n", " ", ("id", "kind", "x", "y", "z"), "."),
        ('"x1" "x2" "x3" "g"\n"1 b" 1 2 3 "a"\n', " ", ("column 1", "x1", "x2", "x3", "g"), "."),
    ],
)
def test_the_layout_is_found_and_read(
    tmp_path: Path, content: str, separator: str, names: tuple[str, ...], decimal: str
) -> None:
    file = file_with(tmp_path / "t.csv", content)
    found = layout(file)
    assert (found.separator, names_of(found), found.decimal) == (separator, names, decimal)
    table = parse_csv(start_of_table(file), found)
    assert tuple(table.schema.names) == names
    assert table.num_rows == csv_rows(file, found, start_of_table(file))


def test_rows_are_counted_even_if_quotes_hide_line_ends(tmp_path: Path) -> None:
    for content, expected in (
        ("a,b\n1,2\n\n3,4\n", 2),
        ('a,b\n1,"x\ny"\n2,"z"\n', 2),
        ("1,2\n", 1),
    ):
        file = file_with(tmp_path / "t.csv", content)
        assert csv_rows(file, layout(file), start_of_table(file)) == expected


def test_numbers_are_numbers_and_all_else_stays_as_written(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.csv", "id;x\n007;1,5\n010;2\n")
    table = parse_csv(read_whole(file)[0], layout(file), numbers=("x",))
    assert table.column("id").to_pylist() == ["007", "010"]
    assert table.column("x").to_pylist() == [1.5, 2.0]


def test_cells_that_are_no_numbers_are_counted(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.csv", "id,x\na,1.5\nb,unknown\nc,\n")
    table = parse_csv(read_whole(file)[0], layout(file), numbers=())
    made, (warning,) = with_numbers(table, ["x"], ".")
    values = made.column("x").to_pylist()
    assert values[0] == 1.5
    assert all(value != value for value in values[1:])
    assert warning.startswith("1 cells of 'x' are no numbers, as 'unknown' in row 1.")


def test_other_encodings_are_converted_or_refused(tmp_path: Path) -> None:
    raw, warnings = read_whole(file_with(tmp_path / "t.csv", "a,b\né,2\n".encode("latin-1")))
    assert raw == "a,b\né,2\n".encode()
    assert warnings[0].startswith("line 2 is not UTF-8")
    with pytest.raises(LoadError, match="starts as UTF-16, but is not"):
        read_whole(file_with(tmp_path / "t.csv", b"\xff\xfeabc"))
