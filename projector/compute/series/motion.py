"""How truthful motion in a series is: whether those points move whose neighbors changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.series.members import Member
from projector.typing import AnyArray, Json

#: From this share of kept neighbors on a point stayed; up to the other it changed.
STAYED, CHANGED = 0.8, 0.4
#: Fewer points say nothing of a median.
LEAST_POINTS = 10
#: Of so many points it is kept that they changed from one step to the next: more trails hide them.
MOST_CHANGED = 2000


@dataclass(frozen=True)
class Motion:
    """The motion from one step to the next, in sizes of the series.

    Attributes
    ----------
    false, false95 : float
        Median and 95th percentile of how far points move that kept at least 80 % of their
        neighbors; NaN with fewer than 10 of them.
    true : float
        Median of how far points move that kept at most 40 %; NaN with fewer than 10.
    auc : float
        Probability that a changed point moves further than one that stayed; 0.5 is a coin.
    n_stayed, n_changed : int
    """

    false: float
    false95: float
    true: float
    auc: float
    n_stayed: int
    n_changed: int

    @classmethod
    def from_json(cls, about: dict[str, Any]) -> Motion:
        """Return what `as_json` wrote; raise LookupError or TypeError for anything else."""
        names = ("false", "false95", "true", "auc")
        false, false95, true, auc = (
            float("nan") if about[name] is None else float(about[name]) for name in names
        )
        return cls(false, false95, true, auc, int(about["n_stayed"]), int(about["n_changed"]))

    def as_json(self) -> dict[str, Json]:
        """Return it as JSON, null for what is undefined."""
        return {name: None if value != value else value for name, value in vars(self).items()}


def series_motion(
    places: Sequence[AnyArray],
    members: Sequence[Member],
    kept: Sequence[NDArray[np.float32]],
) -> tuple[Motion, ...]:
    """Measure the motion between adjacent steps.

    Parameters
    ----------
    places : sequence of ndarray of shape (n_own, n_components)
        The positions of each step's own points.
    members : sequence of Member
    kept : sequence of ndarray of shape (n_points,), float32
        Kept neighbors from each step to the next.
    """
    size = np.sqrt(np.mean([_centered(each).var(axis=0).sum() for each in places]))
    found = []
    for t in range(len(places) - 1):
        points, at_one, at_other = np.intersect1d(
            members[t].points, members[t + 1].points, assume_unique=True, return_indices=True
        )
        if not len(points) or size == 0:
            found.append(_motion(np.zeros(0), np.zeros(0)))
            continue
        before, after = _centered(places[t][at_one]), _centered(places[t + 1][at_other])
        moved = np.sqrt(((after - before) ** 2).sum(axis=1)) / size
        found.append(_motion(moved, kept[t][points]))
    return tuple(found)


def changed_points(
    places: Sequence[AnyArray],
    members: Sequence[Member],
    kept: Sequence[NDArray[np.float32]],
) -> tuple[NDArray[np.int64], ...]:
    """Return the points that changed most from each step to the next, at most `MOST_CHANGED`.

    They kept at most 40 % of their neighbors: those that kept fewest come first, of equal ones
    those that move furthest. The arguments are those of `series_motion`.

    Returns
    -------
    tuple of ndarray of shape (n_changed,), int64
        Numbers of points of the series.
    """
    found = []
    for t in range(len(places) - 1):
        points, at_one, at_other = np.intersect1d(
            members[t].points, members[t + 1].points, assume_unique=True, return_indices=True
        )
        before, after = places[t][at_one], places[t + 1][at_other]
        moved = ((after.astype(np.float64) - before) ** 2).sum(axis=1)
        share = kept[t][points]
        order = np.lexsort((points, -moved, share))
        order = order[share[order] <= CHANGED + 1e-6]
        found.append(points[order[:MOST_CHANGED]].astype(np.int64))
    return tuple(found)


def _centered(places: AnyArray) -> AnyArray:
    return np.asarray(places - places.mean(axis=0, dtype=np.float64))


def _motion(moved: AnyArray, kept: AnyArray) -> Motion:
    stayed, changed = moved[kept >= STAYED - 1e-6], moved[kept <= CHANGED + 1e-6]
    nothing = float("nan")
    has_stayed, has_changed = len(stayed) >= LEAST_POINTS, len(changed) >= LEAST_POINTS
    return Motion(
        float(np.median(stayed)) if has_stayed else nothing,
        float(np.percentile(stayed, 95)) if has_stayed else nothing,
        float(np.median(changed)) if has_changed else nothing,
        _auc(changed, stayed) if has_stayed and has_changed else nothing,
        len(stayed),
        len(changed),
    )


def _auc(higher: AnyArray, lower: AnyArray) -> float:
    """Return the share of pairs in which the first is larger; ties count half."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left")
    upto = np.searchsorted(ordered, higher, "right")
    return float((below + upto).sum() / (2 * len(higher) * len(lower)))
