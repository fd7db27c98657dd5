"""Initial positions of a layout: PCA, spectral, random, or given ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from projector.compute.linear.components import principal_components
from projector.errors import ShapeError
from projector.model.progress import ProgressCallback
from projector.typing import Positions, Vectors

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
    if init == "spectral":
        from projector.compute.spectral import spectral_start

        assert graph is not None, "A spectral initialization needs a graph."
        positions = spectral_start(graph, positions, progress=progress)
    return _scaled(positions, extent) + _noise(rng, shape, extent)


def former_positions(
    initial: Positions, n_points: int, n_components: int, *, extent: float, random_state: int
) -> Positions:
    """Scale given positions to an extent, and add or drop the third axis.

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
    rng = np.random.default_rng(random_state)
    positions = np.zeros((n_points, n_components), np.float32)
    shared = min(n_components, initial.shape[1])
    positions[:, :shared] = initial[:, :shared]
    return _scaled(positions, extent) + _noise(rng, positions.shape, extent)


def _scaled(positions: Positions, extent: float) -> Positions:
    centered: Positions = positions - positions.mean(axis=0, dtype=np.float64).astype(np.float32)
    largest = float(np.abs(centered).max(initial=0))
    if largest > 0:
        centered *= np.float32(extent / largest)
    return centered


def _noise(rng: np.random.Generator, shape: tuple[int, ...], extent: float) -> Positions:
    return (rng.standard_normal(shape, np.float32) * np.float32(NOISE * extent)).astype(np.float32)
