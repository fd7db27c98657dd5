"""Initial positions of a layout: PCA, spectral, random, or given ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.components import principal_components
from projector.errors import ParameterError, ShapeError
from projector.machine.blas_threads import one_blas_thread
from projector.model.progress import ProgressCallback
from projector.typing import AnyArray, Positions, Vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Noise of initial positions, as a share of their extent: duplicates must come apart.
NOISE = 1e-5


def start_positions(
    vectors: Vectors,
    n_components: int,
    *,
    init: str,
    extent: float,
    random_state: int,
    graph: csr_matrix | None = None,
    progress: ProgressCallback,
) -> Positions:
    """Compute the initial positions of a layout.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    n_components : {2, 3}
    init : {"pca", "spectral", "random"}
    extent : float
        Largest distance from the center along an axis.
    random_state : int
    graph : csr_matrix, optional
        Needed for ``"spectral"``.
    progress : callable

    Returns
    -------
    ndarray of shape (n_points, n_components), float32
        Centered; no two points at the same place.
    """
    rng = np.random.default_rng(random_state)
    shape = (len(vectors), n_components)
    if init == "random":
        return rng.uniform(-extent, extent, shape).astype(np.float32)
    found = principal_components(vectors, n_components, progress=progress)
    positions = np.zeros(shape, np.float32)
    positions[:, : len(found.components)] = found.scores(vectors, progress=progress)
    # Its own unit: the spectral start compares them with shapes of size 1.
    positions = _scaled(positions, 1.0)
    if init == "spectral":
        from projector.compute.spectral import spectral_start

        assert graph is not None, "A spectral initialization needs a graph."
        with one_blas_thread():
            positions = spectral_start(graph, positions, progress=progress)
    return _scaled(positions, extent) + _noise(rng, shape, extent)


def former_positions(
    initial: Positions, n_points: int, n_components: int, *, extent: float, random_state: int
) -> Positions:
    """Scale given positions to an extent, and add or drop the third axis.

    Points without a place start in the middle (see `completed`).

    Raises
    ------
    ShapeError
        `initial` has a different number of points.
    """
    if initial.ndim != 2 or len(initial) != n_points:
        raise ShapeError(
            f"The initial positions must be those of all {n_points:,} points. Got shape "
            f"{initial.shape}."
        )
    initial, _ = completed(initial)
    rng = np.random.default_rng(random_state)
    positions = np.zeros((n_points, n_components), np.float32)
    shared = min(n_components, initial.shape[1])
    positions[:, :shared] = initial[:, :shared]
    return _scaled(positions, extent) + _noise(rng, positions.shape, extent)


def completed(
    initial: Positions, neighbors: AnyArray | None = None
) -> tuple[Positions, NDArray[np.bool_]]:
    """Give a place to the points that have none in `initial`.

    Parameters
    ----------
    initial : ndarray of shape (n_points, n_components), float
        NaN or infinite in rows without a place.
    neighbors : ndarray of shape (n_points, k), int, optional
        Indices of the nearest neighbors of each point.

    Returns
    -------
    positions : ndarray of the same shape
        A point that had no place has the mean of those of its neighbors that have one, or of all
        points where none has. `initial` itself if all have a place.
    added : ndarray of shape (n_points,), bool
        Points that had none.

    Raises
    ------
    ParameterError
        No point has a place.
    """
    placed: NDArray[np.bool_] = np.asarray(np.isfinite(initial).all(axis=1))
    if placed.all():
        return initial, ~placed
    if not placed.any():
        raise ParameterError(
            "The initial positions are all NaN or infinite. Give positions of at least one point."
        )
    positions = np.array(initial)
    positions[~placed] = initial[placed].mean(axis=0, dtype=np.float64)
    if neighbors is not None:
        for point in np.flatnonzero(~placed):
            near = neighbors[point][placed[neighbors[point]]]
            if len(near):
                positions[point] = initial[near].mean(axis=0, dtype=np.float64)
    return positions, ~placed


def _scaled(positions: Positions, extent: float) -> Positions:
    # In float64: positions of any size that float32 can hold have a middle and an extent.
    centered = positions - positions.mean(axis=0, dtype=np.float64)
    largest = float(np.abs(centered).max(initial=0))
    if largest > 0:
        centered *= extent / largest
    return np.asarray(centered, np.float32)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], extent: float) -> Positions:
    return (rng.standard_normal(shape, np.float32) * np.float32(NOISE * extent)).astype(np.float32)
