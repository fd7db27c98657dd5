"""Messages come out of a pipe as they went in, and errors keep their class and text."""

from __future__ import annotations

import io

import pytest

from projector.errors import JobError, LoadError, ProjectorError
from projector.jobs.messages import (
    Failure,
    Finished,
    Message,
    Pause,
    Report,
    Task,
    Trigger,
    Update,
    receive,
    send,
)

MESSAGES: list[Message] = [
    Task("m:f", {"a": 1}, "frames"),
    Pause(True),
    Update({"rate": 0.5}),
    Trigger("perturb"),
    Report("layout", 1, 2, 0, (3, 2)),
    Finished({"x": [1]}),
    Finished(failure=Failure(JobError, "no")),
]


def test_messages_travel_one_after_the_other() -> None:
    pipe = io.BytesIO()
    for message in MESSAGES:
        send(pipe, message)
    pipe.seek(0)
    assert [receive(pipe) for _ in MESSAGES] == MESSAGES
    assert receive(pipe) is None


@pytest.mark.parametrize("n_lost", [1, 9, 1000])
def test_a_pipe_that_breaks_off_is_closed(n_lost: int) -> None:
    pipe = io.BytesIO()
    send(pipe, MESSAGES[0])
    assert receive(io.BytesIO(pipe.getvalue()[:-n_lost])) is None


def test_an_error_whose_constructor_wants_more_is_rebuilt() -> None:
    rebuilt: ProjectorError = Failure(LoadError, "a.npy: not an array").rebuild()
    assert type(rebuilt) is LoadError
    assert str(rebuilt) == "a.npy: not an array"
