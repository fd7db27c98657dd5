"""Questions of a process of ours to its owner, in the middle of a call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from projector.errors import ProjectorError
from projector.machine.channel import Channel
from projector.machine.messages import Failure


@dataclass(frozen=True, slots=True)
class Question:
    """Process to owner: answer this, while I wait."""

    content: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Owner to process: the answer, or the error of ours to raise."""

    value: Any = None
    failure: Failure | None = None


class Questioner:
    """Asks the owner of this process, one question after the other. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channel: Channel | None = None

    def connect(self, channel: Channel) -> None:
        """Take the channel to the owner."""
        self._channel = channel

    def ask(self, content: Any) -> Any:
        """Return the owner's answer.

        Raises
        ------
        ProjectorError
            Whatever error of ours the owner has with it.
        EOFError
            There is no owner any more.
        """
        with self._lock:
            if self._channel is None:
                raise EOFError("this process has no owner")
            self._channel.send(Question(content))
            reply: Reply = self._channel.receive()
        if reply.failure is not None:
            raise reply.failure.rebuild()
        return reply.value


def reply_to(question: Question, answer: Callable[[Any], Any] | None) -> Reply:
    """Return the reply to a question; at the owner."""
    try:
        return Reply(None if answer is None else answer(question.content))
    except ProjectorError as error:
        return Reply(failure=Failure.of(error))


#: Of an expendable process to its owner.
OWNER = Questioner()
