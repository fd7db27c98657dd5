"""Compiled kernel of the UMAP layout: attraction along edges, repulsion of negative samples.

umap-learn moves both ends of an edge at once, so that its threads overwrite each other and only
its serial run can be repeated. Here a point moves only itself, and all points of a block look at
where the others were before the block: threads never meet, and the result does not depend on how
many there are.

As an edge moves a point once for either end, every point goes along its edges twice, forth and
back, so that no neighbor has the last word with double weight. All points go forth before any
goes back, block after block, as umap-learn spreads a point's moves over the epoch. A point that
makes them in one go, among neighbors that stay where they were an epoch ago, settles on their
mean before they have moved, and the picture of a smooth surface is torn more often and rougher.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range
from projector.compute.umap.forces import Table, force_at

#: Share of the way to a neighbor that one pull covers at most: beyond it the picture is coarser.
MOST = np.float32(0.5)


@inlined
def _clipped(value: np.float32) -> np.float32:
    """Keep a push from moving a point further than 4 along an axis, as in umap-learn."""
    return min(np.float32(4), max(np.float32(-4), value))


@inlined
def _next(state: np.uint32) -> np.uint32:
    """Draw the next number (Marsaglia 2003, "Xorshift RNGs", 13-17-5)."""
    state ^= np.uint32(state << np.uint32(13))
    state ^= np.uint32(state >> np.uint32(17))
    return np.uint32(state ^ np.uint32(state << np.uint32(5)))


@inlined
def _seed(random_state: int, epoch: int, point: int) -> np.uint32:
    """Give each point and epoch a stream of its own (murmur3's finalizer), never 0."""
    mixed = np.uint64(random_state * 0x9E3779B1 + epoch * 0x85EBCA77 + point * 0xC2B2AE3D)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    return np.uint32(mixed & np.uint64(0xFFFFFFFF)) | np.uint32(1)


@compiled(parallel=True)
def move_points(
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
    """Do the steps `first` to `last` (not included) of an epoch, which has two for each block.

    Parameters
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
        Moved in place.
    moved : ndarray of shape (at least that of the largest block, 2 or 3), float32
        Overwritten.
    first, last : int
        A step moves one block, forth in the first half of the epoch and back in the second.
    order : ndarray of shape (n_points,), int32
        The points, block after block.
    bounds : ndarray of shape (n_blocks + 1,), int64
        Block i is ``order[bounds[i] : bounds[i + 1]]``.
    starts, ends : ndarrays
        The graph as sparse rows in that order: from ``order[i]`` lead the edges ``starts[i]`` to
        ``starts[i + 1]``; their ends are numbers of points.
    rates : ndarray of shape (n_edges,), float32
        Share of the epochs in which an edge pulls: its weight over the largest.
    pulls, pushes : ndarray of shape (n_entries,), float32
        See `forces.force_tables`.
    n_negatives : int
        Points drawn for each pull.
    alpha : float
        The learning rate of this epoch.
    epoch : int, from 1
    random_state : int
    axes : tuple of 2 or 3 int
        One for each dimension. Its length is known when the kernel is compiled, so that the one
        for two dimensions has no third.

    Notes
    -----
    Pushes are clipped to 4 as in umap-learn.
    """
    n_points, n_blocks = np.uint64(len(positions)), len(bounds) - 1
    is_solid = len(axes) == 3
    now, before, rate = np.float32(epoch), np.float32(epoch - 1), np.float32(alpha)
    for step in range(first, last):
        block, is_back = step % n_blocks, step >= n_blocks
        n_drawn = n_negatives // 2 if is_back else n_negatives - n_negatives // 2
        start, n_moved = bounds[block], bounds[block + 1] - bounds[block]
        for row in parallel_range(n_moved):
            place = start + row
            i = order[place]
            x, y = positions[i, 0], positions[i, 1]
            z = positions[i, 2] if is_solid else np.float32(0)
            state = _seed(random_state, 2 * epoch + is_back, i)
            for at in range(starts[place + 1] - starts[place]):
                edge = starts[place + 1] - 1 - at if is_back else starts[place] + at
                if np.floor(rates[edge] * now) == np.floor(rates[edge] * before):
                    continue
                j = np.uint64(ends[edge])
                dx, dy = x - positions[j, 0], y - positions[j, 1]
                dz = z - positions[j, 2] if is_solid else np.float32(0)
                square = dx * dx + dy * dy + dz * dz
                # Not far beyond the middle: two points that leap over each other could go on
                # forever in one direction.
                pull = min(rate * force_at(pulls, square), MOST)
                x -= pull * dx
                y -= pull * dy
                z -= pull * dz
                # All pushes from the same place: they do not wait for each other.
                away_x, away_y, away_z = np.float32(0), np.float32(0), np.float32(0)
                for _ in range(n_drawn):
                    state = _next(state)
                    j = (np.uint64(state) * n_points) >> np.uint64(32)
                    dx, dy = x - positions[j, 0], y - positions[j, 1]
                    dz = z - positions[j, 2] if is_solid else np.float32(0)
                    square = dx * dx + dy * dy + dz * dz
                    if j != np.uint64(i):
                        push = force_at(pushes, square)
                        away_x += _clipped(push * dx)
                        away_y += _clipped(push * dy)
                        away_z += _clipped(push * dz)
                x += rate * away_x
                y += rate * away_y
                z += rate * away_z
            moved[row, 0], moved[row, 1] = x, y
            if is_solid:
                moved[row, 2] = z
        for row in range(n_moved):
            positions[order[start + row]] = moved[row]
