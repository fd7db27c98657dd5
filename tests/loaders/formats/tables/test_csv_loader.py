"""CSV files as people have them: vectors as text, as columns, with and without names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import Loaded, Tensor
from projector.loaders.formats.tables.csv_loader import Csv
from tests.loaders.writers import file_with

RNG = np.random.default_rng(11)
VALUES = RNG.integers(-40, 40, (14, 6)) / 8


def load(path: Path, content: str) -> tuple[Tensor, Loaded]:
    file = file_with(path, content)
    assert Csv().sniff(file)
    tensor = Csv().list(file).tensors[0]
    loaded = Csv().load(file, tensor)
    assert loaded.values.shape == tensor.shape
    return tensor, loaded


def line(*cells: object) -> str:
    return ",".join(map(str, cells)) + "\n"


def test_a_column_of_texts_is_the_embedding_and_numbers_beside_it_are_labels(
    tmp_path: Path,
) -> None:
    rows = [line(i, 1.5 * i, f'"{row.tolist()}"') for i, row in enumerate(VALUES)]
    tensor, loaded = load(tmp_path / "r.csv", line("", "stars", "vec") + "".join(rows))
    assert (tensor.name, tensor.role, tensor.labeled) == ("vec", "embedding", True)
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert [column.name for column in loaded.columns] == ["column 1", "stars"]
    assert loaded.columns[1].text.to_list()[3] == "4.5"


def test_arrays_over_several_lines_are_one_cell(tmp_path: Path) -> None:
    wide = RNG.integers(-40, 40, (5, 40)) / 8
    rows = [f'w{i},"{row}"\n' for i, row in enumerate(wide)]
    assert any("\n " in row for row in rows)
    tensor, loaded = load(tmp_path / "r.csv", "word,features\n" + "".join(rows))
    assert tensor.shape == (5, 40)
    np.testing.assert_array_equal(loaded.values, wide)
    assert loaded.columns[0].text.to_list()[4] == "w4"


def test_printed_arrays_without_their_numbers_are_a_problem(tmp_path: Path) -> None:
    file = file_with(tmp_path / "r.csv", 'a,v\n1,"[0.5 1. ... 2. 3.]"\n2,"[1. 1. ... 2. 4.]"\n')
    found = Csv().list(file)
    assert found.tensors == ()
    assert "'...'" in found.problems[0].message


@pytest.mark.parametrize("name", ["a.csv", "a.data", "a.txt", "a"])
def test_a_class_at_the_end_is_no_dimension_and_line_1_is_a_point(
    tmp_path: Path, name: str
) -> None:
    rows = "".join(line(*row.tolist(), f"kind {i % 3}") for i, row in enumerate(VALUES))
    tensor, loaded = load(tmp_path / name, rows)
    assert tensor.shape == (14, 6)
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert loaded.columns[0].text.to_list()[:2] == ["kind 0", "kind 1"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_line_that_counts_is_a_header_and_that_is_said(tmp_path: Path, first: int) -> None:
    names = line(*range(first, first + 6))
    rows = "".join(line(*row.tolist()) for row in VALUES)
    tensor, loaded = load(tmp_path / "n.csv", names + rows)
    assert tensor.shape == (14, 6)
    assert any(f"counts from {first} to {first + 5}" in each for each in loaded.warnings)


def test_loose_columns_are_a_table_and_said_to_be_one(tmp_path: Path) -> None:
    text = line("round", "loss", "speed") + "".join(line(i, 1 / (i + 1), 2.5) for i in range(9))
    tensor, loaded = load(tmp_path / "notes.csv", text)
    assert (tensor.role, tensor.doubtful) == ("weight", True)
    assert any("are shown as a table" in each for each in loaded.warnings)


def test_a_cell_that_is_no_number_costs_its_row_alone(tmp_path: Path) -> None:
    rows = [line(*row.tolist()) for row in np.tile(VALUES, (9000, 1))]
    rows[-1] = line("oops", *VALUES[0, 1:])
    _, loaded = load(tmp_path / "n.csv", line(*(f"d{i}" for i in range(6))) + "".join(rows))
    assert int(np.isnan(loaded.values).any(axis=1).sum()) == 1
    assert any("1 cells of 'd0' are no numbers" in each for each in loaded.warnings)


@pytest.mark.parametrize("n_odd", [1, 2])
def test_rows_with_other_cells_keep_their_place(tmp_path: Path, n_odd: int) -> None:
    rows = [line(f"w{i}", *row.tolist()) for i, row in enumerate(np.tile(VALUES, (2, 1)))]
    rows[5] = "a name, with a comma" + rows[5]
    if n_odd == 2:
        rows[20] = "short\n"
    tensor, loaded = load(
        tmp_path / "n.csv", line("w", *(f"d{i}" for i in range(6))) + "".join(rows)
    )
    assert tensor.shape == (28, 6)
    lost = np.flatnonzero(np.isnan(loaded.values).any(axis=1))
    assert lost.tolist() == [5, 20][:n_odd]
    assert loaded.columns[0].text.to_list()[6] == "w6"
    assert any("another number of cells than 7, starting with row 5" in w for w in loaded.warnings)


def test_a_table_of_uneven_rows_is_refused(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.csv", "a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n")
    with pytest.raises(LoadError, match="3 of 4 rows have another number of cells than 3"):
        Csv().list(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.csv", "a,b\n1.5,2.5\n"),
        ("t.tsv", "name\tage\nbo\t3\n"),
        ("readme", "some words, and more\nof them\n"),
        ("t.json", '{"a": [1, 2]}\n'),
        ("t.pl", "use x;\n  a => '[*0.1]', 2\n  b => '[1, x]', 3\n  c => [2, 3, 4], 5\n"),
        ("t.arff", "@RELATION x\n@ATTRIBUTE a {0,1}, b\n@ATTRIBUTE c {2,3}, b\n"),
        ("t.csv", b"\0\1\2"),
    ],
)
def test_other_files_are_passed_over(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert not Csv().sniff(file_with(tmp_path / name, content))


def test_a_table_without_numbers_says_what_it_has(tmp_path: Path) -> None:
    file = file_with(tmp_path / "t.csv", "a,b\nx,y\n")
    with pytest.raises(LoadError, match=r"neither a column of vectors .* a \(string\)"):
        Csv().list(file)
