"""Compiled kernel of the tether: pulls each point towards where it is at other steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, parallel_range


@compiled(parallel=True, as_written=True)
def pull_together(
    positions: NDArray[np.float32],
    weights: NDArray[np.float32],
    strength: float,
    is_fixed: NDArray[np.bool_],
    pulled: NDArray[np.float32],
) -> None:
    """Take an implicit step of every point towards itself at the steps around, all at once.

    Parameters
    ----------
    positions : ndarray of shape (n_steps, n_points, 2 or 3), float32
    weights : ndarray of shape (n_gaps, n_steps, n_points), float32
        ``weights[gap - 1, t]`` is that between the steps t and t + gap.
    strength : float
    is_fixed : ndarray of shape (n_steps,), bool
        Steps that stay where they are.
    pulled : ndarray of the shape of `positions`, float32
        Written.

    Notes
    -----
    The two sides of a step are added to each other before they are added to it, and nothing is
    reordered: with the steps in reverse, the result is the reverse to the last bit.
    """
    n_steps, n_points, n_dims = positions.shape
    n_gaps = len(weights)
    for i in parallel_range(n_points):
        top = np.empty(n_dims)
        for t in range(n_steps):
            if is_fixed[t]:
                pulled[t, i] = positions[t, i]
                continue
            bottom = 1.0
            for d in range(n_dims):
                top[d] = np.float64(positions[t, i, d])
            for gap in range(1, n_gaps + 1):
                has_before, has_after = t >= gap, t + gap < n_steps
                before = np.float64(weights[gap - 1, t - gap, i]) if has_before else 0.0
                after = np.float64(weights[gap - 1, t, i]) if has_after else 0.0
                if before + after == 0.0:
                    continue
                bottom += strength * (before + after)
                for d in range(n_dims):
                    one = before * positions[t - gap, i, d] if has_before else 0.0
                    other = after * positions[t + gap, i, d] if has_after else 0.0
                    top[d] += strength * (one + other)
            for d in range(n_dims):
                pulled[t, i, d] = np.float32(top[d] / bottom)
