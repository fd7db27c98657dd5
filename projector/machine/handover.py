"""Arrays that one process fills and another one then maps, without a copy in between."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import weakref
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from projector.machine.private_map import PrivateMap
from projector.typing import AnyArray

#: Smaller arrays are cheaper to copy than to map.
_LARGE = 1 << 20


class _Filled(PrivateMap):
    """A writable map of an unnamed file."""


#: The maps of this process that it may hand over, and whether it does so at all.
_filled: weakref.WeakSet[_Filled] = weakref.WeakSet()
_hands_over = False


def start_handing_over() -> None:
    """Put the arrays of `empty_array` where another process can map them, from now on."""
    global _hands_over
    _hands_over = True


def empty_array(shape: tuple[int, ...], dtype: npt.DTypeLike) -> AnyArray:
    """Return an array for a result, whose values are not set yet."""
    kind = np.dtype(dtype)
    count = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if not _hands_over or count < _LARGE:
        return np.empty(shape, kind)
    with unnamed_file() as file:
        os.ftruncate(file.fileno(), count)
        try:
            whole = _Filled(file.fileno(), count)
        except OSError as error:
            if error.errno != errno.ENOMEM:
                raise
            raise MemoryError from None
        whole.descriptor = os.dup(file.fileno())
    weakref.finalize(whole, os.close, whole.descriptor)
    _filled.add(whole)
    return np.ndarray(shape, kind, whole)


def file_of(raw: memoryview) -> tuple[int, int] | None:
    """Return the descriptor and the offset at which another process finds these bytes, or None."""
    start = _address(raw)
    for whole in _filled:
        first = _address(whole)
        if first <= start and start + len(raw) <= first + len(whole):
            return whole.descriptor, start - first
    return None


def _address(raw: Any) -> int:
    return int(np.frombuffer(raw, np.uint8).__array_interface__["data"][0])


def unnamed_file() -> IO[bytes]:
    """Return an open file in memory, or at least one without a name."""
    if sys.platform == "linux" and hasattr(os, "memfd_create"):
        with contextlib.suppress(OSError):
            return os.fdopen(os.memfd_create("projector", os.MFD_CLOEXEC), "r+b", buffering=0)
    return tempfile.TemporaryFile(prefix="projector-", buffering=0)
