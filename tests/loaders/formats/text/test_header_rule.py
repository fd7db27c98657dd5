"""Line 1: the names of the columns, or a row of data."""

from __future__ import annotations

import pytest

from projector.loaders.formats.text.header_rule import first_line, is_list


@pytest.mark.parametrize(
    ("rows", "is_header", "is_certain"),
    [
        ([["a", "b"], ["1", "2"], ["3", "4"]], True, True),
        ([["1", "2"], ["3", "4"]], False, True),
        ([["5.1", "3.5", "setosa"], ["4.9", "3.0", "virginica"]], False, True),
        ([["x", "1.5"], ["y", "2.5"]], False, True),
        ([["0", "1", "2"], ["0.5", "1.5", "2.5"]], True, False),
        ([["1", "2", "3"], ["7", "8", "9"]], True, False),
        ([["", "0", "1", "2"], ["0", "0.5", "1.5", "2.5"]], True, False),
        ([["id", "0", "1", "2"], ["7", "0.5", "1.5", "2.5"]], True, False),
        ([["0", "1", "2", "3"], ["0.5", "1.5", "2.5", "cat"]], True, False),
        ([["1990", "1991", "1992"], ["0.5", "1.5", "2.5"]], True, False),
        ([["1990", "1991", "1992"], ["5", "1", "2"]], False, True),
        ([["0", "1"], ["0", "2"], ["1", "2"]], False, True),
        ([["0", "1", "2"], ["3", "4", "5"], ["6", "7", "8"]], False, True),
        ([["0", "1"], ["0.5", "2.5"]], True, False),
        ([["0", "2", "4"], ["1", "3", "5"]], False, True),
        ([["0.0", "1.0", "2.0"], ["0.5", "1.5", "2.5"]], False, True),
        ([["NA", "1.5"], ["2.5", "3.5"]], False, True),
        ([["embedding"], ["[1, 2]"], ["[3, 4]"]], True, True),
        ([["[0, 0]"], ["[1, 2]"], ["[3, 4]"]], False, True),
        ([["x", "2.5", "3.5"], ["1", "2", "3"]], False, False),
        ([["x", "y", "3"], ["1", "2", "3"]], True, False),
        ([["a"]], True, True),
        ([["1.5", "a"]], False, True),
    ],
)
def test_columns_of_numbers_vote(rows: list[list[str]], is_header: bool, is_certain: bool) -> None:
    decided = first_line(rows)
    assert decided is not None
    assert (decided.is_header, not decided.doubt) == (is_header, is_certain)


@pytest.mark.parametrize("rows", [[["a", "b"], ["c", "d"]], [["1", "b"], ["c", "d"]], []])
def test_without_a_column_of_numbers_nothing_votes(rows: list[list[str]]) -> None:
    assert first_line(rows) is None


def test_cells_without_a_value_do_not_vote() -> None:
    assert first_line([["name", "-"], ["a", "NaN"], ["b", ""]]) is None
    decided = first_line([["name", "n"], ["a", "N/A"], ["b", "3"]])
    assert decided is not None
    assert decided.is_header


@pytest.mark.parametrize("cell", ["[1, 2]", " [ -0.5 ", "(1,", "array([1", "tensor([[.5", "{3,"])
def test_lists_are_known_by_their_start(cell: str) -> None:
    assert is_list(cell)


@pytest.mark.parametrize("cell", ["", "1", "[a]", "a [1]", "{'a': 1}", "(see 1)", "[]"])
def test_other_cells_are_no_lists(cell: str) -> None:
    assert not is_list(cell)
