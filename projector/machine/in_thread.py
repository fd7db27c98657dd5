"""Runs a blocking call in a thread, so that its caller can report and be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

#: Seconds between two calls of `meanwhile`.
INTERVAL = 0.05


def call_in_thread(work: Callable[[], Found], meanwhile: Callable[[], object]) -> Found:
    """Return what `work` returns, and call `meanwhile` until it does.

    Parameters
    ----------
    work : callable
        Runs in a thread of its own: calls that release the GIL, none that are compiled here,
        as numba's threads serve only one at a time.
    meanwhile : callable
        Called every `INTERVAL` seconds and once at the end. If it raises, the result of `work`
        is dropped.

    Raises
    ------
    BaseException
        Whatever `work` or `meanwhile` raises.
    """
    found: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while True:
        thread.join(INTERVAL)
        meanwhile()
        if not thread.is_alive():
            break
    if failed:
        raise failed[0]
    return found[0]
