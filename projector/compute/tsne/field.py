"""Repulsion between all pairs of points, interpolated by fast Fourier transforms.

Interpolation on a grid makes the sum over all pairs a convolution (Linderman et al. 2019,
"FIt-SNE"). Here the nodes keep their distance while the layout grows, so that the kernels'
spectra are computed again only when the grid must grow; the kernels of the force itself are
convolved with unit charges, one transform forth and one back for each dimension; and the
normalization Z comes from the spectrum of the charges (Parseval), without another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray, Positions

#: Distance of the nodes. The forces' median error is 2 to 3 % at 0.5, as openTSNE's default
#: has it, and 0.1 % at 0.25, at 4 times the work (8 in three dimensions).
SPACING = 0.5
#: Nodes along an axis at most, in 2 and 3 dimensions; beyond, they stand further apart.
MOST_NODES = {2: 1200, 3: 150}
#: Nodes along an axis at least: a small layout gets a finer grid at no cost.
LEAST_NODES = 40
#: Nodes around the outermost points.
MARGIN = 5
#: Contribution of a point to itself at nodes 0 to 3 apart: the spline of degree 7.
SELF_WEIGHTS = np.array([2416, 1191, 120, 1]) / 5040


class Field:
    """The repulsive forces of t-SNE on a grid around the points.

    Parameters
    ----------
    n_components : {2, 3}
    spacing : float
        Distance of the nodes.
    workers : int
        Threads of the Fourier transforms.
    """

    def __init__(self, n_components: int, *, spacing: float = SPACING, workers: int = 1) -> None:
        self.n_components = n_components
        self.workers = workers
        self.wanted_spacing = spacing
        self.spacing = spacing
        self.shape: tuple[int, ...] = ()
        self.origin = np.zeros(3, np.float32)

    @property
    def density(self) -> np.float32:
        """Nodes per unit of length."""
        return np.float32(1 / self.spacing)

    def repel(self, positions: Positions) -> tuple[NDArray[np.float32], float]:
        """Return the force on every point and the sum Z that normalizes them.

        Parameters
        ----------
        positions : ndarray of shape (n_points, n_components), float32

        Returns
        -------
        forces : ndarray of shape (n_points, n_components), float32
            Sum over all points of (y_i - y_j) / (1 + |y_i - y_j|²)².
        z : float
            Sum over all pairs of 1 / (1 + |y_i - y_j|²).
        """
        from projector.compute.tsne.kernels import gather_forces, spread_charges

        self._fit(positions)
        spread_charges(positions, self.origin, self.density, self._charges)
        spectrum = self._forth(self._charges.reshape(self.shape))
        power = spectrum.real**2 + spectrum.imag**2
        power *= self._sum_kernel
        total = float(power.sum(dtype=np.float64)) / float(np.prod(self._padded))
        # Without the contribution of points to themselves, which adds nothing to the forces.
        total -= self._self_sum * len(positions)
        spectrum *= np.complex64(1j)
        at_nodes = np.stack([self._back(spectrum * kernel) for kernel in self._force_kernels])
        forces = np.empty_like(positions)
        gather_forces(
            positions,
            at_nodes.reshape((self.n_components, *self._charges.shape)),
            self.origin,
            self.density,
            forces,
        )
        return forces, max(total, 1e-12)

    def _fit(self, positions: Positions) -> None:
        """Fit the grid to the points; the old one is kept unless it is too small or too large."""
        low, high = positions.min(axis=0), positions.max(axis=0)
        span = (high - low).astype(np.float64)
        most, widest = MOST_NODES[self.n_components], max(float(span.max()), 1e-6)
        spacing = self.wanted_spacing
        if widest < spacing * LEAST_NODES:
            # In steps, here and below, so that the spectra last for a while.
            spacing *= 2.0 ** np.ceil(np.log2(widest / (spacing * LEAST_NODES)))
        elif widest > spacing * (most - MARGIN - 1):
            coarser = np.log(widest / (spacing * (most - MARGIN - 1)))
            spacing *= 1.2 ** np.ceil(coarser / np.log(1.2))
        needed = np.maximum(16, np.ceil(span / spacing).astype(int) + MARGIN)
        if (
            not self.shape
            or spacing != self.spacing
            or (needed > self.shape).any()
            or (needed.astype(float) < 0.5 * np.array(self.shape)).any()
        ):
            self.spacing = float(spacing)
            self._build(needed)
        self.origin = np.zeros(3, np.float32)
        self.origin[: self.n_components] = low - np.float32(1.01 * self.spacing)

    def _build(self, needed: AnyArray) -> None:
        """Allocate `needed` nodes and some more, and transform the kernels."""
        from scipy.fft import next_fast_len

        self._padded = tuple(
            2 * next_fast_len(int(np.ceil(1.1 * each)), real=True) for each in needed
        )
        self.shape = tuple(each // 2 for each in self._padded)
        self._charges = np.zeros((*self.shape, *([1] * (3 - self.n_components))), np.float32)
        places = [
            np.fft.fftfreq(n, 1 / n).astype(np.float32) * np.float32(self.spacing)
            for n in self._padded
        ]
        axes = np.meshgrid(*places, indexing="ij", sparse=True)
        inverse = 1 / (1 + sum(each * each for each in axes))
        smear = self._smear()
        # The sum counts every column of a real transform twice but the first and the last.
        twice = np.full(self._padded[-1] // 2 + 1, 2, np.float32)
        twice[[0, -1]] = 1
        sums = (self._transform(inverse).real / smear).astype(np.float32)
        self._sum_kernel = sums * twice
        self._self_sum = self._of_itself(sums)
        self._force_kernels = [
            (self._transform(each * inverse * inverse).imag / smear).astype(np.float32)
            for each in axes
        ]

    def _of_itself(self, sums: AnyArray) -> float:
        """Return the interpolated kernel of a point with itself: 1, but for its error."""
        from scipy.fft import irfftn

        kernel = irfftn(sums, s=self._padded, workers=self.workers)
        weights = np.concatenate([SELF_WEIGHTS, SELF_WEIGHTS[1:]])
        near = [0, 1, 2, 3, -1, -2, -3]
        found = kernel[np.ix_(*[near] * self.n_components)]
        for _ in range(self.n_components):
            found = found @ weights
        return float(found)

    def _smear(self) -> AnyArray:
        """Return the spectrum of the blur by the splines on the way to the grid and back."""
        total: AnyArray = np.ones((1,) * self.n_components)
        for axis, n in enumerate(self._padded):
            is_last = axis == self.n_components - 1
            frequency = 2 * np.pi * (np.fft.rfftfreq(n) if is_last else np.fft.fftfreq(n))
            blur = ((4 + 2 * np.cos(frequency)) / 6) ** 2
            total = total * blur.reshape(
                [-1 if at == axis else 1 for at in range(len(self._padded))]
            )
        return total.astype(np.float32)

    def _transform(self, values: AnyArray) -> AnyArray:
        from scipy.fft import rfftn

        return np.asarray(rfftn(values.astype(np.float32), workers=self.workers))

    def _forth(self, charges: AnyArray) -> AnyArray:
        """Transform the charges, axis by axis, so that padding is never transformed."""
        from scipy.fft import fft, rfft

        found = rfft(charges, n=self._padded[-1], axis=-1, workers=self.workers)
        for axis in range(self.n_components - 2, -1, -1):
            found = fft(found, n=self._padded[axis], axis=axis, workers=self.workers)
        return np.asarray(found)

    def _back(self, spectrum: AnyArray) -> AnyArray:
        from scipy.fft import ifft, irfft

        for axis in range(self.n_components - 1):
            full = ifft(spectrum, axis=axis, workers=self.workers, overwrite_x=True)
            spectrum = full[(slice(None),) * axis + (slice(self.shape[axis]),)]
        found = irfft(spectrum, n=self._padded[-1], axis=-1, workers=self.workers)
        return np.asarray(found[..., : self.shape[-1]])
