"""Long single calls into libraries, which somebody may want to cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from projector.model.progress import Progress, ProgressCallback, ignore_progress

Found = TypeVar("Found")

#: Seconds between two reports.
INTERVAL = 0.05


def wait_for(work: Callable[[], Found], report: Progress, progress: ProgressCallback) -> Found:
    """Return what `work` returns, and report meanwhile.

    Parameters
    ----------
    work : callable
        Runs in a thread of its own: calls that release the GIL, none that are compiled here,
        as numba's threads serve only one at a time. What `progress` raises leaves it behind,
        and its result is dropped.
    report : Progress
        Given to `progress` every `INTERVAL` seconds and at the end.
    progress : callable
    """
    if progress is ignore_progress:
        return work()
    found: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while True:
        thread.join(INTERVAL)
        progress(report)
        if not thread.is_alive():
            break
    if failed:
        raise failed[0]
    return found[0]
