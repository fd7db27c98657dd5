"""Where copies of the vectors live: in memory, or in a file where the vectors do too."""

from __future__ import annotations

import mmap
import tempfile

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray

#: Float32 numbers of a memory map that are copied into memory without a thought: 128 MB.
IN_MEMORY = 32_000_000


def room_beside(vectors: AnyArray, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Make room for numbers as lasting as `vectors`.

    Parameters
    ----------
    vectors : ndarray
        What a copy is made of.
    shape : tuple of int

    Returns
    -------
    ndarray of that shape, float32
        Not filled. Where `vectors` is a memory map of more than `IN_MEMORY` numbers, it is one
        too, of a nameless file in the temporary directory, which is gone with the array: the
        system may write it out whenever memory is needed for something else.
    """
    if vectors.size <= IN_MEMORY or 0 in shape or not is_mapped(vectors):
        return np.empty(shape, np.float32)
    with tempfile.TemporaryFile(prefix="projector-") as file:
        return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))


def is_mapped(vectors: AnyArray) -> bool:
    """Tell whether an array is, or looks into, a memory map."""
    at: object = vectors
    while isinstance(at, np.ndarray):
        if isinstance(at, np.memmap):
            return True
        at = at.base
    return isinstance(at, mmap.mmap)
