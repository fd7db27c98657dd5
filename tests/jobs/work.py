"""Work for the tests of the runner: imported by its processes, so it lives in a real module."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import ShapeError
from projector.jobs.messages import SentFirst
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray


def add(payload: dict[str, Any], progress: ProgressCallback) -> int:
    progress(Progress("adding", 1, 1))
    return int(payload["a"]) + int(payload["b"])


def total(payload: dict[str, Any], progress: ProgressCallback) -> float:
    return float(payload["array"].open().sum())


def draw(payload: dict[str, Any], progress: ProgressCallback) -> int:
    positions = np.zeros((payload["n_points"], 2), np.float32)
    for step in range(payload["steps"]):
        positions[:] = step
        progress(Progress("drawing", step, payload["steps"], positions))
        time.sleep(payload.get("seconds", 0.01))
    return int(payload["steps"])


def sleep_deaf(payload: dict[str, Any], progress: ProgressCallback) -> None:
    """Work that never reports, as a library does inside one long call."""
    progress(Progress("deaf", 0, 1))
    time.sleep(600)


def refuse(payload: dict[str, Any], progress: ProgressCallback) -> None:
    raise ShapeError("The shape is wrong.")


def stumble(payload: dict[str, Any], progress: ProgressCallback) -> None:
    raise ZeroDivisionError("oh")


def collect(payload: dict[str, Any], progress: ProgressCallback) -> dict[str, Any]:
    """Report until an action ends it, and return what came meanwhile."""
    while "stop" not in payload.get("actions", []):
        progress(Progress("collecting", 0, 1))
        time.sleep(0.01)
    return {name: payload[name] for name in ("updates", "actions") if name in payload}


def large(payload: dict[str, Any], progress: ProgressCallback) -> AnyArray:
    """Return numbers that no pipe should carry."""
    return np.arange(payload["n"], dtype=np.float32)


def leave(payload: dict[str, Any], progress: ProgressCallback) -> SentFirst:
    """Write a file once the result was sent, when asked to with an error."""
    path = Path(payload["path"])

    def then() -> None:
        while not path.with_suffix(".seen").exists():
            time.sleep(0.01)
        path.write_text("done")
        if payload.get("fails"):
            raise ZeroDivisionError("oh")

    return SentFirst("sent", then)


def die(payload: dict[str, Any], progress: ProgressCallback) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def shout(payload: dict[str, Any], progress: ProgressCallback) -> str:
    """What a library prints must not mix with the messages."""
    print("noise " * 1000, flush=True)  # noqa: T201
    os.write(1, b"more noise")
    return "quiet"


#: Steps of preparation that this process has done.
STEPS: list[int] = []


def prepare_endlessly() -> Iterator[None]:
    """Prepare in steps that never end: only a job that interrupts them is ever done."""
    while True:
        STEPS.append(1)
        time.sleep(0.01)
        yield


def count_steps(payload: dict[str, Any], progress: ProgressCallback) -> int:
    return len(STEPS)
