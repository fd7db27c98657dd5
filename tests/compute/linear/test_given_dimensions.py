from __future__ import annotations

import numpy as np
import pytest

from projector.compute.linear.given_dimensions import GIVEN, read_dims
from projector.compute.method import MethodInput
from projector.errors import ParameterError
from projector.model.parameters import resolve


def positions(vectors: object, **params: object) -> list[list[float]]:
    settings = resolve(GIVEN.parameters, params, owner="given")
    found = GIVEN.run(MethodInput(np.asarray(vectors, np.float32), settings))
    rows: list[list[float]] = found.positions.tolist()
    return rows


def test_the_first_dimensions_are_places() -> None:
    assert positions([[1, 2, 3], [4, 5, 6]]) == [[1, 2], [4, 5]]
    assert positions([[1, 2, 3], [4, 5, 6]], n_components=3) == [[1, 2, 3], [4, 5, 6]]
    assert positions([[1, 2, 3], [4, 5, 6]], dims="2, 0") == [[3, 1], [6, 4]]
    assert positions([[7], [8]]) == [[7, 0], [8, 0]]


@pytest.mark.parametrize("text", ["3", "a", "-1", "0 1 2", "1.5"])
def test_dimensions_that_are_not_there_are_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="'dims'"):
        read_dims(text, 2, 3)
