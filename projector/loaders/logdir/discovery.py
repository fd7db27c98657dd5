"""Find every embedding below a directory: runs, names, steps, and what belongs to each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.loaders.base import File, Tensor
from projector.loaders.logdir.attach_tags import attach_tags
from projector.loaders.logdir.config_file import Config, is_config
from projector.loaders.logdir.config_matching import ConfigReader
from projector.loaders.logdir.scanner import Listed, Scanner, is_candidate
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.unnamed_companions import guess_companions
from projector.loaders.logdir.walk import Folder, read_folder, walk
from projector.loaders.naming import is_step_folder, natural_key, split_step, torch_folder
from projector.loaders.safe_files import printable, relative_path
from projector.model.listing import Problem, Severity

_ROLES = {"embedding": 0, "weight": 1, "slot": 2}
_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt", "keras_metadata.pb", "fingerprint.pb")


@dataclass
class Discovery:
    """What one look at a log directory gave."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)

    def tell(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Add a problem, once."""
        relative = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        problem = Problem(run, printable(relative), message, severity)
        if problem not in self._known:
            self._known.add(problem)
            self.problems.append(problem)

    _known: set[Problem] = field(default_factory=set, repr=False)


def discover(root: Path, scanner: Scanner) -> Discovery:
    """Look through `root`; only headers, indexes and configs are read.

    Parameters
    ----------
    root : Path
        Resolved.
    scanner : Scanner
        Remembers what did not change since the last look.
    """
    seen = Discovery(root)
    seen.folders, problems = walk(root, scanner.known)
    for problem in problems:
        seen.tell(".", problem.path or root, problem.message, problem.severity)
    files = {file.path: file for folder in seen.folders for file in folder.files.values()}
    scanner.known = {str(path): file for path, file in files.items()}
    scanner.forget({*files, *(file.path for folder in seen.folders for file in folder.tags)})
    configs = [scanner.config(file) for file in files.values() if is_config(file)]
    runs = _Runs(root, seen.folders, configs)

    reader = ConfigReader(root, scanner, files, seen.tell)
    named = [source for c in configs for source in reader.named_files(c, runs.name(c.run_folder))]
    listed = [
        each
        for file in files.values()
        if file.path not in reader.used and is_candidate(file)
        for each in [scanner.list(file)]
        if each is not None
    ]
    found = _sources(listed, runs, seen)
    reader.named_tensors(configs, runs.name, found)
    guess_companions(named + found, seen.folders, scanner, reader.used)
    seen.sources = _in_order(_told_apart(named + found, root))
    attach_tags(seen.sources, seen.folders, scanner, seen.tell)
    _mark_scalars(seen, listed)
    if not seen.sources and not seen.problems:
        events = any("tfevents" in file.name for file in files.values())
        seen.tell(".", root, _nothing(files), "warning" if events else "error")
    return seen


def _mark_scalars(seen: Discovery, listed: list[Listed]) -> None:
    """Tell each source whether event files in its run's folder, or below, hold scalars."""
    homes = {home for each in listed if each.found.has_scalars for home in each.file.path.parents}
    for source in seen.sources:
        source.has_scalars = seen.root / source.run in homes


def _nothing(files: dict[Path, File]) -> str:
    there = f"{len(files):,} files, none of them with vectors" if files else "no file at all"
    return (
        f"no embedding was found: {there}. Expected checkpoints of TensorFlow, Keras or PyTorch, "
        "a projector_config.pbtxt, arrays, word vectors or tables (docs/formats.md)."
    )


class _Runs:
    """Which run a directory belongs to: the nearest one above that holds events or a config."""

    def __init__(self, root: Path, folders: list[Folder], configs: list[Config]) -> None:
        self.root = root
        self.folders = {folder.path: folder for folder in folders}
        self._of: dict[Path, str] = {}
        self.known = {config.run_folder for config in configs}
        self.known |= {f.path for f in folders if any("tfevents" in name for name in f.files)}

    def name(self, folder: Path) -> str:
        """Return the run's name."""
        return (
            printable(relative_path(self.root, folder)) if folder.is_relative_to(self.root) else "."
        )

    def of(self, folder: Path) -> str:
        """Return the run of a file in `folder`."""
        if folder not in self._of:
            self._of[folder] = self._find(folder)
        return self._of[folder]

    def _find(self, folder: Path) -> str:
        if folder.name == "variables" and self._is_saved_model(folder.parent):
            folder = folder.parent
        here = folder
        while here.is_relative_to(self.root):
            if here in self.known:
                return self.name(here)
            here = here.parent
        return self.name(folder)

    def _is_saved_model(self, folder: Path) -> bool:
        known = self.folders.get(folder)
        return known is not None and any(name in known.files for name in _SAVED_MODEL)


def _sources(listed: list[Listed], runs: _Runs, seen: Discovery) -> list[Source]:
    parts = {part.path for each in listed for part in each.found.parts}
    sources: list[Source] = []
    for each in listed:
        if each.file.path in parts:
            continue
        folder, step, label = _placed(each, seen.root)
        run = runs.of(folder)
        for problem in each.found.problems:
            seen.tell(run, problem.path or each.file.path, problem.message, problem.severity)
        matrices = [tensor for tensor in each.found.tensors if tensor.is_matrix]
        if each.found.tensors and not matrices:
            seen.tell(run, each.file.path, _no_matrix(each.found.tensors))
        for matrix in matrices:
            tensor = matrix.renamed(printable(matrix.name))
            known = tensor.step if tensor.step is not None else step
            if tensor.whole:
                tensor = replace(tensor, aliases=(*tensor.aliases, printable(each.file.name)))
                tensor = tensor if label is None else tensor.renamed(label)
            sources.append(Source(each.file, each.loader, tensor, run, known))
    return sources


def _placed(listed: Listed, root: Path) -> tuple[Path, int | None, str | None]:
    """Return the folder a file counts to, its step, and its name if the place tells one."""
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
    shown_some = ", ".join(
        f"{t.name} ({t.dtype}, {' x '.join(map(str, t.shape)) or 'scalar'})" for t in tensors[:6]
    )
    more = f" and {len(tensors) - 6:,} more" if len(tensors) > 6 else ""
    return (
        "holds no matrix of real numbers with rows and columns, which an embedding is. It holds "
        f"{shown_some}{more}."
    )


def _told_apart(sources: list[Source], root: Path) -> list[Source]:
    """Give tensors of one run, name and step that are different things different names."""
    for qualify in (_series, _file_name, _whole_path):
        groups: dict[tuple[str, str], list[Source]] = defaultdict(list)
        for source in sources:
            groups[source.run, source.tensor.name].append(source)
        for group in groups.values():
            steps = Counter(source.step for source in group)
            if max(steps.values()) > 1:
                labels = {qualify(source, root) for source in group}
                if len(labels) > 1:
                    for source in group:
                        _qualify(source, qualify(source, root))
    unique: dict[tuple[str, str, int | None], Source] = {}
    for source in sources:
        unique.setdefault((source.run, source.tensor.name, source.step), source)
    return list(unique.values())


def _qualify(source: Source, label: str) -> None:
    if source.tensor.whole:
        source.tensor = source.tensor.renamed(label)
    else:
        source.tensor = source.tensor.renamed(f"{label}/{source.tensor.name}")


def _series(source: Source, root: Path) -> str:
    """Return the file's name without what numbers its steps."""
    name = source.file.name
    if source.tensor.whole:
        return printable(name)
    stem = name.removesuffix(".index") if name.endswith(".index") else source.file.stem
    if source.step is None:
        return printable(stem)
    without, number = split_step(stem)
    return printable(without if number is not None else re.sub(r"-\d+$", "", stem))


def _file_name(source: Source, root: Path) -> str:
    return printable(source.file.name)


def _whole_path(source: Source, root: Path) -> str:
    return printable(relative_path(root, source.file.path))


def _in_order(sources: list[Source]) -> list[Source]:
    """Real embeddings with metadata first, slots last; then by run, name and step as people do."""
    # All steps of a tensor stand together, at the best place that one of them has.
    best: dict[tuple[str, str], tuple[int, ...]] = {}
    for source in sources:
        group, place = (source.run, source.tensor.name), _place(source)
        best[group] = min(best.get(group, place), place)

    def key(source: Source) -> tuple[object, ...]:
        run, name = source.run, source.tensor.name
        return (
            best[run, name],
            natural_key(run) if run != "." else (),
            natural_key(name),
            name,
            -1 if source.step is None else source.step,
        )

    return sorted(sources, key=key)


def _place(source: Source) -> tuple[int, ...]:
    """Return how far down a tensor belongs: what a person named, or called so, stands first."""
    own = _ROLES[source.tensor.role]
    return (_ROLES[source.role], not source.has_metadata, not source.named, own)


def discover_file(file: Path, scanner: Scanner) -> Discovery:
    """List a single file, or what a config names; its own folder counts as the log directory.

    Parameters
    ----------
    file : Path
        Resolved. What lies beside it may be a part of it, or its table, and is not listed.
    """
    folder = read_folder(file.parent)
    seen = Discovery(file.parent, folders=[folder])
    found = folder.files.get(file.name)
    if found is None:
        seen.tell(".", file, "is not there, or is no regular file that can be read. Give another.")
        return seen
    runs = _Runs(file.parent, [folder], [])
    if is_config(found):
        files = {each.path: each for each in folder.files.values()}
        reader = ConfigReader(file.parent, scanner, files, seen.tell)
        sources = reader.named_files(scanner.config(found), ".")
    else:
        listed = scanner.list(found)
        if listed is None:
            seen.tell(".", file, "is of no format that is known (docs/formats.md). Convert it.")
            return seen
        sources = _sources([listed], runs, seen)
    events = [scanner.list(each) for each in folder.files.values() if "tfevents" in each.name]
    guess_companions(sources, [folder], scanner, set())
    seen.sources = _in_order(_told_apart(sources, file.parent))
    attach_tags(seen.sources, [folder], scanner, seen.tell, alone=True)
    _mark_scalars(seen, [each for each in events if each is not None])
    return seen
