"""Axes lead from one set of points to another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS
from projector.compute.linear.axes import parse_indices
from projector.compute.method import Outcome
from projector.errors import ParameterError
from projector.model.parameters import resolve
from projector.model.progress import ignore_progress

SQUARE = np.array([[0, 0, 5], [4, 0, 5], [0, 2, 5], [4, 2, 5]], np.float32)


def lay_out(vectors: NDArray[np.float32], **params: object) -> Outcome:
    checked = resolve(METHODS["axes"].parameters, params, owner="axes")
    return METHODS["axes"].run(
        vectors, checked, neighbors=None, initial=None, progress=ignore_progress
    )


def test_points_lie_where_the_axes_say() -> None:
    outcome = lay_out(SQUARE, x_from="0,2", x_to="1,3", y_from="0-1", y_to="2-3")
    np.testing.assert_allclose(outcome.positions, [[-2, -1], [2, -1], [-2, 1], [2, 1]])
    assert outcome.details["axes"] == [
        {"name": "x", "from_at": -2.0, "to_at": 2.0, "length": 4.0},
        {"name": "y", "from_at": -1.0, "to_at": 1.0, "length": 2.0},
    ]


def test_skewed_axes_are_made_orthogonal_where_asked() -> None:
    skewed = lay_out(SQUARE, x_from="0", x_to="1", y_from="0", y_to="3")
    right = lay_out(SQUARE, x_from="0", x_to="1", y_from="0", y_to="3", orthogonal=True)
    np.testing.assert_allclose(np.ptp(right.positions, axis=0), [4, 2], rtol=1e-6)
    assert np.ptp(skewed.positions[:, 1]) > 4


def test_the_middle_of_all_points_stands_in_for_a_set() -> None:
    outcome = lay_out(SQUARE, x_to="1,3", y_to="2,3")
    np.testing.assert_allclose(outcome.positions[:, 0], [-3, 1, -3, 1])


def test_an_axis_that_leads_nowhere_is_said() -> None:
    outcome = lay_out(SQUARE, x_from="1", x_to="1", y_to="2")
    assert (outcome.positions[:, 0] == 0).all()
    assert "x axis leads nowhere" in str(outcome.details["warnings"])


def test_sets_are_read_in_every_spelling() -> None:
    assert parse_indices("3, 1 5-7,3", 9, owner="x_to").tolist() == [3, 1, 5, 6, 7]
    assert parse_indices("", 9, owner="x_to").tolist() == []


@pytest.mark.parametrize("text", ["a", "-1", "3-", "1.5", "2--3"])
def test_a_set_that_can_not_be_read_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="'x_to'"):
        parse_indices(text, 9, owner="x_to")


def test_points_that_are_not_there_are_refused() -> None:
    with pytest.raises(ParameterError, match="names point 9, but the points are 0 to 8"):
        parse_indices("3-9", 9, owner="x_to")
