"""Clusters of many points: a sample of them is clustered, and the others join its clusters."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.compute.clusters.choice import Partition
from projector.compute.clusters.find import Found, find_clusters
from projector.compute.neighbors.others import NearOthers, nearest_to_others
from projector.compute.neighbors.search import find_neighbors
from projector.model.neighbors import Neighbors
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.sparse_rows import sparse_of
from projector.typing import Metric, Vectors

#: Landmarks that the smallest cluster has at least.
LEAST_LANDMARKS = 5
#: Nearest landmarks among which a point finds a cluster, at least.
_N_NEAR = 8
#: What a distance is off in float32.
_ROUNDING = 1 + 1e-6


@dataclass(frozen=True)
class FoundByLandmarks:
    """Clusters of all points that were found by landmarks.

    Attributes
    ----------
    found : Found
        Of all points; `Found.degree` is 0 for all that are no landmarks, and the nodes and births
        of its levels are those of the landmarks' hierarchy.
    n_landmarks : int
    recall : float
        Share of the true nearest landmarks that the search found.
    graph : Neighbors
        Of the landmarks.
    """

    found: Found
    n_landmarks: int
    recall: float
    graph: Neighbors = field(repr=False)


def find_by_landmarks(
    vectors: Vectors,
    *,
    metric: Metric,
    n_landmarks: int,
    n_neighbors: int,
    min_cluster_size: int,
    min_samples: int,
    n_levels: int,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> FoundByLandmarks:
    """Find clusters of a random sample; all other points join the cluster that they are in.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite.
    metric : Metric
    n_landmarks : int
        From 2 to n_points.
    n_neighbors : int
        Of each landmark among the others.
    min_cluster_size : int
        Points of a cluster of the finest level. At least `LEAST_LANDMARKS` of its points are
        landmarks, so that it may have to be larger.
    min_samples, n_levels : int
        See `find_clusters`.
    random_state : int
        Seed of the sample and of the searches.
    progress : callable

    Notes
    -----
    A point joins a cluster as one more landmark would, at the least mutual reachability with one
    of the cluster's landmarks that are near to it. It does so only if this is no more than the
    cluster's own reach: the largest at which one of its landmarks joins the others. Any other
    point is noise.
    """
    n_points = len(vectors)
    rng = np.random.default_rng(random_state)
    sample = np.sort(rng.choice(n_points, n_landmarks, replace=False)).astype(np.int32)
    landmarks = vectors[sample]
    if sparse_of(landmarks) is None:
        landmarks = np.ascontiguousarray(landmarks, np.float32)
    k = min(n_neighbors, n_landmarks - 1)
    graph = find_neighbors(
        landmarks, k, metric=metric, random_state=random_state, progress=progress
    )
    share = n_landmarks / n_points
    least = max(LEAST_LANDMARKS, int(np.rint(min_cluster_size * share)))
    min_samples = min(min_samples, k + 1)
    among = find_clusters(
        landmarks,
        graph,
        min_cluster_size=least,
        min_samples=min_samples,
        n_levels=n_levels,
        random_state=random_state,
        progress=progress,
    )
    near = nearest_to_others(
        landmarks,
        vectors,
        min(n_landmarks, max(_N_NEAR, min_samples - 1)),
        metric=metric,
        random_state=random_state,
        progress=progress,
    )
    labels = _joined(among, graph, near, min_samples)
    for level, of_all in zip(among.levels, labels, strict=True):
        of_all[sample] = level.labels
    smallest = max(min_cluster_size, int(np.ceil(least / share)))
    sizes = [smallest * (level.min_cluster_size // least) for level in among.levels]
    found = _of_all(among, labels, sizes, sample)
    return FoundByLandmarks(found, n_landmarks, near.recall, graph)


def _joined(
    among: Found, graph: Neighbors, near: NearOthers, min_samples: int
) -> list[NDArray[np.int32]]:
    """Return the landmarks' cluster that each point is in, of each level."""
    core = np.zeros(len(graph.indices), np.float32)
    reach = near.distances.copy()
    if min_samples > 1:
        core = graph.distances[:, min_samples - 2]
        np.maximum(reach, near.distances[:, min_samples - 2 : min_samples - 1], out=reach)
    np.maximum(reach, core[near.indices], out=reach)
    labels: list[NDArray[np.int32]] = []
    for at in range(len(among.levels) - 1, -1, -1):
        level = among.levels[at]
        most = np.append(_ROUNDING * _own_reach(level, graph, core), 0.0)  # noise reaches nobody
        of_near = level.labels[near.indices]
        there = np.where((of_near >= 0) & (reach <= most[of_near]), reach, np.inf)
        best = np.argmin(there, axis=1)[:, None]  # of equal ones the nearest
        is_in = np.isfinite(np.take_along_axis(there, best, axis=1)[:, 0])
        own = np.where(is_in, np.take_along_axis(of_near, best, axis=1)[:, 0], np.int32(-1))
        if labels:
            # What is in a cluster is in the one that holds it.
            finer, above = labels[-1], among.parents[at + 1]
            own = np.where(finer >= 0, np.append(above, np.int32(-1))[finer], own)
        labels.append(own.astype(np.int32))
    return labels[::-1]


def _own_reach(
    level: Partition, graph: Neighbors, core: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the largest distance at which a landmark of each cluster joins the others of it."""
    labels, near = level.labels, graph.indices
    reach = np.maximum(np.maximum(graph.distances, core[:, None]), core[near])
    is_own = (labels[near] == labels[:, None]) & (labels >= 0)[:, None]
    joins = np.where(is_own, reach, np.inf).min(axis=1, initial=np.inf)
    found = np.full(level.n_clusters, -np.inf)
    has_near = np.isfinite(joins)
    np.maximum.at(found, labels[has_near], joins[has_near])
    with np.errstate(divide="ignore"):
        apart = 1 / level.births
    return np.where(np.isfinite(found), np.minimum(found, apart), apart)


def _of_all(
    among: Found, labels: list[NDArray[np.int32]], sizes: list[int], sample: NDArray[np.int32]
) -> Found:
    """Return clusters numbered by their points; those that are too small are noise."""
    levels, parents, central = [], [], []
    above = np.zeros(0, np.int32)
    for at, (level, of_all, least) in enumerate(zip(among.levels, labels, sizes, strict=True)):
        n_points = np.bincount(of_all[of_all >= 0], minlength=level.n_clusters)
        firsts = np.full(level.n_clusters, len(of_all), np.int64)
        inside = np.flatnonzero(of_all >= 0)
        np.minimum.at(firsts, of_all[inside], inside)
        order = np.lexsort((firsts, -n_points))
        order = order[n_points[order] >= least]
        number = np.full(level.n_clusters + 1, -1, np.int32)
        number[order] = np.arange(len(order), dtype=np.int32)
        holds = among.parents[at][order]
        parents.append(np.append(above, np.int32(-1))[holds] if at else holds)
        middle = among.central[at][order]
        central.append(np.where(middle >= 0, sample[middle], np.int32(-1)))
        levels.append(Partition(number[of_all], level.nodes[order], level.births[order], least))
        above = number[:-1]
    degree = np.zeros(len(labels[0]), np.int32)
    degree[sample] = among.degree
    return Found(tuple(levels), tuple(parents), tuple(central), degree, among.n_parts)
