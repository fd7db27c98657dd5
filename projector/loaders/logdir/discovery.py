"""Finds every embedding below a directory, with its run, name, step and companions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.loaders.base import File, Tensor
from projector.loaders.formats.registry import known_extensions
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.attach_tags import attach_tags
from projector.loaders.logdir.checkpoint_matching import CheckpointMatcher
from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.config_file import Config, is_config
from projector.loaders.logdir.config_matching import ConfigReader
from projector.loaders.logdir.names import in_listing_order, with_distinct_names
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.scanner import Listed, Scanner, is_candidate
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.unnamed_companions import guess_companions
from projector.loaders.logdir.walk import Folder, read_folder, walk
from projector.loaders.naming import is_step_folder, split_step, torch_folder
from projector.loaders.safe_files import printable
from projector.loaders.versions import wait_for_rest
from projector.model.listing import Problem, Severity

_LISTED_TENSORS = 6


@dataclass
class Discovery:
    """The result of searching a log directory."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    _known: set[Problem] = field(default_factory=set, repr=False)

    def report(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Add a problem, once."""
        relative = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        problem = Problem(run, printable(relative), message, severity)
        if problem not in self._known:
            self._known.add(problem)
            self.problems.append(problem)


def discover(root: Path, scanner: Scanner) -> Discovery:
    """Search `root`; only headers, indexes and configs are read.

    Parameters
    ----------
    root : Path
        Resolved.
    scanner : Scanner
        Remembers what has not changed since the last search.
    """
    scanner.begin()
    result = Discovery(root)
    result.folders, problems = walk(root, scanner.known)
    for problem in problems:
        result.report(".", problem.path or root, problem.message, problem.severity)
    files = {file.path: file for folder in result.folders for file in folder.files.values()}
    wait_for_rest(file.version for file in files.values() if file.version)
    scanner.known = {str(path): file for path, file in files.items()}
    scanner.forget({*files, *(file.path for folder in result.folders for file in folder.tags)})
    configs = [scanner.config(file) for file in files.values() if is_config(file)]
    runs = Runs(root, result.folders, configs)

    reader, matcher = _config_readers(result, scanner, files)
    named = _named_sources(configs, reader, matcher, runs)
    listed = [
        each
        for file in files.values()
        if file.path not in reader.used and is_candidate(file)
        for each in [scanner.list(file)]
        if each is not None
    ]
    found = _sources(listed, runs, result)
    matcher.match(configs, runs.name, found)
    guess_companions(named + found, result.folders, scanner, reader.used)
    result.sources = in_listing_order(with_distinct_names(named + found, root))
    attach_tags(result.sources, result.folders, scanner, result.report)
    _mark_scalars(result, listed)
    if not result.sources and not result.problems:
        has_events = any(is_event_file(file.name) for file in files.values())
        result.report(".", root, _nothing_found(files), "warning" if has_events else "error")
    return result


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
    else:
        listed = scanner.list(file)
        if listed is None:
            result.report(".", path, _unknown_format())
            return result
        sources = _sources([listed], runs, result)
    guess_companions(sources, [folder], scanner, set())
    result.sources = in_listing_order(with_distinct_names(sources, path.parent))
    attach_tags(result.sources, [folder], scanner, result.report, single_file=True)
    events = [scanner.list(each) for each in folder.files.values() if is_event_file(each.name)]
    _mark_scalars(result, [each for each in events if each is not None])
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
    for source in result.sources:
        source.has_scalars = result.root / source.run in homes


def _nothing_found(files: dict[Path, File]) -> str:
    found = f"none of its files ({len(files):,}) has vectors" if files else "it has no files"
    return (
        f"contains no embeddings: {found}. Expected TensorFlow, Keras or PyTorch checkpoints, a "
        "projector_config.pbtxt, arrays, word vectors or tables (see docs/formats.md)."
    )


def _unknown_format() -> str:
    return (
        "is not in a format that projector reads. Convert it to one of these: "
        f"{', '.join(known_extensions())} (see docs/formats.md)."
    )


def _sources(listed: list[Listed], runs: Runs, result: Discovery) -> list[Source]:
    parts = {part.path for each in listed for part in each.found.parts}
    sources: list[Source] = []
    for each in listed:
        if each.file.path in parts:
            continue
        folder, step, label = _located(each, result.root)
        run = runs.run_of(folder)
        for problem in each.found.problems:
            path = problem.path or each.file.path
            result.report(run, path, problem.message, problem.severity)
        matrices = [tensor for tensor in each.found.tensors if tensor.is_matrix]
        if each.found.tensors and not matrices:
            result.report(run, each.file.path, _no_matrix(each.found.tensors))
        for matrix in matrices:
            tensor = matrix.renamed(printable(matrix.name))
            known = tensor.step if tensor.step is not None else step
            if tensor.whole:
                tensor = replace(tensor, aliases=(*tensor.aliases, printable(each.file.name)))
                tensor = tensor if label is None else tensor.renamed(label)
            source = Source(each.file, each.loader, tensor, run, known)
            source.parts, source.is_final = each.found.parts, each.is_final
            sources.append(source)
    return sources


def _located(listed: Listed, root: Path) -> tuple[Path, int | None, str | None]:
    """Return the folder a file belongs to, its step, and its name where the path has one."""
    path, found = listed.file.path, listed.found
    folder, step = path.parent, found.step
    above = folder.parent
    if path.stem == "tensors" and above != root.parent and above.is_relative_to(root):
        # What add_embedding writes: <step>/<tag>/tensors.tsv
        torch_step = is_step_folder(above.name) if above != root else None
        if torch_step is not None and above.name.isdigit():
            return above.parent, torch_step, torch_folder(folder.name)
    label, in_name = split_step(listed.file.stem)
    if step is None and in_name is not None:
        return folder, in_name, label
    if folder != root:
        of_folder = is_step_folder(folder.name)
        if of_folder is None and found.folder_is_one and folder.name.isdigit():
            of_folder = int(folder.name)
        if of_folder is not None and (found.folder_is_one or not folder.name.isdigit()):
            return folder.parent, of_folder if step is None else step, None
        if found.folder_is_one:
            return folder.parent, step, None
    return folder, step, None


def _no_matrix(tensors: tuple[Tensor, ...]) -> str:
    some = ", ".join(
        f"{t.name} ({t.dtype}, {' x '.join(map(str, t.shape)) or 'scalar'})"
        for t in tensors[:_LISTED_TENSORS]
    )
    n_more = len(tensors) - _LISTED_TENSORS
    more = f" and {n_more:,} more" if n_more > 0 else ""
    return (
        "contains no embedding, which is a matrix of real numbers with at least one row and one "
        f"column. It contains {some}{more}."
    )
