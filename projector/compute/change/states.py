"""What became of each point: it stayed, moved with its neighbors, or has new ones."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.space import Space, chunks
from projector.model.neighbors import Neighbors

#: The states by their numbers; `NOT_SHARED` stands for points that only one side has.
STATES: Final = ("stayed", "new neighbors", "moved with its neighbors", "between")
STAYED, NEW_NEIGHBORS, MOVED_WITH, BETWEEN = range(4)
NOT_SHARED = 255
#: From this share of kept neighbors on a point may have stayed; below the other it has new ones.
KEPT_MANY, KEPT_FEW = 0.8, 0.5
#: A shift below this is rounding, in sizes of the cloud.
LEAST_SHIFT = 1e-5


def radii(space: Space, graph: Neighbors, size: float) -> NDArray[np.float32]:
    """Return how far the neighborhood of each point reaches, in sizes of the cloud.

    The distance to the furthest of its k neighbors, in the unit that shifts are measured in:
    euclidean, of vectors of length 1 if the metric compares directions.
    """
    if space.metric == "euclidean":
        return np.asarray(graph.distances[:, -1] / size, np.float32)
    if space.is_angular:
        return np.asarray(np.sqrt(2 * graph.distances[:, -1].astype(np.float64)) / size, np.float32)
    flat = Space(space.vectors, "euclidean")
    found = np.empty(space.n_points)
    for rows in chunks(space.n_points, space.n_dims * graph.k):
        points = np.arange(space.n_points)[rows]
        found[rows] = flat.ranks(flat.own_queries(points), graph.indices[points]).max(axis=1)
    return np.asarray(np.sqrt(found) / size, np.float32)


def has_moved(shift: NDArray[np.float32], radius: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which points moved further than their neighborhood reaches."""
    return np.asarray(shift > np.maximum(radius, LEAST_SHIFT))


def states(
    kept: NDArray[np.float32], shift: NDArray[np.float32], radius: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Return the state of each point, (n_points,), a place in `STATES`."""
    moved = has_moved(shift, radius)
    # 12 of 15 is 0.8 in float32 as in float64, give or take its rounding.
    many, few = kept >= KEPT_MANY - 1e-6, kept < KEPT_FEW - 1e-6
    found = np.full(len(kept), BETWEEN, np.uint8)
    found[many & ~moved] = STAYED
    found[~few & moved] = MOVED_WITH
    found[few] = NEW_NEIGHBORS
    return found
