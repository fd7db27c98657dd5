"""Principal components of vectors, exact or randomized.

Exact whatever the number of points: one pass over the vectors sums their covariance, a second
one is needed only to project them, so that the vectors may be a memory map larger than memory.
Uses numpy only, because it is on the way to the first projection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.reporting import report_during
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Vectors

#: If both sides are above it, the eigendecomposition is randomized: it would take minutes.
EXACT_LIMIT = 4096
#: Float32 numbers processed in one step: 8 MB, some 10 ms of work between two reports.
CHUNK_SIZE = 2_000_000
#: Rows whose mean stands in for the mean of all during the first pass.
PILOT_ROWS = 2048
#: Under a first variance this many times the last one kept, as text embeddings often have it,
#: products in float32 (error 1e-7 of the first) leave the last fewer than four digits.
FLOAT32_SPREAD = 500.0
#: From this many rows on, a decomposition is too long to wait for before a cancel.
LONG = 512
#: Randomized solver: directions beyond those asked for, and passes that sharpen them.
OVERSAMPLING, POWER_PASSES = 16, 6


@dataclass(frozen=True)
class PrincipalComponents:
    """The directions of largest variance, sorted.

    Attributes
    ----------
    mean : ndarray of shape (n_dims,), float32
    components : ndarray of shape (n_kept, n_dims), float32
        Unit length; the largest loading is positive, so that signs never flip between runs.
    explained_variance : ndarray of shape (n_found,), float64
        Variance along **every** component (divided by n_points - 1), of which only the first
        n_kept have their direction kept.
    total_variance : float
        Sum over all dimensions.
    n_points : int
    exact : bool
        False if the randomized solver was used.
    """

    mean: AnyArray
    components: AnyArray
    explained_variance: NDArray[np.float64]
    total_variance: float
    n_points: int
    exact: bool = True

    @property
    def explained_variance_ratio(self) -> NDArray[np.float64]:
        """Share of the total variance along each component; zeros where nothing varies."""
        if self.total_variance <= 0:
            return np.zeros_like(self.explained_variance)
        return self.explained_variance / self.total_variance

    @property
    def singular_values(self) -> NDArray[np.float64]:
        """Singular values of the centered vectors, as scikit-learn names them."""
        return np.sqrt(self.explained_variance * max(1, self.n_points - 1))

    def scores(
        self, vectors: Vectors, *, progress: ProgressCallback = ignore_progress
    ) -> NDArray[np.float32]:
        """Project vectors, possibly new ones, to (n_points, n_kept)."""
        found = np.empty((len(vectors), len(self.components)), np.float32)
        basis = np.ascontiguousarray(self.components.T)
        for start, chunk in _chunks(vectors):
            np.matmul(chunk - self.mean, basis, out=found[start : start + len(chunk)])
            progress(Progress("projecting", start + len(chunk), len(vectors)))
        return found


def principal_components(
    vectors: Vectors,
    n_kept: int,
    *,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> PrincipalComponents:
    """Find the principal components of `vectors`, centered.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite; may be a read-only memory map.
    n_kept : int
        Directions to keep; at most the number of points and of dimensions.
    random_state : int
        Seed of the randomized solver; the exact ones do not use it.
    progress : callable

    Returns
    -------
    PrincipalComponents
        With min(n_kept, n_points, n_dims) components.

    Notes
    -----
    Covariance and its eigendecomposition where n_dims <= n_points, else the Gram matrix of the
    points (Bishop, Pattern Recognition and Machine Learning, section 12.1.4); time
    O(n_points n_dims min(n_points, n_dims)), memory O(min(n_points, n_dims)² + n_kept n_dims).
    Where both sides exceed `EXACT_LIMIT`: subspace iteration from a random start (Halko,
    Martinsson and Tropp 2011, algorithm 4.4), `exact` is then False and only the variances of
    the directions found are known.
    """
    n_points, n_dims = vectors.shape
    n_kept = min(n_kept, n_points, n_dims)
    if min(n_points, n_dims) > EXACT_LIMIT:
        return _randomized(vectors, n_kept, random_state, progress)
    if n_dims <= n_points:
        return _from_covariance(vectors, n_kept, progress)
    return _from_gram(vectors, n_kept, progress)


def components_bytes(n_points: int, n_dims: int, n_kept: int = 50) -> int:
    """Estimate the bytes of `principal_components` at its peak, from above.

    Exact: the matrix in float64, its eigenvectors and the working copies of LAPACK. Randomized:
    five bases of the subspace.
    """
    side = min(n_points, n_dims)
    if side > EXACT_LIMIT:
        return 40 * n_dims * (min(n_kept, side) + OVERSAMPLING)
    return 32 * side * side


def _chunks(vectors: Vectors) -> Iterator[tuple[int, Vectors]]:
    rows = max(16, CHUNK_SIZE // max(1, vectors.shape[1]))
    for start in range(0, len(vectors), rows):
        yield start, vectors[start : start + rows]


def _from_covariance(
    vectors: Vectors, n_kept: int, progress: ProgressCallback
) -> PrincipalComponents:
    n_points = len(vectors)
    # Shifted data (Chan, Golub and LeVeque 1983, section 3): near the true mean the correction
    # for what is left of it cancels next to nothing, and one pass over the data is saved.
    pilot = vectors[:: max(1, n_points // PILOT_ROWS)].mean(axis=0, dtype=np.float64)
    shift = pilot.astype(np.float32)
    values, directions, rest = _decompose(vectors, shift, progress)
    if values[-1] > FLOAT32_SPREAD * values[-n_kept]:
        values, directions, rest = _decompose(vectors, shift.astype(np.float64), progress)
    kept = directions[:, ::-1][:, :n_kept].T
    found = np.clip(values[::-1], 0, None)
    return PrincipalComponents(
        mean=(shift + rest).astype(np.float32),
        components=_fix_signs(kept).astype(np.float32),
        explained_variance=found,
        total_variance=float(found.sum()),
        n_points=n_points,
    )


def _decompose(
    vectors: Vectors, shift: AnyArray, progress: ProgressCallback
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the covariance's eigenvalues and -vectors, ascending, and mean minus `shift`.

    Products within a chunk are of the dtype of `shift`, their sum is of float64.
    """
    n_points, n_dims = vectors.shape
    total = np.zeros(n_dims)
    covariance = np.zeros((n_dims, n_dims))
    for start, chunk in _chunks(vectors):
        centered = chunk - shift
        total += centered.sum(axis=0, dtype=np.float64)
        covariance += centered.T @ centered
        progress(Progress("covariance", start + len(chunk), n_points))
    rest = total / n_points
    covariance -= np.outer(rest, total)
    covariance /= max(1, n_points - 1)
    values, directions = _eigen(covariance, progress)
    return values, directions, rest


def _eigen(
    matrix: NDArray[np.float64], progress: ProgressCallback
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    report = Progress("components", 1, 1)
    if len(matrix) < LONG:
        progress(report)
        return np.linalg.eigh(matrix)
    return report_during(lambda: np.linalg.eigh(matrix), report, progress)


def _from_gram(vectors: Vectors, n_kept: int, progress: ProgressCallback) -> PrincipalComponents:
    n_points, n_dims = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64)
    gram = np.zeros((n_points, n_points))
    columns = max(16, CHUNK_SIZE // n_points)
    for start in range(0, n_dims, columns):
        stop = min(n_dims, start + columns)
        centered = vectors[:, start:stop] - mean[start:stop]
        gram += centered @ centered.T
        progress(Progress("covariance", stop, n_dims))
    values, points = _eigen(gram, progress)
    values = np.clip(values[::-1], 0, None)
    kept = np.empty((n_kept, n_dims))
    weights = points[:, ::-1][:, :n_kept].T
    for start in range(0, n_dims, columns):
        stop = min(n_dims, start + columns)
        kept[:, start:stop] = weights @ (vectors[:, start:stop] - mean[start:stop])
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    # Centering takes one direction away: what is left of its length is rounding.
    floor = 1e-6 * max(1e-30, float(lengths.max(initial=0.0)))
    kept = np.where(lengths > floor, kept / np.maximum(lengths, floor), 0.0)
    return PrincipalComponents(
        mean=mean.astype(np.float32),
        components=_fix_signs(kept).astype(np.float32),
        explained_variance=values / max(1, n_points - 1),
        total_variance=float(values.sum()) / max(1, n_points - 1),
        n_points=n_points,
    )


def _randomized(
    vectors: Vectors, n_kept: int, random_state: int, progress: ProgressCallback
) -> PrincipalComponents:
    n_points, n_dims = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    width = min(n_kept + OVERSAMPLING, n_dims)
    basis = np.random.default_rng(random_state).standard_normal((n_dims, width))
    power = np.zeros((n_dims, width))
    total_squares = 0.0
    for step in range(POWER_PASSES):
        directions = np.linalg.qr(basis)[0].astype(np.float32)
        power[:] = 0
        total_squares = 0.0
        for start, chunk in _chunks(vectors):
            centered = chunk - mean
            power += centered.T @ (centered @ directions)
            total_squares += float(np.einsum("ij,ij->", centered, centered))
            done = step * n_points + start + len(chunk)
            progress(Progress("components", done, POWER_PASSES * n_points))
        basis = power.copy()
    # Rayleigh-Ritz on the last subspace: directions^T C directions.
    small = directions.T.astype(np.float64) @ power
    values, turn = np.linalg.eigh((small + small.T) / 2)
    kept = (directions @ turn[:, ::-1])[:, :n_kept].T
    return PrincipalComponents(
        mean=mean,
        components=_fix_signs(kept).astype(np.float32),
        explained_variance=np.clip(values[::-1], 0, None)[:n_kept] / (n_points - 1),
        total_variance=total_squares / (n_points - 1),
        n_points=n_points,
        exact=False,
    )


def _fix_signs(components: AnyArray) -> AnyArray:
    """Make the largest loading positive, as scikit-learn does from 1.5 on."""
    if components.size == 0:
        return components
    largest = np.take_along_axis(
        components, np.abs(components).argmax(axis=1, keepdims=True), axis=1
    )
    return np.where(largest < 0, -components, components)
