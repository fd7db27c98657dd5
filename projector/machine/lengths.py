"""Squared lengths of rows, a piece that fits the processor's cache at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Numbers of a piece.
PIECE_SIZE = 64_000


def squared_lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the squared length of each row; infinite or 0 where it leaves the range of float32.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    """
    found = np.empty(len(vectors), np.float32)
    step = max(1, PIECE_SIZE // max(1, vectors.shape[1]))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for start in range(0, len(vectors), step):
            piece = vectors[start : start + step]
            found[start : start + step] = np.vecdot(piece, piece)
    return found
