from __future__ import annotations

from typing import Any

import pytest

import projector
from projector.api.table.first_columns import is_identifier
from projector.model.tags import Tags


def data(columns: dict[str, list[Any]]) -> projector.Dataset:
    n_points = len(next(iter(columns.values()), [0]))
    return projector.Dataset([[float(i)] for i in range(n_points)], metadata=columns)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("id", [3, 1, 2], True),
        ("doc-id", ["a1", "b2", "c3"], True),
        (" SKU ", ["a1", None, "c3"], True),
        ("user_id", [3, 1, 3], False),
        ("id", [0.5, 1, 2], False),
        ("paid", [3, 1, 2], False),
        ("width", [3, 1, 2], False),
        ("row", [1, None, None], False),
    ],
)
def test_an_identifier_differs_everywhere_and_is_called_so(
    name: str, values: list[Any], expected: bool
) -> None:
    (column,) = data({name: values}).metadata.columns
    assert is_identifier(column) is expected


N = list(range(8))
WORDS = list("abcdefgh")
GROUPS = list("xyxyxyxy")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, None),
        ({"n": N}, 0),
        ({"n": N, "group": GROUPS}, 1),
        ({"group": GROUPS, "n": N, " Label ": N}, 2),
        ({"text": WORDS, "name": WORDS}, 1),
    ],
)
def test_the_label_column(columns: dict[str, list[Any]], expected: int | None) -> None:
    assert projector.label_column(data(columns)) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, None),
        ({"word": WORDS}, None),
        ({"word": WORDS, "group": GROUPS}, 1),
        ({"same": ["a"] * 8, "n": N}, 1),
        ({"same": [1] * 8}, None),
        ({"n": N, "group": GROUPS}, 1),
        ({"user_id": N}, None),
        ({"Index": N, "price": [0.5, *N[1:]]}, 1),
    ],
)
def test_the_color_column(columns: dict[str, list[Any]], expected: int | None) -> None:
    assert projector.color_column(data(columns)) == expected


def test_a_column_with_many_names_is_a_color_only_among_many_points() -> None:
    assert projector.color_column(data({"label": [f"a{i % 75}" for i in range(150)]})) == 0
    assert projector.color_column(data({"label": [f"a{i % 75}" for i in range(149)]})) is None
    assert projector.color_column(data({"label": [f"a{i % 101}" for i in range(1000)]})) is None


def test_a_tag_does_not_change_what_is_shown_first() -> None:
    plain = data({"word": WORDS})
    tags = Tags("", 8, {"label": {0: "a", 1: "b"}, "word": {0: "z"}})
    tagged = plain.with_metadata(tags.over(plain.metadata))
    assert tagged.metadata.names == ("word", "label")
    assert projector.label_column(tagged) == 0
    assert projector.color_column(tagged) is None
