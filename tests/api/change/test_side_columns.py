"""The columns that a comparison gives both of its datasets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import projector
from projector.api.change.side_columns import side_columns
from projector.compute.change.states import STATES
from projector.jobs.cache import ResultCache

N = 60


def test_a_point_has_the_same_values_on_both_sides(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(N, 6))
    order = rng.permutation(N)[:50]
    b = a[order] + rng.normal(size=(50, 6)) * 0.3
    names = [f"p{row}" for row in range(N)]
    first = projector.Dataset(a, metadata={"name": names})
    second = projector.Dataset(b, metadata={"name": [names[row] for row in order]})
    found = projector.compare(first, second, 5, match="name", cache=ResultCache(tmp_path))
    left, right = side_columns(found, 0), side_columns(found, 1)
    assert [each.name for each in left] == ["kept neighbors", "shift", "state"]
    assert [(each.kind, each.span) for each in left] == [
        ("numeric", (0.0, 1.0)),
        ("numeric", (0.0, 1.0)),
        ("categorical", None),
    ]
    for one, other in zip(left, right, strict=True):
        assert (len(one), len(other)) == (N, 50)
        assert [one.text[row] for row in order.tolist()] == other.text.to_list()
        assert one.n_missing == 10
        assert other.n_missing == 0
    np.testing.assert_array_equal(left[0].numbers, found.kept.astype(np.float64))
    np.testing.assert_array_equal(left[1].numbers, found.shift.astype(np.float64))
    assert [left[2].text[row] for row in order.tolist()] == [
        STATES[found.state[row]] for row in order
    ]
    assert float(left[0].text[int(order[0])] or "nan") == pytest.approx(
        found.kept[order[0]], rel=1e-3
    )
