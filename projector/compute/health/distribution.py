"""Quantiles of the values in each dimension, and of the lengths of the vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.typing import Vectors

#: The extremes, the median, and 0.5 and 1.5 standard deviations of a normal distribution.
SHARES = (0.0, 0.0668, 0.3085, 0.5, 0.6915, 0.9332, 1.0)
#: Numbers sorted at once.
_CHUNK_SIZE = 8_000_000


def value_quantiles(vectors: Vectors) -> NDArray[np.float32]:
    """Return the quantiles at `SHARES` of finite `vectors`, (n_points, n_dims).

    Returns
    -------
    ndarray of shape (n_dims + 1, n_quantiles), float32
        A row for each dimension, and in the last row the lengths of the vectors.
    """
    n_points, n_dims = vectors.shape
    found = np.empty((n_dims + 1, len(SHARES)), np.float32)
    squares = np.zeros(n_points)
    step = max(1, _CHUNK_SIZE // n_points)
    for start in range(0, n_dims, step):
        columns = np.ascontiguousarray(vectors[:, start : start + step].T, np.float64)
        squares += np.einsum("ij,ij->j", columns, columns)
        found[start : start + len(columns)] = np.quantile(columns, SHARES, axis=1).T
    largest = float(np.finfo(np.float32).max)
    found[-1] = np.minimum(np.quantile(np.sqrt(squares), SHARES), largest)
    return found
