"""Where the time went adds up, phase by phase."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import projector
from projector.jobs.cache import ResultCache
from projector.jobs.phase_times import PhaseTimes


def test_phases_add_up_and_those_of_one_name_count_together() -> None:
    times = PhaseTimes()
    for phase in ("neighbors", "neighbors", "layout", "neighbors", "placing"):
        times.reported(phase)
        sum(range(20_000))
    found = times.figures()
    assert [each["phase"] for each in found["phases"]] == [
        "starting",
        "neighbors",
        "layout",
        "placing",
    ]
    for kind in ("seconds", "processor_seconds"):
        assert all(each[kind] >= 0 for each in found["phases"])
    assert sum(each["processor_seconds"] for each in found["phases"]) > 0
    assert abs(sum(each["seconds"] for each in found["phases"]) - found["seconds"]) < 0.01
    assert found["memory_bytes"] > 1 << 20
    assert found["n_threads"] >= 1


def test_work_without_reports_is_one_phase() -> None:
    assert [each["phase"] for each in PhaseTimes().figures()["phases"]] == ["starting"]


def test_a_projection_says_where_its_time_went() -> None:
    vectors = np.random.default_rng(0).normal(size=(200, 8))
    details = projector.project(vectors, "pca", cache=ResultCache(Path(), 0)).details
    phases = details["phases"]
    assert isinstance(phases, list)
    names = [each["phase"] for each in phases if isinstance(each, dict)]
    assert names[0] == "starting"
    assert "covariance" in names
    assert details["n_threads"]
