"""Compiled kernel of the quality scores: counts nearer points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled, parallel_range


@compiled(parallel=True)
def count_nearer(
    block: NDArray[np.float32], limits: NDArray[np.float32], counts: NDArray[np.int32]
) -> None:
    """Count, for each limit of a row, the values of the row below it.

    Parameters
    ----------
    block : ndarray of shape (n_rows, n_values), float32
    limits : ndarray of shape (n_rows, k), float32
    counts : ndarray of shape (n_rows, k), int32
        Written.
    """
    for row in parallel_range(len(block)):
        values = block[row]
        for at in range(limits.shape[1]):
            limit = limits[row, at]
            count = np.int32(0)
            for value in values:
                count += np.int32(value < limit)
            counts[row, at] = count
