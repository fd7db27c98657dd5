"""Finds every embedding below a directory, with its run, name, step and companions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.registry import TEXT_SUFFIXES
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.formats.text.evidence import are_vectors
from projector.loaders.logdir.attach_tags import attach_tags
from projector.loaders.logdir.checkpoint_matching import CheckpointMatcher
from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.config_file import Config, is_config
from projector.loaders.logdir.config_matching import ConfigReader
from projector.loaders.logdir.explanations import nothing_found, unknown_format
from projector.loaders.logdir.label_candidates import Candidates
from projector.loaders.logdir.labels import attach_labels, is_only_labels
from projector.loaders.logdir.listed_sources import Findings, sources_of
from projector.loaders.logdir.names import with_distinct_names
from projector.loaders.logdir.noise import is_state
from projector.loaders.logdir.part_labels import PartTables
from projector.loaders.logdir.problem_groups import grouped
from projector.loaders.logdir.ranking import in_listing_order
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.scanner import Listed, Scanner, is_candidate
from projector.loaders.logdir.series import siblings
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.torch_folders import guess_torch_folders
from projector.loaders.logdir.walk import Folder, read_folder
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.versions import wait_for_rest
from projector.machine.collector import without_collector
from projector.machine.no_links import keeping_folders
from projector.model.listing import Problem, Severity

#: Formats that arrays of labels are saved in, and how many of them a single file looks at.
_ARRAYS = frozenset({".npy", ".npz", ".pt", ".pth"})
_MOST_BESIDE = 64
#: Texts up to so many bytes are read as what may be labels, whatever they are.
_LARGE = 1 << 20

#: Problems of one file that are listed, and letters of one message.
_MOST_PROBLEMS, _LONGEST_MESSAGE = 100, 2000


@dataclass
class Discovery:
    """The result of searching a log directory.

    `lasts` says that another search finds the same as long as the walk does.
    """

    root: Path
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    is_missing: bool = False
    lasts: bool = False
    _known: set[Problem] = field(default_factory=set, repr=False)
    _counts: dict[Path, int] = field(default_factory=dict, repr=False)

    def report(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Add a problem, once; of one file, only the first hundred."""
        self._counts[path] = count = self._counts.get(path, 0) + 1
        if count > _MOST_PROBLEMS:
            return
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]} …"
        problem = Problem(run, self._shown(path), message, severity)
        if problem not in self._known:
            self._known.add(problem)
            self.problems.append(problem)

    def finish(self) -> None:
        """Say of which files not all problems are listed."""
        for path, count in self._counts.items():
            if count > _MOST_PROBLEMS:
                shown = self._shown(path)
                run = next(each.run for each in self.problems if each.path == shown)
                message = f"has {count - _MOST_PROBLEMS:,} more problems, which are not listed."
                self.problems.append(Problem(run, shown, message, "warning"))

    def _shown(self, path: Path) -> str:
        return printable(path.relative_to(self.root) if path.is_relative_to(self.root) else path)


@without_collector()
@keeping_folders()
def discover(root: Path, scanner: Scanner, last: Discovery | None = None) -> Discovery:
    """Search `root`; only headers, indexes and configs are read.

    Parameters
    ----------
    root : Path
        Resolved.
    scanner : Scanner
        Remembers what has not changed since the last search.
    last : Discovery, optional
        The last search, which is the result if nothing has changed.
    """
    folders, problems, is_same = scanner.walk(root).again()
    if is_same and last is not None and last.lasts and last.root == root:
        return last
    scanner.begin()
    result = Discovery(root, folders=folders)
    for problem in problems:
        result.report(".", problem.path or root, problem.message, problem.severity)
    every = [file for folder in result.folders for file in folder.files.values()]
    wait_for_rest(file.version for file in every if file.version)
    tags = (file for folder in result.folders for file in folder.tags)
    scanner.forget({file.where for file in (*every, *tags)})
    configs = [scanner.config(file) for file in every if is_config(file)]
    runs = Runs(root, result.folders, configs)

    files = {file.path: file for file in every} if configs else {}
    reader, matcher = _config_readers(result, scanner, files)
    named = _named_sources(configs, reader, matcher, runs)
    used = {str(path) for path in reader.used}
    listed = [
        each
        for file in every
        if file.where not in used and is_candidate(file) and not is_state(file)
        for each in [scanner.list(file)]
        if each is not None
    ]
    found = sources_of(listed, runs, root, PartTables(result.folders, scanner))
    matcher.match(configs, runs.name, found.sources)
    _add_companions(result, named + found.sources, found, scanner, used)
    attach_tags(result.sources, result.folders, scanner, result.report)
    _mark_scalars(result, listed)
    if not result.sources:
        _report_nothing(result, every)
    result.finish()
    result.problems = grouped(result.problems)
    result.lasts = scanner.is_done and reader.companions.is_done
    return result


def _report_nothing(result: Discovery, files: Iterable[File]) -> None:
    """Say what there is where nothing can be shown; files with a problem speak for themselves."""
    said = {problem.path for problem in result.problems}
    rest = [f for f in files if printable(relative_path(result.root, f.path)) not in said]
    if rest or not said:
        # A training that has written nothing but scalars so far is no mistake.
        is_mild = said or any(is_event_file(file.name) for file in rest)
        message = nothing_found(rest, result.root)
        result.report(".", result.root, message, "warning" if is_mild else "error")


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
    result = Discovery(path.parent, folders=[folder])
    file = folder.files.get(path.name)
    if file is None:
        result.report(".", path, "does not exist, or is not a regular file. Name another file.")
        return result
    runs = Runs(path.parent, [folder], [])
    if is_config(file):
        files = {each.path: each for each in folder.files.values()}
        reader, matcher = _config_readers(result, scanner, files)
        sources = _named_sources([scanner.config(file)], reader, matcher, runs)
        found = Findings()
    else:
        listed = scanner.list(file)
        if listed is None:
            result.report(".", path, unknown_format())
            return result
        others = [scanner.list(each) for each in siblings(file) if is_candidate(each)]
        beside = [each for each in others if each is not None]
        found = sources_of([listed], runs, path.parent, PartTables([folder], scanner), beside)
        found.listed += _arrays_beside(file, folder, scanner)
        sources = found.sources
    _add_companions(result, sources, found, scanner, _vectors_beside(file, folder))
    attach_tags(result.sources, [folder], scanner, result.report, single_file=True)
    events = [scanner.list(each) for each in folder.files.values() if is_event_file(each.name)]
    _mark_scalars(result, [each for each in events if each is not None])
    result.finish()
    return result


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


def _add_companions(
    result: Discovery, sources: list[Source], found: Findings, scanner: Scanner, used: set[str]
) -> None:
    """Find companions and labels, report what is left, and put the sources in order."""
    guess_torch_folders(sources, scanner)
    taken = {source.file.where for source in sources if not source.is_table}
    taken |= used | found.taken | found.served
    served = attach_labels(sources, Candidates(result.folders, found.listed, scanner, taken))
    sources = [s for s in sources if not (s.file.where in served.columns and is_only_labels(s))]
    silent = served.columns | found.served
    for problem in found.problems:
        where = problem.file.where
        # What may serve by its names is silent of having no vectors, not of being damaged.
        if where not in silent and not (where in served.names and problem.lacks_vectors):
            result.report(problem.run, problem.path, problem.message, problem.severity)
    result.sources = in_listing_order(with_distinct_names(sources, result.root))


def removed(path: Path, root: Path) -> Discovery:
    """Return what there is to say of a log directory or a file that is not there any more."""
    result = Discovery(root, is_missing=True)
    result.report(".", path, "was removed. projector waits for it to be made again.", "warning")
    return result


def _config_readers(
    result: Discovery, scanner: Scanner, files: dict[Path, File]
) -> tuple[ConfigReader, CheckpointMatcher]:
    companions = ConfigCompanions(result.root, scanner, files, result.report)
    reader = ConfigReader(companions, scanner, result.report)
    return reader, CheckpointMatcher(result.root, files, scanner, companions, result.report)


def _named_sources(
    configs: Iterable[Config], reader: ConfigReader, matcher: CheckpointMatcher, runs: Runs
) -> list[Source]:
    sources: list[Source] = []
    for config in configs:
        run = runs.name(config.run_folder)
        sources += reader.named_files(config, run)
        matcher.check_path(config, run)
    return sources


def _mark_scalars(result: Discovery, listed: list[Listed]) -> None:
    """Mark each source whose run's event files, or those of folders below, contain scalars."""
    homes = {home for each in listed if each.found.has_scalars for home in each.file.path.parents}
    for source in result.sources if homes else ():
        source.has_scalars = result.root / source.run in homes
