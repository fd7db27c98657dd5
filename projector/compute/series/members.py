"""The points of a series: which of them each step has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.neighbors.space import prepare
from projector.model.neighbors import Neighbors
from projector.typing import AnyArray, Vectors


@dataclass(frozen=True)
class Member:
    """One step of a series.

    Attributes
    ----------
    vectors : ndarray of shape (n_own, n_dims), float32
        Finite.
    points : ndarray of shape (n_own,), int64
        Which points of the series its rows are, ascending.
    content : str
        The content hash of `vectors`, which names the step whatever its place.
    graph : Neighbors or None
        At least what the method needs, and what the tether compares.
    """

    vectors: Vectors = field(repr=False)
    points: NDArray[np.int64] = field(repr=False)
    content: str
    graph: Neighbors | None = field(default=None, repr=False)

    def has_all(self, n_points: int) -> bool:
        """Whether it has every point of the series."""
        return len(self.points) == n_points


def folded(parts: Sequence[AnyArray]) -> AnyArray:
    """Return the sum of arrays, the same to the last bit if their order is reversed."""
    n = len(parts)
    total = parts[n // 2].copy() if n % 2 else np.zeros_like(parts[0])
    for at in range(n // 2):
        total += parts[at] + parts[n - 1 - at]
    return total


def kept_between(one: Member, other: Member, k: int, n_points: int) -> NDArray[np.float32]:
    """Return the share of k neighbors that each point keeps between two steps, (n_points,).

    0 for points that only one of them has. With other points on the two sides, neighbors that
    only one side has do not count.
    """
    from projector.compute.change.kept import kept_share

    assert one.graph is not None, "a tethered step has a graph"
    assert other.graph is not None, "a tethered step has a graph"
    k = min(k, one.graph.k, other.graph.k)
    near = one.graph.nearest(k), other.graph.nearest(k)
    if one.has_all(n_points) and other.has_all(n_points):
        spaces = [prepare(each.vectors, near[0].metric) for each in (one, other)]
        return kept_share((spaces[0], near[0]), (spaces[1], near[1]))
    # By numbers of the series; one beyond all others stands for what the other side lacks.
    lists = []
    for member, graph, there in ((one, near[0], other), (other, near[1], one)):
        is_there = np.zeros(n_points, np.bool_)
        is_there[there.points] = True
        ids = member.points[graph.indices]
        ids = np.where(is_there[ids], ids, -1)
        rows = np.full((n_points, k), -1, np.int64)
        rows[member.points] = ids
        lists.append(rows)
    first, second = lists
    common = np.zeros(n_points)
    for column in range(k):
        same = (second == first[:, column : column + 1]) & (first[:, column : column + 1] >= 0)
        common += same.any(axis=1)
    counted = ((first >= 0).sum(axis=1) + (second >= 0).sum(axis=1)) / 2
    found = np.zeros(n_points, np.float32)
    both = np.intersect1d(one.points, other.points)
    found[both] = (common / np.maximum(1, counted))[both]
    return found
