"""How many points lie in each cell of a grid, added up piece by piece; coarser grids by sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray

#: Low and high x, low and high y.
Bounds = tuple[float, float, float, float]


def widened(bounds: Bounds | None, positions: AnyArray) -> Bounds | None:
    """Return bounds that hold some more positions, (n, 2); None while there was no finite one."""
    placed = positions[np.isfinite(positions).all(axis=1)]
    if not len(placed):
        return bounds
    low, high = placed.min(axis=0), placed.max(axis=0)
    own = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    if bounds is None:
        return own
    return (
        min(bounds[0], own[0]),
        max(bounds[1], own[1]),
        min(bounds[2], own[2]),
        max(bounds[3], own[3]),
    )


def squared(bounds: Bounds) -> Bounds:
    """Return the square about the middle of some bounds, so that cells are squares."""
    x, y = (bounds[0] + bounds[1]) / 2, (bounds[2] + bounds[3]) / 2
    half = max(bounds[1] - bounds[0], bounds[3] - bounds[2]) / 2 or 0.5
    return (x - half, x + half, y - half, y + half)


def add_points(counts: NDArray[np.uint32], positions: AnyArray, bounds: Bounds) -> int:
    """Count positions into the cells of a grid; return how many had a place.

    Parameters
    ----------
    counts : ndarray of shape (side, side), uint32
        Rows from low to high y, columns from low to high x. A position on a border between cells
        is in the higher one, on the last border in the last cell.
    positions : ndarray of shape (n, 2)
    bounds : tuple of float
        Hold all positions.
    """
    side = len(counts)
    placed = positions[np.isfinite(positions).all(axis=1)].astype(np.float64)
    if not len(placed):
        return 0
    low = np.array([bounds[0], bounds[2]])
    size = np.array([bounds[1], bounds[3]]) - low
    cells = np.clip(((placed - low) / size * side).astype(np.int64), 0, side - 1)
    found = np.bincount(cells[:, 1] * side + cells[:, 0], minlength=side * side)
    counts += found.reshape(side, side).astype(np.uint32)
    return len(placed)


def halved(counts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the counts of a grid of half as many rows and columns."""
    side = len(counts) // 2
    return np.asarray(counts.reshape(side, 2, side, 2).sum(axis=(1, 3), dtype=np.uint32))
