"""Chooses clusters of a condensed tree: by excess of mass, at several levels of one hierarchy."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.clusters.hierarchy import CondensedTree, Dendrogram, condensed
from projector.typing import AnyArray

#: How much larger the smallest cluster of the next coarser level is.
LEVEL_FACTOR = 3
#: What a cluster is beside those of the finer level: joined of some, one of them, or a part of one.
_WHOLE, _SAME, _INSIDE = 0, 1, 2


@dataclass(frozen=True)
class Partition:
    """One level: which cluster each point is in.

    Attributes
    ----------
    labels : ndarray of shape (n_points,), int32
        Numbered by size, the largest first, ties by their first point; -1 is noise.
    nodes : ndarray of shape (n_clusters,), int32
        The node of each cluster in the dendrogram.
    births : ndarray of shape (n_clusters,), float64
        Density at which each cluster separates from others.
    min_cluster_size : int
        Points that a cluster of this level has at least.
    """

    labels: NDArray[np.int32] = field(repr=False)
    nodes: NDArray[np.int32] = field(repr=False)
    births: NDArray[np.float64] = field(repr=False)
    min_cluster_size: int

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.nodes)


def partitions(tree: Dendrogram, min_cluster_size: int, n_levels: int) -> list[Partition]:
    """Return levels of one hierarchy, the coarsest first.

    Parameters
    ----------
    tree : Dendrogram
    min_cluster_size : int
        Of the finest level; each coarser one has `LEVEL_FACTOR` times as many points.
    n_levels : int
        At most; a level that has no clusters, or those of the next finer one, is left out.

    Returns
    -------
    list of Partition
        At least the finest level. Each cluster lies in at most one of the next coarser level.
    """
    found: list[Partition] = []
    for level in range(n_levels):
        least = min_cluster_size * LEVEL_FACTOR**level
        if level and 2 * least > tree.n_points:
            break
        new = _partition(tree, condensed(tree, least), least, found[-1] if found else None)
        if level and new.n_clusters == 0:
            break
        if found and np.array_equal(found[-1].labels, new.labels):
            continue
        found.append(new)
    return found[::-1]


def _partition(
    tree: Dendrogram, clusters: CondensedTree, least: int, finer: Partition | None
) -> Partition:
    kind, stability = np.full(len(clusters.node), _WHOLE), clusters.stability()
    if finer is not None and finer.n_clusters:
        inside = finer.labels[tree.leaves[tree.first[clusters.node]]]
        of_finer = tree.size[finer.nodes[inside]]
        kind[(inside >= 0) & (clusters.size == of_finer)] = _SAME
        kind[(inside >= 0) & (clusters.size < of_finer)] = _INSIDE
        # How dense a finer cluster is inside says nothing of what joins it with others.
        most = np.where(finer.labels >= 0, finer.births[finer.labels], np.inf)
        stability = clusters.stability(most)
    chosen = _by_excess_of_mass(clusters.parent, stability, kind)
    if len(clusters.node) == 1 and tree.n_points >= least and tree.distances[-1] == 0:
        chosen[0] = True  # all points are equal
    owner = np.where(chosen, np.arange(len(chosen)), -1)
    for cluster in range(1, len(owner)):  # parents come first
        if owner[cluster] < 0:
            owner[cluster] = owner[clusters.parent[cluster]]
    of_point = owner[clusters.cluster]
    members = np.flatnonzero(chosen)
    sizes = np.bincount(of_point[of_point >= 0], minlength=len(chosen))[members]
    firsts = np.full(len(chosen), tree.n_points, np.int64)
    np.minimum.at(firsts, of_point[of_point >= 0], np.flatnonzero(of_point >= 0))
    order = np.lexsort((firsts[members], -sizes))
    number = np.full(len(chosen) + 1, -1, np.int32)
    number[members[order]] = np.arange(len(members), dtype=np.int32)
    nodes, births = clusters.node[members[order]], clusters.birth[members[order]]
    return Partition(number[of_point], nodes, births, least)


def _by_excess_of_mass(parent: AnyArray, stability: AnyArray, kind: AnyArray) -> NDArray[np.bool_]:
    """Choose disjoint clusters whose stability is largest together; never all points.

    What is a cluster of the finer level already counts for nothing beside what joins several of
    them: else the same cluster would be chosen again, wherever it is large enough.
    """
    n_clusters = len(parent)
    of_parts, has_parts = np.zeros(n_clusters), np.zeros(n_clusters, np.bool_)
    chosen = np.zeros(n_clusters, np.bool_)
    for cluster in range(n_clusters - 1, 0, -1):
        if kind[cluster] == _INSIDE:
            continue
        own = stability[cluster] if kind[cluster] == _WHOLE else 0.0
        chosen[cluster] = not has_parts[cluster] or own >= of_parts[cluster]
        above = parent[cluster]
        of_parts[above] += own if chosen[cluster] else of_parts[cluster]
        has_parts[above] = True
    is_inside = np.zeros(n_clusters, np.bool_)
    for cluster in range(1, n_clusters):
        above = parent[cluster]
        is_inside[cluster] = is_inside[above] or chosen[above]
    return np.asarray(chosen & ~is_inside)
