"""The messages between a worker process and its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from projector.machine.messages import Failure


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
class Finished:
    """Process to owner: the result, or the error that ended it."""

    result: Any = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class SentFirst:
    """What a task's function may return: a result, and what to do once it was sent.

    Attributes
    ----------
    result : object
    then : callable
        Storing the result, for which nobody waits. Lost if the process is ended meanwhile.
    """

    result: Any
    then: Callable[[], None]


Message: TypeAlias = Task | Pause | Update | Trigger | Report | Finished
