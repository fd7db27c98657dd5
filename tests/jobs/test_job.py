"""A job goes through its states in one order, and whatever comes too late is ignored."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from projector.errors import Cancelled, ShapeError
from projector.jobs.job import TRANSITIONS, Job, State
from projector.jobs.shared import FrameFile


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def job(tmp_path: Path, changes: list[str]) -> Job:
    return Job("k", FrameFile(tmp_path / "f"), lambda job: changes.append(job.snapshot().state))


def test_every_state_says_what_may_follow() -> None:
    assert set(TRANSITIONS) == set(get_args(State))
    assert [state for state, after in TRANSITIONS.items() if not after] == [
        "done",
        "failed",
        "cancelled",
    ]
    assert [state for state, after in TRANSITIONS.items() if "queued" in after] == ["queued"]


@pytest.mark.parametrize(
    ("result", "error", "state"),
    [(5, None, "done"), (None, ShapeError("s"), "failed"), (None, Cancelled(), "cancelled")],
)
def test_the_first_end_counts(
    job: Job, changes: list[str], result: Any, error: Any, state: State
) -> None:
    job.started()
    job.reported("layout", 1, 10, -1, ())
    job.ended(result, error)
    job.ended(None, ShapeError("late"))
    job.started()
    job.reported("layout", 9, 10, -1, ())
    job.set_paused(True)
    assert (job.snapshot().state, job.snapshot().paused) == (state, False)
    assert changes == ["running", "running", state]
    if error is None:
        assert job.result(0) == 5
        assert (job.snapshot().done, job.snapshot().total) == (10, 10)
    else:
        with pytest.raises(type(error)):
            job.result(0)


def test_a_queued_job_can_be_cancelled_but_not_be_done(job: Job) -> None:
    job.ended(5, None)
    assert job.snapshot().state == "queued"
    job.ended(None, Cancelled())
    assert job.snapshot().state == "cancelled"


def test_a_queued_job_has_a_place_and_a_running_one_has_none(job: Job, changes: list[str]) -> None:
    job.placed(2)
    job.placed(2)
    job.placed(1)
    assert job.snapshot().ahead == 1
    job.started()
    job.placed(3)
    assert job.snapshot().ahead is None
    assert changes == ["queued", "queued", "running"]


def test_a_queued_job_can_fail_to_start(job: Job) -> None:
    job.ended(None, ShapeError("no process"))
    assert job.snapshot().state == "failed"


def test_a_pause_is_part_of_running_and_lasts_over_reports(job: Job) -> None:
    job.started()
    job.set_paused(True)
    job.reported("layout", 1, 10, -1, ())
    assert (job.snapshot().state, job.snapshot().paused) == ("running", True)
    job.set_paused(False)
    assert not job.snapshot().paused


def test_a_frame_is_read_once_it_is_reported(tmp_path: Path) -> None:
    frames = FrameFile(tmp_path / "f")
    job = Job("k", frames, lambda job: None)
    job.started()
    assert job.next_frame(-1, 0) is None
    positions = np.arange(6, dtype=np.float32).reshape(3, 2)
    FrameFile(tmp_path / "f").write(0, positions)
    job.reported("layout", 1, 4, 0, (3, 2))
    frame = job.next_frame(-1, 0)
    assert frame is not None
    assert (frame.number, frame.fraction, frame.content) == (0, 0.25, positions.tobytes())
    assert job.next_frame(0, 0) is None


def test_a_frame_that_is_gone_is_waited_past(tmp_path: Path) -> None:
    job = Job("k", FrameFile(tmp_path / "f"), lambda job: None)
    job.started()
    job.reported("layout", 1, 4, 0, (3, 2))  # its file was removed
    assert job.next_frame(-1, 0.05) is None
    positions = np.ones((3, 2), np.float32)
    FrameFile(tmp_path / "f").write(1, positions)
    later = threading.Timer(0.05, job.reported, ("layout", 2, 4, 1, (3, 2)))
    later.start()
    frame = job.next_frame(-1, 30)
    later.join()
    assert frame is not None
    assert frame.number == 1
