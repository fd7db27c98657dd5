"""How alike two sets of vectors of the same points are: unbiased linear CKA and Procrustes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from projector.compute.change.procrustes import sample_rows
from projector.machine.blas_threads import one_blas_thread
from projector.typing import AnyArray

#: Rows that are compared; of more, a seeded sample.
LIKENESS_ROWS = 10_000
#: Parts of a sample that are left out in turn to find its error.
PARTS = 5
#: Procrustes similarity is biased with fewer points than this many times the dimensions.
POINTS_PER_DIM = 10
#: Differences below this share of the numbers are what their mean was rounded by.
_NOTHING = 1e-13


def unbiased_cka(x: AnyArray, y: AnyArray) -> float:
    """Return the unbiased linear CKA of two sets of the same points; NaN below 4 points.

    Parameters
    ----------
    x, y : ndarray of shape (n_points, n_dims_x) and (n_points, n_dims_y)

    Returns
    -------
    float
        1 for the same set up to rotation, scale and shift; 0 on average for unrelated ones. NaN
        where one of them does not vary.

    Notes
    -----
    HSIC₁ of Song et al. 2012, in CKA since Nguyen et al. 2021, for the linear kernel without an
    n_points² matrix: time O(n_points n_dims_x n_dims_y).
    """
    if len(x) < 4:
        return float("nan")
    with one_blas_thread():
        x, y = _centered(x), _centered(y)
        own = _hsic(x, x) * _hsic(y, y)
        return float(_hsic(x, y) / np.sqrt(own)) if own > 0 else float("nan")


def _hsic(x: AnyArray, y: AnyArray) -> float:
    n = len(x)
    squares_x, squares_y = np.einsum("ij,ij->i", x, x), np.einsum("ij,ij->i", y, y)
    sums_x, sums_y = x @ x.sum(axis=0) - squares_x, y @ y.sum(axis=0) - squares_y
    cross = x.T @ y
    found = np.einsum("ij,ij->", cross, cross) - squares_x @ squares_y
    found += sums_x.sum() * sums_y.sum() / ((n - 1) * (n - 2))
    found -= 2 * (sums_x @ sums_y) / (n - 2)
    return float(found / (n * (n - 3)))


def procrustes_similarity(x: AnyArray, y: AnyArray) -> float:
    """Return 1 less half of the squared Procrustes distance of two sets, each of size 1.

    Parameters
    ----------
    x, y : ndarray of shape (n_points, n_dims_x) and (n_points, n_dims_y)

    Returns
    -------
    float
        1 for the same set up to rotation, scale and shift. NaN where one of them does not vary,
        and with fewer than `POINTS_PER_DIM` points a dimension: of two unrelated sets of
        200 x 384 it is 0.87.

    Notes
    -----
    Ding, Denain and Steinhardt 2021, as a similarity: the nuclear norm of x'y.
    """
    if len(x) < POINTS_PER_DIM * max(x.shape[1], y.shape[1]):
        return float("nan")
    with one_blas_thread():
        x, y = _centered(x), _centered(y)
        size = float(np.sqrt((x**2).sum()) * np.sqrt((y**2).sum()))
        if size == 0:
            return float("nan")
        return float(np.linalg.svd(x.T @ y, compute_uv=False).sum() / size)


def sampled(
    figure: Callable[[AnyArray, AnyArray], float], x: AnyArray, y: AnyArray, random_state: int = 0
) -> tuple[float, float, int]:
    """Return a figure of two sets, its error, and the number of rows it was computed on.

    The error is the standard one of a sample (delete-a-group jackknife); 0 if all rows counted.
    """
    rows = sample_rows(len(x), LIKENESS_ROWS, random_state)
    first, second = x[rows], y[rows]
    value = figure(first, second)
    if len(rows) == len(x):
        return value, 0.0, len(rows)
    part = np.random.default_rng(random_state).permutation(len(rows)) % PARTS
    without = np.array([figure(first[part != p], second[part != p]) for p in range(PARTS)])
    error = np.sqrt((PARTS - 1) * np.mean((without - without.mean()) ** 2))
    return value, float(error), len(rows)


def _centered(vectors: AnyArray) -> AnyArray:
    wide = np.asarray(vectors, np.float64)
    least = _NOTHING * float(np.abs(wide).max(initial=0))
    wide = wide - wide.mean(axis=0)
    # Of size about 1, so that fourth powers stay in the range of float64.
    largest = float(np.abs(wide).max(initial=0))
    return wide / largest if largest > least else np.zeros_like(wide)
