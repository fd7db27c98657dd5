"""Notices which other files of a folder decided what a file is.

A shard that is missing makes its index a problem until it appears, so a listing that looked for
other files lasts only as long as these do. What never looked is not read again for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from projector.loaders.base import File


class AskedFolder(Mapping[str, File]):
    """The files of a folder by name, which remembers what was asked for.

    Attributes
    ----------
    files : mapping of str to File
    """

    def __init__(self, files: Mapping[str, File]) -> None:
        self.files = files
        self._names: set[str] = set()
        self._is_all = False

    def begin(self) -> None:
        """Forget what was asked for: another file is looked at."""
        self._names = set()
        self._is_all = False

    @property
    def asked(self) -> frozenset[str] | None:
        """The names that were asked for, of files that are there or not; None for all names."""
        return None if self._is_all else frozenset(self._names)

    def __getitem__(self, name: str) -> File:
        self._names.add(name)
        return self.files[name]

    def __iter__(self) -> Iterator[str]:
        self._is_all = True
        return iter(self.files)

    def __len__(self) -> int:
        self._is_all = True
        return len(self.files)
