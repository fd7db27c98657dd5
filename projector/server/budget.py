"""The budget: how many connections, streams, bodies and threads one server has at once.

Everything that holds something for as long as a client likes is counted here, and each number
follows from those before it:

* *descriptors*: what the system lets this process open;
* *connections*: at most half of them, so that files, maps and workers always find some. Near the
  limit the connection that has been idle longest is closed for a new one;
* *streams* (of events and of frames) and *bodies* that are too large for memory: each occupies a
  thread for as long as it lasts. One too many is refused with 503;
* *answers*: the threads that are left for everything else, whatever the streams do. They hold
  nothing: a slow sender keeps no thread before its request is complete, and a slow reader none
  after the answer is made;
* *threads*: the sum, made when they are needed. An idle one takes some 12 KB.
"""

from __future__ import annotations

from dataclasses import dataclass

from projector.machine.descriptors import raise_descriptor_limit

_CONNECTIONS = 2048
_STREAMS = 288
_BODIES = 16
_ANSWERS = 32


@dataclass(frozen=True)
class Budget:
    """What one server has at once.

    Attributes
    ----------
    connections : int
        Open connections, idle ones included.
    streams : int
        Streams of events and of frames.
    bodies : int
        Bodies of more than a megabyte that are arriving, and of smaller ones as many megabytes.
    answers : int
        Threads for everything else.
    """

    connections: int = _CONNECTIONS
    streams: int = _STREAMS
    bodies: int = _BODIES
    answers: int = _ANSWERS

    @property
    def threads(self) -> int:
        """Threads that answer."""
        return self.streams + self.bodies + self.answers


def budget() -> Budget:
    """Return the budget of this process, after raising its limit of open files."""
    connections = max(16, min(_CONNECTIONS, raise_descriptor_limit() // 2))
    return Budget(connections=connections, streams=min(_STREAMS, connections // 2))
