"""Messages come out of a pipe as they went in, and errors keep their class, text and place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from projector.errors import JobError, LoadError, UnknownNameError
from projector.machine.messages import Failure, receive, send


def test_messages_travel_one_after_the_other() -> None:
    pipe = io.BytesIO()
    for message in ("a", {"b": [1]}, Failure(JobError, "no")):
        send(pipe, message)
    pipe.seek(0)
    assert [receive(pipe) for _ in range(3)] == ["a", {"b": [1]}, Failure(JobError, "no")]
    assert receive(pipe) is None


@pytest.mark.parametrize("n_lost", [1, 9, 1000])
def test_a_pipe_that_breaks_off_is_closed(n_lost: int) -> None:
    pipe = io.BytesIO()
    send(pipe, "message")
    assert receive(io.BytesIO(pipe.getvalue()[:-n_lost])) is None


def test_an_error_whose_constructor_wants_more_is_rebuilt() -> None:
    rebuilt = Failure.of(LoadError("a.npy", "is not an array.", place="byte 2")).rebuild()
    assert type(rebuilt) is LoadError
    assert str(rebuilt) == "a.npy, byte 2: is not an array."
    assert (rebuilt.path, rebuilt.place) == (Path("a.npy"), "byte 2")
    assert rebuilt.message == "is not an array."
    unknown = UnknownNameError("method", "x", ["y"])
    assert str(Failure.of(unknown).rebuild()) == str(unknown)
