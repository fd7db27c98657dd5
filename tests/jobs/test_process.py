"""An exit code becomes a sentence that says what happened and what to do."""

from __future__ import annotations

import os
import signal

import pytest

from projector.jobs.messages import Finished, Task
from projector.jobs.process import WorkerProcess, exit_message


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_kill_is_explained_by_memory() -> None:
    assert "ran out of memory" in exit_message(-signal.SIGKILL)
    assert "crashed inside a compiled library (SIGSEGV)" in exit_message(-signal.SIGSEGV)
    assert "was no longer there (SIGBUS)" in exit_message(-signal.SIGBUS)
    assert "(SIGABRT)" in exit_message(-signal.SIGABRT)


def test_any_other_end_has_its_code() -> None:
    assert "without a result (exit code 3)" in exit_message(3)


def test_a_process_works_until_it_is_killed() -> None:
    process = WorkerProcess("tests.jobs.work")
    try:
        process.send(Task("tests.jobs.work:add", {"a": 1, "b": 2}, "unused"))
        message = process.receive()
        while not isinstance(message, Finished):
            assert message is not None
            message = process.receive()
        assert message.result == 3
        assert process.is_alive()
    finally:
        process.kill()
        code = process.reap()
    assert not process.is_alive()
    assert process.reap() == code
    assert process.receive() is None
    process.send(Task("tests.jobs.work:add", {}, "unused"))  # lost, and no error
