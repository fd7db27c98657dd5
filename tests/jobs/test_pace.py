"""The remaining time is estimated from the pace so far, once that says something."""

from __future__ import annotations

import pytest

from projector.jobs.pace import Pace


def test_the_rest_takes_as_long_as_the_first_part_did() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    assert pace.remaining("layout", 0, 100) is None
    now[0] = 10.0
    assert pace.remaining("layout", 25, 100) == pytest.approx(30.0)
    assert pace.remaining("other", 1, 100) is None, "a new phase has its own pace"


def test_there_is_no_estimate_before_it_means_something() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    pace.remaining("layout", 0, 1000)
    now[0] = 0.01
    assert pace.remaining("layout", 500, 1000) is None
    now[0] = 5.0
    assert pace.remaining("layout", 1, 1000) is None
    assert pace.remaining("layout", 3, 0) is None
