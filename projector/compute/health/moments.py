"""Sums over all vectors that several figures need: one covariance, lengths, directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projector.compute.linear.decomposition import row_chunks
from projector.machine.blas_threads import one_blas_thread, take_in_order
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Vectors

#: Dimensions up to which their covariance is decomposed; beyond, the products of so many rows.
MOST_DIMS, MOST_ROWS = 4096, 2048
#: Eigenvalues below this share of the largest are rounding.
_NOTHING = 1e-14


@dataclass(frozen=True)
class Moments:
    """What one pass over the vectors gives.

    Attributes
    ----------
    mean, variances : ndarray of shape (n_dims,), float64
    spectrum : ndarray, float64
        Variances along the principal components, largest first.
    singular : ndarray, float64
        Singular values of the vectors, not centered, largest first.
    gram : ndarray of shape (n_dims, n_dims), float64, or None
        Sum of products of the centered vectors; None above `MOST_DIMS` dimensions.
    norms : ndarray of shape (n_points,), float64
    unit_sum : ndarray of shape (n_dims,), float64
        Sum of the vectors of length 1.
    n_spectrum : int
        Rows that `spectrum` and `singular` come from.
    """

    mean: AnyArray
    variances: AnyArray
    spectrum: AnyArray
    singular: AnyArray
    gram: AnyArray | None
    norms: NDArray[np.float64]
    unit_sum: AnyArray
    n_spectrum: int


def moments(vectors: Vectors, *, progress: ProgressCallback) -> Moments:
    """Sum over finite `vectors`, (n_points, n_dims), in float64 and in blocks of a fixed size."""
    n_points, n_dims = vectors.shape
    mean = _mean(vectors)
    with_gram = n_dims <= MOST_DIMS
    norms, variances = np.empty(n_points), np.zeros(n_dims)
    unit_sum = np.zeros(n_dims)
    gram = np.zeros((n_dims, n_dims)) if with_gram else None
    rows_at_once = row_chunks(n_points, n_dims)

    def add(start: int) -> tuple[slice, AnyArray, AnyArray, AnyArray, AnyArray | None]:
        rows = slice(start, start + rows_at_once)
        wide = np.asarray(vectors[rows], np.float64)
        lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
        factors = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        units = factors @ wide
        wide = wide - mean
        return rows, lengths, units, (wide**2).sum(axis=0), wide.T @ wide if with_gram else None

    def take(part: tuple[slice, AnyArray, AnyArray, AnyArray, AnyArray | None]) -> None:
        rows, lengths, units, squares, products = part
        norms[rows] = lengths
        np.add(unit_sum, units, out=unit_sum)
        np.add(variances, squares, out=variances)
        if gram is not None and products is not None:
            np.add(gram, products, out=gram)
        progress(Progress("covariance", min(n_points, rows.stop), n_points))

    take_in_order(add, range(0, n_points, rows_at_once), take)
    with one_blas_thread():
        if gram is not None:
            spectrum, singular, n_spectrum = _of_gram(gram, mean, n_points)
        else:
            spectrum, singular, n_spectrum = _of_rows(vectors)
    variances /= max(1, n_points - 1)
    return Moments(mean, variances, spectrum, singular, gram, norms, unit_sum, n_spectrum)


def _mean(vectors: Vectors) -> AnyArray:
    # Around the first row: what is far from 0 keeps its digits.
    pivot = vectors[0].astype(np.float64)
    total = np.zeros_like(pivot)
    step = row_chunks(*vectors.shape)
    for start in range(0, len(vectors), step):
        total += (np.asarray(vectors[start : start + step], np.float64) - pivot).sum(axis=0)
    return np.asarray(pivot + total / len(vectors))


def _of_gram(gram: AnyArray, mean: AnyArray, n_points: int) -> tuple[AnyArray, AnyArray, int]:
    spectrum = _eigenvalues(gram) / max(1, n_points - 1)
    raw = _eigenvalues(gram + n_points * np.outer(mean, mean))
    return spectrum, np.sqrt(raw), n_points


def _of_rows(vectors: Vectors) -> tuple[AnyArray, AnyArray, int]:
    rows = np.arange(len(vectors))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(len(rows), MOST_ROWS, replace=False))
    wide = np.asarray(vectors[rows], np.float64)
    raw = _eigenvalues(wide @ wide.T)
    wide -= wide.mean(axis=0)
    return _eigenvalues(wide @ wide.T) / max(1, len(rows) - 1), np.sqrt(raw), len(rows)


def _eigenvalues(products: AnyArray) -> AnyArray:
    found = np.linalg.eigvalsh(products)[::-1]
    return np.where(found > _NOTHING * max(float(found[0]), 0.0), found, 0.0)
