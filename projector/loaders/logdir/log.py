"""A log directory as people meet it: what is in it, and one embedding at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from projector.errors import (
    ChangedMeanwhile,
    DataError,
    LoadError,
    NotSaved,
    ParameterError,
    ProjectorError,
    UnknownName,
)
from projector.loaders.base import UNEXPECTED_ERRORS, Loaded, unexpected_error
from projector.loaders.companions.bookmarks import read_bookmarks
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.loaders.companions.sprites import read_sprite
from projector.loaders.logdir.attach_tags import tagged
from projector.loaders.logdir.discovery import Discovery, discover, discover_file
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import natural_key
from projector.loaders.safe_files import printable, read_all, with_true_offset
from projector.loaders.tags.sidecar import Sidecar, revision_of, tags_bytes
from projector.loaders.tags.writing import check_new, file_for, save_tags_file
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, Problem
from projector.model.metadata import Metadata
from projector.model.sprite import Sprite
from projector.model.tags import Tags

__all__ = ["Log", "open_logdir"]

#: Whose tags they are: run, tensor name, number of points.
_TagsKey: TypeAlias = tuple[str, str, int]


class Log:
    """A log directory, or a single file, that has been looked through. Made by `open_logdir`.

    Safe to use from several threads: a refresh replaces the listing as a whole.

    Parameters
    ----------
    path : Path
        Resolved.
    tags_beside : bool
        Whether tags are kept in files beside the data; else in memory, for as long as the log is.
    """

    def __init__(self, path: Path, *, tags_beside: bool = True) -> None:
        self._path = path
        self.root = path if path.is_dir() else path.parent
        self.tags_beside = tags_beside
        self._loose: dict[_TagsKey, Sidecar] = {}
        self._scanner = Scanner()
        self._lock = threading.Lock()
        self._take(self._look())

    def _look(self) -> Discovery:
        if self._path == self.root:
            return discover(self.root, self._scanner)
        return discover_file(self._path, self._scanner)

    def _take(self, seen: Discovery) -> None:
        for source in seen.sources:
            source.tags = self._loose.get(_tags_key(source), source.tags)
        entries = tuple(source.entry(self.root) for source in seen.sources)
        runs = sorted({entry.run for entry in entries}, key=natural_key)
        self._listing = Listing(self.root, entries, tuple(seen.problems), tuple(runs))
        self._sources = {e.id: s for e, s in zip(entries, seen.sources, strict=True)}
        self._watched = tuple(folder.path for folder in seen.folders)
        self._folders = {printable(folder.relative): folder.path for folder in seen.folders}

    @property
    def listing(self) -> Listing:
        """Entries and problems at the moment of the last look."""
        return self._listing

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every embedding: the likeliest first, optimizer slots last, steps ascending."""
        return self._listing.entries

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every file that could not be read, and what to do about it."""
        return self._listing.problems

    def watched(self) -> tuple[Path, ...]:
        """Return the directories in which a change matters."""
        return self._watched

    def refresh(self) -> bool:
        """Look again, reading only what changed; return whether the listing is another.

        Notes
        -----
        Costs one `stat` a file. A file counts as changed when its size or its time of
        modification is another.
        """
        with self._lock:
            before = self._listing
            self._take(self._look())
            return before != self._listing

    def find(
        self, *, name: str | None = None, run: str | None = None, step: int | None = None
    ) -> Entry:
        """Return the entry with this name, run and step; the latest step if none is given.

        Raises
        ------
        UnknownName
            Nothing, or more than one thing, answers to it; the message lists what there is.
        """
        found = list(self.entries)
        if run is not None:
            found = _narrow("run", run, [(entry.run, entry) for entry in found])
        if name is not None:
            found = _narrow("embedding", name, [(n, e) for e in found for n in self._names(e)])
        if step is not None:
            found = _narrow("step", str(step), [(str(entry.step), entry) for entry in found])
        if not found:
            raise UnknownName("embedding", name or str(self.root), ())
        best = found[0]
        same = [entry for entry in found if (entry.run, entry.name) == (best.run, best.name)]
        return max(same, key=lambda entry: -1 if entry.step is None else entry.step)

    def _names(self, entry: Entry) -> Iterable[str]:
        tensor = self._sources[entry.id].tensor
        yield entry.name
        yield from tensor.aliases

    def load(self, entry: Entry, *, tags: bool = True) -> Dataset:
        """Read one embedding with its metadata, pictures and tags.

        The vectors stay a read-only memory map where the file's bytes can be used as they lie.
        Metadata, pictures or tags that can not be read cost a warning, not the embedding.

        Parameters
        ----------
        entry : Entry
        tags : bool
            False leaves the metadata as the data has it.

        Raises
        ------
        UnknownName
            The entry is not, or no longer, in this log.
        LoadError
            The tensor can not be read.
        """
        source = self._source(entry)
        data = load_source(source)
        return tagged(data, source) if tags else data

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags with those that there are now."""
        return tagged(data, self._source(entry))

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor; without columns where there are none.

        Raises
        ------
        UnknownName
            The entry is not, or no longer, in this log.
        """
        source = self._source(entry)
        kept = source.tags.tags if source.tags else None
        return kept or Tags(source.tensor.name, source.n_points)

    def tag(
        self, entry: Entry, rows: Iterable[int], column: str, value: str | None
    ) -> tuple[Entry, ...]:
        """Tag some points and save it beside the data, which is never changed.

        Parameters
        ----------
        entry : Entry
            Any step: the tags hold at all of the tensor's steps with as many points.
        rows : iterable of int
        column : str
            A column of the data is edited: its other rows stay as they are.
        value : str or None
            None takes the tag away.

        Returns
        -------
        tuple of Entry
            The log's entries from now on.

        Raises
        ------
        UnknownName, ParameterError
            The entry, a row or a text is none.
        ChangedMeanwhile
            The file of tags is not what this log last saw of it; `refresh` and try again.
        NotSaved
            It can not be written.
        """
        self.save_tags(entry, self.tags(entry).with_values(rows, column, value))
        return self.entries

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return where an entry's tags are kept, or will be."""
        source = self._source(entry)
        return source.tags or Sidecar(self._place(source), None, "")

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, beside: bool = True
    ) -> Sidecar:
        """Keep tags in place of what there was; see `tag`.

        Parameters
        ----------
        expected : str, optional
            The revision that they are a change of, empty for none; what this log knows of if
            left out.
        beside : bool
            False keeps them in memory until the log is closed.
        """
        with self._lock:
            source = self._source(entry)
            if (tags.tensor, tags.n_points) != (source.tensor.name, source.n_points):
                raise ParameterError(
                    f"These are tags of {tags.tensor!r} with {tags.n_points:,} points. Expected "
                    f"{source.tensor.name!r} with {source.n_points:,}."
                )
            now = source.tags
            revision = now.revision if now else ""
            if expected is not None and expected != revision:
                raise ChangedMeanwhile("These tags were changed meanwhile.")
            key = _tags_key(source)
            on_disk = now.beneath if now and now.file is None else now
            if beside and self.tags_beside:
                saved = self._write(source, tags, on_disk)
                self._loose.pop(key, None)
            else:
                saved = Sidecar(None, tags, revision_of(tags_bytes(tags)), (), on_disk)
                self._loose[key] = saved
            self._give(key, saved)
            return saved

    def _write(self, source: Source, tags: Tags, now: Sidecar | None) -> Sidecar:
        path = now.file if now else self._place(source)
        if path is None:
            raise NotSaved(source.tensor.name, "its run has no folder. Download the tags.")
        if now is None:
            check_new(path.parent, tags.tensor, tags.n_points)
        elif now.problems:
            raise NotSaved(path, now.problems[0])
        file = save_tags_file(self.root, path, tags, now.revision if now else "")
        if file is None:
            return Sidecar(path, None, "")
        saved = Sidecar(path, tags, revision_of(tags_bytes(tags)))
        self._scanner.remember_tags(file, saved)
        return saved

    def bookmarks(self, entry: Entry) -> bytes:
        """Return the bookmarks that a config names for an embedding (see `read_bookmarks`).

        Raises
        ------
        UnknownName
            None are named for it, or it is no longer in this log.
        LoadError
            They can not be read.
        """
        source = self._source(entry)
        if source.bookmarks is None:
            raise UnknownName("file of bookmarks for", entry.name)
        return read_bookmarks(source.bookmarks)

    def _place(self, source: Source) -> Path | None:
        folder = self._folders.get(source.run)
        if folder is None or not self.tags_beside:
            return None
        return file_for(folder, source.tensor.name, source.n_points)

    def _give(self, key: _TagsKey, saved: Sidecar) -> None:
        for source in self._sources.values():
            if _tags_key(source) == key:
                source.tags = saved if saved.tags else None
        old = self._listing
        entries = tuple(self._sources[entry.id].entry(self.root) for entry in old.entries)
        self._listing = Listing(old.root, entries, old.problems, old.runs)

    def _source(self, entry: Entry) -> Source:
        source = self._sources.get(entry.id)
        if source is None:
            raise UnknownName("embedding", entry.name, [e.name for e in self.entries])
        return source


def _tags_key(source: Source) -> _TagsKey:
    return (source.run, source.tensor.name, source.n_points)


def load_source(source: Source) -> Dataset:
    """Read what a source stands for; see `Log.load`."""
    try:
        loaded = source.loader.load(source.file, source.tensor)
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(source.file.path, error) from error
    warnings = [*loaded.warnings, *source.notes]
    n_points = loaded.values.shape[0] if loaded.values.ndim == 2 else 0
    if not n_points:
        raise LoadError(
            source.file.path,
            f"has the shape {loaded.values.shape} now, expected rows and columns. Refresh.",
        )
    metadata = _metadata(source, loaded, n_points, warnings)
    sprite = _sprite(source, n_points, warnings)
    try:
        data = Dataset(
            with_true_offset(loaded.values),
            metadata,
            sprite,
            name=source.tensor.name,
            run=source.run,
            step=source.step,
            warnings=warnings,
        )
    except ProjectorError as error:
        raise LoadError(source.file.path, str(error)) from None
    return _tell_nonfinite(data)


def _metadata(source: Source, loaded: Loaded, n_points: int, warnings: list[str]) -> Metadata:
    columns = loaded.columns
    if source.metadata is not None:
        try:
            table, told = read_metadata(source.metadata.real, n_points)
            warnings += told
            columns = (*columns, *table.columns)
            if source.guessed:
                warnings.append(source.guessed)
        except ProjectorError as error:
            warnings.append(str(error))
    return Metadata(columns)


def _sprite(source: Source, n_points: int, warnings: list[str]) -> Sprite | None:
    if source.sprite is None:
        return None
    try:
        data = read_all(source.sprite.real, limit=1 << 28, what="a sprite")
        sprite, told = read_sprite(data, source.tile, n_points)
        warnings += [f"{source.sprite.name}: {each}" for each in told]
        return sprite
    except LoadError as error:
        warnings.append(str(error))
    except DataError as error:
        warnings.append(f"{source.sprite.name}: {error}")
    return None


def _tell_nonfinite(data: Dataset) -> Dataset:
    """Say how many rows have no place in a picture, and which.

    Only where it costs no pass over a large memory map: the pictures' own computations check
    every row again.
    """
    if data.vectors.size > 1 << 24:
        return data
    lost = (~data.finite_rows).nonzero()[0]
    if not len(lost):
        return data
    rows = ", ".join(str(row) for row in lost[:8]) + (" …" if len(lost) > 8 else "")
    told = f"{len(lost):,} rows hold NaN or infinity and can not be placed: rows {rows}."
    return Dataset(data.embedding, data.metadata, data.sprite, warnings=(*data.warnings, told))


def _narrow(kind: str, wanted: str, named: list[tuple[str, Entry]]) -> list[Entry]:
    found = list(dict.fromkeys(entry for name, entry in named if name == wanted))
    if not found:
        raise UnknownName(kind, wanted, dict.fromkeys(name for name, _ in named))
    return found


def open_logdir(path: str | Path) -> Log:
    """Look through a log directory, or at a single file; no tensor is read.

    Parameters
    ----------
    path : str or Path
        What is wrong inside a directory becomes a problem of the log, never an error.

    Raises
    ------
    LoadError
        There is nothing at `path`.
    """
    return Log(existing(path))


def existing(path: str | Path) -> Path:
    """Return a path that a person gave, resolved; it must be there."""
    try:
        return Path(path).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise LoadError(Path(path), f"{told}. Give a path that exists.") from None
