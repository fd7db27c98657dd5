"""Calls in processes that may die: an end of any kind costs one call, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from projector.errors import LoadError
from projector.machine.expendable import CallEndedError, Expendable, Limits

DEEDS = "tests.machine.deeds"
PLENTY = Limits(1 << 31, 60, 120)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are POSIX")


@pytest.fixture
def calls() -> Iterator[Expendable]:
    expendable = Expendable()
    yield expendable
    expendable.close()


def test_a_process_is_used_again_and_ends_with_its_owner(calls: Expendable) -> None:
    first = calls.call(f"{DEEDS}:process", limits=PLENTY)
    assert first != os.getpid()
    assert calls.call(f"{DEEDS}:process", limits=PLENTY, long=True) == first
    assert calls.call(f"{DEEDS}:add", 1, 2, limits=PLENTY) == 3
    calls.close()
    assert not psutil.pid_exists(first)


def test_large_arrays_come_back_whole_and_read_only(calls: Expendable) -> None:
    found = calls.call(f"{DEEDS}:several", limits=PLENTY)
    assert found["text"] == "x"
    assert found["small"].tolist() == [0, 1, 2]
    for name, count in (("a", 20_001), ("b", 30_003)):
        np.testing.assert_array_equal(found[name], np.arange(count))
        assert not found[name].flags.writeable
    calls.close()
    assert found["b"][-1] == 30_002  # it outlives the process


def test_a_result_can_be_sent_as_something_smaller(calls: Expendable) -> None:
    found = calls.call(f"{DEEDS}:numbers", 9, limits=PLENTY, reduce=f"{DEEDS}:reduce_numbers")
    assert found.tolist() == [0] * 9


def test_errors_of_ours_are_raised_again(calls: Expendable) -> None:
    with pytest.raises(LoadError, match=r"^a\.npy, byte 3: is no good\.$") as caught:
        calls.call(f"{DEEDS}:refuse", "a.npy", limits=PLENTY)
    assert (caught.value.path, caught.value.place) == (Path("a.npy"), "byte 3")
    assert caught.value.message == "is no good."


@posix
@pytest.mark.parametrize(
    ("deed", "why", "detail"),
    [
        ("touch_nothing", "crashed", "SIGSEGV"),
        ("give_up", "crashed", "SIGABRT"),
        ("die", "killed", "SIGKILL"),
        ("fail", "error", "ZeroDivisionError: of all things"),
        ("exit_politely", "start", "exit code 3"),
    ],
)
def test_every_end_of_a_call_has_its_reason(
    calls: Expendable, deed: str, why: str, detail: str
) -> None:
    with pytest.raises(CallEndedError) as caught:
        calls.call(f"{DEEDS}:{deed}", limits=PLENTY)
    assert (caught.value.why, caught.value.detail) == (why, detail)
    assert calls.call(f"{DEEDS}:add", 3, 4, limits=PLENTY) == 7


@posix
@pytest.mark.parametrize(
    ("deed", "limits"),
    [("compute_for_ever", Limits(1 << 31, 1, 120)), ("wait_for_ever", Limits(1 << 31, 60, 1))],
)
def test_a_call_that_does_not_end_is_ended(calls: Expendable, deed: str, limits: Limits) -> None:
    with pytest.raises(CallEndedError) as caught:
        calls.call(f"{DEEDS}:{deed}", limits=limits)
    assert caught.value.why == "time"


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit the address space")
def test_memory_has_a_limit_for_each_call(calls: Expendable) -> None:
    small = Limits(1 << 28, 60, 120)
    with pytest.raises(CallEndedError) as caught:
        calls.call(f"{DEEDS}:take", 1 << 29, limits=small)
    assert caught.value.why == "memory"
    assert calls.call(f"{DEEDS}:take", 1 << 29, limits=PLENTY) == 1 << 29
    assert calls.call(f"{DEEDS}:add", 1, 1, limits=small) == 2


def test_a_process_that_died_while_it_waited_is_replaced(calls: Expendable) -> None:
    first = psutil.Process(calls.call(f"{DEEDS}:process", limits=PLENTY))
    first.kill()
    first.wait(60)
    assert calls.call(f"{DEEDS}:add", 1, 1, limits=PLENTY) == 2


def test_a_short_call_does_not_wait_for_long_ones(calls: Expendable, tmp_path: Path) -> None:
    done = [tmp_path / "first", tmp_path / "second"]
    pids: list[int] = []

    def call(path: Path) -> None:
        pids.append(calls.call(f"{DEEDS}:wait_for", str(path), limits=PLENTY, long=True))

    threads = [threading.Thread(target=call, args=(path,)) for path in done]
    for thread in threads:
        thread.start()
    assert calls.call(f"{DEEDS}:add", 1, 1, limits=PLENTY) == 2
    assert not pids
    for path in done:
        path.touch()
    for thread in threads:
        thread.join(60)
    assert len(pids) == 2
    assert len({*pids, calls.call(f"{DEEDS}:process", limits=PLENTY)}) <= 2


def test_a_process_that_cannot_be_started_is_a_reason(
    calls: Expendable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(CallEndedError) as caught:
        calls.call(f"{DEEDS}:add", 1, 1, limits=PLENTY)
    assert caught.value.why == "start"


@posix
def test_processes_end_when_their_owner_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, threading\n"
        "from projector.machine.expendable import EXPENDABLE, Limits\n"
        f"print(EXPENDABLE.call('{DEEDS}:process', limits=Limits(1 << 31, 60, 120)), flush=True)\n"
        f"EXPENDABLE.call('{DEEDS}:wait_for_ever', limits=Limits(1 << 31, 60, 120))\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert owner.stdout is not None
    process = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert not psutil.wait_procs([process], timeout=60)[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_starts_processes_of_its_own() -> None:
    code = (
        "import os\n"
        "from projector.machine.expendable import EXPENDABLE, Limits\n"
        f"ask = lambda: EXPENDABLE.call('{DEEDS}:process', limits=Limits(1 << 31, 60, 120))\n"
        "first = ask()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    os._exit(ask() == first)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), ask() == first)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["0", "True"]


def test_a_process_asks_its_owner_in_the_middle_of_a_call(calls: Expendable) -> None:
    asked: list[object] = []

    def answer(content: object) -> object:
        asked.append(content)
        if content == "bad":
            raise LoadError("a.npy", "is away. Try again.")
        return f"{content}!"

    found = calls.call(f"{DEEDS}:ask", ["one", "two"], limits=PLENTY, answering=answer)
    assert found == ["one!", "two!"]
    assert asked == ["one", "two"]
    with pytest.raises(LoadError, match="is away"):
        calls.call(f"{DEEDS}:ask", ["bad"], limits=PLENTY, answering=answer)
    assert calls.call(f"{DEEDS}:ask", ["none"], limits=PLENTY) == [None]


def test_what_is_asked_costs_the_call_no_time(calls: Expendable) -> None:
    """The owner's clock stands still while it answers."""
    now = [0.0]

    def answer(content: object) -> object:
        now[0] += 1000
        return content

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "projector.machine.expendable.time", SimpleNamespace(monotonic=lambda: now[0])
        )
        assert calls.call(f"{DEEDS}:ask", ["a"], limits=PLENTY, answering=answer) == ["a"]
