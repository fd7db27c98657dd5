"""Quantiles, mean and deviation of the values in each dimension, and of the lengths."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.typing import Vectors

Vectors64: TypeAlias = NDArray[np.float64]

#: The extremes, the median, and 0.5 and 1.5 standard deviations of a normal distribution.
SHARES = (0.0, 0.0668, 0.3085, 0.5, 0.6915, 0.9332, 1.0)
#: Numbers sorted at once.
_CHUNK_SIZE = 8_000_000


def value_summaries(vectors: Vectors) -> NDArray[np.float32]:
    """Return quantiles at `SHARES`, mean and deviation of finite `vectors`, (n_points, n_dims).

    Returns
    -------
    ndarray of shape (n_dims + 1, n_quantiles + 2), float32
        A row for each dimension, and in the last row the lengths of the vectors: the quantiles,
        the mean and the standard deviation.
    """
    n_points, n_dims = vectors.shape
    found = np.empty((n_dims + 1, len(SHARES) + 2))
    squares = np.zeros(n_points)
    step = max(1, _CHUNK_SIZE // n_points)
    for start in range(0, n_dims, step):
        columns = np.ascontiguousarray(vectors[:, start : start + step].T, np.float64)
        squares += np.einsum("ij,ij->j", columns, columns)
        found[start : start + len(columns)] = _summary(columns)
    found[-1] = _summary(np.sqrt(squares)[None])[0]
    largest = float(np.finfo(np.float32).max)
    return np.minimum(found, largest).astype(np.float32)


def _summary(rows: Vectors64) -> Vectors64:
    """Return quantiles, mean and standard deviation of each row."""
    means = rows.mean(axis=1)
    # Of equal values exactly 0: rounding in their mean is no spread.
    spread = np.where(rows.min(axis=1) == rows.max(axis=1), 0.0, rows.std(axis=1))
    return np.column_stack([np.quantile(rows, SHARES, axis=1).T, means, spread])
