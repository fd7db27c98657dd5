"""Compiled kernel that keeps the smallest of many estimates while they are in the cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projector.compute.compiled import compiled

#: Estimates looked at before it is decided whether any of them is kept: few are.
_PART = 64


@compiled()
def keep_smallest(
    products: NDArray[np.float32],
    squares: NDArray[np.float32],
    first: int,
    values: NDArray[np.float32],
    places: NDArray[np.int32],
) -> None:
    """Insert the estimates of a tile that are smaller than those kept so far.

    Parameters
    ----------
    products : ndarray of shape (n_queries, n_tile), float32
    squares : ndarray of shape (n_tile,), float32
        Added to each row of `products`.
    first : int
        The place of the first column. Tiles come in their order: ties go by place.
    values, places : ndarray of shape (n_queries, n_near)
        Sorted rows, infinite where nothing was kept yet; written.
    """
    last = values.shape[1] - 1
    for row in range(len(products)):
        near, far = places[row], values[row]
        worst = far[last]
        for start in range(0, products.shape[1], _PART):
            part = products[row, start : start + _PART]
            size = squares[start : start + _PART]
            # Vectorized in this form.
            n_below = np.int32(0)
            for at in range(len(part)):
                n_below += np.int32(1) if part[at] + size[at] < worst else np.int32(0)
            for at in range(len(part) if n_below else 0):
                value = part[at] + size[at]
                if value < worst:
                    to = last
                    while to > 0 and far[to - 1] > value:
                        far[to] = far[to - 1]
                        near[to] = near[to - 1]
                        to -= 1
                    far[to] = value
                    near[to] = first + start + at
                    worst = far[last]
