"""List the files of a log directory, each by the loader that takes it, nothing read twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import (
    UNEXPECTED_ERRORS,
    File,
    FileProblem,
    Found,
    Loader,
    unexpected_error,
)
from projector.loaders.companions.bookmarks import read_bookmarks
from projector.loaders.formats.registry import BY_NAME, LOADERS
from projector.loaders.formats.text.lines import count_lines, looks_like_text
from projector.loaders.logdir.config_file import Config, is_config, read_config
from projector.loaders.tags.sidecar import Sidecar, read_sidecar

#: Never an embedding; not even opened.
_FOREIGN = frozenset(
    str.split(
        """
        .png .jpg .jpeg .gif .bmp .webp .svg .ico .pdf .html .htm .css .js .ts .py .pyc .ipynb .md
        .rst .yaml .yml .toml .ini .cfg .log .sh .c .h .cc .cpp .so .mp3 .wav .flac .ogg .mp4 .avi
        .xml .tex .lock .whl .proto .meta .pb .tgz .xz .zst .7z .lnk .exe .dll .db .sqlite .out .err
        .pid .sock
        """
    )
)


@dataclass(frozen=True)
class Listed:
    """A file and what its loader found in it."""

    file: File
    loader: Loader
    found: Found


@dataclass
class Scanner:
    """Lists files and remembers what it read for as long as they do not change."""

    _listed: dict[Path, tuple[Any, Listed | None]] = field(default_factory=dict)
    #: Files of the last walk, by their path.
    known: dict[str, File] = field(default_factory=dict)
    _configs: dict[Path, tuple[Any, Config]] = field(default_factory=dict)
    _lines: dict[Path, tuple[Any, int]] = field(default_factory=dict)
    _tags: dict[Path, tuple[Any, Sidecar]] = field(default_factory=dict)
    _bookmarks: dict[Path, tuple[Any, LoadError | None]] = field(default_factory=dict)

    def list(self, file: File) -> Listed | None:
        """Return what is in `file`, or None where no loader takes it."""
        kept = self._listed.get(file.path)
        if kept is not None and kept[0] == _signature(file, kept[1]):
            return kept[1]
        listed = _list(file)
        self._listed[file.path] = (_signature(file, listed), listed)
        return listed

    def config(self, file: File) -> Config:
        """Return a config file's content."""
        kept = self._configs.get(file.path)
        if kept is None or kept[0] != file.signature:
            kept = (file.signature, read_config(file))
            self._configs[file.path] = kept
        return kept[1]

    def n_lines(self, file: File) -> int:
        """Return how many lines a metadata file has; 0 where it can not be read."""
        kept = self._lines.get(file.path)
        if kept is None or kept[0] != file.signature:
            try:
                count = count_lines(file, blank=True)
            except LoadError:
                count = 0
            kept = (file.signature, count)
            self._lines[file.path] = kept
        return kept[1]

    def tags(self, file: File) -> Sidecar:
        """Return what a file of tags says."""
        kept = self._tags.get(file.path)
        if kept is None or kept[0] != file.signature:
            kept = (file.signature, read_sidecar(file))
            self._tags[file.path] = kept
        return kept[1]

    def remember_tags(self, file: File, sidecar: Sidecar) -> None:
        """Take it as known what a file of tags says: it was just written."""
        self._tags[file.path] = (file.signature, sidecar)

    def check_bookmarks(self, file: File) -> None:
        """Raise LoadError unless a file holds bookmarks."""
        kept = self._bookmarks.get(file.path)
        if kept is None or kept[0] != file.signature:
            fault: LoadError | None = None
            try:
                read_bookmarks(file)
            except LoadError as error:
                fault = error
            kept = (file.signature, fault)
            self._bookmarks[file.path] = kept
        if kept[1] is not None:
            raise kept[1]

    def forget(self, alive: set[Path]) -> None:
        """Drop what was remembered of files that are gone."""
        for memory in (self._listed, self._configs, self._lines, self._tags, self._bookmarks):
            for path in memory.keys() - alive:
                del memory[path]


def is_candidate(file: File) -> bool:
    """Tell whether a file could hold vectors at all."""
    return ("tfevents" in file.name or file.path.suffix.lower() not in _FOREIGN) and not is_config(
        file
    )


def list_named(file: File, shape: tuple[int, ...]) -> Listed:
    """List a file that a config names as a tensor: it must be one.

    Raises
    ------
    LoadError
        It is nothing that can be read.
    """
    loader = next((each for each in LOADERS if each.sniff(file)), None)
    raw = BY_NAME["raw-float32"]
    if loader is None and shape and not looks_like_text(file.head()):
        loader = raw
    if loader is None:
        loader = BY_NAME["tensors-tsv"]
    if loader is raw and shape:
        return Listed(file, raw, raw.shaped(file, shape))  # type: ignore[attr-defined]
    try:
        return Listed(file, loader, loader.list(file))
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error


def _list(file: File) -> Listed | None:
    loader = None
    try:
        loader = next((each for each in LOADERS if each.sniff(file)), None)
        return None if loader is None else Listed(file, loader, loader.list(file))
    except (LoadError, *UNEXPECTED_ERRORS) as raised:
        error = raised if isinstance(raised, LoadError) else unexpected_error(file.path, raised)
        place = f"{error.place}: " if error.place else ""
        problem = FileProblem(place + error.message)
        return Listed(file, loader or LOADERS[0], Found(problems=(problem,)))


def _signature(file: File, listed: Listed | None) -> Any:
    """Return what must stay equal for a listing to stay true."""
    if listed is None or not (listed.found.parts or listed.found.problems):
        return file.signature
    # Shards and what is missing beside it count as well.
    return (file.signature, tuple(each.signature for each in file.folder.values()))
