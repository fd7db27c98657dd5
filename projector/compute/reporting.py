"""Reports progress during calls that cannot report by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from projector.machine.in_thread import call_in_thread
from projector.model.progress import Progress, ProgressCallback, ignore_progress

Found = TypeVar("Found")


def report_during(work: Callable[[], Found], report: Progress, progress: ProgressCallback) -> Found:
    """Return what `work` returns, and give `report` to `progress` until it does.

    See `projector.machine.in_thread.call_in_thread`; without a listener no thread is started.
    """
    if progress is ignore_progress:
        return work()
    return call_in_thread(work, partial(progress, report))
