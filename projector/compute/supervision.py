"""Supervision: moves neighbors with a different label away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors
from projector.typing import AnyArray

#: At full weight, neighbors with a different label are this many times as far away.
FARTHEST = 10.0


def supervise(
    neighbors: Neighbors,
    labels: Sequence[object] | AnyArray,
    *,
    weight: float = 0.5,
    ignored: object = "",
) -> Neighbors:
    """Return a graph in which neighbors with a different label are further away.

    It takes the place of the true graph in t-SNE and UMAP; the inspector and the quality scores
    use the true one.

    Parameters
    ----------
    neighbors : Neighbors
    labels : sequence of n_points values
        A categorical column.
    weight : float, 0 to 1
        0 changes nothing; at 1, a neighbor with a different label is 10 times as far away.
    ignored : object
        The label that means unknown: distances between such points and others do not change.

    Raises
    ------
    ShapeError
        Not one label for each point.
    ParameterError
        `weight` out of range.

    Notes
    -----
    TensorBoard weighs t-SNE's attraction by label and umap-learn multiplies graph weights by
    exp(-far) (McInnes, Healy and Melville 2018, section on supervision); distances serve both
    methods alike. Only neighbors in the graph are affected: distant points with the same label
    are not pulled together.
    """
    if len(labels) != neighbors.n_points:
        raise ShapeError(f"{len(labels):,} labels for {neighbors.n_points:,} points.")
    if not 0 <= weight <= 1:
        raise ParameterError(f"The weight of the labels must be from 0 to 1. Got {weight:g}.")
    codes: dict[object, int] = {}
    code = np.array([codes.setdefault(each, len(codes)) for each in labels])
    is_known = code != codes.get(ignored, -1)
    other = code[neighbors.indices]
    differs = (other != code[:, None]) & is_known[neighbors.indices] & is_known[:, None]
    factor = np.float32(FARTHEST**weight)
    # Duplicates with a different label are at distance 0, which no factor changes.
    least = neighbors.distances.mean(dtype=np.float64) * 1e-3 * weight
    moved = np.maximum(neighbors.distances * factor, np.float32(least))
    distances = np.where(differs, moved, neighbors.distances)
    order = np.lexsort((neighbors.indices, distances))
    return Neighbors(
        np.take_along_axis(neighbors.indices, order, axis=1),
        np.take_along_axis(distances, order, axis=1),
        neighbors.metric,
        neighbors.recall,
        neighbors.exact,
        (
            *neighbors.warnings,
            f"Supervised: {differs.mean():.1%} of the neighbors have a different label and count "
            f"as {factor:.3g} times as far away.",
        ),
        neighbors.recall_error,
    )
