"""Robust Procrustes fit: rotation, scale and shift that lay one set of vectors on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.components import principal_components
from projector.machine.blas_threads import one_blas_thread, take_in_order
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.typing import AnyArray, Vectors

#: Rounds at most, and the change of the median residual, in sizes of the cloud, that ends them.
ROUNDS, SETTLED = 60, 1e-6
#: Rows that the fit looks at, and dimensions; more are reduced to the leading components.
FIT_ROWS, FIT_DIMS, REDUCED_DIMS = 5000, 512, 256
#: A residual counts as at least this share of the median one, and of the size of the cloud.
LEAST, LEAST_SIZE = 1e-3, 1e-12
#: Below this share of the largest, a singular value says nothing about mirroring.
RANK = 1e-7
#: Rows whose residuals are computed at once.
CHUNK_ROWS = 4096


@dataclass(frozen=True)
class Fit:
    """How one set of vectors is laid on another: ``scale * (a - middle_a) @ turn`` on ``b``.

    Attributes
    ----------
    middle_a, middle_b : ndarray of shape (n_dims_a,) and (n_dims_b,), float64
        Weighted means.
    turn : ndarray of shape (n_dims_a, n_dims_b), float64
        Orthonormal rows or columns, whichever are fewer.
    scale : float
    is_mirrored : bool or None
        None where it cannot be told: other dimensions, or vectors that do not span theirs.
    n_rounds : int
    is_settled : bool
        Whether the median residual stood still before the last round.
    n_fitted : int
        Rows that the fit looked at.
    """

    middle_a: AnyArray
    middle_b: AnyArray
    turn: AnyArray
    scale: float
    is_mirrored: bool | None
    n_rounds: int
    is_settled: bool
    n_fitted: int


def fit_robustly(a: AnyArray, b: AnyArray, *, rounds: int = ROUNDS) -> Fit:
    """Lay `a` on `b` so that the sum of the distances between them is least.

    Parameters
    ----------
    a, b : ndarray of shape (n_points, n_dims_a) and (n_points, n_dims_b)
        The same points; neither set is all at one place.
    rounds : int
        1 is least squares, the plain Procrustes fit, which what moves drags along.

    Notes
    -----
    Schönemann 1966 with weights 1 / residual, found again in each round: the sum of lengths in
    place of their squares. What moves does not drag what stays, up to some 45 % in one block.
    The other dimensions of the larger side count as 0 on the smaller one.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    weights, last, n_rounds, is_settled = np.full(len(a), 1 / len(a)), np.inf, 0, False
    size = root_mean_square(b - b.mean(axis=0))
    while True:
        n_rounds += 1
        fit, strengths = _weighted(a, b, weights)
        left = residuals(fit, a, b)
        middle = float(np.median(left))
        is_settled = abs(last - middle) <= SETTLED * size
        if is_settled or n_rounds >= rounds:
            break
        weights = 1 / np.maximum(left, LEAST * middle + LEAST_SIZE * size)
        weights /= weights.sum()
        last = middle
    spans = a.shape[1] == b.shape[1] and strengths[-1] > RANK * strengths[0]
    mirrored = bool(np.linalg.det(fit[2]) < 0) if spans else None
    return Fit(*fit, mirrored, n_rounds, is_settled, len(a))


def _weighted(
    a: AnyArray, b: AnyArray, weights: AnyArray
) -> tuple[tuple[AnyArray, AnyArray, AnyArray, float], AnyArray]:
    """Return the best fit under weights that sum up to 1, and its singular values."""
    with one_blas_thread():
        middle_a, middle_b = weights @ a, weights @ b
        from_a, from_b = a - middle_a, b - middle_b
        left, strengths, right = np.linalg.svd(
            (from_a * weights[:, None]).T @ from_b, full_matrices=False
        )
        spread = weights @ np.einsum("ij,ij->i", from_a, from_a)
        return (middle_a, middle_b, left @ right, float(strengths.sum() / spread)), strengths


def residuals(
    fit: tuple[AnyArray, AnyArray, AnyArray, float], a: AnyArray, b: AnyArray
) -> NDArray[np.float64]:
    """Return how far each laid point is from its place in `b`, (n_points,).

    What of `a` has no dimension in `b` counts.
    """
    middle_a, middle_b, turn, scale = fit
    found = np.empty(len(a))

    def measure(start: int) -> tuple[slice, AnyArray]:
        rows = slice(start, start + CHUNK_ROWS)
        from_a = np.asarray(a[rows], np.float64) - middle_a
        laid = from_a @ turn
        off = scale * laid - (np.asarray(b[rows], np.float64) - middle_b)
        squares = np.einsum("ij,ij->i", off, off)
        if turn.shape[0] > turn.shape[1]:
            whole = np.einsum("ij,ij->i", from_a, from_a)
            squares += scale**2 * np.maximum(0, whole - np.einsum("ij,ij->i", laid, laid))
        return rows, np.sqrt(squares)

    def keep(part: tuple[slice, AnyArray]) -> None:
        found[part[0]] = part[1]

    take_in_order(measure, range(0, len(a), CHUNK_ROWS), keep)
    return found


@dataclass(frozen=True)
class Shift:
    """How far each point moved, once one set is laid on the other.

    Attributes
    ----------
    values : ndarray of shape (n_points,), float32
        In sizes of the second set: roots of its mean squared distance from the middle.
    size : float
        That size, in the unit of the second set.
    explained : float
        Share of the second set's variance that the laid first set accounts for, at most 1.
    fit : Fit
    laid, there : ndarray of shape (n_points, n_dims), float32
        Both sets as the fit sees them; they differ from the vectors where those have many
        dimensions.
    warnings : tuple of str
    """

    values: NDArray[np.float32]
    size: float
    explained: float
    fit: Fit
    laid: AnyArray
    there: AnyArray
    warnings: tuple[str, ...] = ()

    def displacement(self, points: AnyArray) -> NDArray[np.float64]:
        """Return from where to where some points moved, (n_found, n_dims), in `size`."""
        fit = self.fit
        start = fit.scale * (np.asarray(self.laid[points], np.float64) - fit.middle_a) @ fit.turn
        return (np.asarray(self.there[points], np.float64) - fit.middle_b - start) / self.size


def measure_shift(
    a: Vectors, b: Vectors, *, random_state: int = 0, progress: ProgressCallback = ignore_progress
) -> Shift:
    """Lay `a` on `b` robustly and measure how far each point is from its new place.

    Parameters
    ----------
    a, b : ndarray of shape (n_points, n_dims_a) and (n_points, n_dims_b), float32
        Finite; neither is all at one place.
    random_state : int
        Seed of the rows that the fit looks at.
    progress : callable
    """
    progress(Progress("shift", 0, 3))
    seen_a, rest_a, said_a = _leading(a, "a", progress)
    seen_b, rest_b, said_b = _leading(b, "b", progress)
    rows = sample_rows(len(a), FIT_ROWS, random_state)
    progress(Progress("shift", 1, 3))
    fit = fit_robustly(seen_a[rows], seen_b[rows])
    progress(Progress("shift", 2, 3))
    left = residuals((fit.middle_a, fit.middle_b, fit.turn, fit.scale), seen_a, seen_b)
    squares = left**2 + (fit.scale * rest_a - rest_b) ** 2
    spread = _spread(seen_b) + float(np.mean(rest_b**2))
    explained = 1 - float(squares.mean()) / spread
    warnings = [*said_a, *said_b]
    if len(rows) < len(a):
        warnings.append(f"The robust fit looked at {len(rows):,} of {len(a):,} points.")
    if not fit.is_settled:
        warnings.append(
            f"The robust fit did not settle in {fit.n_rounds} rounds: so many points moved that "
            "shifts are approximate."
        )
    progress(Progress("shift", 3, 3))
    size = float(np.sqrt(spread))
    values = (np.sqrt(squares) / size).astype(np.float32)
    return Shift(values, size, explained, fit, seen_a, seen_b, tuple(warnings))


def sample_rows(n_points: int, most: int, random_state: int) -> NDArray[np.int64]:
    """Return all rows, or a seeded sample of them in ascending order."""
    if n_points <= most:
        return np.arange(n_points)
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n_points, most, replace=False))


def root_mean_square(rows: AnyArray) -> float:
    """Return the root of the mean squared length of rows."""
    return float(np.sqrt(np.mean(np.einsum("ij,ij->i", rows, rows))))


def _spread(vectors: AnyArray) -> float:
    """Return the mean squared distance from the middle, in float64."""
    middle = vectors.mean(axis=0, dtype=np.float64)
    total = 0.0
    for start in range(0, len(vectors), CHUNK_ROWS):
        part = np.asarray(vectors[start : start + CHUNK_ROWS], np.float64) - middle
        total += float(np.einsum("ij,ij->", part, part))
    return total / len(vectors)


def _leading(
    vectors: Vectors, side: str, progress: ProgressCallback
) -> tuple[AnyArray, NDArray[np.float64], list[str]]:
    """Return vectors in few enough dimensions, the length that each lost, and what was done."""
    n_points, n_dims = vectors.shape
    if n_dims <= FIT_DIMS:
        return vectors, np.zeros(n_points), []
    found = principal_components(vectors, REDUCED_DIMS, progress=progress)
    scores = found.scores(vectors, progress=progress)
    scores = scores * np.float32(found.unit)
    rest = np.empty(n_points)
    mean, basis = found.mean.astype(np.float64), found.components.astype(np.float64)
    for start in range(0, n_points, CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        part = np.asarray(vectors[rows], np.float64) - mean
        kept = np.asarray(scores[rows], np.float64)
        with one_blas_thread():
            part -= kept @ basis
        rest[rows] = np.sqrt(np.einsum("ij,ij->i", part, part))
    share = float(found.explained_variance_ratio[:REDUCED_DIMS].sum())
    said = (
        f"The robust fit looked at {len(found.components):,} of {n_dims:,} dimensions of {side}: "
        f"{share:.1%} of its variance; of the others, at their lengths alone."
    )
    return scores, rest, [said]
