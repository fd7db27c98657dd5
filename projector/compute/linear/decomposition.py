"""Decomposes vectors into directions of largest variance: three solvers, numpy only.

Exact whatever the number of points: one pass over the vectors sums their covariance, a second
one is needed only to project them, so that the vectors may be a memory map larger than memory.
It is on the way to the first projection, so that nothing slow to load is imported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.reporting import report_during
from projector.machine.blas_threads import take_in_order
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Vectors

#: Float32 numbers processed in one step: 4 MB, some 10 ms of work between two reports.
CHUNK_SIZE = 1_000_000
#: Rows whose mean stands in for the mean of all during the first pass.
PILOT_ROWS = 2048
#: Under a first variance this many times the last one kept, as text embeddings often have it,
#: products in float32 (error 1e-7 of the first) leave the last fewer than four digits.
FLOAT32_SPREAD = 500.0
#: From this many rows on, a decomposition is too long to wait for before a cancel.
LONG = 512
#: Randomized solver: directions beyond those asked for, and passes that sharpen them.
OVERSAMPLING, POWER_PASSES = 16, 6
#: A mean variance in this range has lost nothing to the range of float32.
RANGE = (2.0**-80, 2.0**80)
#: Bytes of sums of blocks that wait for each other.
WAITING_BYTES = 64 << 20


class OutOfRangeError(Exception):
    """Squares of the vectors leave the range of float32: they must be scaled first."""


@dataclass(frozen=True)
class Decomposition:
    """Directions of largest variance of vectors, in the unit in which they were computed.

    Attributes
    ----------
    mean : ndarray of shape (n_dims,), float64
    components : ndarray of shape (n_kept, n_dims), float64
        Unit length, of any sign.
    variances : ndarray of shape (n_found,), float64
        Along every component.
    total : float
        Variance over all dimensions.
    """

    mean: NDArray[np.float64]
    components: AnyArray
    variances: NDArray[np.float64]
    total: float


def row_chunks(n_points: int, n_dims: int) -> int:
    """Return how many rows are processed at once: fixed, because sums depend on it."""
    # A block's covariance costs as much to add as some rows cost to multiply.
    return max(16, CHUNK_SIZE // max(1, n_dims), n_dims // 4)


def from_covariance(
    vectors: Vectors, n_kept: int, *, scale: float | None = None, progress: ProgressCallback
) -> Decomposition:
    """Decompose the covariance of the dimensions.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    n_kept : int
    scale : float, optional
        A power of two that the vectors are divided by on the way.

    Raises
    ------
    OutOfRangeError
        Without a scale, squares leave the range of float32.
    """
    n_points = len(vectors)
    # Shifted data (Chan, Golub and LeVeque 1983, section 3): near the true mean the correction
    # for what is left of it cancels next to nothing, and one pass over the data is saved.
    pilot = vectors[:: max(1, n_points // PILOT_ROWS)].mean(axis=0, dtype=np.float64)
    shift = (pilot / (scale or 1)).astype(np.float32)
    values, directions, rest = _decompose(vectors, shift, scale, progress)
    if values[-1] > FLOAT32_SPREAD * values[-n_kept]:
        values, directions, rest = _decompose(vectors, shift.astype(np.float64), scale, progress)
    found = np.clip(values[::-1], 0, None)
    return Decomposition(shift + rest, directions[:, ::-1][:, :n_kept].T, found, float(found.sum()))


def _decompose(
    vectors: Vectors, shift: AnyArray, scale: float | None, progress: ProgressCallback
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the covariance's eigenvalues and -vectors, ascending, and mean minus `shift`.

    Products within a chunk are of the dtype of `shift`, their sum is of float64.
    """
    n_points, n_dims = vectors.shape
    total = np.zeros(n_dims)
    covariance = np.zeros((n_dims, n_dims))
    rows = row_chunks(n_points, n_dims)

    def sums(start: int) -> tuple[int, AnyArray, AnyArray]:
        with np.errstate(over="ignore", invalid="ignore"):
            centered = _scaled(vectors[start : start + rows], scale) - shift
            some = centered.sum(axis=0, dtype=np.float64)
            return start + len(centered), some, centered.T @ centered

    def add(found: tuple[int, AnyArray, AnyArray]) -> None:
        nonlocal total, covariance
        total += found[1]
        covariance += found[2]
        progress(Progress("covariance", found[0], n_points))

    # What overflows is noticed below.
    with np.errstate(over="ignore", invalid="ignore"):
        take_in_order(sums, range(0, n_points, rows), add, most=_most_threads(n_dims))
        rest = total / n_points
        covariance -= np.outer(rest, total)
    covariance /= max(1, n_points - 1)
    _check_range(float(np.trace(covariance)) / n_dims, scale)
    values, directions = eigen(covariance, progress)
    return values, directions, rest


def from_gram(
    vectors: Vectors, n_kept: int, *, scale: float | None = None, progress: ProgressCallback
) -> Decomposition:
    """Decompose the inner products of the points; see `from_covariance`."""
    n_points, n_dims = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64) / (scale or 1)
    gram = np.zeros((n_points, n_points))
    columns = max(16, CHUNK_SIZE // n_points)

    def centered(start: int) -> AnyArray:
        some = slice(start, start + columns)
        return np.asarray(_scaled(vectors[:, some], scale) - mean[some])

    def products(start: int) -> tuple[int, AnyArray]:
        block = centered(start)
        return start + block.shape[1], block @ block.T

    def add(found: tuple[int, AnyArray]) -> None:
        nonlocal gram
        gram += found[1]
        progress(Progress("covariance", found[0], n_dims))

    blocks = range(0, n_dims, columns)
    take_in_order(products, blocks, add, most=_most_threads(n_points))
    gram /= max(1, n_points - 1)
    _check_range(float(np.trace(gram)) / n_dims, scale)
    values, points = eigen(gram, progress)
    values = np.clip(values[::-1], 0, None)
    kept = np.empty((n_kept, n_dims))
    weights = np.ascontiguousarray(points[:, ::-1][:, :n_kept].T)

    def fill(start: int) -> None:
        kept[:, start : start + columns] = weights @ centered(start)

    take_in_order(fill, blocks, lambda _: None)
    return Decomposition(mean, unit_directions(kept), values, float(values.sum()))


def unit_directions(directions: AnyArray) -> AnyArray:
    """Return directions in the rows at unit length; zeros for those that are rounding alone."""
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    # Centering takes one direction away: what is left of its length is rounding.
    floor = 1e-6 * max(1e-30, float(lengths.max(initial=0.0)))
    return np.where(lengths > floor, directions / np.maximum(lengths, floor), 0.0)


def randomized(
    vectors: Vectors,
    n_kept: int,
    *,
    random_state: int,
    scale: float | None = None,
    progress: ProgressCallback,
) -> Decomposition:
    """Find the first directions by subspace iteration from a random start."""
    n_points, n_dims = vectors.shape
    mean = (vectors.mean(axis=0, dtype=np.float64) / (scale or 1)).astype(np.float32)
    width = min(n_kept + OVERSAMPLING, n_dims)
    basis = np.random.default_rng(random_state).standard_normal((n_dims, width))
    power = np.zeros((n_dims, width))
    total_squares = 0.0
    rows = row_chunks(n_points, n_dims)
    for step in range(POWER_PASSES):
        directions = np.linalg.qr(basis)[0].astype(np.float32)
        power[:] = 0
        total_squares = 0.0

        def sums(
            start: int, directions: NDArray[np.float32] = directions
        ) -> tuple[int, AnyArray, float]:
            with np.errstate(over="ignore", invalid="ignore"):
                centered = _scaled(vectors[start : start + rows], scale) - mean
                product = centered.T @ (centered @ directions)
                squares = float(np.einsum("ij,ij->", centered, centered))
                return start + len(centered), product, squares

        def add(found: tuple[int, AnyArray, float], step: int = step) -> None:
            nonlocal power, total_squares
            power += found[1]
            total_squares += found[2]
            progress(Progress("components", step * n_points + found[0], POWER_PASSES * n_points))

        with np.errstate(over="ignore", invalid="ignore"):
            take_in_order(sums, range(0, n_points, rows), add)
        _check_range(total_squares / (n_points * n_dims), scale)
        basis = power.copy()
    # Rayleigh-Ritz on the last subspace: directions^T C directions.
    small = directions.T.astype(np.float64) @ power
    values, turn = np.linalg.eigh((small + small.T) / 2)
    return Decomposition(
        mean.astype(np.float64),
        (directions @ turn[:, ::-1])[:, :n_kept].T,
        np.clip(values[::-1], 0, None)[:n_kept] / (n_points - 1),
        total_squares / (n_points - 1),
    )


def _scaled(chunk: AnyArray, scale: float | None) -> AnyArray:
    return chunk if scale is None else chunk * np.float32(1 / scale)


def _check_range(variance: float, scale: float | None) -> None:
    """Raise unless a mean variance says that no square left the range of float32."""
    if scale is None and not RANGE[0] < variance < RANGE[1]:
        raise OutOfRangeError


def _most_threads(side: int) -> int:
    return max(2, WAITING_BYTES // (8 * side * side))


def eigen(
    matrix: NDArray[np.float64], progress: ProgressCallback
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns."""
    report = Progress("components", 1, 1)
    if len(matrix) < LONG:
        progress(report)
        return np.linalg.eigh(matrix)
    return report_during(lambda: np.linalg.eigh(matrix), report, progress)
