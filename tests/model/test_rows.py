from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from projector.errors import ParameterError
from projector.model.rows import as_rows
from projector.model.selection import Selection

MASK = np.array([False, True, False, True, False])


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (3, [3]),
        (np.int8(3), [3]),
        ([3, 1], [3, 1]),
        (range(2), [0, 1]),
        (np.array([4], np.uint8), [4]),
        (MASK, [1, 3]),
        (MASK.tolist(), [1, 3]),
        (Selection(".", "a", None, np.array([1, 2])), [1, 2]),
    ],
)
def test_numbers_lists_masks_and_selections(given: Any, rows: list[int]) -> None:
    assert as_rows(given, 5, what="The points").tolist() == rows


@pytest.mark.parametrize(
    "given",
    [1.0, [1.0, 2.0], True, MASK[:4], ~MASK & MASK, 5, -1, [], "3", None, [[1, 2]], 1 << 70, {1}],
)
def test_what_is_no_point_gets_a_sentence(given: Any) -> None:
    with pytest.raises(ParameterError, match=r"^The points .*\.$"):
        as_rows(given, 5, what="The points")
