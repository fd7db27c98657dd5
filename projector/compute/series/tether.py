"""The tether: what keeps points in place whose neighbors stayed the same from step to step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from projector.compute.series.members import Member, kept_between
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray

#: Neighbors whose share decides how strongly a point is held.
K_TETHER = 15


def tether_weights(
    members: Sequence[Member], n_points: int, window: int, *, progress: ProgressCallback
) -> NDArray[np.float32]:
    """Return how strongly each point is held between any two steps near in time.

    Returns
    -------
    ndarray of shape (window, n_steps, n_points), float32
        ``[gap - 1, t]`` is between the steps t and t + gap: `hold` of the share of kept neighbors
        times exp(1 - gap); 0 where a point has no row on one side.
    """
    n_steps = len(members)
    gaps = max(0, min(window, n_steps - 1))
    found = np.zeros((gaps, n_steps, n_points), np.float32)
    pairs = [(gap, t) for gap in range(1, gaps + 1) for t in range(n_steps - gap)]
    for done, (gap, t) in enumerate(pairs):
        kept = kept_between(members[t], members[t + gap], K_TETHER, n_points)
        found[gap - 1, t] = hold(kept) * np.float32(np.exp(1 - gap))
        progress(Progress("kept neighbors", done + 1, len(pairs)))
    return found


def hold(kept: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how strongly points are held that kept these shares of their neighbors, 0 to 1.

    A half for a point that lost a third of them, a fifth for one that lost half. The share itself
    holds back what truly moves, and costs most quality where many points are on their way.
    """
    near, far = kept * kept, 4 * (1 - kept) ** 2
    return np.asarray(near / (near + far), np.float32)


class Tether:
    """The positions of all steps, which it pulls together after each round of the layout.

    Parameters
    ----------
    members : sequence of Member
    start : ndarray of shape (n_points, n_components), float32
        Where every step begins.
    weights : ndarray of shape (n_gaps, n_steps, n_points), float32
    fixed : sequence of bool, optional
        Steps that stay where they are.
    """

    def __init__(
        self,
        members: Sequence[Member],
        start: AnyArray,
        weights: NDArray[np.float32],
        fixed: Sequence[bool] = (),
    ) -> None:
        n_points = len(start)
        self._points = [None if each.has_all(n_points) else each.points for each in members]
        self._weights = weights
        self._fixed = np.array(fixed or [False] * len(members), np.bool_)
        self._all = np.repeat(np.asarray(start, np.float32)[None], len(members), axis=0)
        self._pulled = np.empty_like(self._all)

    def of_step(self, t: int) -> NDArray[np.float32]:
        """Return the positions of a step's own points, (n_own, n_components), to be moved.

        They are taken back by `put`; where the step has every point, they are moved in place.
        """
        points = self._points[t]
        own = self._all[t] if points is None else self._all[t][points]
        return np.asarray(own, np.float32)

    def put(self, t: int, positions: AnyArray) -> None:
        """Take the positions of a step's own points."""
        points = self._points[t]
        if points is None:
            self._all[t] = positions
        else:
            self._all[t][points] = positions

    def everywhere(self, t: int) -> NDArray[np.float32]:
        """Return the positions of all points of the series at a step, NaN for those it lacks."""
        points = self._points[t]
        if points is None:
            return np.asarray(self._all[t])
        found = np.full_like(self._all[t], np.nan)
        found[points] = self._all[t][points]
        return np.asarray(found)

    def pull(self, strength: float) -> None:
        """Pull every step towards those around it (see `kernels.pull_together`)."""
        if strength == 0 or not len(self._weights):
            return
        from projector.compute.series.kernels import pull_together

        pull_together(self._all, self._weights, strength, self._fixed, self._pulled)
        self._all, self._pulled = self._pulled, self._all
