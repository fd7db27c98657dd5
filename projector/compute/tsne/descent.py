"""Gradient descent of t-SNE with momentum and gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from projector.compute.tsne.field import SPACING, Field
from projector.typing import Positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

#: No point moves further in one step, as in openTSNE.
LONGEST_STEP = 5.0
#: Up to this many points, in 2 and 3 dimensions, the sum over all pairs is faster than a grid.
EXACT_POINTS = {2: 1000, 3: 8000}
#: Points whose gradient is computed between two reports.
CHUNK_ROWS = 50_000
#: Edges processed at once for the divergence, about.
CHUNK_EDGES = 2_000_000


class Descent:
    """The state of the optimization: positions, momentum and gains.

    Parameters
    ----------
    joint : csr_matrix of shape (n_points, n_points)
        The symmetric probabilities P.
    positions : ndarray of shape (n_points, n_components), float32
        Initial positions; moved in place.
    exact : bool, optional
        Whether to sum the repulsion over all pairs; by default whichever is faster. Always so in
        one dimension and in more than three.
    spacing : float
        Of the `Field`, if not exact.
    workers : int
        Threads of the Fourier transforms.

    Notes
    -----
    Jacobs's gains and momentum as in van der Maaten's own program and in openTSNE.
    """

    def __init__(
        self,
        joint: csr_matrix,
        positions: Positions,
        *,
        exact: bool | None = None,
        spacing: float = SPACING,
        workers: int = 1,
    ) -> None:
        self.positions = positions
        self.update = np.zeros_like(positions)
        self.gains = np.ones_like(positions)
        self._starts = joint.indptr.astype(np.int64)
        # Not copied where they are of these types: there are more of them than of anything else.
        self._ends = joint.indices.astype(np.int32, copy=False)
        self._weights = joint.data.astype(np.float32, copy=False)
        n_points, n_components = positions.shape
        # In one dimension and beyond three there is no grid.
        self.is_wide = n_components not in EXACT_POINTS
        self.exact = self.is_wide or (
            n_points <= EXACT_POINTS[n_components] if exact is None else exact
        )
        width = n_components if n_components in EXACT_POINTS else 2
        self.field = Field(width, spacing=spacing, workers=workers)

    def gradient(
        self, exaggeration: float = 1.0, *, between: Callable[[], None] | None = None
    ) -> tuple[NDArray[np.float32], float]:
        """Return the gradient over 4, shape of the positions, and Z.

        Parameters
        ----------
        exaggeration : float
            What the attraction is multiplied by.
        between : callable, optional
            Called between chunks, so that long steps can be stopped.
        """
        if self.is_wide:
            from projector.compute.tsne.wide_kernels import attract_in_any as attract
        else:
            from projector.compute.tsne.kernels import attract

        forces, z = self.repulsion()
        found = np.empty_like(self.positions)
        for start in range(0, len(found), CHUNK_ROWS):
            if between is not None and len(found) > CHUNK_ROWS:
                between()
            attract(
                self.positions,
                start,
                self._starts,
                self._ends,
                self._weights,
                found[start : start + CHUNK_ROWS],
            )
        found *= np.float32(exaggeration)
        found -= forces * np.float32(1 / z)
        return found, z

    def repulsion(self) -> tuple[NDArray[np.float32], float]:
        """Return the repulsive force on every point, times Z, and Z."""
        if not self.exact:
            return self.field.repel(self.positions)
        if self.is_wide:
            from projector.compute.tsne.wide_kernels import repel_in_any as repel_exactly
        else:
            from projector.compute.tsne.kernels import repel_exactly

        forces, sums = np.empty_like(self.positions), np.empty(len(self.positions))
        repel_exactly(self.positions, forces, sums)
        return forces, max(float(sums.sum()), 1e-12)

    def step(
        self,
        *,
        exaggeration: float,
        learning_rate: float,
        momentum: float,
        between: Callable[[], None] | None = None,
    ) -> None:
        """Move all points once."""
        slope, _ = self.gradient(exaggeration, between=between)
        has_turned = (self.update > 0) != (slope > 0)
        self.gains = np.where(
            has_turned, self.gains + np.float32(0.2), self.gains * np.float32(0.8)
        )
        self.gains[~has_turned] += np.float32(0.01)
        self.update *= np.float32(momentum)
        self.update -= np.float32(learning_rate) * self.gains * slope
        lengths = np.sqrt(np.einsum("ij,ij->i", self.update, self.update))
        self.update *= np.minimum(1, LONGEST_STEP / np.maximum(lengths, 1e-30))[:, None]
        self.positions += self.update.astype(np.float32)
        self.positions -= self.positions.mean(axis=0, dtype=np.float64).astype(np.float32)

    def perturb(self, seed: int) -> None:
        """Add noise of a tenth of the layout's spread to every point, and reset the momentum."""
        spread = self.positions.std(axis=0, dtype=np.float64).max()
        noise = np.random.default_rng(seed).standard_normal(self.positions.shape, np.float32)
        self.positions += noise * np.float32(spread / 10)
        self.update[:] = 0
        self.gains[:] = 1

    def divergence(self) -> float:
        """Return the Kullback-Leibler divergence of P and the layout, in nats."""
        if len(self._ends) == 0:
            return 0.0
        _, z = self.repulsion()
        total, n_points = 0.0, len(self.positions)
        step = max(1, CHUNK_EDGES * n_points // len(self._ends))
        for start in range(0, n_points, step):
            stop = min(n_points, start + step)
            edges = slice(self._starts[start], self._starts[stop])
            row = np.repeat(np.arange(start, stop), np.diff(self._starts[start : stop + 1]))
            weights = self._weights[edges].astype(np.float64)
            difference = self.positions[row] - self.positions[self._ends[edges]]
            squares = np.einsum("ij,ij->i", difference, difference)
            positive = weights > 0
            logs = np.log(np.where(positive, weights, 1) * (1 + squares) * z)
            total += float((weights * logs)[positive].sum())
        return total
