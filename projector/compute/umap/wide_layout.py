"""Compiled kernel of the UMAP layout in any number of dimensions; `layout` is for two and three.

The same forces in the same order: a loop over the dimensions in the place of x, y and z costs a
third of the time in two and three, and is all there is in one and in more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.compute.umap.forces import Table, force_at
from projector.compute.umap.layout import MOST, _clipped, _next, _seed


@inlined
def _square(point: NDArray[np.float32], positions: NDArray[np.float32], j: np.uint64) -> np.float32:
    """Return the squared distance of a place to a point."""
    square = np.float32(0)
    for d in range(len(point)):
        difference = point[d] - positions[j, d]
        square += difference * difference
    return square


@inlined
def _push(
    away: NDArray[np.float32],
    point: NDArray[np.float32],
    positions: NDArray[np.float32],
    j: np.uint64,
    push: np.float32,
) -> None:
    """Add a push away from a point, clipped along each axis."""
    for d in range(len(point)):
        away[d] += _clipped(push * (point[d] - positions[j, d]))


@compiled(parallel=True)
def move_points_in_any(
    positions: NDArray[np.float32],
    moved: NDArray[np.float32],
    first: int,
    last: int,
    order: NDArray[np.int32],
    bounds: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int32],
    rates: NDArray[np.float32],
    pulls: Table,
    pushes: Table,
    n_negatives: int,
    alpha: float,
    epoch: int,
    random_state: int,
    axes: tuple[int, ...],
) -> None:
    """Do the steps `first` to `last` of an epoch; see `layout.move_points`. `axes` is not used."""
    n_points, n_blocks = np.uint64(len(positions)), len(bounds) - 1
    n_dims = positions.shape[1]
    now, before, rate = np.float32(epoch), np.float32(epoch - 1), np.float32(alpha)
    for step in range(first, last):
        block, is_back = step % n_blocks, step >= n_blocks
        n_drawn = n_negatives // 2 if is_back else n_negatives - n_negatives // 2
        start, n_moved = bounds[block], bounds[block + 1] - bounds[block]
        for row in parallel_range(n_moved):
            place = start + row
            i = order[place]
            at_now, away = positions[i].copy(), np.empty(n_dims, np.float32)
            state = _seed(random_state, 2 * epoch + is_back, i)
            for at in range(starts[place + 1] - starts[place]):
                edge = starts[place + 1] - 1 - at if is_back else starts[place] + at
                if np.floor(rates[edge] * now) == np.floor(rates[edge] * before):
                    continue
                j = np.uint64(ends[edge])
                square = _square(at_now, positions, j)
                pull = min(rate * force_at(pulls, square), MOST)
                at_now -= pull * (at_now - positions[j])
                away[:] = 0
                for _ in range(n_drawn):
                    state = _next(state)
                    j = (np.uint64(state) * n_points) >> np.uint64(32)
                    square = _square(at_now, positions, j)
                    if j != np.uint64(i):
                        _push(away, at_now, positions, j, force_at(pushes, square))
                at_now += rate * away
            moved[row] = at_now
        for row in range(n_moved):
            positions[order[start + row]] = moved[row]
