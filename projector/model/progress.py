"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from projector.typing import Positions


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of long work, given to the `progress` callable.

    Attributes
    ----------
    phase : str
        What is being done, for people: ``"neighbors"``, ``"layout"``.
    done, total : int
        Steps finished and steps in all of this phase; ``total`` is 0 while unknown.
    positions : ndarray of shape (n_points, 2 or 3), float32, or None
        The picture as it stands. It is the worker's **live** array: copy it to keep it.
    remaining_seconds : float or None
        An estimate for the whole work, once there is one.
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


#: Called with each report; raising `projector.Cancelled` in it stops the work at once.
ProgressCallback: TypeAlias = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """Take a report and do nothing: the default where nobody listens."""
