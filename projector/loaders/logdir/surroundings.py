"""The folders around those that are searched, and which of them were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from projector.loaders.base import File
from projector.loaders.logdir.walk import Folder


class Surroundings:
    """Finds folders by path, and notes those that are not among the ones that are searched.

    Parameters
    ----------
    own : iterable of Folder
        Those that are searched.
    others : mapping of str to Folder
        The rest of the log directory, by path.

    Attributes
    ----------
    asked : set of str
        Paths of folders, there or not, that were asked for and are not among `own`.
    """

    def __init__(self, own: Iterable[Folder], others: Mapping[str, Folder] | None = None) -> None:
        self._every = own
        self._others = others or {}
        self.asked: set[str] = set()

    @cached_property
    def _own(self) -> dict[str, Folder]:
        return {folder.where: folder for folder in self._every}

    def get(self, path: Path | str) -> Folder | None:
        """Return the folder at a path; None if there is none."""
        where = str(path)
        found = self._own.get(where)
        if found is None:
            self.asked.add(where)
            found = self._others.get(where)
        return found

    @property
    def files(self) -> Iterator[File]:
        """All files, those of the folders that are searched first."""
        for folder in (*self._every, *self._others.values()):
            yield from folder.files.values()
