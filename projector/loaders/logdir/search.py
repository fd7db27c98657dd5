"""Searches some folders of a log directory: their tensors, with run, name, step and companions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from projector.loaders.base import File
from projector.loaders.logdir.attach_tags import attach_tags
from projector.loaders.logdir.checkpoint_matching import CheckpointMatcher
from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.config_file import Config, is_config
from projector.loaders.logdir.config_matching import ConfigReader
from projector.loaders.logdir.label_candidates import Candidates
from projector.loaders.logdir.labels import attach_labels, is_only_labels
from projector.loaders.logdir.listed_sources import Findings, sources_of
from projector.loaders.logdir.names import with_distinct_names
from projector.loaders.logdir.noise import is_state
from projector.loaders.logdir.part_labels import PartTables
from projector.loaders.logdir.problem_list import ProblemList
from projector.loaders.logdir.ranking import Ranked, ranked
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.scanner import Listed, Scanner, is_candidate
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.surroundings import Surroundings
from projector.loaders.logdir.torch_folders import guess_torch_folders
from projector.loaders.logdir.walk import Folder
from projector.loaders.versions import wait_for_rest
from projector.model.listing import Problem


@dataclass
class Searched:
    """What was found in some folders.

    Attributes
    ----------
    sources : list of Ranked
        In the order of the listing.
    problems : list of Problem
    listed : list of Listed
        What each file has.
    configs : list of Config
    used : set of str
        Files that configs name.
    knows_all : bool
        Whether all files that configs name were found.
    asked : set of str
        Other folders that were looked for.
    lasts : bool
        Whether another search finds the same as long as the folders stay as they are.
    has_scalars : bool
        Whether there are scalars.
    """

    sources: list[Ranked]
    problems: list[Problem]
    listed: list[Listed]
    configs: list[Config]
    used: set[str]
    knows_all: bool
    asked: set[str]
    lasts: bool
    has_scalars: bool


def search(
    root: Path,
    folders: Sequence[Folder],
    around: Surroundings,
    scanner: Scanner,
    *,
    scalars_below: bool = False,
) -> Searched:
    """Search some folders; only headers, indexes and configs are read.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    folders : sequence of Folder
        In natural order.
    around : Surroundings
        Of these folders.
    scanner : Scanner
        Remembers what has not changed since the last search.
    scalars_below : bool
        Whether there are scalars in folders of the log directory that are not searched here.
    """
    scanner.begin_part()
    files = [file for folder in folders for file in folder.files.values()]
    wait_for_rest(file.version for file in files if file.version)
    problems = ProblemList(root)
    configs = [scanner.config(file) for file in files if is_config(file)]
    runs = Runs(root, folders, configs)
    known = {file.path: file for file in around.files} if configs else {}
    reader, matcher = config_readers(problems, scanner, known)
    named = named_sources(configs, reader, matcher, runs)
    used = {str(path) for path in reader.used}
    listed = [
        each
        for file in files
        if file.where not in used and is_candidate(file) and not is_state(file)
        for each in [scanner.list(file)]
        if each is not None
    ]
    found = sources_of(listed, runs, root, PartTables(around, scanner))
    matcher.match(configs, runs.name, found.sources)
    sources = with_companions(problems, named + found.sources, found, around, scanner, used)
    attach_tags([each.source for each in sources], folders, scanner, problems.report)
    has_scalars = mark_scalars(root, sources, listed, below=scalars_below)
    knows_all = reader.companions.is_done
    return Searched(
        sources,
        problems.finish(),
        listed,
        configs,
        used,
        knows_all,
        around.asked,
        scanner.is_done and knows_all,
        has_scalars,
    )


def config_readers(
    problems: ProblemList, scanner: Scanner, files: dict[Path, File]
) -> tuple[ConfigReader, CheckpointMatcher]:
    """Return what reads the entries of configs that name files, and those that name tensors."""
    companions = ConfigCompanions(problems.root, scanner, files, problems.report)
    reader = ConfigReader(companions, scanner, problems.report)
    return reader, CheckpointMatcher(problems.root, files, scanner, companions, problems.report)


def named_sources(
    configs: Iterable[Config], reader: ConfigReader, matcher: CheckpointMatcher, runs: Runs
) -> list[Source]:
    """Return the sources that configs name by their files."""
    sources: list[Source] = []
    for config in configs:
        run = runs.name(config.run_folder)
        sources += reader.named_files(config, run)
        matcher.check_path(config, run)
    return sources


def with_companions(
    problems: ProblemList,
    sources: list[Source],
    found: Findings,
    around: Surroundings,
    scanner: Scanner,
    used: set[str],
) -> list[Ranked]:
    """Find companions and labels, report what is left, and return the sources in order."""
    guess_torch_folders(sources, scanner)
    taken = {source.file.where for source in sources if not source.is_table}
    taken |= used | found.taken | found.served
    served = attach_labels(sources, Candidates(around, found.listed, scanner, taken))
    sources = [s for s in sources if not (s.file.where in served.columns and is_only_labels(s))]
    silent = served.columns | found.served
    for problem in found.problems:
        where = problem.file.where
        # What may serve by its names is silent of having no vectors, not of being damaged.
        if where not in silent and not (where in served.names and problem.lacks_vectors):
            problems.report(problem.run, problem.path, problem.message, problem.severity)
    return ranked(with_distinct_names(sources, problems.root))


def mark_scalars(
    root: Path, sources: Sequence[Ranked], listed: Iterable[Listed], *, below: bool = False
) -> bool:
    """Mark each source whose run's event files, or those of folders below, contain scalars.

    Returns whether there are any.
    """
    homes = {home for each in listed if each.found.has_scalars for home in each.file.path.parents}
    if below:
        homes.add(root)
    for each in sources if homes else ():
        each.source.has_scalars = root / each.source.run in homes
    return bool(homes)
