"""AnnData's groups and arrays in an HDF5 file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from projector.loaders.base import File
from projector.loaders.formats.hdf5.hdf5 import member, read_dataset, refusal
from projector.typing import AnyArray

#: Compression beyond this factor is not plausible.
_MAX_RATIO, _SMALL = 1000, 1 << 16


class Hdf5Group:
    """A group of an open file; links are not followed.

    Parameters
    ----------
    file : File
    handle : h5py.File
    path : str
        Empty for the file itself.
    """

    def __init__(self, file: File, handle: Any, path: str = "") -> None:
        self._file = file
        self._handle = handle
        self._path = path
        self._group = member(handle, path) if path else handle
        self.attrs: Mapping[str, Any] = self._group.attrs

    def names(self) -> Sequence[str]:
        """Return the names of what is in it."""
        return list(self._group)

    def get(self, path: str) -> Hdf5Group | Hdf5Array | None:
        """Return what is at a path; None if there is nothing, or a link."""
        import h5py

        full = f"{self._path}/{path}" if self._path else path
        try:
            item = member(self._handle, full)
        except KeyError:
            return None
        if isinstance(item, h5py.Dataset):
            return Hdf5Array(self._file, self._handle, full, item)
        return Hdf5Group(self._file, self._handle, full) if isinstance(item, h5py.Group) else None


class Hdf5Array:
    """A dataset of an open file."""

    def __init__(self, file: File, handle: Any, path: str, item: Any) -> None:
        self._file = file
        self._handle = handle
        self._path = path
        self._item = item
        self.shape: tuple[int, ...] = tuple(item.shape or ())
        self.dtype: np.dtype[Any] = item.dtype
        self.attrs: Mapping[str, Any] = item.attrs

    def refusal(self) -> str:
        """Return why it is not read, or an empty string."""
        reason = refusal(self._item)
        if reason or self.dtype.kind in "biuf":
            return reason
        # Texts and records are read whole, too: what is claimed must be stored.
        stored = int(self._item.id.get_storage_size())
        if math.prod(self.shape) * self.dtype.itemsize > max(_SMALL, _MAX_RATIO * stored):
            rows = " x ".join(map(str, self.shape))
            return f"claims {rows} values, but only {stored:,} bytes are stored. Save it again."
        return ""

    def read(self) -> AnyArray:
        """Return the values."""
        if self.dtype.kind in "biuf":
            return read_dataset(self._file, self._handle, self._path)
        return np.asarray(self._item[()])
