"""What the tests have done in processes that may die of it."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.machine.questions import OWNER
from projector.typing import AnyArray


def add(one: int, other: int) -> int:
    return one + other


def process() -> int:
    return os.getpid()


def numbers(count: int) -> AnyArray:
    return np.arange(count, dtype=np.float64)


def several() -> dict[str, Any]:
    return {"text": "x", "small": np.arange(3), "a": numbers(20_001), "b": numbers(30_003)}


def touch_nothing() -> None:
    ctypes.string_at(0)


def give_up() -> None:
    os.abort()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def compute_for_ever() -> None:
    while True:
        pass


def wait_for_ever() -> None:
    threading.Event().wait()


def wait_for(path: str) -> int:
    """Wait until a file exists."""
    while not os.path.exists(path):
        time.sleep(0.01)
    return os.getpid()


def take(count: int) -> int:
    return len(bytearray(count))


def lack_a_library() -> None:
    raise ImportError("libarrow.so.2600: failed to map segment from shared object")


def refuse(path: str) -> None:
    raise LoadError(path, "is no good.", place="byte 3")


def fail() -> None:
    raise ZeroDivisionError("of all things")


def exit_politely() -> None:
    os._exit(3)


def reduce_numbers(value: Any) -> Any:
    """Send an array as the number of its values."""
    return (np.zeros, (len(value),)) if isinstance(value, np.ndarray) else NotImplemented


def ask(contents: list[str]) -> list[object]:
    """Ask the owner, one question after the other."""
    return [OWNER.ask(each) for each in contents]
