"""Progress reports of long work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from projector.typing import Positions


@dataclass(frozen=True, slots=True)
class Progress:
    """One report, given to the `progress` callable.

    Attributes
    ----------
    phase : str
        What is being done, as text for people: ``"neighbors"``, ``"layout"``.
    done, total : int
        Steps of this phase that are done, and all of them; ``total`` is 0 while unknown.
    positions : ndarray of shape (n_points, 2 or 3), float32, or None
        The current positions. It is the **live** array of the method: copy it to keep it.
    remaining_seconds : float or None
        Estimated time to the end of the phase, once there is an estimate.
    """

    phase: str
    done: int
    total: int
    positions: Positions | None = None
    remaining_seconds: float | None = None

    @property
    def fraction(self) -> float:
        """Share of the phase that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


#: Called with each report; raising `projector.Cancelled` in it cancels the work at once.
ProgressCallback: TypeAlias = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """Ignore a report: the default where none is needed."""
