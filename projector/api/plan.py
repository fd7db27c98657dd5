"""Work that a job does for a session: what is asked, what it needs, what becomes of the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from projector.jobs.cache import ResultCache


@dataclass(frozen=True)
class Plan:
    """Work that a job does.

    Attributes
    ----------
    key : str
        Equal for equal questions about equal contents.
    function : str
        The name of the task's function.
    asked : dict
        Its settings.
    metric : str or None
        Decides which vectors are taken (`Dataset.vectors_under`).
    needs : int
        Bytes of memory at the peak.
    check : callable
        Raises MemoryLimitError; takes the bytes that will be free when other jobs are done.
    finish : callable
        Makes the result of what the function returns.
    so_far : callable or None
        Makes a result of the parts that the cache has already; None if it has no parts. It is
        called while the job runs.
    """

    key: str
    function: str
    asked: dict[str, Any]
    metric: str | None
    needs: int
    check: Callable[[int], None]
    finish: Callable[[Any], Any]
    so_far: Callable[[ResultCache], Any] | None = None
