"""Returns the neighbor graph that a method needs: a given one, or a new one."""

from __future__ import annotations

from projector.compute.neighbors.search import find_neighbors
from projector.errors import ParameterError
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback
from projector.typing import Metric, Vectors


def graph_of(
    vectors: Vectors,
    needed: tuple[int, Metric],
    given: Neighbors | None,
    *,
    random_state: int,
    progress: ProgressCallback,
) -> Neighbors:
    """Return a graph of exactly k neighbors.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    needed : (k, metric)
    given : Neighbors or None
        A graph with at least k neighbors; searched if None.

    Raises
    ------
    ParameterError
        `given` has a different number of points, another metric or too few neighbors.
    """
    k, metric = needed
    if given is None:
        return find_neighbors(
            vectors, k, metric=metric, random_state=random_state, progress=progress
        )
    if (given.n_points, given.metric) != (len(vectors), metric) or given.k < k:
        raise ParameterError(
            f"The method needs a graph of {k} {metric} neighbors for {len(vectors):,} points. "
            f"Got {given.k} {given.metric} neighbors for {given.n_points:,} points."
        )
    return given.nearest(k) if k > 0 else given
