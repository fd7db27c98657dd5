"""Which columns two datasets share, and which of them names the points of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import projector
from projector.api.change.shared_columns import naming_column, shared_columns


def dataset(**columns: Sequence[object]) -> projector.Dataset:
    n = len(next(iter(columns.values())))
    return projector.Dataset(np.zeros((n, 2), np.float32), metadata=columns)


def test_the_first_column_without_repeated_values_names_the_points() -> None:
    a = dataset(kind=["x", "x", "y"], id=["p", "q", "r"], n=[1, 2, 3])
    b = dataset(n=[3, 4], kind=["x", "y"], id=["q", "s"])
    assert shared_columns(a, b) == ("kind", "id", "n")
    assert shared_columns(b, a) == ("n", "kind", "id")
    assert naming_column(a, b) == "id"
    assert naming_column(b, a) == "n"


def test_a_column_that_repeats_lacks_or_shares_nothing_names_no_points() -> None:
    a = dataset(id=["p", "q", "r"])
    assert naming_column(a, dataset(id=["p", "p", "q"])) is None
    assert naming_column(a, dataset(id=["p", None, "q"])) is None
    assert naming_column(a, dataset(id=["s", "t"])) is None
    assert naming_column(a, dataset(other=["p", "q"])) is None


def test_values_that_repeat_late_are_seen() -> None:
    n = 3000
    values = [f"w{i}" for i in range(n)]
    late = [*values[:-1], values[0]]
    assert naming_column(dataset(id=values), dataset(id=values)) == "id"
    assert naming_column(dataset(id=values), dataset(id=late)) is None
