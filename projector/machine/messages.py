"""Messages between two processes of ours through a pipe, and the errors in them.

Both ends are projector itself, started by projector: what is unpickled here never comes from
a file or from the network.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass, field
from typing import IO, Any

from projector.errors import ProjectorError

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in a message: its class, its text and its attributes.

    Not the exception itself, whose constructor may need arguments that it does not keep.
    """

    kind: type[ProjectorError]
    message: str
    attributes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: ProjectorError) -> Failure:
        """Return the failure that stands for an error."""
        return cls(type(error), str(error), dict(vars(error)))

    def rebuild(self) -> ProjectorError:
        """Return an exception of that class with that text."""
        error = self.kind.__new__(self.kind)
        BaseException.__init__(error, self.message)
        vars(error).update(self.attributes)
        return error


def send(pipe: IO[bytes], message: object) -> None:
    """Write one message."""
    body = pickle.dumps(message, protocol=5)
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message; None when the other end has closed the pipe."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    if len(body) < length:
        return None
    return pickle.loads(body)
