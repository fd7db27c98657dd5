"""Lists the files of a log directory, each with the loader that recognizes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from projector.errors import LoadError
from projector.loaders.base import (
    UNEXPECTED_ERRORS,
    File,
    FileProblem,
    Found,
    Loader,
    NoVectorsError,
    ShapedLoader,
    located_message,
    unexpected_error,
)
from projector.loaders.companions.bookmarks import read_bookmarks
from projector.loaders.companions.label_files import LabelFile, describe
from projector.loaders.formats.registry import LOADERS, find_loader, loader_of_named_tensor
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.formats.text.lines import count_lines
from projector.loaders.logdir.asked_folder import AskedFolder
from projector.loaders.logdir.config_file import Config, is_config, read_config
from projector.loaders.logdir.currency import is_as_listed, read_again
from projector.loaders.logdir.name_numbers import NumberedName, numbered
from projector.loaders.logdir.walk import Walk
from projector.loaders.naming import is_parameter, is_store_marker
from projector.loaders.remote.unread import UnreadNowError
from projector.loaders.tags.sidecar import Sidecar, read_sidecar

T = TypeVar("T")

#: The share of a file's tensors that are called parameters in a state dict; words may be, too.
_PARAMETERS = 0.2

#: Suffixes of files that never contain embeddings; they are not opened.
_FOREIGN = frozenset(
    str.split(
        """
        .png .jpg .jpeg .gif .bmp .webp .svg .ico .pdf .html .htm .css .js .ts .py .pyc .ipynb .md
        .rst .yaml .yml .toml .ini .cfg .log .sh .c .h .cc .cpp .so .mp3 .wav .flac .ogg .mp4 .avi
        .xml .tex .lock .whl .proto .meta .tgz .7z .lnk .exe .dll .out .err
        .pid .sock
        """
    )
)


#: Seconds to wait for a file that is being written to be complete, and for all of a listing.
_PATIENCE, _ALL_PATIENCE = 1.0, 3.0
_PAUSE = 0.025
#: A file that had tensors and has none must rest so long to be believed.
_REST = 0.25


@dataclass(frozen=True)
class Listed:
    """A file, its loader, and what the loader found in it.

    Attributes
    ----------
    is_final : bool
        Whether `found` is of the file's version; else it may be of a later one.
    asked : frozenset of str or None
        Names of other files of the folder, there or not, that decided about it; None for all.
    """

    file: File
    loader: Loader
    found: Found
    is_final: bool = True
    asked: frozenset[str] | None = frozenset()

    @cached_property
    def is_state_dict(self) -> bool:
        """Whether its tensors are a model's parameters, by their names."""
        tensors = self.found.tensors
        named = sum(tensor.role == "slot" or is_parameter(tensor.name) for tensor in tensors)
        return named > _PARAMETERS * len(tensors)

    @cached_property
    def numbered(self) -> NumberedName:
        """The file's name, taken apart."""
        return numbered(self.file.stem)

    @cached_property
    def signature(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What files of one series have in common: names and shapes of what is no slot."""
        return tuple(
            sorted(
                ("" if tensor.whole else tensor.name, tensor.shape)
                for tensor in self.found.tensors
                if tensor.role != "slot" and tensor.is_matrix
            )
        )


class _Cache(Generic[T]):
    """What was read from files, for as long as they do not change."""

    def __init__(self) -> None:
        self.is_done = True
        self._kept: dict[str, tuple[Any, T]] = {}

    def get(self, file: File, read: Callable[[File], T]) -> T:
        kept = self._kept.get(file.where)
        if kept is not None and kept[0] == file.signature:
            return kept[1]
        is_settled = file.is_settled
        value = read(file)
        if is_settled and (file.is_read or is_as_listed(file)):
            self._kept[file.where] = (file.signature, value)
        else:  # it may be of another version, so the next refresh reads it again
            self._kept.pop(file.where, None)
            self.is_done = False
        return value

    def put(self, file: File, value: T) -> None:
        self._kept[file.where] = (file.signature, value)

    def forget(self, alive: set[str]) -> None:
        for path in self._kept.keys() - alive:
            del self._kept[path]


class Scanner:
    """Reads what a listing needs of each file, and remembers it until the file changes.

    Attributes
    ----------
    n_seen : int
        Files that were asked for in this listing.
    after_each : callable
        Called after each of them.
    """

    def __init__(self) -> None:
        self.n_seen = 0
        self.after_each: Callable[[], None] = lambda: None
        self._is_done = True
        self._walk: Walk | None = None
        self._patience = 0.0
        self._names: dict[int, tuple[Mapping[str, File], int]] = {}
        self._listed: dict[str, tuple[Any, Listed | None]] = {}
        self._configs: _Cache[Config] = _Cache()
        self._lines: _Cache[int] = _Cache()
        self._tags: _Cache[Sidecar] = _Cache()
        self._bookmarks: _Cache[LoadError | None] = _Cache()
        self._labels: _Cache[LabelFile | None] = _Cache()
        caches = (self._configs, self._lines, self._tags, self._bookmarks, self._labels)
        self._caches: tuple[_Cache[Any], ...] = caches
        self.begin()

    def begin(self) -> None:
        """Begin a listing: have patience again with files that are being written."""
        self.n_seen = 0
        self._patience = _ALL_PATIENCE
        self._names = {}
        self.begin_part()

    def begin_part(self) -> None:
        """Begin with a part of the listing: `is_done` is about what follows."""
        self._is_done = True
        for cache in self._caches:
            cache.is_done = True

    @property
    def is_done(self) -> bool:
        """Whether everything asked for in this part is remembered, so that it lasts."""
        return self._is_done and all(cache.is_done for cache in self._caches)

    def walk(self, root: Path) -> Walk:
        """Return the walk of a log directory, which remembers what it saw."""
        if self._walk is None or self._walk.root != root:
            self._walk = Walk(root)
        return self._walk

    def list(self, file: File) -> Listed | None:
        """Return what is in `file`, or None where no loader recognizes it."""
        found = self._list(file)
        self.n_seen += 1
        self.after_each()
        return found

    def _list(self, file: File) -> Listed | None:
        kept = self._listed.get(file.where)
        if kept is not None and kept[0] == self._signature(file, kept[1]):
            return kept[1]
        had_tensors = kept is not None and kept[1] is not None and bool(kept[1].found.tensors)
        listed, rests = self._list_again(file, had_tensors=had_tensors)
        if kept is not None and kept[1] is not None and had_tensors and not rests:
            # It will have tensors again when it is written, and then it is listed again.
            self._is_done = False
            return replace(kept[1], file=file, is_final=False)
        if listed is None or listed.is_final:
            at = listed.file if listed else file
            self._listed[file.where] = (self._signature(at, listed), listed)
            if listed is not None and not _may_be_labels(listed.found):
                at.forget_content()
        else:
            self._is_done = False
        return listed

    def _signature(self, file: File, listed: Listed | None) -> Any:
        """Return what must stay equal for a listing to stay valid."""
        if is_store_marker(file.name, file.home):
            return file.content
        if listed is None or not (listed.found.parts or listed.found.problems):
            return file.signature
        # Shards count as well, and so does a missing file that has appeared since. All other
        # files of the folder do not: each that changed would cost every bad one again.
        names = {part.name for part in listed.found.parts} | (listed.asked or frozenset())
        beside = ((name, file.folder.get(name)) for name in sorted(names))
        parts = tuple((name, each.signature if each else None) for name, each in beside)
        return (file.signature, self._names_in(file.folder) if listed.asked is None else 0, parts)

    def _names_in(self, folder: Mapping[str, File]) -> int:
        """Return a number that changes with the names in a folder; found once in a listing."""
        kept = self._names.get(id(folder))
        if kept is None or kept[0] is not folder:
            names = folder.files if isinstance(folder, AskedFolder) else folder
            kept = (folder, hash(tuple(names)))
            self._names[id(folder)] = kept
        return kept[1]

    def _list_again(self, file: File, *, had_tensors: bool) -> tuple[Listed | None, bool]:
        """List a file, and again as long as it seems to be written; tell whether it rests."""
        began = quiet_since = time.monotonic()
        until = began + min(_PATIENCE, self._patience)
        rest = _REST if had_tensors else 0.0
        while True:
            was_settled = file.is_settled
            listed = _list(file)
            if listed is not None and (listed.found.tensors or not listed.found.problems):
                return listed, True
            now = time.monotonic()
            quiet = min(now - quiet_since, file.version.age if file.version else rest)
            if was_settled and is_as_listed(file) and quiet >= rest:
                return listed, True
            if now >= until:
                return listed, False
            time.sleep(_PAUSE)
            self._patience -= time.monotonic() - now
            fresh = read_again(file)
            if fresh is None:
                return listed, True
            if fresh.signature != file.signature:
                file, quiet_since = fresh, now

    def config(self, file: File) -> Config:
        """Return the content of a config file."""
        return self._configs.get(file, read_config)

    def n_lines(self, file: File) -> int:
        """Return how many lines a metadata file has; 0 where it cannot be read."""
        return self._lines.get(file, _n_lines)

    def labels(self, file: File) -> LabelFile | None:
        """Return what a file of labels has, or None if it has none."""
        return self._labels.get(file, describe)

    def tags(self, file: File) -> Sidecar:
        """Return the content of a file of tags."""
        return self._tags.get(file, read_sidecar)

    def remember_tags(self, file: File, sidecar: Sidecar) -> None:
        """Remember the content of a file of tags that was just written."""
        self._tags.put(file, sidecar)

    def check_bookmarks(self, file: File) -> None:
        """Raise LoadError unless a file contains bookmarks."""
        error = self._bookmarks.get(file, _bookmarks_error)
        if error is not None:
            raise error

    def forget(self, alive: set[str]) -> None:
        """Drop what was remembered of files that no longer exist."""
        for path in self._listed.keys() - alive:
            del self._listed[path]
        for cache in self._caches:
            cache.forget(alive)


def _may_be_labels(found: Found) -> bool:
    """Tell whether a file may be looked into again, because it is no embedding beyond doubt."""
    return not found.tensors or any(tensor.doubtful for tensor in found.tensors)


def is_candidate(file: File) -> bool:
    """Tell whether a file can contain vectors at all."""
    if is_config(file):
        return False
    if file.suffix not in _FOREIGN or is_event_file(file.name):
        return True
    return file.suffix in LOADERS.plugin_suffixes


def list_named(file: File, shape: tuple[int, ...]) -> Listed:
    """List a file that a config names as a tensor.

    Parameters
    ----------
    file : File
    shape : tuple of int
        As the config gives it; empty where it gives none.

    Raises
    ------
    LoadError
        It cannot be read as a tensor.
    """
    is_settled = file.is_settled
    loader = loader_of_named_tensor(file, has_shape=bool(shape))
    try:
        if shape and isinstance(loader, ShapedLoader):
            found = loader.with_shape(file, shape)
        else:
            found = loader.list(file)
        return Listed(file, loader, found, is_settled and is_as_listed(file))
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error


def _list(file: File) -> Listed | None:
    is_settled = file.is_settled
    loader, is_final = None, True
    if isinstance(file.folder, AskedFolder):
        file.folder.begin()
    try:
        loader = find_loader(file)
        if loader is None:
            return None
        found = loader.list(file)
    except (LoadError, *UNEXPECTED_ERRORS) as raised:
        error = raised if isinstance(raised, LoadError) else unexpected_error(file.path, raised)
        found = Found(problems=(_problem_of(error),))
        is_final = not isinstance(error, UnreadNowError)
    watched = found.parts if file.is_read else (file, *found.parts)
    is_final = is_final and is_settled and all(map(is_as_listed, watched))
    asked = file.folder.asked if isinstance(file.folder, AskedFolder) else None
    return Listed(file, loader or LOADERS[0], found, is_final, asked)


def _problem_of(error: LoadError) -> FileProblem:
    return FileProblem(located_message(error), lacks_vectors=isinstance(error, NoVectorsError))


def _n_lines(file: File) -> int:
    try:
        return count_lines(file, blank=True)
    except LoadError:
        return 0


def _bookmarks_error(file: File) -> LoadError | None:
    try:
        read_bookmarks(file)
    except LoadError as error:
        return error
    return None
