"""Estimates the remaining time of work from its progress reports."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Below this share of a phase, and this time, an estimate would jump about.
_EARLIEST = 0.02
_SHORTEST_SECONDS = 0.2


class Pace:
    """Watches (phase, done, total) reports and estimates the seconds that remain.

    Parameters
    ----------
    clock : callable, optional
        Returns seconds; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._phase: str | None = None
        self._started = 0.0
        self._first = 0

    def remaining(self, phase: str, done: int, total: int) -> float | None:
        """Return the estimated seconds to the end of this phase, or None while it is too early."""
        now = self._clock()
        if phase != self._phase:
            self._phase, self._started, self._first = phase, now, done
        elapsed, advanced = now - self._started, done - self._first
        if total <= 0 or advanced < max(1, _EARLIEST * total) or elapsed < _SHORTEST_SECONDS:
            return None
        return max(0.0, elapsed / advanced * (total - done))
