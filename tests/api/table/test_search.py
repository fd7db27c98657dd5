from __future__ import annotations

import pytest

import projector
from projector.api.table.search import search_rows
from projector.errors import ParameterError, UnknownNameError

DATA = projector.Dataset(
    [[float(i)] for i in range(4)],
    metadata={"word": ["Ärger", "straße", "a.c", None], "code": ["7", "007", "abc", "7.0"]},
)


@pytest.mark.parametrize(
    ("text", "column", "regex", "rows"),
    [
        ("är", None, False, [0]),
        ("SS", None, False, []),
        ("7", None, False, [0, 1, 3]),
        ("a.c", None, False, [2]),
        ("A.C", None, True, [2]),
        ("^a.c$", 1, True, [2]),
        ("a.c", 1, False, []),
        ("", None, False, []),
        ("\udcff", None, False, []),
    ],
)
def test_search(text: str, column: int | None, regex: bool, rows: list[int]) -> None:
    assert search_rows(DATA, text, column, regex=regex).tolist() == rows


def test_without_metadata_a_row_number_finds_its_row() -> None:
    bare = projector.Dataset([[0.0], [1.0]])
    assert search_rows(bare, "1").tolist() == [1]
    assert search_rows(bare, "2").tolist() == []
    assert search_rows(bare, "9" * 5000).tolist() == []
    assert search_rows(bare, "x").tolist() == []


def test_what_cannot_be_searched_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"Unknown column '2'\. Available: 'word', 'code'\."):
        search_rows(DATA, "", 2)
    for pattern in ("(", "(?=a)", r"(a)\1"):
        with pytest.raises(ParameterError, match="not a regular expression"):
            search_rows(DATA, pattern, regex=True)
