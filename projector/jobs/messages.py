"""The messages between a worker process and its owner, and their encoding in a pipe.

Both ends are projector itself, started by projector: what is unpickled here never comes from
a file or from the network.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

from projector.errors import ProjectorError

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Task:
    """Owner to process: call ``function(payload, progress)`` and send what it returns."""

    function: str
    payload: dict[str, Any]
    frames_path: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Owner to process: pause the running task, or resume it."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Update:
    """Owner to process: put these values into ``payload["updates"]`` of the running task."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Owner to process: append this name to ``payload["actions"]`` of the running task."""

    action: str


@dataclass(frozen=True, slots=True)
class Report:
    """Process to owner: progress, and the number of the newest frame (-1: none yet)."""

    phase: str
    done: int
    total: int
    frame: int
    frame_shape: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in a message: its class and its text.

    Not the exception itself, whose constructor may need arguments that it does not keep.
    """

    kind: type[ProjectorError]
    message: str

    def rebuild(self) -> ProjectorError:
        """Return an exception of that class with that text."""
        error = self.kind.__new__(self.kind)
        BaseException.__init__(error, self.message)
        return error


@dataclass(frozen=True, slots=True)
class Finished:
    """Process to owner: the result, or the error that ended it."""

    result: Any = None
    failure: Failure | None = None


Message: TypeAlias = Task | Pause | Update | Trigger | Report | Finished


def send(pipe: IO[bytes], message: Message) -> None:
    """Write one message."""
    body = pickle.dumps(message, protocol=5)
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message | None:
    """Read one message; None when the other end has closed the pipe."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    if len(body) < length:
        return None
    message: Message = pickle.loads(body)
    return message
