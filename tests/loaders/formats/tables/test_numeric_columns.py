"""Vectors among the columns of numbers of a table, and what is said of the others."""

from __future__ import annotations

import pytest

from projector.loaders.formats.tables.numeric_columns import NumberColumn, series_of


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([], ""),
        (["price"], "the column 'price' is no part of the numbered series and is metadata."),
        (
            ["price", "tax"],
            "the columns 'price', 'tax' are no part of the numbered series and are metadata.",
        ),
    ],
)
def test_columns_beside_a_series_are_named(others: list[str], said: str) -> None:
    names = [f"x{at}" for at in range(12)] + others
    (found,) = series_of([NumberColumn(name, True) for name in names])
    assert found.columns == tuple(f"x{at}" for at in range(12))
    assert found.note == said
