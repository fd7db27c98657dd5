"""Axes lead from one set of points to another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS
from projector.compute.method import MethodInput, Outcome
from projector.errors import ParameterError
from projector.model.parameters import resolve

SQUARE = np.array([[0, 0, 5], [4, 0, 5], [0, 2, 5], [4, 2, 5]], np.float32)


def lay_out(vectors: NDArray[np.float32], **params: object) -> Outcome:
    checked = resolve(METHODS["axes"].parameters, params, owner="axes")
    return METHODS["axes"].run(MethodInput(vectors, checked))


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


def test_an_axis_without_a_direction_is_a_warning() -> None:
    outcome = lay_out(SQUARE, x_from="1", x_to="1", y_to="2")
    assert (outcome.positions[:, 0] == 0).all()
    assert "x axis has no direction" in str(outcome.details["warnings"])


def test_a_set_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ParameterError, match="'x_to' of axes"):
        lay_out(SQUARE, x_to="a")
