from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from projector.errors import Cancelled, JobError, ShapeError
from projector.jobs.job import Job
from projector.jobs.runner import Runner
from projector.machine.channel import PASSES_FILES
from projector.machine.private_copy import copy_of
from projector.machine.private_map import place_of

WORK = "tests.jobs.work"


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(n_workers=2)
    yield made
    made.close()
    assert not made.folder.exists()


def submit(runner: Runner, name: str, **payload: Any) -> Job:
    return runner.submit(name, f"{WORK}:{name}", payload)


def eventually(met: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if met():
            return True
        time.sleep(0.01)
    return False


def test_a_job_gives_its_result(runner: Runner) -> None:
    assert submit(runner, "add", a=2, b=3).result(30) == 5


@pytest.mark.skipif(not PASSES_FILES, reason="through pipes here")
def test_a_large_result_is_mapped_where_its_process_left_it(runner: Runner) -> None:
    found = submit(runner, "large", n=1 << 20).result(30)
    np.testing.assert_array_equal(found, np.arange(1 << 20, dtype=np.float32))
    assert place_of(found) is not None, "and a further process can map it, too"


@pytest.mark.parametrize("fails", [False, True])
def test_what_nobody_waits_for_is_done_after_the_result(
    runner: Runner, tmp_path: Path, fails: bool
) -> None:
    job = submit(runner, "leave", path=str(tmp_path / "left"), fails=fails)
    assert job.result(30) == "sent", "though the rest waits for this test"
    (tmp_path / "left.seen").touch()
    assert eventually((tmp_path / "left").exists)
    assert submit(runner, "add", a=1, b=1).result(30) == 2, "its process still works"


def test_an_error_of_ours_keeps_its_class_and_its_sentence(runner: Runner) -> None:
    with pytest.raises(ShapeError, match=r"The shape is wrong\."):
        submit(runner, "refuse").result(30)


def test_an_unexpected_error_is_one_sentence_and_its_traceback_goes_to_standard_error(
    runner: Runner, capfd: pytest.CaptureFixture[str]
) -> None:
    job = submit(runner, "stumble")
    with pytest.raises(JobError, match=r"ZeroDivisionError: oh\. The traceback was") as caught:
        job.result(30)
    assert "\n" not in str(caught.value)
    assert job.snapshot().state == "failed"
    printed = capfd.readouterr().err
    assert "Traceback (most recent call last)" in printed
    assert "in stumble" in printed
    assert printed.rstrip().endswith("ZeroDivisionError: oh")


def test_an_expected_error_prints_nothing(
    runner: Runner, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ShapeError):
        submit(runner, "refuse").result(30)
    assert capfd.readouterr().err == ""


def test_updates_and_actions_reach_the_running_function(runner: Runner) -> None:
    job = submit(runner, "collect", updates={"a": 1})
    assert eventually(lambda: job.snapshot().phase == "collecting")
    runner.update(job, {"b": 2})
    runner.update(job, {"a": 3})
    for action in ("perturb", "perturb", "stop"):
        runner.trigger(job, action)
    assert job.result(30) == {
        "updates": {"a": 3, "b": 2},
        "actions": ["perturb", "perturb", "stop"],
    }


def test_an_update_of_a_queued_job_waits_with_it(runner: Runner) -> None:
    running = [submit(runner, "sleep_deaf") for _ in range(2)]
    queued = submit(runner, "collect", updates={"a": 1}, actions=["stop"])
    runner.update(queued, {"a": 2})
    assert queued.snapshot().state == "queued"
    for job in running:
        runner.cancel(job)
    assert queued.result(30)["updates"] == {"a": 2}


def test_a_killed_process_is_reported_and_the_next_job_runs(runner: Runner) -> None:
    with pytest.raises(JobError, match="memory"):
        submit(runner, "die").result(30)
    assert submit(runner, "add", a=1, b=1).result(30) == 2


def test_what_a_library_prints_does_not_disturb_the_messages(runner: Runner) -> None:
    assert submit(runner, "shout").result(30) == "quiet"


def test_cancel_is_immediate_even_in_a_call_that_never_reports(runner: Runner) -> None:
    job = submit(runner, "sleep_deaf")
    assert eventually(lambda: job.snapshot().phase == "deaf")
    runner.cancel(job)
    # The call lasts ten minutes: an answer now has not waited for it.
    assert job.snapshot().state == "cancelled"
    with pytest.raises(Cancelled):
        job.result(0)
    mine = psutil.Process()
    assert eventually(lambda: sum(_is_worker(c) for c in mine.children()) <= 1)


def test_a_queued_job_can_be_cancelled(runner: Runner) -> None:
    running = [submit(runner, "sleep_deaf") for _ in range(2)]
    queued = submit(runner, "add", a=1, b=1)
    assert queued.snapshot().state == "queued"
    runner.cancel(queued)
    assert queued.snapshot().state == "cancelled"
    for job in running:
        runner.cancel(job)


def test_a_quick_job_does_not_wait_for_a_place(runner: Runner) -> None:
    running = [submit(runner, "sleep_deaf") for _ in range(2)]
    quick = runner.submit("quick", f"{WORK}:add", {"a": 1, "b": 2}, quick=True)
    assert quick.result(30) == 3
    for job in running:
        runner.cancel(job)


def test_frames_come_in_order_and_the_newest_wins(runner: Runner) -> None:
    job = submit(runner, "draw", n_points=1000, steps=100)
    seen: list[tuple[int, float]] = []
    number = -1
    while (frame := job.next_frame(number, 10)) is not None:
        values = np.frombuffer(frame.content, np.float32)
        assert frame.shape == (1000, 2)
        assert (values == values[0]).all(), "a frame is never half of one and half of another"
        seen.append((frame.number, float(values[0])))
        number = frame.number
        time.sleep(0.05)  # a slow reader
    assert job.result(10) == 100
    assert len(seen) >= 5
    assert seen == sorted(seen)
    assert seen[-1][1] > 60, "a slow reader sees the present, not the past"


def test_pause_holds_the_work_and_resume_lets_it_go_on(runner: Runner) -> None:
    job = submit(runner, "draw", n_points=10, steps=200)
    assert eventually(lambda: job.snapshot().done > 5)
    runner.pause(job, True)
    time.sleep(0.2)
    held = job.snapshot()
    assert held.paused
    time.sleep(0.3)
    assert job.snapshot().done == held.done
    runner.pause(job, False)
    assert job.result(30) == 200


def test_progress_has_a_remaining_time(runner: Runner) -> None:
    job = submit(runner, "draw", n_points=10, steps=100)
    assert eventually(lambda: (job.snapshot().remaining_seconds or 0) > 0)
    job.result(30)
    assert job.snapshot().remaining_seconds == 0


def test_an_array_is_shared_once_and_a_private_copy_where_it_is(runner: Runner) -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    shared = runner.share(array, "a")
    assert submit(runner, "total", array=shared).result(30) == 66
    assert runner.share(array, "a") == shared
    private = copy_of(array)
    handle = runner.share(private[1:], "b")
    assert place_of(private[1:]) == handle.place
    assert submit(runner, "total", array=handle).result(30) == 60


def test_a_queued_job_keeps_its_array(runner: Runner) -> None:
    running = [submit(runner, "sleep_deaf") for _ in range(2)]
    queued = submit(runner, "total", array=runner.share(np.full(9, 2, np.float32), "a"))
    gc.collect()
    assert queued.snapshot().state == "queued"
    for job in running:
        runner.cancel(job)
    assert queued.result(30) == 18


def test_close_leaves_no_process_behind() -> None:
    runner = Runner(n_workers=1)
    runner.warm()
    submit(runner, "sleep_deaf")
    submit(runner, "sleep_deaf")
    pids = [child.pid for child in psutil.Process().children() if _is_worker(child)]
    assert pids
    runner.close()
    assert eventually(lambda: not any(_alive(pid) for pid in pids))
    with pytest.raises(JobError, match="shutting down"):
        submit(runner, "add", a=1, b=1)


def _is_worker(process: psutil.Process) -> bool:
    """Tell our processes from those that libraries keep."""
    try:
        return "projector.jobs.worker" in process.cmdline()
    except psutil.Error:
        return False


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_process_for_long_jobs_prepares_and_a_quick_job_never_waits_for_it() -> None:
    runner = Runner(preload=WORK, prepare=f"{WORK}:prepare_endlessly")

    def steps(*, quick: bool) -> int:
        found: int = runner.submit("n", f"{WORK}:count_steps", {}, quick=quick).result(30)
        return found

    try:
        assert steps(quick=True) == 0
        assert eventually(lambda: steps(quick=False) > 0)
        assert steps(quick=True) == 0
    finally:
        runner.close()


def newer_frame(job: Job, number: int) -> int:
    """Return the number of a frame that comes after another one."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        frame = job.next_frame(number, 0.1)
        if frame is not None:
            return frame.number
    raise AssertionError("there was no further frame")


def test_the_folder_may_disappear_while_jobs_run(runner: Runner) -> None:
    job = submit(runner, "draw", n_points=50, steps=120)
    number = -1
    for _ in range(3):
        number = newer_frame(job, number)
        shutil.rmtree(runner.folder)
        number = newer_frame(job, number)
    assert job.result(30) == 120
    shutil.rmtree(runner.folder)
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert submit(runner, "total", array=runner.share(array, "a")).result(30) == 66


def collecting(runner: Runner, name: str, **options: Any) -> Job:
    return runner.submit(name, f"{WORK}:collect", {}, **options)


def stop(runner: Runner, job: Job) -> None:
    assert eventually(lambda: job.snapshot().state == "running")
    runner.trigger(job, "stop")
    job.result(60)


def test_what_is_said_of_a_job_before_it_begins_counts(runner: Runner) -> None:
    for at in range(20):
        job = collecting(runner, f"job {at}")
        runner.update(job, {"at": at})
        runner.trigger(job, "stop")
        assert job.result(60) == {"updates": {"at": at}, "actions": ["stop"]}


def test_a_background_job_starts_last_and_yields_to_every_other(runner: Runner) -> None:
    first = collecting(runner, "first")
    later = collecting(runner, "later", background=True)
    assert later.snapshot().state == "queued"
    stop(runner, first)
    assert eventually(lambda: later.snapshot().phase == "collecting")
    assert not later.snapshot().paused
    second = collecting(runner, "second")
    assert later.snapshot().paused
    assert eventually(lambda: second.snapshot().state == "running")
    stop(runner, second)
    assert eventually(lambda: not later.snapshot().paused)
    stop(runner, later)


def test_a_background_job_that_is_asked_for_goes_on_beside_others(runner: Runner) -> None:
    later = collecting(runner, "later", background=True)
    assert runner.is_background(later)
    first = collecting(runner, "first")
    assert later.snapshot().paused
    runner.promote(later)
    assert not later.snapshot().paused
    assert not runner.is_background(later)
    stop(runner, later)
    stop(runner, first)


def test_a_background_job_gives_its_memory_to_who_needs_it() -> None:
    runner = Runner(n_workers=2, memory=lambda: 1 << 40)
    later = collecting(runner, "later", background=True, needs=1 << 40)
    assert eventually(lambda: later.snapshot().state == "running")
    first = collecting(runner, "first", needs=1 << 39)
    with pytest.raises(Cancelled, match="needed the memory"):
        later.result(60)
    stop(runner, first)
    runner.close()
