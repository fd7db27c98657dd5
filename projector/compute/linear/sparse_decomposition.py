"""Decomposes sparse vectors into directions of largest variance, without centering them.

Centered rows would not be sparse. A product with them is the product with the rows as they are,
less that with their mean, in float64: what cancels there is far below what float32 holds. The
solvers are those of dense vectors, see `decomposition`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.decomposition import (
    OVERSAMPLING,
    POWER_PASSES,
    RANGE,
    Decomposition,
    eigen,
    unit_directions,
)
from projector.compute.reporting import report_during
from projector.machine.blas_threads import take_in_order
from projector.model.progress import Progress, ProgressCallback
from projector.model.sparse_rows import SparseRows
from projector.typing import AnyArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Numbers of a block of products, and rows at least.
_BLOCK, _LEAST_ROWS = 8_000_000, 1024


def decompose_sparse(
    rows: SparseRows,
    n_kept: int,
    *,
    exact: bool,
    scale: float,
    random_state: int,
    progress: ProgressCallback,
) -> Decomposition:
    """Find the directions of largest variance of sparse vectors.

    Parameters
    ----------
    rows : SparseRows
        Finite.
    n_kept : int
        At most the number of points and of dimensions.
    exact : bool
        By the covariance or the inner products, else by subspace iteration.
    scale : float
        A power of two that the vectors are divided by on the way.

    Notes
    -----
    Memory O(min(n_points, n_dims)²), or O(n_dims (n_kept + `OVERSAMPLING`)), as for dense vectors.
    """
    matrix = rows.matrix(np.float64)
    if scale != 1:
        matrix.data = matrix.data * (1 / scale)
    mean = np.asarray(matrix.mean(axis=0), np.float64).ravel()
    if not exact:
        return _randomized(matrix, mean, n_kept, random_state, progress)
    solve = _from_covariance if rows.n_dims <= len(rows) else _from_gram
    return solve(matrix, mean, n_kept, progress)


def scale_of(rows: SparseRows) -> float:
    """Return 1 for ordinary numbers, else the power of two above the largest of them."""
    squares = float(np.square(rows.values, dtype=np.float64).sum())
    if RANGE[0] < squares / max(1, rows.size) < RANGE[1]:
        return 1.0
    largest = float(np.abs(rows.values).max(initial=0))
    return float(2.0 ** np.clip(np.frexp(largest)[1], -126, 126)) if largest > 0 else 1.0


def sparse_scores(
    rows: SparseRows, mean: AnyArray, basis: AnyArray, unit: float
) -> NDArray[np.float32]:
    """Project sparse vectors onto a basis, (n_dims, n_kept), in units of `unit`.

    Raises nothing for what float32 cannot hold: `unit` is chosen so that it can.
    """
    wide, middle = basis.astype(np.float64), mean.astype(np.float64)
    found = np.empty((len(rows), basis.shape[1]), np.float32)
    step = max(_LEAST_ROWS, _BLOCK // max(1, basis.shape[1]))
    for start in range(0, len(rows), step):
        some = slice(start, start + step)
        found[some] = (rows[some] @ wide - middle @ wide) / unit
    return found


def _from_covariance(
    matrix: csr_matrix, mean: AnyArray, n_kept: int, progress: ProgressCallback
) -> Decomposition:
    n_points = matrix.shape[0]
    report = Progress("covariance", 0, n_points)
    covariance = report_during(partial(_product, matrix.T, matrix), report, progress)
    covariance -= n_points * np.outer(mean, mean)
    covariance /= max(1, n_points - 1)
    progress(Progress("covariance", n_points, n_points))
    values, directions = eigen(covariance, progress)
    found = np.clip(values[::-1], 0, None)
    return Decomposition(mean, directions[:, ::-1][:, :n_kept].T, found, float(found.sum()))


def _from_gram(
    matrix: csr_matrix, mean: AnyArray, n_kept: int, progress: ProgressCallback
) -> Decomposition:
    n_points, n_dims = matrix.shape
    gram = report_during(
        partial(_product, matrix, matrix.T), Progress("covariance", 0, n_dims), progress
    )
    along = np.asarray(matrix @ mean)
    gram += float(mean @ mean) - along - along[:, None]
    gram /= max(1, n_points - 1)
    progress(Progress("covariance", n_dims, n_dims))
    values, points = eigen(gram, progress)
    values = np.clip(values[::-1], 0, None)
    weights = np.ascontiguousarray(points[:, ::-1][:, :n_kept])
    kept = np.asarray(matrix.T @ weights - np.outer(mean, weights.sum(axis=0))).T
    return Decomposition(mean, unit_directions(kept), values, float(values.sum()))


def _randomized(
    matrix: csr_matrix,
    mean: AnyArray,
    n_kept: int,
    random_state: int,
    progress: ProgressCallback,
) -> Decomposition:
    n_points, n_dims = matrix.shape
    width = min(n_kept + OVERSAMPLING, n_dims)
    basis = np.random.default_rng(random_state).standard_normal((n_dims, width))
    power = np.zeros((n_dims, width))
    squares = float(matrix.data @ matrix.data) - n_points * float(mean @ mean)
    # Fixed by the shape, because sums depend on it.
    step = int(np.clip(n_points // 8, _LEAST_ROWS, max(_LEAST_ROWS, _BLOCK // width)))
    for round_ in range(POWER_PASSES):
        directions = np.linalg.qr(basis)[0]
        along, middle = np.zeros((n_dims, width)), mean @ directions
        total = np.zeros(width)

        def sums(
            start: int, directions: AnyArray = directions, middle: AnyArray = middle
        ) -> tuple[int, AnyArray, AnyArray]:
            block: Any = matrix[start : start + step]
            product = block @ directions - middle
            return start + block.shape[0], block.T @ product, product.sum(axis=0)

        def add(
            found: tuple[int, AnyArray, AnyArray],
            along: AnyArray = along,
            total: AnyArray = total,
            round_: int = round_,
        ) -> None:
            along += found[1]
            total += found[2]
            done = round_ * n_points + found[0]
            progress(Progress("components", done, POWER_PASSES * n_points))

        take_in_order(sums, range(0, n_points, step), add)
        power = along - np.outer(mean, total)
        basis = power
    # Rayleigh-Ritz on the last subspace: directions^T C directions.
    small = directions.T @ power
    values, turn = np.linalg.eigh((small + small.T) / 2)
    return Decomposition(
        mean,
        (directions @ turn[:, ::-1])[:, :n_kept].T,
        np.clip(values[::-1], 0, None)[:n_kept] / (n_points - 1),
        squares / (n_points - 1),
    )


def _product(one: Any, other: Any) -> NDArray[np.float64]:
    return np.asarray((one @ other).toarray())
