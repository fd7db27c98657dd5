"""HDBSCAN's hierarchy of a neighbor graph: a spanning tree of mutual reachability, condensed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.clusters.joining import nearest_pairs
from projector.compute.clusters.kernels import (
    condense,
    leaf_places,
    link_dendrogram,
    mark_edges,
    spanning_forest,
    tops,
)
from projector.compute.neighbors.space import prepare
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Vectors


@dataclass(frozen=True)
class Dendrogram:
    """All joins of points, by ascending distance.

    Attributes
    ----------
    left, right : ndarray of shape (n_points - 1,), int32
        What each join joins: a point, or ``n_points`` plus an earlier join.
    distances : ndarray of shape (n_points - 1,), float64
        Mutual reachability at which it happens, ascending.
    size : ndarray of shape (2 n_points - 1,), int32
        Points below each node.
    first, leaves : ndarray, int32
        The points below a node are ``leaves[first[node]:first[node] + size[node]]``.
    n_parts : int
        Parts of the graph that no edge connected.
    """

    left: NDArray[np.int32] = field(repr=False)
    right: NDArray[np.int32] = field(repr=False)
    distances: NDArray[np.float64] = field(repr=False)
    size: NDArray[np.int32] = field(repr=False)
    first: NDArray[np.int32] = field(repr=False)
    leaves: NDArray[np.int32] = field(repr=False)
    n_parts: int

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.leaves)

    def densities(self) -> NDArray[np.float64]:
        """Return 1 / distance of each join; finite also where points are equal.

        Twice the density of the nearest points that are not equal stands for that of equal ones.
        """
        positive = self.distances[self.distances > 0]
        most = 2.0 / positive[0] if len(positive) else 1.0
        return np.asarray(1.0 / np.maximum(self.distances, 1.0 / most))

    def points_below(self, node: int) -> NDArray[np.int32]:
        """Return the points below a node."""
        return self.leaves[self.first[node] : self.first[node] + self.size[node]]


@dataclass(frozen=True)
class CondensedTree:
    """The clusters of at least some points: all of them, before some are chosen.

    Attributes
    ----------
    parent : ndarray of shape (n_clusters,), int32
        The cluster that each one is a part of; -1 for the first, which is all points. Always
        smaller than the cluster's own number.
    birth : ndarray of shape (n_clusters,), float64
        Density at which it separates from its parent.
    node : ndarray of shape (n_clusters,), int32
        Its node in the dendrogram: the same cluster has the same node for any least size.
    size : ndarray of shape (n_clusters,), int32
        Points of each.
    cluster : ndarray of shape (n_points,), int32
        The smallest cluster that holds each point.
    leaving : ndarray of shape (n_points,), float64
        Density at which each point leaves that.
    """

    parent: NDArray[np.int32] = field(repr=False)
    birth: NDArray[np.float64] = field(repr=False)
    node: NDArray[np.int32] = field(repr=False)
    size: NDArray[np.int32] = field(repr=False)
    cluster: NDArray[np.int32] = field(repr=False)
    leaving: NDArray[np.float64] = field(repr=False)

    def stability(self, most: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the excess of mass of each cluster, (n_clusters,) float64.

        It is the sum over its points of how much denser than at its birth it is when they leave.

        Parameters
        ----------
        most : ndarray of shape (n_points,), float64, optional
            A density beyond which a point counts as gone.
        """
        n_clusters = len(self.parent)
        gone = self.leaving if most is None else np.minimum(self.leaving, most)
        own = np.maximum(gone - self.birth[self.cluster], 0.0)
        found = np.bincount(self.cluster, own, n_clusters).astype(np.float64)
        inside = np.arange(1, n_clusters)
        above = self.parent[inside]
        gained = self.size[inside] * (self.birth[inside] - self.birth[above])
        return found + np.bincount(above, gained, n_clusters)


def build_dendrogram(
    vectors: Vectors,
    graph: Neighbors,
    min_samples: int,
    *,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Dendrogram:
    """Join all points by the mutual reachability along a neighbor graph.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        At least 2, finite.
    graph : Neighbors
    min_samples : int
        A point's core distance is the one to the nearest so many points, itself counted; from 1
        to ``graph.k + 1``.
    random_state : int
        Seed of the points that are compared where the graph has several parts.
    progress : callable

    Notes
    -----
    With a graph of all points this is the single linkage of HDBSCAN (Campello et al. 2013).
    """
    n_points, k = graph.indices.shape
    core = np.zeros(n_points, np.float32)
    if min_samples > 1:
        core = np.ascontiguousarray(graph.distances[:, min_samples - 2])
    weights = np.empty((n_points, k), np.float32)
    progress(Progress("hierarchy", 0, 4))
    indices = np.ascontiguousarray(graph.indices)
    mark_edges(indices, np.ascontiguousarray(graph.distances), core, weights)
    flat = np.flatnonzero(weights.ravel() >= 0)
    starts, ends = (flat // k).astype(np.int32), indices.ravel()[flat]
    length = weights.ravel()[flat]
    del weights, flat
    parent = np.arange(n_points, dtype=np.int32)
    starts, ends, length = _forest(starts, ends, length, parent)
    progress(Progress("hierarchy", 1, 4))
    part = _parts(parent)
    n_parts = int(part.max()) + 1
    space = prepare(vectors, graph.metric)
    while int(part.max()) > 0:
        pairs = nearest_pairs(space, part, indices, random_state=random_state, progress=progress)
        reach = np.maximum(pairs[2], np.maximum(core[pairs[0]], core[pairs[1]]))
        more = _forest(pairs[0].astype(np.int32), pairs[1].astype(np.int32), reach, parent)
        starts, ends = np.concatenate([starts, more[0]]), np.concatenate([ends, more[1]])
        length = np.concatenate([length, more[2]])
        part = _parts(parent)
    progress(Progress("hierarchy", 2, 4))
    order = np.argsort(length, kind="stable")
    found = _linked(starts[order], ends[order], length[order], n_parts)
    progress(Progress("hierarchy", 3, 4))
    return found


def _forest(
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    length: NDArray[np.float32],
    parent: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return the edges of a minimum spanning forest of edges, over what is joined already."""
    chosen = np.empty(len(parent), np.int64)
    order = np.argsort(length, kind="stable")
    taken = chosen[: spanning_forest(order, starts, ends, parent, chosen)]
    return starts[taken], ends[taken], length[taken]


def _parts(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    top = np.empty(len(parent), np.int32)
    tops(parent, top)
    _, part = np.unique(top, return_inverse=True)
    return np.asarray(part, np.int32)


def _linked(starts: AnyArray, ends: AnyArray, length: AnyArray, n_parts: int) -> Dendrogram:
    n_points = len(starts) + 1
    left, right = np.empty(n_points - 1, np.int32), np.empty(n_points - 1, np.int32)
    size, first = np.empty(2 * n_points - 1, np.int32), np.empty(2 * n_points - 1, np.int32)
    leaves = np.empty(n_points, np.int32)
    link_dendrogram(starts, ends, left, right, size)
    leaf_places(left, right, size, first, leaves)
    return Dendrogram(left, right, length.astype(np.float64), size, first, leaves, n_parts)


def condensed(tree: Dendrogram, least: int) -> CondensedTree:
    """Return the clusters of at least `least` points, 2 or more."""
    n_points = tree.n_points
    most = 2 * max(1, n_points // least) + 1
    parent, node = np.empty(most, np.int32), np.empty(most, np.int32)
    birth = np.empty(most)
    cluster, leaving = np.zeros(n_points, np.int32), np.zeros(n_points)
    heights = tree.densities()
    n_clusters = condense(
        (tree.left, tree.right, tree.size),
        (tree.first, tree.leaves),
        heights,
        least,
        (parent, birth, node),
        (cluster, leaving),
    )
    parent, birth, node = parent[:n_clusters], birth[:n_clusters], node[:n_clusters]
    return CondensedTree(parent, birth, node, tree.size[node], cluster, leaving)
