"""Sets of points are read in every spelling, and written so that they can be read again."""

from __future__ import annotations

import numpy as np
import pytest

from projector.compute.point_set import format_indices, parse_indices
from projector.errors import ParameterError


def parse(text: str) -> list[int]:
    rows: list[int] = parse_indices(text, 9, parameter="x_to", owner="axes").tolist()
    return rows


def test_sets_are_read_in_every_spelling() -> None:
    assert parse("3, 1 5-7,3") == [3, 1, 5, 6, 7]
    assert parse("") == []


@pytest.mark.parametrize("text", ["a", "-1", "3-", "1.5", "2--3"])
def test_a_set_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="'x_to' of axes must be row indices"):
        parse(text)


def test_points_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ParameterError, match="names point 9, but the points are 0 to 8"):
        parse("3-9")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0-8," * 150_000, "names more than 1,"),
        ("0-999999999999999999", "names point 999999999999999999"),
        ("9" * 5000, "must be row indices"),
        ("٣", "must be row indices"),
    ],
)
def test_a_set_is_never_larger_than_the_points(text: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        parse(text)


def test_what_is_written_can_be_read() -> None:
    assert parse(format_indices(np.array([8, 0, 3]))) == [8, 0, 3]
