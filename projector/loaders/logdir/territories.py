"""Divides a log directory into territories, each of which is searched by itself.

A folder right below the log directory is one, with all that is below, unless something that it
shares with others decides what is found: a series over folders, labels beside, a config that names
files elsewhere. All that is shared is searched together, as the common territory. So a change costs
the territory that it is in, and what was found first can be shown while the rest is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.loaders.companions.label_files import may_be_labels
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.config_file import is_config
from projector.loaders.logdir.part_labels import MOST_FOLDERS
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.search import Searched, search
from projector.loaders.logdir.series import is_of_itself
from projector.loaders.logdir.surroundings import Surroundings
from projector.loaders.logdir.vectors import may_be_joined
from projector.loaders.logdir.walk import Folder
from projector.loaders.partitioned.part_paths import hive_key
from projector.loaders.safe_files import printable

#: Small folders are searched together up to so many files, as each search has costs of its own.
_TOGETHER = 200
#: Of a large common territory some files are searched before all, up to so many of each folder.
_LARGE, _PREVIEWED, _OF_EACH = 1000, 1000, 64
#: After so many searches, most of which show that something is shared, the others are not tried.
_TRIED = 8


def _is_apart(folder: str) -> bool:
    """Tell whether what is in a folder of this name never belongs to what is beside it."""
    return is_of_itself(folder) and hive_key(folder) is None


@dataclass(frozen=True, eq=False)
class Territory:
    """Some folders, and what was found in them.

    Attributes
    ----------
    tops : tuple of str
        The paths of those that are right below the log directory.
    folders : tuple of Folder
    outlook : object
        What was seen of the log directory from inside; another one asks for another search.
    found : Searched
    """

    tops: tuple[str, ...]
    folders: tuple[Folder, ...]
    outlook: object
    found: Searched

    def holds(self, folders: Sequence[Folder], outlook: object) -> bool:
        """Tell whether a search of these folders would find the same again."""
        return (
            self.found.lasts
            and (self.outlook is None or self.outlook == outlook)
            and len(self.folders) == len(folders)
            and all(now is then for now, then in zip(folders, self.folders, strict=True))
        )


@dataclass
class Division:
    """The territories of a log directory.

    Attributes
    ----------
    own : dict of str to Territory
        By the path of each of their topmost folders.
    common : Territory or None
    shared : set of str
        Topmost folders of what is in the common territory, because a search showed it.
    """

    own: dict[str, Territory] = field(default_factory=dict)
    common: Territory | None = None
    shared: set[str] = field(default_factory=set)

    @property
    def territories(self) -> list[Territory]:
        """Each territory of topmost folders, once."""
        return [each for top, each in self.own.items() if top == each.tops[0]]

    @property
    def found(self) -> Iterator[Searched]:
        """What was found, the common territory first."""
        if self.common is not None:
            yield self.common.found
        yield from (each.found for each in self.territories)


class Divider:
    """Searches a log directory part by part.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    scanner : Scanner
    before : Division
        Of the last search; what did not change is taken from it.
    tell : callable
        Called with what is found so far, after each part and while files are looked at.
    """

    def __init__(
        self, root: Path, scanner: Scanner, before: Division, tell: Callable[[Division], None]
    ) -> None:
        self._root = root
        self._scanner = scanner
        self._before = before
        self._tell = tell
        self._now = Division()
        self._rest: list[list[Folder]] = []
        self._order: dict[str, int] = {}
        self._n_tried = 0
        self._top: Folder | None = None
        self._outlook: object = None
        #: Parts that are searched next, and those that were searched together before.
        self._next: list[list[Folder]] = []
        self._next_files = 0
        self._again: dict[str, list[list[Folder]]] = {}

    def add(self, part: list[Folder]) -> None:
        """Take the next part of the walk: the root alone, then each folder in it."""
        if not part:
            return
        where, n_files = part[0].where, sum(len(folder.files) for folder in part)
        self._order[where] = len(self._order)
        before = self._before.own.get(where)
        if where == str(self._root):
            self._begin(part)
        elif self._top is None or not _is_apart(os.path.basename(where)):
            self._rest.append(part)
        elif where in self._before.shared or self._is_hopeless():
            self._share(part)
        elif before is not None:
            self._again.setdefault(before.tops[0], []).append(part)
        else:
            self._next.append(part)
            self._next_files += n_files
            if self._next_files >= _TOGETHER:
                self._search_next()
        self.tell()

    def finish(self) -> Division:
        """Search what is left, and what is shared, and return everything."""
        for top, parts in self._again.items():
            kept = self._before.own[top]
            if kept.holds([folder for part in parts for folder in part], self._outlook):
                self._now.own |= dict.fromkeys(kept.tops, kept)
            else:
                self._search_apart(parts)
        self._search_next()
        folders = {f.where: f for each in self._now.territories for f in each.folders}
        folders |= {folder.where: folder for part in self._rest for folder in part}
        for territory in self._now.territories:
            self._share_with(territory, territory.found, folders)
        while self._search_common(folders):
            pass
        return self._now

    def tell(self) -> None:
        """Tell what is found so far."""
        self._tell(self._now)

    def _preview(self, common: list[Folder], folders: Mapping[str, Folder]) -> None:
        """Search some files of a large territory that nothing is known of, so that they show."""
        if self._before.common is not None or self._now.common is not None:
            return
        if sum(len(folder.files) for folder in common) < _LARGE:
            return
        some: list[Folder] = []
        n_files = 0
        for folder in common:
            some.append(_part_of(folder))
            n_files += len(some[-1].files)
            if n_files >= _PREVIEWED:
                break
        found = search(self._root, some, Surroundings(some, folders), self._scanner)
        self._now.common = Territory((), tuple(some), None, found)
        self._tell(self._now)

    def _begin(self, part: list[Folder]) -> None:
        self._rest.append(part)
        (top,) = part
        if any(is_config(file) or is_event_file(file.name) for file in top.files.values()):
            return  # everything below is of one run
        self._top = top
        self._outlook = (top.label_folders, top.folders[: MOST_FOLDERS + 1])

    def _share(self, part: list[Folder]) -> None:
        self._now.shared.add(part[0].where)
        self._rest.append(part)

    def _is_hopeless(self) -> bool:
        return self._n_tried >= _TRIED and 2 * len(self._now.shared) > self._n_tried

    def _search_next(self) -> None:
        parts, self._next, self._next_files = self._next, [], 0
        if parts:
            self._search_apart(parts)

    def _search_apart(self, parts: list[list[Folder]]) -> None:
        """Search parts by themselves; those that are no territory of their own are shared."""
        assert self._top is not None, "only parts below a root that is no run are searched apart"
        if self._is_hopeless():
            for part in parts:
                self._share(part)
            return
        folders = [folder for part in parts for folder in part]
        tops = tuple(part[0].where for part in parts)
        around = Surroundings(folders, {self._top.where: self._top})
        found = search(self._root, folders, around, self._scanner)
        self._n_tried += 1
        if _is_closed(self._root, tops, found):
            outlook = self._outlook if found.asked else None
            territory = Territory(tops, tuple(folders), outlook, found)
            self._now.own |= dict.fromkeys(tops, territory)
        elif len(parts) == 1:
            self._share(parts[0])
        else:
            for part in parts:
                self._search_apart([part])

    def _share_with(
        self, territory: Territory | None, found: Searched, folders: Mapping[str, Folder]
    ) -> bool:
        """Share a territory that looked for labels where there are some, and where these are.

        Files that a config of the common territory names are shared, too. Returns whether anything
        is now.
        """
        met = [each for each in found.asked if each in folders and _has_tables(folders[each])]
        met += [os.path.normpath(each) for each in found.used] if territory is None else []
        if not met:
            return False
        owners = {self._now.own.get(self._top_of(each)) for each in met} | {territory}
        is_any = False
        for owner in owners:
            if owner is not None and owner.tops[0] in self._now.own:
                is_any = True
                for part in _parts_of(owner):
                    del self._now.own[part[0].where]
                    self._share(part)
        return is_any

    def _top_of(self, where: str) -> str:
        """Return the topmost folder above a path; the root for itself."""
        start = len(str(self._root).rstrip(os.sep)) + 1
        end = where.find(os.sep, start)
        return where if end < 0 else where[:end]

    def _search_common(self, folders: Mapping[str, Folder]) -> bool:
        """Search what is shared; return whether more of it turned out to be."""
        parts = sorted(self._rest, key=lambda part: self._order[part[0].where])
        common = [folder for part in parts for folder in part]
        below = any(each.found.has_scalars for each in self._now.own.values())
        kept = self._before.common
        outlook = (below, self._outlook)
        if kept is not None and kept.holds(common, outlook):
            self._now.common = kept
            return False
        self._preview(common, folders)
        around = Surroundings(common, folders)
        found = search(self._root, common, around, self._scanner, scalars_below=below)
        self._now.common = Territory((), tuple(common), outlook, found)
        return self._share_with(None, found, folders)


def _part_of(folder: Folder) -> Folder:
    """Return a folder with its first and last files alone, where the first and last steps are."""
    if len(folder.files) <= _OF_EACH:
        return folder
    names = list(folder.files)
    chosen = (*names[: _OF_EACH // 2], *names[-_OF_EACH // 2 :])
    return replace(folder, files={name: folder.files[name] for name in chosen})


def _parts_of(territory: Territory) -> Iterator[list[Folder]]:
    """Give the topmost folders of a territory, each with all that is below."""
    part: list[Folder] = []
    for folder in territory.folders:
        if part and folder.where in territory.tops:
            yield part
            part = []
        part.append(folder)
    yield part


def _is_closed(root: Path, tops: Sequence[str], found: Searched) -> bool:
    """Tell whether what was found in some folders says nothing of what lies beside them."""
    start = len(str(root).rstrip(os.sep)) + 1
    names = {top[start:] for top in tops}

    def is_inside(where: str) -> bool:
        return where[start:].partition(os.sep)[0] in names and where.startswith(str(root))

    if found.configs:
        if not found.knows_all or not all(map(is_inside, found.used)):
            return False
        if not all(is_inside(str(config.run_folder)) for config in found.configs):
            return False
    runs = {each.source.run for each in found.sources}
    shown = {printable(name) for name in names}
    if not all(run.partition(os.sep)[0] in shown for run in runs):
        return False
    inner = set(tops)
    return not any(each.file.home in inner and may_be_joined(each) for each in found.listed)


def _has_tables(folder: Folder) -> bool:
    return any(may_be_labels(file) for file in folder.files.values())
