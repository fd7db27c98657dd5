"""Where the time of one piece of work went: by phase, in seconds and in processor seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from projector.machine.memory import used_memory
from projector.machine.processors import usable_processors

#: What comes before the first report.
STARTING = "starting"
#: Seconds between two looks at the memory.
_LOOK = 0.25


@dataclass
class _Spent:
    seconds: float = 0.0
    processor: float = 0.0


class PhaseTimes:
    """Measures the phases of work as their reports come.

    Processor seconds are those of the whole process: where it does other work at the same time,
    they count, too.
    """

    def __init__(self) -> None:
        self._spent: dict[str, _Spent] = {}
        self._phase = STARTING
        self._since = self._clocks()
        self._next_look = 0.0
        self._most = 0

    def reported(self, phase: str) -> None:
        """Take note that work is in a phase; phases with one name count together."""
        now = time.perf_counter()
        if phase != self._phase:
            self._close()
            self._phase = phase
        if now >= self._next_look:
            self._next_look = now + _LOOK
            self._most = max(self._most, used_memory())

    def figures(self) -> dict[str, Any]:
        """End the last phase, and return what was measured.

        Returns
        -------
        dict
            ``"seconds"`` in all; ``"phases"``, a list of ``{"phase", "seconds",
            "processor_seconds"}`` in the order in which they began; ``"memory_bytes"``, the most
            that this process was seen to take of the machine, at four looks a second;
            ``"n_threads"``, the cores that it may use.
        """
        self._close()
        return {
            "seconds": round(sum(spent.seconds for spent in self._spent.values()), 3),
            "phases": [
                {
                    "phase": phase,
                    "seconds": round(spent.seconds, 4),
                    "processor_seconds": round(spent.processor, 4),
                }
                for phase, spent in self._spent.items()
            ],
            "memory_bytes": max(self._most, used_memory()),
            "n_threads": usable_processors(),
        }

    def _close(self) -> None:
        now = self._clocks()
        spent = self._spent.setdefault(self._phase, _Spent())
        spent.seconds += now[0] - self._since[0]
        spent.processor += now[1] - self._since[1]
        self._since = now

    @staticmethod
    def _clocks() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()
