"""Stores the tags of a log's tensors, in sidecar files or in memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from projector.errors import ConflictError, ParameterError, SaveError
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import Folder
from projector.loaders.safe_files import printable
from projector.loaders.tags.sidecar import Sidecar, revision_of, tags_bytes
from projector.loaders.tags.writing import check_new, file_for, save_tags_file
from projector.model.tags import Tags

#: What tags belong to: run, tensor name, number of points.
_PointSpace: TypeAlias = tuple[str, str, int]


class TagStore:
    """The tags of all tensors of one log.

    Not safe to use from several threads: the log holds a lock around its changes.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    scanner : Scanner
        Remembers the files that are written, so that a refresh need not read them.
    save_sidecars : bool
        Whether tags are saved in files next to the data; else they are kept in memory only.
    """

    def __init__(self, root: Path, scanner: Scanner, *, save_sidecars: bool) -> None:
        self.save_sidecars = save_sidecars
        self._root = root
        self._scanner = scanner
        self._in_memory: dict[_PointSpace, Sidecar] = {}
        self._sources: tuple[Source, ...] = ()
        self._folders: tuple[Folder, ...] = ()

    def move(self, root: Path) -> None:
        """Take over that the log directory is now at another place."""
        self._root = root

    def update(self, sources: Iterable[Source], folders: Iterable[Folder]) -> None:
        """Take over a new listing; tags in memory replace those that its files have."""
        self._sources = tuple(sources)
        self._folders = tuple(folders)
        for source in self._sources if self._in_memory else ():
            source.tags = self._in_memory.get(_point_space(source), source.tags)

    def tags(self, source: Source) -> Tags:
        """Return a tensor's tags; without columns where there are none."""
        stored = source.tags.tags if source.tags else None
        return stored or Tags(source.tensor.name, source.n_points)

    def sidecar(self, source: Source) -> Sidecar:
        """Return where a tensor's tags are stored, or will be."""
        return source.tags or Sidecar(self._new_file(source), None, "")

    def save(
        self, source: Source, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Replace a tensor's tags, at all of its steps with as many points; see `Log.save_tags`."""
        if (tags.tensor, tags.n_points) != (source.tensor.name, source.n_points):
            raise ParameterError(
                f"These are tags of {tags.tensor!r} with {tags.n_points:,} points. Expected "
                f"{source.tensor.name!r} with {source.n_points:,} points."
            )
        current = source.tags
        revision = current.revision if current else ""
        if expected is not None and expected != revision:
            raise ConflictError("These tags have been changed since. Reload them and try again.")
        key = _point_space(source)
        on_disk = current.replaced if current and current.file is None else current
        if to_file and self.save_sidecars:
            saved = self._write(source, tags, on_disk)
            self._in_memory.pop(key, None)
        else:
            saved = Sidecar(None, tags, revision_of(tags_bytes(tags)), (), on_disk)
            self._in_memory[key] = saved
        for each in self._sources:
            if _point_space(each) == key:
                each.tags = saved if saved.tags else None
        return saved

    def _write(self, source: Source, tags: Tags, current: Sidecar | None) -> Sidecar:
        path = current.file if current else self._new_file(source)
        if path is None:
            raise SaveError(source.tensor.name, "its run has no folder. Download the tags instead.")
        if current is None:
            check_new(path.parent, tags.tensor, tags.n_points)
        elif current.problems:
            raise SaveError(path, current.problems[0])
        file = save_tags_file(self._root, path, tags, current.revision if current else "")
        if file is None:
            return Sidecar(path, None, "")
        saved = Sidecar(path, tags, revision_of(tags_bytes(tags)))
        self._scanner.remember_tags(file, saved)
        return saved

    def _new_file(self, source: Source) -> Path | None:
        known = (each.path for each in self._folders if printable(each.relative) == source.run)
        folder = next(known, None)
        if folder is None or not self.save_sidecars:
            return None
        return file_for(folder, source.tensor.name, source.n_points)


def _point_space(source: Source) -> _PointSpace:
    return (source.run, source.tensor.name, source.n_points)
