"""Several log directories as one: each is a group, whose name its runs begin with."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from projector.api.panels import failed_plugins
from projector.api.session.logdir_catalog import LogdirCatalog
from projector.errors import ParameterError, UnknownNameError
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.logdir.existing_path import existing
from projector.loaders.logdir.run import Run, grouped
from projector.loaders.remote.mirrors import local_path
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Entry, Listing, Problem, RemoteUse
from projector.model.partitioned import PartitionedDataset
from projector.model.tags import Tags


class GroupedLogs:
    """A `Catalog` of several log directories or files.

    Parameters
    ----------
    sources : mapping of str to Path
        Name of the group, and its log directory or file.
    save_sidecars : bool
        Whether tags are saved in sidecar files next to the data.
    on_found : callable
        Called during the first refresh whenever more was found.
    """

    def __init__(
        self, sources: Mapping[str, Path], *, save_sidecars: bool, on_found: Callable[[], None]
    ) -> None:
        self._logs = {
            name: LogdirCatalog(existing(path), save_sidecars=save_sidecars, on_found=on_found)
            for name, path in sources.items()
        }
        self.save_sidecars = save_sidecars
        #: The listings of the groups, what they were joined to, and where each entry is from.
        self._joined: tuple[tuple[Listing, ...], Listing, dict[str, tuple[LogdirCatalog, Entry]]]
        self._joined = ((), Listing(self.root), {})

    @property
    def root(self) -> Path:
        """The folder that all of them are in."""
        return Path(os.path.commonpath([log.root for log in self._logs.values()]))

    @property
    def watched(self) -> tuple[Path, ...]:
        """The log directories and files on this machine, as they were named."""
        return tuple(path for log in self._logs.values() for path in log.watched)

    @property
    def remote(self) -> tuple[RemoteUse, ...]:
        """What each remote one has cost so far."""
        return tuple(use for log in self._logs.values() for use in log.remote)

    @property
    def is_outdated(self) -> bool:
        """Whether an object of a remote one was found to be another one than listed."""
        return any(log.is_outdated for log in self._logs.values())

    @property
    def listing(self) -> Listing:
        """Entries and problems of all, the groups in the order in which they were named."""
        return self._join()[0]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every training run of every group."""
        tensors: dict[str, list[Entry]] = {}
        for entry in self.listing.entries:
            tensors.setdefault(entry.run, []).append(entry)
        return tuple(
            run.under(name, tensors.get(grouped(name, run.name), ()))
            for name, log in self._logs.items()
            for run in log.runs
        )

    def refresh(self, touched: Collection[str] | None = None, /, *, elsewhere: bool = True) -> bool:
        """Read again what has changed; return whether the listing is different."""
        changed = [
            log.refresh(None if touched is None else _of(log, touched), elsewhere=elsewhere)
            for log in self._logs.values()
            if touched is None or _of(log, touched)
        ]
        return any(changed)

    def load(
        self,
        entry: Entry,
        *,
        tags: bool = True,
        on_vectors: Callable[[Dataset], object] = lambda vectors: None,
    ) -> Dataset:
        """Return the dataset of an entry; see `Log.load`."""
        log, own = self._find(entry)
        return log.load(own, tags=tags, on_vectors=on_vectors)

    def parts(self, entry: Entry) -> PartitionedDataset | None:
        """Return an entry whose vectors are in several files by these; see `Log.parts`."""
        log, own = self._find(entry)
        return log.parts(own)

    def tagged(self, entry: Entry, data: Dataset) -> Dataset:
        """Return a dataset that was loaded without tags, with the current tags."""
        log, own = self._find(entry)
        return log.tagged(own, data)

    def tags(self, entry: Entry) -> Tags:
        """Return the tags of an entry's tensor."""
        log, own = self._find(entry)
        return log.tags(own)

    def sidecar(self, entry: Entry) -> Sidecar:
        """Return where an entry's tags are stored, or will be."""
        log, own = self._find(entry)
        return log.sidecar(own)

    def save_tags(
        self, entry: Entry, tags: Tags, *, expected: str | None = None, to_file: bool = True
    ) -> Sidecar:
        """Replace an entry's tags; see `Log.save_tags`."""
        log, own = self._find(entry)
        return log.save_tags(own, tags, expected=expected, to_file=to_file)

    def bookmarks(self, entry: Entry) -> bytes:
        """Return the bookmarks that a config names for an entry, as JSON."""
        log, own = self._find(entry)
        return log.bookmarks(own)

    def media(self, entry: Entry, named: str) -> tuple[bytes, str]:
        """Return the image or sound that a metadata value names, and its media type."""
        log, own = self._find(entry)
        return log.media(own, named)

    def scalars(self, entry: Entry) -> tuple[dict[str, Series], list[str]]:
        """Return the scalars of an entry's run by tag, and why reading ended early."""
        log, own = self._find(entry)
        return log.scalars(own)

    def _find(self, entry: Entry) -> tuple[LogdirCatalog, Entry]:
        found = self._join()[1].get(entry.id)
        if found is None:
            known = [each.name for each in self.listing.entries]
            raise UnknownNameError("embedding", entry.name, known)
        return found

    def _join(self) -> tuple[Listing, dict[str, tuple[LogdirCatalog, Entry]]]:
        """Return the joined listing, the same object as long as no group has changed."""
        kept = self._joined
        parts = tuple(log.listing for log in self._logs.values())
        if list(map(id, kept[0])) != list(map(id, parts)):
            kept = self._joined = (parts, *self._joined_again(parts))
        return kept[1], kept[2]

    def _joined_again(
        self, parts: Sequence[Listing]
    ) -> tuple[Listing, dict[str, tuple[LogdirCatalog, Entry]]]:
        entries: dict[str, tuple[LogdirCatalog, Entry]] = {}
        shown: list[Entry] = []
        for (name, log), part in zip(self._logs.items(), parts, strict=True):
            for own in part.entries:
                entry = replace(own, run=grouped(name, own.run), path=f"{name}/{own.path}")
                entries[entry.id] = (log, own)
                shown.append(entry)
        named = list(zip(self._logs, parts, strict=True))
        seen = [part.n_seen for part in parts if part.n_seen is not None]
        listing = Listing(
            self.root,
            tuple(shown),
            tuple(
                dict.fromkeys(
                    _problem(name, each) for name, part in named for each in part.problems
                )
            ),
            tuple(grouped(name, run) for name, part in named for run in part.runs),
            is_missing=all(part.is_missing for part in parts),
            n_seen=sum(seen) if seen else None,
        )
        return listing, entries


def _problem(group: str, problem: Problem) -> Problem:
    """Return a problem as one of a group; what is wrong with a plug-in is so in all of them."""
    if any(problem.message == failure.message for failure in failed_plugins("loader")):
        return problem
    run, path = grouped(group, problem.run), grouped(group, problem.path)
    return replace(problem, run=run, path=path)


def groups_of(sources: Iterable[str | Path]) -> dict[str, Path] | None:
    """Return the groups that several paths are; None if they are files that belong together.

    Parameters
    ----------
    sources : iterable of str or Path
        A path or an address, or a name and one: ``"mine=runs/exp1"``. Without a name a group is
        called as its folder; where two are called alike, as much of the path is added as tells
        them apart.

    Raises
    ------
    ParameterError
        Two have the same name, or a path is given twice.
    """
    named = [named_path(source) for source in sources]
    if not any(name is not None or path.is_dir() for name, path in named):
        return None
    paths = [Path(os.path.abspath(path)) for _, path in named]
    for path in paths:
        if paths.count(path) > 1:
            raise ParameterError(f"{path} is given twice. Leave one of them out.")
    given = [name for name, _ in named]
    unnamed = [path for name, path in zip(given, paths, strict=True) if name is None]
    names = [name or _told_apart(path, unnamed) for name, path in zip(given, paths, strict=True)]
    for name in names:
        if names.count(name) > 1:
            raise ParameterError(
                f"Two log directories have the name {name!r}. Give others, such as "
                f"--logdir other={paths[names.index(name)]}."
            )
    return dict(zip(names, paths, strict=True))


def named_path(source: str | Path) -> tuple[str | None, Path]:
    """Return name and path of ``"NAME=PATH"``; no name if all of it is a path that exists."""
    name, named = named_source(source)
    return name, local_path(named)


def named_source(source: str | Path) -> tuple[str | None, str]:
    """Return name and path, or address, of ``"NAME=PATH"``; nothing is looked at elsewhere."""
    text = os.fspath(source)
    name, sign, path = text.partition("=")
    if not sign or not name or os.path.lexists(text) or "/" in name or os.sep in name:
        return None, text
    return name, path


def _told_apart(path: Path, paths: Sequence[Path]) -> str:
    """Return the last parts of a path, as many as no other path ends with."""
    others = [each for each in paths if each != path]
    for count in range(1, len(path.parts)):
        ending = path.parts[-count:]
        if not any(each.parts[-count:] == ending for each in others):
            return "/".join(ending)
    return path.as_posix().strip("/")


def _of(log: LogdirCatalog, touched: Collection[str]) -> list[str]:
    """Return those of the touched paths that are of a log directory."""
    own = str(log.name)
    return [path for path in touched if path == own or path.startswith(own + os.sep)]
