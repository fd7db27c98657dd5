"""Does work in the background, in the order in which it was given, and a bounded number at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from projector.errors import ProjectorError
from projector.machine.shortages import machine_error

Work: TypeAlias = Callable[[], None]


@dataclass(frozen=True)
class Failure:
    """Work that was not done.

    Attributes
    ----------
    what : str
        ``"step 100 of 'encoder'"``
    why : str
        A sentence.
    """

    what: str
    why: str


@dataclass
class _Shared:
    """What the thread knows; the owner may be collected while it waits."""

    waiting: queue.Queue[tuple[str, Work] | None]
    failures: list[Failure] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Background:
    """One thread that does one piece of work after the other.

    Parameters
    ----------
    capacity : int
        Pieces of work that wait, besides the one that is done.
    """

    def __init__(self, capacity: int) -> None:
        self._shared = _Shared(queue.Queue(capacity))
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def put(self, what: str, work: Work, *, wait: bool) -> bool:
        """Hand over work; return False if there is no room and nobody waits for it."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=_run, args=(self._shared,), name="projector-writer", daemon=True
                )
                self._thread.start()
        try:
            self._shared.waiting.put((what, work), block=wait)
        except queue.Full:
            return False
        return True

    def failures(self) -> list[Failure]:
        """Return what was not done since the last call."""
        with self._shared.lock:
            found, self._shared.failures = self._shared.failures, []
        return found

    def flush(self) -> None:
        """Wait until everything is done that was handed over."""
        if self._thread is not None:
            self._shared.waiting.join()

    def close(self) -> None:
        """Wait until everything is done, and end the thread; nothing is taken from now on."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._shared.waiting.put(None)
            thread.join()


def _run(shared: _Shared) -> None:
    while True:
        item = shared.waiting.get()
        try:
            if item is None:
                return
            what, work = item
            try:
                work()
            except Exception as error:  # noqa: BLE001  a training goes on, whatever this is
                with shared.lock:
                    shared.failures.append(Failure(what, reason_of(error)))
            del work
        finally:
            item = None
            shared.waiting.task_done()


def reason_of(error: Exception) -> str:
    """Return why work was not done, as a sentence."""
    if isinstance(error, ProjectorError):
        return str(error)
    known = machine_error(error)
    if known is not None:
        return str(known)
    return f"An unexpected error ({type(error).__name__}: {error}). Please report this."
