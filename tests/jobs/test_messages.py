"""Every message comes out of a pipe as it went in."""

from __future__ import annotations

import io

from projector.errors import JobError
from projector.jobs.messages import (
    Finished,
    Message,
    Pause,
    Report,
    Task,
    Trigger,
    Update,
)
from projector.machine.messages import Failure, receive, send

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
