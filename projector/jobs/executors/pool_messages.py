"""The messages between a process of the pool and its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from projector.jobs.executors.task_error import TaskError


@dataclass(frozen=True, slots=True)
class Call:
    """Owner to process: call ``work(watch, *args)``."""

    number: int
    work: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """Owner to process: keep a value for calls that name it."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class Kept:
    """An argument that stands for a value that was sent before."""

    number: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Owner to process: end the running call at its next report."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Process to owner: rows of this call that are done."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Process to owner: how a call ended."""

    number: int
    result: Any = None
    error: TaskError | None = None
