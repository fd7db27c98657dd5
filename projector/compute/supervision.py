"""Supervision: moves neighbors with a different label, or another number, away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError, ShapeError
from projector.model.neighbors import Neighbors
from projector.typing import AnyArray

#: At full weight, neighbors with a different label are this many times as far away.
FARTHEST = 10.0
#: Pairs whose mean difference is the usual one.
N_PAIRS = 10_000


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
    factor = FARTHEST**weight
    note = (
        f"Supervised: {differs.mean():.1%} of the neighbors have a different label and count "
        f"as {factor:.3g} times as far away."
    )
    return _moved_away(neighbors, differs.astype(np.float32), weight, note)


def supervise_by_numbers(
    neighbors: Neighbors, targets: NDArray[np.float32], *, weight: float = 0.5
) -> Neighbors:
    """Return a graph in which neighbors are further away, the more their numbers differ.

    Parameters
    ----------
    neighbors : Neighbors
    targets : ndarray of shape (n_points, n_targets), float32
        NaN is unknown: distances between such points and others do not change.
    weight : float, 0 to 1
        At 1, a neighbor whose numbers differ as those of two points at random do on average, or
        more, is 10 times as far away; half the difference is half of it in the exponent.

    Raises
    ------
    ShapeError
        Not one row for each point.
    ParameterError
        `weight` out of range.
    """
    if len(targets) != neighbors.n_points:
        raise ShapeError(f"{len(targets):,} targets for {neighbors.n_points:,} points.")
    if not 0 <= weight <= 1:
        raise ParameterError(f"The weight of the targets must be from 0 to 1. Got {weight:g}.")
    known: NDArray[np.bool_] = np.asarray(np.isfinite(targets).all(axis=1))
    numbers = np.where(known[:, None], targets, 0).astype(np.float64)
    share = np.zeros(neighbors.indices.shape, np.float32)
    usual = _usual_difference(numbers[known])
    if usual > 0:
        for at, near in enumerate(neighbors.indices.T):
            apart = np.linalg.norm(numbers[near] - numbers, axis=1) / usual
            share[:, at] = np.where(known[near] & known, np.minimum(apart, 1), 0)
    factor = FARTHEST ** (weight * float(share.mean()))
    note = f"Supervised: by the numbers of y, neighbors count as {factor:.3g} times as far away."
    return _moved_away(neighbors, share, weight, note)


def _usual_difference(numbers: NDArray[np.float64]) -> float:
    """Return the mean distance of two points at random."""
    if len(numbers) < 2:
        return 0.0
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, len(numbers), (2, N_PAIRS))
    return float(np.linalg.norm(numbers[first] - numbers[second], axis=1).mean())


def _moved_away(
    neighbors: Neighbors, share: NDArray[np.float32], weight: float, note: str
) -> Neighbors:
    """Multiply each distance by `FARTHEST` to the power of its share and the weight."""
    factor = np.float32(FARTHEST) ** (share * np.float32(weight))
    # Duplicates with a different label are at distance 0, which no factor changes.
    least = neighbors.distances.mean(dtype=np.float64) * 1e-3 * weight
    moved = np.maximum(neighbors.distances * factor, np.float32(least) * share)
    distances = np.where(share > 0, moved, neighbors.distances).astype(np.float32)
    order = np.lexsort((neighbors.indices, distances))
    return Neighbors(
        np.take_along_axis(neighbors.indices, order, axis=1),
        np.take_along_axis(distances, order, axis=1),
        neighbors.metric,
        neighbors.recall,
        neighbors.exact,
        (*neighbors.warnings, note),
        neighbors.recall_error,
    )
