"""What AnnData is stored in: groups and arrays by name, of HDF5 or of zarr alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from projector.typing import AnyArray


@runtime_checkable
class ArrayNode(Protocol):
    """An array that is not read yet."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type; objects for texts."""

    @property
    def attrs(self) -> Mapping[str, Any]:
        """The attributes."""

    def refusal(self) -> str:
        """Return why it is not read, or an empty string."""

    def read(self) -> AnyArray:
        """Return the values; texts as an array of str or of objects."""


class GroupNode(Protocol):
    """A group."""

    @property
    def attrs(self) -> Mapping[str, Any]:
        """The attributes."""

    def names(self) -> Sequence[str]:
        """Return the names of what is in it."""

    def get(self, path: str) -> Any:
        """Return the array or group at a path; None if there is nothing that is read."""


def member(group: GroupNode, path: str) -> Any:
    """Return what is at a path, or raise KeyError."""
    found = group.get(path)
    if found is None:
        raise KeyError(f"{path!r} is not in the file")
    return found


def array_in(group: GroupNode, path: str) -> ArrayNode:
    """Return the array at a path, or raise KeyError."""
    found = member(group, path)
    if not isinstance(found, ArrayNode):
        raise KeyError(f"{path!r} is no array")
    return found


def values_of(array: ArrayNode) -> AnyArray:
    """Return the values of an array, or raise ValueError if it is not read."""
    reason = array.refusal()
    if reason:
        raise ValueError(f"it {reason}")
    return array.read()
