"""Divides a log directory into territories, each of which is searched by itself.

A folder right below the log directory is one, with all that is below, unless something that it
shares with others decides what is found: a series over folders, labels beside, a config that names
files elsewhere. All that is shared is searched together, as the common territory. So a change costs
the territory that it is in, and what was found first can be shown while the rest is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from projector.loaders.safe_files import printable, relative_path

#: After so many folders, most of which share something, the others are not tried.
_TRIED = 8


@dataclass(frozen=True)
class Territory:
    """Some folders, and what was found in them.

    Attributes
    ----------
    folders : tuple of Folder
    outlook : object
        What was seen of the log directory from inside; another one asks for another search.
    found : Searched
    """

    folders: tuple[Folder, ...]
    outlook: object
    found: Searched

    def holds(self, folders: Sequence[Folder], outlook: object) -> bool:
        """Tell whether a search of these folders would find the same again."""
        return (
            self.found.lasts
            and self.outlook == outlook
            and len(self.folders) == len(folders)
            and all(now is then for now, then in zip(folders, self.folders, strict=True))
        )


@dataclass
class Division:
    """The territories of a log directory.

    Attributes
    ----------
    own : dict of str to Territory
        By the path of their topmost folder.
    common : Territory or None
    shared : set of str
        Topmost folders of what is in the common territory, because a search showed it.
    n_files : int
        Files that were looked at so far.
    """

    own: dict[str, Territory] = field(default_factory=dict)
    common: Territory | None = None
    shared: set[str] = field(default_factory=set)
    n_files: int = 0

    @property
    def found(self) -> Iterator[Searched]:
        """What was found, the common territory first."""
        yield from (each.found for each in (self.common, *self.own.values()) if each is not None)


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
        Called after each part with what is found so far.
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

    def add(self, part: list[Folder]) -> None:
        """Take the next part of the walk: the root alone, then each folder in it."""
        if not part:
            return
        self._order[part[0].where] = len(self._order)
        self._now.n_files += sum(len(folder.files) for folder in part)
        if part[0].where == str(self._root):
            self._begin(part)
        elif not self._is_apart(part):
            self._rest.append(part)
        self._tell(self._now)

    def finish(self) -> Division:
        """Search what is shared, and return everything."""
        folders = {f.where: f for each in self._now.own.values() for f in each.folders}
        folders |= {folder.where: folder for part in self._rest for folder in part}
        for where, territory in list(self._now.own.items()):
            self._share_with(where, territory.found, folders)
        while self._search_common(folders):
            pass
        return self._now

    def _begin(self, part: list[Folder]) -> None:
        self._rest.append(part)
        (top,) = part
        if any(is_config(file) or is_event_file(file.name) for file in top.files.values()):
            return  # everything below is of one run
        self._top = top
        self._outlook = (top.label_folders, top.folders[: MOST_FOLDERS + 1])

    def _is_apart(self, part: list[Folder]) -> bool:
        """Search a part by itself, if it is a territory of its own."""
        where = part[0].where
        if self._top is None or not is_of_itself(os.path.basename(where)):
            return False
        kept = self._before.own.get(where)
        if kept is not None and kept.holds(part, self._outlook if kept.outlook else None):
            self._now.own[where] = kept
            return True
        if where in self._before.shared or self._is_hopeless():
            self._now.shared.add(where)
            return False
        around = Surroundings(part, {self._top.where: self._top})
        found = search(self._root, part, around, self._scanner)
        self._n_tried += 1
        if not _is_closed(self._root, where, found):
            self._now.shared.add(where)
            return False
        self._now.own[where] = Territory(tuple(part), self._outlook if found.asked else None, found)
        return True

    def _is_hopeless(self) -> bool:
        return self._n_tried >= _TRIED and 2 * len(self._now.shared) > self._n_tried

    def _share_with(self, where: str, found: Searched, folders: Mapping[str, Folder]) -> bool:
        """Share a territory that looked for labels where there are some, and where these are.

        Files that a config names elsewhere are shared, too. Returns whether anything is now.
        """
        met = [each for each in found.asked if each in folders and _has_tables(folders[each])]
        met += [os.path.normpath(each) for each in found.used] if where not in self._now.own else []
        if not met:
            return False
        moved = {where} | {self._top_of(each) for each in met}
        owned = [each for each in self._now.own if each in moved]
        for each in owned:
            self._rest.append(list(self._now.own.pop(each).folders))
            self._now.shared.add(each)
        return bool(owned)

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
        around = Surroundings(common, folders)
        found = search(self._root, common, around, self._scanner, scalars_below=below)
        self._now.common = Territory(tuple(common), outlook, found)
        return self._share_with("", found, folders)


def _is_closed(root: Path, where: str, found: Searched) -> bool:
    """Tell whether what was found in a folder says nothing of what lies beside the folder."""
    below = f"{where}{os.sep}"
    if found.configs:
        if not found.knows_all or not all(each.startswith(below) for each in found.used):
            return False
        folders = [str(config.run_folder) for config in found.configs]
        if not all(each == where or each.startswith(below) for each in folders):
            return False
    run = printable(relative_path(root, where))
    inner = f"{run}{os.sep}"
    if not all(s.source.run == run or s.source.run.startswith(inner) for s in found.sources):
        return False
    return not any(each.file.home == where and may_be_joined(each) for each in found.listed)


def _has_tables(folder: Folder) -> bool:
    return any(may_be_labels(file) for file in folder.files.values())
