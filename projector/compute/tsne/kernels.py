"""Compiled kernels of t-SNE, for two and for three dimensions.

Charges and forces are on a grid whose nodes stand `1 / density` apart; point and grid exchange
them by cubic B-splines over 4 nodes an axis (Cottet and Koumoutsakos 2000 call it M4). In two
dimensions the third axis has one node, of weight 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, inlined, parallel_range


@inlined
def _spline(place: np.float32, weights: NDArray[np.float32]) -> int:
    """Fill in the weights of 4 nodes around `place` and return the first of them."""
    node = int(place)
    after = place - np.float32(node)
    before = np.float32(1) - after
    sixth = np.float32(1 / 6)
    weights[0] = sixth * before * before * before
    weights[1] = sixth * (np.float32(4) + after * after * (np.float32(3) * after - np.float32(6)))
    weights[2] = sixth * (
        np.float32(4) + before * before * (np.float32(3) * before - np.float32(6))
    )
    weights[3] = sixth * after * after * after
    return node - 1


@compiled()
def spread_charges(
    positions: NDArray[np.float32],
    origin: NDArray[np.float32],
    density: np.float32,
    grid: NDArray[np.float32],
) -> None:
    """Add one unit of charge per point to the grid, which is cleared first.

    Parameters
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
    origin : ndarray of shape (3,), float32
        Position of the first node.
    density : float
        Nodes per unit of length.
    grid : ndarray of shape (n_x, n_y, n_z), float32; n_z is 1 in two dimensions
    """
    is_solid = positions.shape[1] == 3
    along_x, along_y = np.empty(4, np.float32), np.empty(4, np.float32)
    along_z = np.ones(4, np.float32)
    first_z, n_z = 0, 4 if is_solid else 1
    grid[:] = 0
    for i in range(len(positions)):
        first_x = _spline((positions[i, 0] - origin[0]) * density, along_x)
        first_y = _spline((positions[i, 1] - origin[1]) * density, along_y)
        if is_solid:
            first_z = _spline((positions[i, 2] - origin[2]) * density, along_z)
        for at_x in range(4):
            for at_y in range(4):
                weight = along_x[at_x] * along_y[at_y]
                for at_z in range(n_z):
                    grid[first_x + at_x, first_y + at_y, first_z + at_z] += weight * along_z[at_z]


@compiled(parallel=True)
def repel_exactly(
    positions: NDArray[np.float32], forces: NDArray[np.float32], sums: NDArray[np.float64]
) -> None:
    """Sum the repulsion over all pairs: the forces and, for each point, its part of Z.

    Parameters
    ----------
    positions, forces : ndarray of shape (n_points, 2 or 3), float32
    sums : ndarray of shape (n_points,), float64
    """
    is_solid = positions.shape[1] == 3
    for i in parallel_range(len(positions)):
        x, y = positions[i, 0], positions[i, 1]
        push_x, push_y, push_z = np.float32(0), np.float32(0), np.float32(0)
        total = np.float32(0)
        if is_solid:
            z = positions[i, 2]
            for j in range(len(positions)):
                dx, dy, dz = x - positions[j, 0], y - positions[j, 1], z - positions[j, 2]
                inverse = np.float32(1) / (np.float32(1) + dx * dx + dy * dy + dz * dz)
                total += inverse
                inverse *= inverse
                push_x += inverse * dx
                push_y += inverse * dy
                push_z += inverse * dz
            forces[i, 2] = push_z
        else:
            for j in range(len(positions)):
                dx, dy = x - positions[j, 0], y - positions[j, 1]
                inverse = np.float32(1) / (np.float32(1) + dx * dx + dy * dy)
                total += inverse
                inverse *= inverse
                push_x += inverse * dx
                push_y += inverse * dy
        forces[i, 0], forces[i, 1] = push_x, push_y
        sums[i] = total - np.float32(1)


#: Points per turn of a thread, and edges whose ends are fetched before they are used: that loop
#: waits for the memory, and the one over what it fetched runs at the width of the processor.
_BLOCK_ROWS, _EDGES = 64, 256


@inlined
def _attract_flat(
    positions: NDArray[np.float32],
    start: np.int64,
    starts: NDArray[np.int64],
    ends: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    near_x, near_y = np.empty(_EDGES, np.float32), np.empty(_EDGES, np.float32)
    for row in range(len(found)):
        i = start + row
        x, y = positions[i, 0], positions[i, 1]
        pull_x, pull_y = np.float32(0), np.float32(0)
        for first in range(starts[i], starts[i + 1], _EDGES):
            n_edges = min(_EDGES, starts[i + 1] - first)
            for at in range(n_edges):
                j = ends[first + at]
                near_x[at], near_y[at] = positions[j, 0], positions[j, 1]
            for at in range(n_edges):
                dx, dy = x - near_x[at], y - near_y[at]
                pull = weights[first + at] / (np.float32(1) + dx * dx + dy * dy)
                pull_x += pull * dx
                pull_y += pull * dy
        found[row, 0], found[row, 1] = pull_x, pull_y


@inlined
def _attract_solid(
    positions: NDArray[np.float32],
    start: np.int64,
    starts: NDArray[np.int64],
    ends: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    near_x, near_y = np.empty(_EDGES, np.float32), np.empty(_EDGES, np.float32)
    near_z = np.empty(_EDGES, np.float32)
    for row in range(len(found)):
        i = start + row
        x, y, z = positions[i, 0], positions[i, 1], positions[i, 2]
        pull_x, pull_y, pull_z = np.float32(0), np.float32(0), np.float32(0)
        for first in range(starts[i], starts[i + 1], _EDGES):
            n_edges = min(_EDGES, starts[i + 1] - first)
            for at in range(n_edges):
                j = ends[first + at]
                near_x[at], near_y[at] = positions[j, 0], positions[j, 1]
                near_z[at] = positions[j, 2]
            for at in range(n_edges):
                dx, dy, dz = x - near_x[at], y - near_y[at], z - near_z[at]
                pull = weights[first + at] / (np.float32(1) + dx * dx + dy * dy + dz * dz)
                pull_x += pull * dx
                pull_y += pull * dy
                pull_z += pull * dz
        found[row, 0], found[row, 1], found[row, 2] = pull_x, pull_y, pull_z


@compiled(parallel=True)
def attract(
    positions: NDArray[np.float32],
    start: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: NDArray[np.float32],
) -> None:
    """Sum P / (1 + d²) times the difference over the edges of the points from `start`.

    Parameters
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
    start : int
    starts, ends, weights : ndarrays
        P as sparse rows.
    found : ndarray of shape (n_found, 2 or 3), float32
        Written.
    """
    for block in parallel_range((len(found) + _BLOCK_ROWS - 1) // _BLOCK_ROWS):
        # As a signed number: with the unsigned one of the loop, places would be computed as floats.
        first = np.int64(block) * _BLOCK_ROWS
        own = found[first : first + _BLOCK_ROWS]
        if positions.shape[1] == 2:
            _attract_flat(positions, np.int64(start) + first, starts, ends, weights, own)
        else:
            _attract_solid(positions, np.int64(start) + first, starts, ends, weights, own)


@compiled(parallel=True)
def gather_forces(
    positions: NDArray[np.float32],
    field: NDArray[np.float32],
    origin: NDArray[np.float32],
    density: np.float32,
    found: NDArray[np.float32],
) -> None:
    """Interpolate the force on each point from the nodes around it.

    Parameters
    ----------
    positions : ndarray of shape (n_points, 2 or 3), float32
    field : ndarray of shape (n_components, n_x, n_y, n_z), float32
        The force at the nodes.
    origin, density :
        See `spread_charges`.
    found : ndarray of shape (n_points, n_components), float32
        Written.
    """
    is_solid = positions.shape[1] == 3
    n_z = 4 if is_solid else 1
    for i in parallel_range(len(positions)):
        along_x, along_y = np.empty(4, np.float32), np.empty(4, np.float32)
        along_z = np.ones(4, np.float32)
        first_x = _spline((positions[i, 0] - origin[0]) * density, along_x)
        first_y = _spline((positions[i, 1] - origin[1]) * density, along_y)
        first_z = _spline((positions[i, 2] - origin[2]) * density, along_z) if is_solid else 0
        push_x, push_y, push_z = np.float32(0), np.float32(0), np.float32(0)
        for at_x in range(4):
            for at_y in range(4):
                for at_z in range(n_z):
                    weight = along_x[at_x] * along_y[at_y] * along_z[at_z]
                    x, y, z = first_x + at_x, first_y + at_y, first_z + at_z
                    push_x += weight * field[0, x, y, z]
                    push_y += weight * field[1, x, y, z]
                    if is_solid:
                        push_z += weight * field[2, x, y, z]
        found[i, 0], found[i, 1] = push_x, push_y
        if is_solid:
            found[i, 2] = push_z
