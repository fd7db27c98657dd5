"""However many jobs come: a bounded number of processes, and every job ends."""

from __future__ import annotations

import contextlib
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from projector.errors import InvalidStateError, JobError
from projector.jobs import runner as runner_module
from projector.jobs.job import Job
from projector.jobs.messages import Finished, Pause, Task
from projector.jobs.runner import MOST_OF_ONE, Runner


class FakeProcess:
    """A process that works until it is told to finish; it counts how many of it there are."""

    alive: ClassVar[set[FakeProcess]] = set()
    most = 0
    #: How many more can be started before the machine refuses.
    left = 10_000

    def __init__(self, preload: str, prepare: str = "") -> None:
        if FakeProcess.left <= 0:
            raise OSError(11, "Resource temporarily unavailable")
        FakeProcess.left -= 1
        self.inbox: queue.Queue[Finished | None] = queue.Queue()
        self.task: Task | None = None
        self.is_killed = False
        FakeProcess.alive.add(self)
        FakeProcess.most = max(FakeProcess.most, len(FakeProcess.alive))

    def send(self, message: Any) -> None:
        if isinstance(message, Task):
            assert not self.is_killed, "work was given to a process that is gone"
            self.task = message
        else:
            assert isinstance(message, Pause)

    def receive(self) -> Finished | None:
        return self.inbox.get()

    def finish(self) -> None:
        self.task = None
        self.inbox.put(Finished(result=1))

    def is_alive(self) -> bool:
        return not self.is_killed

    def kill(self) -> None:
        self.is_killed = True
        self.inbox.put(None)

    def reap(self) -> int:
        assert self.is_killed
        FakeProcess.alive.discard(self)
        return -9

    def memory(self) -> int:
        return 0


@pytest.fixture
def make_runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Runner]]:
    made: list[Runner] = []

    def make(**options: Any) -> Runner:
        made.append(Runner(**options))
        return made[-1]

    monkeypatch.setattr(runner_module, "WorkerProcess", FakeProcess)
    FakeProcess.alive, FakeProcess.most, FakeProcess.left = set(), 0, 10_000
    yield make
    for each in made:
        each.close()
    assert FakeProcess.alive == set()


def states(jobs: list[Job]) -> list[str]:
    return [job.snapshot().state for job in jobs]


def eventually(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.001)


@pytest.mark.parametrize("n_processes", [2, 3, 4])
def test_many_jobs_start_few_processes(
    make_runner: Callable[..., Runner], n_processes: int
) -> None:
    runner = make_runner(n_processes=n_processes, prepare="x:y")
    runner.warm()
    jobs = [runner.submit(str(i), "f", {}, quick=True) for i in range(24)]
    jobs += [runner.submit(str(i), "f", {}) for i in range(6)]
    assert [job.snapshot().ahead for job in jobs[n_processes - 1 : 24]] == [
        *range(25 - n_processes)
    ]
    while not all(job.snapshot().ended for job in jobs):
        for process in working():
            process.finish()
        time.sleep(0.001)
    assert states(jobs) == ["done"] * 30
    assert FakeProcess.most == n_processes


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_job_is_forgotten(
    make_runner: Callable[..., Runner], seed: int
) -> None:
    chance = random.Random(seed)
    budget = 100
    runner = make_runner(
        n_processes=chance.randint(2, 5),
        n_workers=2,
        prepare="x:y" if seed % 2 else "",
        memory=lambda: budget,
    )
    if seed % 3:
        runner.warm()
    jobs: list[Job] = []
    for _ in range(150):
        something_happens(runner, jobs, chance)
    for job in jobs:
        runner.pause(job, False)

    def drain() -> bool:
        for process in working():
            process.finish()
        return all(job.snapshot().ended for job in jobs)

    eventually(drain)
    assert FakeProcess.most <= runner._schedule.n_processes


def working() -> list[FakeProcess]:
    return [each for each in list(FakeProcess.alive) if each.task and not each.is_killed]


def something_happens(runner: Runner, jobs: list[Job], chance: random.Random) -> None:
    what = chance.random()
    busy = working()
    if what < 0.5:
        quick, needs = chance.random() < 0.5, chance.randint(0, 150)
        client = (chance.choice("ab"), chance.choice("xy"))
        name = str(len(jobs))
        jobs.append(runner.submit(name, "f", {}, client=client, quick=quick, needs=needs))
    elif what < 0.7 and jobs:
        runner.cancel(chance.choice(jobs))
    elif what < 0.8 and jobs:
        job = chance.choice(jobs)
        with contextlib.suppress(InvalidStateError):
            runner.pause(job, not job.snapshot().paused)
    elif busy:
        process = chance.choice(busy)
        process.kill() if what < 0.85 else process.finish()


def test_memory_decides_how_many_run(make_runner: Callable[..., Runner]) -> None:
    runner = make_runner(n_processes=6, n_workers=4, memory=lambda: 100)
    jobs = [runner.submit(str(i), "f", {}, needs=40) for i in range(4)]
    assert states(jobs) == ["running", "running", "queued", "queued"]
    huge = [runner.submit("huge", "f", {}, needs=1000)]
    for job in jobs:
        runner.cancel(job)
    eventually(lambda: states(huge) == ["running"])


def test_a_queued_job_moves_up_when_one_before_it_is_cancelled(
    make_runner: Callable[..., Runner],
) -> None:
    told: list[int] = []

    def listen(job: Job) -> None:
        ahead = job.snapshot().ahead
        if job.key == "5" and ahead is not None:
            told.append(ahead)

    runner = make_runner(n_processes=4, n_workers=2, on_change=listen)
    jobs = [runner.submit(str(i), "f", {}) for i in range(6)]
    assert [job.snapshot().ahead for job in jobs] == [None, None, 0, 1, 2, 3]
    runner.cancel(jobs[3])
    assert [job.snapshot().ahead for job in jobs] == [None, None, 0, None, 1, 2]
    assert told == [3, 2]
    assert len(FakeProcess.alive) == 2


def test_the_queue_has_an_end_and_says_so(make_runner: Callable[..., Runner]) -> None:
    runner = make_runner(n_processes=2)
    for i in range(MOST_OF_ONE + 1):
        runner.submit(str(i), "f", {}, client=("many",))
    with pytest.raises(InvalidStateError, match="Too many projections are waiting"):
        runner.submit("x", "f", {}, client=("many",))
    runner.submit("x", "f", {}, client=("another",))


def test_where_no_process_can_be_started_the_job_says_so(
    make_runner: Callable[..., Runner],
) -> None:
    runner = make_runner(n_processes=4)
    FakeProcess.left = 1
    runner.warm()
    first = runner.submit("a", "f", {}, quick=True)
    second = runner.submit("b", "f", {})
    assert states([first, second]) == ["running", "failed"]
    with pytest.raises(JobError, match="No process could be started"):
        second.result(0)
    FakeProcess.left = 1
    assert states([runner.submit("b", "f", {})]) == ["running"]


def test_paused_jobs_leave_places_for_others(make_runner: Callable[..., Runner]) -> None:
    runner = make_runner(n_processes=3, n_workers=1)
    first, second = (runner.submit(name, "f", {}) for name in "ab")
    assert states([first, second]) == ["running", "queued"]
    runner.pause(first, True)
    assert states([first, second]) == ["running", "running"]
    with pytest.raises(InvalidStateError, match="Too many projections are paused"):
        runner.pause(second, True)
    runner.pause(first, False)
    runner.pause(second, True)


def test_jobs_from_many_threads_at_once(make_runner: Callable[..., Runner]) -> None:
    runner = make_runner(n_processes=4)
    jobs: list[Job] = []

    def ask(name: str) -> None:
        jobs.extend(runner.submit(name, "f", {}, client=(name,), quick=True) for _ in range(5))

    threads = [threading.Thread(target=ask, args=(str(i),)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs) == 50
    assert FakeProcess.most == states(jobs).count("running") == 3
