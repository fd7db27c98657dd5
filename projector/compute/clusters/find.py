"""Finds clusters: levels of one hierarchy, how they are nested, and the points in their middle."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.clusters.choice import Partition, partitions
from projector.compute.clusters.hierarchy import build_dendrogram
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Vectors

#: Points in the middle of each cluster that are kept, the most central first.
MOST_CENTRAL = 16


@dataclass(frozen=True)
class Found:
    """All levels of clusters, the coarsest first.

    Attributes
    ----------
    levels : tuple of Partition
    parents : tuple of ndarray of shape (n_clusters,), int32
        Of each level, the cluster of the next coarser one that holds each cluster; -1 for none.
    central : tuple of ndarray of shape (n_clusters, MOST_CENTRAL), int32
        Of each level, rows in the middle of each cluster, the most central first; -1 where it has
        fewer.
    degree : ndarray of shape (n_points,), int32
        Of how many points each one is a neighbor.
    n_parts : int
        Parts of the neighbor graph that no edge connected.
    """

    levels: tuple[Partition, ...]
    parents: tuple[NDArray[np.int32], ...] = field(repr=False)
    central: tuple[NDArray[np.int32], ...] = field(repr=False)
    degree: NDArray[np.int32] = field(repr=False)
    n_parts: int


def default_size(n_points: int) -> int:
    """Return the least size of a cluster where none is given: 40 of 10,000, 251 of a million."""
    return max(5, int(np.rint(n_points**0.4)))


def find_clusters(
    vectors: Vectors,
    graph: Neighbors,
    *,
    min_cluster_size: int,
    min_samples: int,
    n_levels: int,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> Found:
    """Find clusters of points by HDBSCAN's hierarchy on a neighbor graph.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite; at least 2 points.
    graph : Neighbors
    min_cluster_size : int
        2 or more; of the finest level (see `partitions`).
    min_samples : int
        From 1 to ``graph.k + 1``.
    n_levels : int
        1 or more.
    random_state : int
    progress : callable

    Returns
    -------
    Found

    Notes
    -----
    Time O(n k log(n k)), single-threaded but for the edges; the same bytes for any number of
    threads. A graph in several parts is joined by the nearest points of the parts, found by
    walks along its edges.
    """
    tree = build_dendrogram(
        vectors, graph, min_samples, random_state=random_state, progress=progress
    )
    levels = tuple(partitions(tree, min_cluster_size, n_levels))
    progress(Progress("hierarchy", 4, 4))
    indices = graph.indices
    parents, central = [], []
    for at, level in enumerate(levels):
        above = np.full(level.n_clusters, -1, np.int32)
        if at:
            inside = np.flatnonzero(level.labels >= 0)
            above[level.labels[inside]] = levels[at - 1].labels[inside]
        parents.append(above)
        central.append(_central(level, graph))
    degree = np.bincount(indices.ravel(), minlength=len(indices)).astype(np.int32)
    return Found(levels, tuple(parents), tuple(central), degree, tree.n_parts)


def _central(level: Partition, graph: Neighbors) -> NDArray[np.int32]:
    """Return the points that are neighbors of most others of their own cluster."""
    labels, indices = level.labels, graph.indices
    n_points = len(labels)
    inside = np.zeros(n_points, np.int64)
    for column in range(graph.k):
        near = indices[:, column]
        is_own = (labels >= 0) & (labels[near] == labels)
        inside += np.bincount(near[is_own], minlength=n_points)
    order = _ranked(labels, inside, graph.distances[:, graph.k // 2])
    found = np.full((level.n_clusters, MOST_CENTRAL), -1, np.int32)
    of = labels[order]
    starts = np.searchsorted(of, np.arange(level.n_clusters))
    place = np.arange(len(of)) - starts[of]
    first = place < MOST_CENTRAL
    found[of[first], place[first]] = order[first]
    return found


def _ranked(labels: AnyArray, inside: AnyArray, radius: AnyArray) -> AnyArray:
    """Order the points that are in clusters by cluster, then the most central first."""
    members = np.flatnonzero(labels >= 0)
    return members[np.lexsort((radius[members], -inside[members], labels[members]))]
