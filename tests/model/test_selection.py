from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from projector.errors import ParameterError
from projector.model.selection import Selection, rows_of


def test_a_selection_is_an_array_where_numpy_asks_for_one() -> None:
    vectors = np.arange(20).reshape(10, 2)
    chosen = Selection("run", "hidden", 3, np.array([1, 4, 7]))
    assert vectors[chosen.indices].tolist() == [[2, 3], [8, 9], [14, 15]]
    assert vectors[np.asarray(chosen)].tolist() == vectors[[1, 4, 7]].tolist()
    assert np.asarray(chosen, np.int32).dtype == np.int32
    assert list(chosen) == [1, 4, 7]
    assert len(chosen) == 3
    assert bool(chosen)
    assert not Selection("run", "hidden", 3, np.array([], np.int64))


def test_a_selection_is_a_value() -> None:
    rows = np.array([1, 4])
    one, other = Selection("r", "n", None, rows), Selection("r", "n", None, np.array([1, 4]))
    rows[0] = 9
    assert one == other
    assert hash(one) == hash(other)
    assert one != Selection("r", "n", 1, np.array([1, 4]))
    assert one != Selection("r", "n", None, np.array([1, 5]))
    with pytest.raises(ValueError, match="read-only"):
        one.indices[0] = 3
    assert repr(one) == "Selection(run='r', name='n', 2 rows: [1, 4])"
    many = repr(Selection("r", "n", 5, np.arange(1200)))
    assert many == "Selection(run='r', name='n', step=5, 1,200 rows: [0, 1, 2, 3, 4, 5, …])"


@pytest.mark.parametrize(
    "chosen",
    [
        [7, 1, 1, 3],
        np.array([7, 1, 3], np.uint8),
        np.isin(np.arange(10), [1, 3, 7]),
        Selection("", "", None, np.array([1, 3, 7])),
    ],
)
def test_rows_are_chosen_by_number_or_by_truth(chosen: Any) -> None:
    assert rows_of(chosen, 10).tolist() == [1, 3, 7]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([10], "0 to 9. Got 10"),
        ([-1, 3], "Got -1"),
        ([0.5], "Got float64"),
        ([[1, 2]], "shape"),
        ([True, False], "10 rows. Got bool"),
        ("abc", "row numbers"),
        (np.array([2**63], np.uint64), "Got 9,223,372,036,854,775,808"),
    ],
)
def test_what_names_no_row_is_refused(chosen: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        rows_of(chosen, 10)


def test_a_single_number_is_a_row_and_nothing_is_nothing() -> None:
    assert rows_of(4, 10).tolist() == [4]
    assert rows_of([], 10).tolist() == []
