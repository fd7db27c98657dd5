"""Cancelling does not wait for a library."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from projector.compute.linear.components import principal_components
from projector.compute.reporting import report_during
from projector.errors import Cancelled
from projector.model.progress import Progress

REPORT = Progress("components", 1, 1)


def test_what_the_work_returns_and_raises_comes_back() -> None:
    reports: list[Progress] = []
    assert report_during(lambda: 7, REPORT, reports.append) == 7
    assert reports
    with pytest.raises(ZeroDivisionError):
        report_during(lambda: 1 / 0, REPORT, reports.append)


def test_cancelling_leaves_the_work_behind() -> None:
    end, ended = threading.Event(), threading.Event()

    def work() -> None:
        end.wait(60)
        ended.set()

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        report_during(work, REPORT, stop)
    assert not ended.is_set()
    end.set()


def test_a_decomposition_reports_while_it_lasts() -> None:
    vectors = np.random.default_rng(0).normal(size=(600, 600)).astype(np.float32)
    reports: list[Progress] = []
    found = principal_components(vectors, 3, progress=reports.append)
    assert any(each.phase == "components" for each in reports)
    quiet = principal_components(vectors, 3)
    np.testing.assert_array_equal(found.components, quiet.components)
