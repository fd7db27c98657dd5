"""Names that are taken get a number."""

from __future__ import annotations

import pytest

from projector.model.unique_names import unique_name


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "x"),
        (["y", "X"], "x"),
        (["x"], "x (2)"),
        (["x", "x (2)", "x (4)"], "x (3)"),
        (["x (2)"], "x"),
    ],
)
def test_the_first_name_that_is_not_taken(taken: list[str], expected: str) -> None:
    assert unique_name("x", taken) == unique_name("x", set(taken)) == expected
