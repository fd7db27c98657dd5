"""Scratch arrays: in memory, or in a temporary file if their source is a memory map."""

from __future__ import annotations

import mmap
import tempfile

import numpy as np
from numpy.typing import NDArray

from projector.errors import MemoryLimitError
from projector.machine.byte_size import byte_size
from projector.machine.free_space import free_space, temporary_folder
from projector.machine.memory import free_memory
from projector.machine.positioned import allocate
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

    Raises
    ------
    MemoryLimitError
        There is neither space for that file nor memory.
    """
    if vectors.size <= IN_MEMORY or 0 in shape or not is_mapped(vectors):
        return np.empty(shape, np.float32)
    count = int(np.prod(shape, dtype=np.int64)) * np.dtype(np.float32).itemsize
    disk = free_space(temporary_folder())
    if count <= disk.n_bytes:
        with tempfile.TemporaryFile(prefix="projector-", dir=disk.folder) as file:
            # Now, because a disk that is full when a page is written ends the process.
            allocate(file.fileno(), count)
            return np.asarray(np.memmap(file, np.float32, "r+", shape=shape))
    memory = free_memory()
    if count <= memory.n_bytes // 2:
        return np.empty(shape, np.float32)
    raise MemoryLimitError(
        f"a copy of {byte_size(count)} is needed while this is computed, but only {disk}, and "
        f"{memory}. Free space there, set TMPDIR to a folder with more, or use fewer points."
    )


def is_mapped(vectors: AnyArray) -> bool:
    """Return whether an array is a memory map or a view of one."""
    at: object = vectors
    while isinstance(at, np.ndarray):
        if isinstance(at, np.memmap):
            return True
        at = at.base
    return isinstance(at, mmap.mmap)
