"""The fraction of a phase is between 0 and 1, also while its length is unknown."""

from __future__ import annotations

import pytest

from projector.model.progress import Progress


@pytest.mark.parametrize(
    ("done", "total", "fraction"), [(0, 4, 0.0), (1, 4, 0.25), (5, 4, 1.0), (3, 0, 0.0)]
)
def test_the_fraction_is_never_above_one(done: int, total: int, fraction: float) -> None:
    assert Progress("layout", done, total).fraction == fraction
