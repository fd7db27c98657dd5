"""What holds the metadata and chunks of zarr arrays: bytes by key, wherever they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Protocol

from projector.loaders.base import File
from projector.loaders.file_bytes import FileBytes

#: Sorts after every letter.
_LAST = "\U0010ffff"


class KeyValues(Protocol):
    """Bytes by key."""

    def keys(self) -> Sequence[str]:
        """Return all keys, such as ``"obsm/X_pca/.zarray"``, sorted."""

    def size(self, key: str) -> int:
        """Return how many bytes a key has; 0 if it does not exist."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key; None if it does not exist.

        Raises
        ------
        LoadError
            They cannot be read.
        """


class FolderKeys:
    """The files of a folder and of those below it, by their relative path.

    Parameters
    ----------
    files : mapping of str to File
    """

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files
        self._keys = sorted(files)

    def keys(self) -> Sequence[str]:
        """Return the relative paths."""
        return self._keys

    def size(self, key: str) -> int:
        """Return the size of a file."""
        file = self._files.get(key)
        return 0 if file is None else file.size

    def get(self, key: str) -> bytes | None:
        """Return the content of a file."""
        file = self._files.get(key)
        return None if file is None else FileBytes(file.real)[:]


class Below:
    """The keys below a prefix, without it.

    Parameters
    ----------
    outer : KeyValues
    prefix : str
        Empty, or with a slash at its end.
    """

    def __init__(self, outer: KeyValues, prefix: str) -> None:
        self._outer = outer
        self._prefix = prefix
        found = outer.keys()
        start, stop = bisect_left(found, prefix), bisect_left(found, f"{prefix}{_LAST}")
        self._keys = [key[len(prefix) :] for key in found[start:stop]]

    def keys(self) -> Sequence[str]:
        """Return the keys without the prefix."""
        return self._keys

    def size(self, key: str) -> int:
        """Return the size of a key's bytes."""
        return self._outer.size(self._prefix + key)

    def get(self, key: str) -> bytes | None:
        """Return a key's bytes."""
        return self._outer.get(self._prefix + key)
