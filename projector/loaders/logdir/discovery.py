"""Finds every embedding below a directory, with its run, name, step and companions."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.registry import TEXT_SUFFIXES
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.formats.text.evidence import are_vectors
from projector.loaders.logdir.attach_tags import attach_tags
from projector.loaders.logdir.config_file import is_config
from projector.loaders.logdir.explanations import nothing_found, unknown_format
from projector.loaders.logdir.listed_sources import Findings, sources_of
from projector.loaders.logdir.part_labels import PartTables
from projector.loaders.logdir.problem_groups import grouped
from projector.loaders.logdir.problem_list import ProblemList
from projector.loaders.logdir.ranking import together
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.scanner import Listed, Scanner, is_candidate
from projector.loaders.logdir.search import (
    config_readers,
    mark_scalars,
    named_sources,
    with_companions,
)
from projector.loaders.logdir.series import siblings
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.surroundings import Surroundings
from projector.loaders.logdir.territories import Divider, Division
from projector.loaders.logdir.walk import Folder, read_folder
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.versions import wait_for_rest
from projector.machine.collector import without_collector
from projector.machine.no_links import keeping_folders
from projector.model.listing import Problem
from projector.model.training_log import is_index

#: Formats that arrays of labels are saved in, and how many of them a single file looks at.
_ARRAYS = frozenset({".npy", ".npz", ".pt", ".pth"})
_MOST_BESIDE = 64
#: Texts up to so many bytes are read as what may be labels, whatever they are.
_LARGE = 1 << 20

#: Seconds until it is told for the first time what is found so far, and how much seldomer next.
_FIRST_SECONDS, _SELDOMER = 0.3, 1.6


@dataclass
class Discovery:
    """The result of searching a log directory.

    Attributes
    ----------
    root : Path
    sources : list of Source
        In the order of the listing.
    problems : list of Problem
    folders : list of Folder
    is_missing : bool
        Whether there is no log directory any more.
    lasts : bool
        Whether another search finds the same as long as the walk does.
    n_seen : int or None
        Files that were looked at while others were not yet; None if all were.
    division : Division
        What each part of the log directory has.
    """

    root: Path
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    is_missing: bool = False
    lasts: bool = False
    n_seen: int | None = None
    division: Division = field(default_factory=Division, repr=False)


@without_collector()
@keeping_folders()
def discover(
    root: Path,
    scanner: Scanner,
    last: Discovery | None = None,
    tell: Callable[[Discovery], None] | None = None,
    touched: Collection[str] | None = None,
) -> Discovery:
    """Search `root`; only headers, indexes and configs are read.

    Parameters
    ----------
    root : Path
        Resolved.
    scanner : Scanner
        Remembers what has not changed since the last search.
    last : Discovery, optional
        The last search, which is the result if nothing has changed.
    tell : callable, optional
        Called with what is found so far, seldom enough to cost little.
    touched : collection of str, optional
        Paths that changed since, if it is known that no others did.
    """
    scanner.begin()
    walk = scanner.walk(root)
    if last is not None and last.root != root:
        last = None
    folders: list[Folder] = []
    told = _Telling(root, scanner, folders, tell)
    divider = Divider(root, scanner, last.division if last else Division(), told)
    scanner.after_each = divider.tell if tell is not None else lambda: None
    for part in walk.parts(touched if last is not None else None):
        folders += part
        divider.add(part)
    if walk.is_same and last is not None and last.lasts:
        return last
    every = [file for folder in folders for file in folder.files.values()]
    tags = (file for folder in folders for file in folder.tags)
    scanner.forget({file.where for file in (*every, *tags)})
    division = divider.finish()
    problems = ProblemList(root)
    for problem in walk.problems:
        problems.report(".", problem.path or root, problem.message, problem.severity)
    result = _put_together(root, division, problems.finish())
    result.folders = folders
    if not result.sources:
        _report_nothing(result, every)
    result.problems = grouped(result.problems)
    result.lasts = all(found.lasts for found in division.found)
    return result


def _put_together(root: Path, division: Division, problems: list[Problem]) -> Discovery:
    sources = together(found.sources for found in division.found)
    problems = [*problems, *(each for found in division.found for each in found.problems)]
    return Discovery(root, sources, problems, division=division)


class _Telling:
    """Tells what is found so far: soon at first, then less and less often."""

    def __init__(
        self,
        root: Path,
        scanner: Scanner,
        folders: list[Folder],
        tell: Callable[[Discovery], None] | None,
    ) -> None:
        self._root = root
        self._scanner = scanner
        self._folders = folders
        self._tell = tell
        self._pause = _FIRST_SECONDS
        self._next = time.monotonic() + self._pause

    def __call__(self, division: Division) -> None:
        if self._tell is None or time.monotonic() < self._next:
            return
        found = _put_together(self._root, division, [])
        found.folders = list(self._folders)
        found.n_seen = self._scanner.n_seen
        self._tell(found)
        self._pause *= _SELDOMER
        self._next = time.monotonic() + self._pause


def _report_nothing(result: Discovery, files: Iterable[File]) -> None:
    """Say what there is where nothing can be shown; files with a problem speak for themselves."""
    problems = ProblemList(result.root)
    said = {problem.path for problem in result.problems}
    rest = [f for f in files if printable(relative_path(result.root, f.path)) not in said]
    if rest or not said:
        # A training that has written nothing but scalars so far is no mistake.
        is_mild = said or any(_is_being_written(file) for file in rest)
        message = nothing_found(rest, result.root)
        problems.report(".", result.root, message, "warning" if is_mild else "error")
    result.problems += problems.finish()


def _is_being_written(file: File) -> bool:
    return is_event_file(file.name) or is_index(file.name, file.home)


def discover_file(path: Path, scanner: Scanner) -> Discovery:
    """List a single file, or what a config names; its own folder counts as the log directory.

    Parameters
    ----------
    path : Path
        Resolved. The other files of its folder may be parts or companions of it, and are not
        listed.
    scanner : Scanner
    """
    scanner.begin()
    folder = read_folder(path.parent)
    wait_for_rest(file.version for file in folder.files.values() if file.version)
    problems = ProblemList(path.parent)
    result = Discovery(path.parent, folders=[folder])
    file = _named_file(folder, path.name)
    if file is None:
        message = "does not exist, or is not a regular file. Name another file."
        problems.report(".", path, message)
        result.problems = problems.finish()
        return result
    runs = Runs(path.parent, [folder], [])
    around = Surroundings([folder])
    if is_config(file):
        files = {each.path: each for each in folder.files.values()}
        reader, matcher = config_readers(problems, scanner, files)
        sources = named_sources([scanner.config(file)], reader, matcher, runs)
        found = Findings()
    else:
        listed = scanner.list(file)
        if listed is None:
            problems.report(".", path, unknown_format())
            result.problems = problems.finish()
            return result
        others = [scanner.list(each) for each in siblings(file) if is_candidate(each)]
        beside = [each for each in others if each is not None]
        found = sources_of([listed], runs, path.parent, PartTables(around, scanner), beside)
        found.listed += _arrays_beside(file, folder, scanner)
        sources = found.sources
    used = _vectors_beside(file, folder)
    ranked = with_companions(problems, sources, found, around, scanner, used)
    result.sources = [each.source for each in ranked]
    attach_tags(result.sources, [folder], scanner, problems.report, single_file=True)
    events = [scanner.list(each) for each in folder.files.values() if is_event_file(each.name)]
    mark_scalars(path.parent, ranked, [each for each in events if each is not None])
    result.problems = problems.finish()
    return result


def _named_file(folder: Folder, name: str) -> File | None:
    """Return a file of a folder, also one that is a part of the store that the folder is."""
    found = folder.files.get(name)
    if found is None and len(folder.files) == 1:
        (store,) = folder.files.values()
        found = store.folder.get(name)
    return found


def _arrays_beside(file: File, folder: Folder, scanner: Scanner) -> list[Listed]:
    """List the small files beside a file that may have one value for each of its points."""
    beside = [
        each
        for each in folder.files.values()
        if each is not file and each.suffix in _ARRAYS and is_candidate(each)
    ]
    found = [scanner.list(each) for each in beside[:_MOST_BESIDE]]
    return [each for each in found if each is not None and not each.found.problems]


def _vectors_beside(file: File, folder: Folder) -> set[str]:
    """Return the large texts of vectors beside a file: no labels, as in the folder's listing.

    To count their lines, all of them would be read.
    """
    found: set[str] = set()
    for each in folder.files.values():
        if each is not file and each.size > _LARGE and each.suffix in TEXT_SUFFIXES:
            with contextlib.suppress(LoadError):  # reported where it is used or listed
                found |= {each.where} if are_vectors(each) else set()
    return found


def removed(path: Path, root: Path) -> Discovery:
    """Return what there is to say of a log directory or a file that is not there any more."""
    problems = ProblemList(root)
    problems.report(".", path, "was removed. projector waits for it to be made again.", "warning")
    return Discovery(root, problems=problems.finish(), is_missing=True)
