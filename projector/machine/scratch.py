"""Scratch arrays: in memory, or in a temporary file if their source is a memory map."""

from __future__ import annotations

import mmap
import tempfile

import numpy as np
from numpy.typing import NDArray

from projector.typing import AnyArray

#: Largest memory map whose copy is kept in memory, in float32 numbers: 128 MB.
IN_MEMORY = 32_000_000


def scratch_like(vectors: AnyArray, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return an array for a copy of `vectors`, in a file if they are in a large one.

    Parameters
    ----------
    vectors : ndarray
        What will be copied.
    shape : tuple of int

    Returns
    -------
    ndarray of that shape, float32
        Not initialized. If `vectors` is a memory map of more than `IN_MEMORY` numbers, this is
        one too, of an unnamed file in the temporary directory that vanishes with the array: the
        system may write it out whenever memory is needed for something else.
    """
    if vectors.size <= IN_MEMORY or 0 in shape or not is_mapped(vectors):
        return np.empty(shape, np.float32)
    with tempfile.TemporaryFile(prefix="projector-") as file:
        return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))


def is_mapped(vectors: AnyArray) -> bool:
    """Return whether an array is a memory map or a view of one."""
    at: object = vectors
    while isinstance(at, np.ndarray):
        if isinstance(at, np.memmap):
            return True
        at = at.base
    return isinstance(at, mmap.mmap)
