"""Compiled kernels of the cluster hierarchy: edges, spanning forest, dendrogram, condensed tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined_in_order, parallel_range


@compiled(parallel=True, as_written=True)
def mark_edges(
    indices: NDArray[np.int32],
    distances: NDArray[np.float32],
    core: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> None:
    """Write the mutual reachability of each edge; -1 where the other end has the edge, too.

    Parameters
    ----------
    indices, distances : ndarray of shape (n_points, k)
    core : ndarray of shape (n_points,), float32
        Distance up to which a point has enough neighbors.
    weights : ndarray of shape (n_points, k), float32
        Written.
    """
    n_points, k = indices.shape
    for i in parallel_range(n_points):
        for at in range(k):
            j = indices[i, at]
            is_double = False
            if j < i:
                for back in range(k):
                    if indices[j, back] == i:
                        is_double = True
                        break
            weight = max(distances[i, at], max(core[i], core[j]))
            weights[i, at] = np.float32(-1.0) if is_double else weight


@inlined_in_order
def _top(parent: NDArray[np.int32], node: int) -> int:
    """Return the root of a node, and shorten the way to it."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled(as_written=True)
def spanning_forest(
    order: NDArray[np.int64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    parent: NDArray[np.int32],
    chosen: NDArray[np.int64],
) -> int:
    """Choose the edges of a minimum spanning forest, as Kruskal does; return their number.

    Parameters
    ----------
    order : ndarray of shape (n_edges,), int64
        Edges by ascending weight.
    starts, ends : ndarray of shape (n_edges,), int32
    parent : ndarray of shape (n_points,), int32
        ``arange(n_points)``, or what an earlier call left; written.
    chosen : ndarray of shape (n_points - 1,), int64
        Written.
    """
    count = 0
    for edge in order:
        a, b = _top(parent, starts[edge]), _top(parent, ends[edge])
        if a != b:
            parent[max(a, b)] = min(a, b)
            chosen[count] = edge
            count += 1
    return count


@compiled(as_written=True)
def tops(parent: NDArray[np.int32], found: NDArray[np.int32]) -> None:
    """Write the root of every point."""
    for point in range(len(parent)):
        found[point] = _top(parent, point)


@compiled(as_written=True)
def link_dendrogram(
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    size: NDArray[np.int32],
) -> None:
    """Write the binary tree that the edges of a spanning tree make, by ascending weight.

    Node ``n_points + e`` joins what edge ``e`` connects.

    Parameters
    ----------
    starts, ends : ndarray of shape (n_points - 1,), int32
    left, right : ndarray of shape (n_points - 1,), int32
        Nodes below each edge; written.
    size : ndarray of shape (2 n_points - 1,), int32
        Points below each node; written.
    """
    n_points = len(starts) + 1
    parent = np.arange(n_points).astype(np.int32)
    node = np.arange(n_points).astype(np.int32)
    size[:n_points] = 1
    for edge in range(n_points - 1):
        a, b = _top(parent, starts[edge]), _top(parent, ends[edge])
        left[edge], right[edge] = node[a], node[b]
        size[n_points + edge] = size[node[a]] + size[node[b]]
        first = min(a, b)
        parent[max(a, b)] = first
        node[first] = n_points + edge


@compiled(as_written=True)
def leaf_places(
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    size: NDArray[np.int32],
    first: NDArray[np.int32],
    leaves: NDArray[np.int32],
) -> None:
    """Order the points so that those below each node are in a row.

    Parameters
    ----------
    left, right, size : ndarray
        See `link_dendrogram`.
    first : ndarray of shape (2 n_points - 1,), int32
        The place of each node's first point; written.
    leaves : ndarray of shape (n_points,), int32
        The point at each place; written.
    """
    n_points = len(left) + 1
    first[2 * n_points - 2] = 0
    for node in range(2 * n_points - 2, n_points - 1, -1):
        below = node - n_points
        first[left[below]] = first[node]
        first[right[below]] = first[node] + size[left[below]]
    for point in range(n_points):
        leaves[first[point]] = point


@compiled(as_written=True)
def condense(
    tree: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    places: tuple[NDArray[np.int32], NDArray[np.int32]],
    heights: NDArray[np.float64],
    least: int,
    found: tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int32]],
    of_points: tuple[NDArray[np.int32], NDArray[np.float64]],
) -> int:
    """Find the clusters of at least so many points in a dendrogram; return their number.

    All joins at one height are one: what they join does not depend on the order of equal edges.

    Parameters
    ----------
    tree : left, right, size
        See `link_dendrogram`.
    places : first, leaves
        See `leaf_places`.
    heights : ndarray of shape (n_points - 1,), float64
        Density at which each join comes apart, descending.
    least : int
        2 or more.
    found : parent, birth, node
        Of each cluster; of shape (n_clusters,), written. The first is all points.
    of_points : cluster, leaving
        The smallest cluster of each point, and the density at which it leaves that; written.
    """
    left, right, size = tree
    first, leaves = places
    parent, birth, node_of = found
    cluster_of, leaving = of_points
    n_points = len(left) + 1
    parent[0], birth[0], node_of[0] = -1, 0.0, 2 * n_points - 2
    n_clusters = 1
    # A path of open nodes: each one's cluster is known before it is looked at.
    open_nodes = np.empty(2 * n_points, np.int32)
    open_clusters = np.empty(2 * n_points, np.int32)
    open_nodes[0], open_clusters[0] = 2 * n_points - 2, 0
    n_open = 1
    parts = np.empty(n_points + 1, np.int32)
    waiting = np.empty(n_points + 1, np.int32)
    while n_open > 0:
        n_open -= 1
        node, cluster = open_nodes[n_open], open_clusters[n_open]
        height = heights[node - n_points]
        n_parts, n_large, n_waiting = 0, 0, 1
        waiting[0] = node
        while n_waiting > 0:
            n_waiting -= 1
            below = waiting[n_waiting] - n_points
            for side in range(2):
                child = left[below] if side == 0 else right[below]
                if child >= n_points and heights[child - n_points] == height:
                    waiting[n_waiting] = child
                    n_waiting += 1
                else:
                    parts[n_parts] = child
                    n_parts += 1
                    if size[child] >= least:
                        n_large += 1
        for at in range(n_parts):
            child = parts[at]
            if size[child] < least:
                for place in range(first[child], first[child] + size[child]):
                    cluster_of[leaves[place]] = cluster
                    leaving[leaves[place]] = height
                continue
            inside = cluster
            if n_large > 1:
                inside = n_clusters
                parent[inside], birth[inside], node_of[inside] = cluster, height, child
                n_clusters += 1
            open_nodes[n_open], open_clusters[n_open] = child, inside
            n_open += 1
    return n_clusters
