"""Turns what the files have into sources: single tensors, vectors together, parts joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.loaders.base import File, Tensor
from projector.loaders.logdir.explanations import no_matrix, odd_vector
from projector.loaders.logdir.keyed_parts import collect_keyed_parts
from projector.loaders.logdir.label_use import OwnTable
from projector.loaders.logdir.noise import boxes, is_log
from projector.loaders.logdir.part_labels import PartTables
from projector.loaders.logdir.parts import collect_parts
from projector.loaders.logdir.projected_parts import take_projected
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.series import Place, places
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.vectors import Collected, collect_vectors
from projector.loaders.naming import is_parameter
from projector.loaders.own_files import OwnFiles
from projector.loaders.safe_files import printable
from projector.model.listing import Severity
from projector.model.training_log import is_index

#: Formats that logs of losses are written in.
_TEXTS = frozenset({"csv", "tensors-tsv", "word-vectors"})


@dataclass(frozen=True)
class FoundProblem:
    """A problem of a file, reported only if the file does not serve as labels.

    `is_array` says that the file has nothing but arrays of one axis; `lacks_vectors` that it is
    whole, but has none.
    """

    file: File
    run: str
    path: Path
    message: str
    severity: Severity
    is_array: bool = False
    lacks_vectors: bool = False


@dataclass
class Findings:
    """What the files of a log directory have.

    Attributes
    ----------
    listed : list of Listed
    sources : list of Source
    problems : list of FoundProblem
    taken : set of str
        Files that are part of an embedding that is put together.
    homes : set of Path
        Folders with files that are part of one.
    served : set of str
        Files that are the labels of such parts.
    """

    listed: list[Listed] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    problems: list[FoundProblem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    homes: set[Path] = field(default_factory=set)
    served: set[str] = field(default_factory=set)


def sources_of(
    listed: Sequence[Listed],
    runs: Runs,
    root: Path,
    tables: PartTables,
    beside: Sequence[Listed] = (),
) -> Findings:
    """Return the sources of all files that are no parts of others.

    Parameters
    ----------
    listed : sequence of Listed
    runs : Runs
    root : Path
        The log directory, resolved.
    tables : PartTables
    beside : sequence of Listed
        Files that are not listed, but whose names tell which number is the step.
    """
    parts = {part.where for each in listed for part in each.found.parts}
    own = [each for each in listed if each.file.where not in parts]
    projected = take_projected(own)
    own = projected.rest
    found = Findings(own)
    for file, message in projected.incomplete:
        run = runs.run_of(file.path.parent)
        found.problems.append(FoundProblem(file, run, file.path, message, "warning"))
    own = _without_boxes(own, found, runs)
    # The lines of a log of projector.Writer say what belongs together.
    guessed = [each for each in own if not is_index(each.file.name, each.file.home)]
    keyed = collect_keyed_parts(guessed)
    of_keys = {member.listed.file.where for each in keyed for member in each.plan.members}
    guessed = [each for each in guessed if each.file.where not in of_keys]
    together = [*collect_vectors(guessed, root), *collect_parts(guessed, tables), *keyed]
    together += projected.found
    members = [member for each in together for member in each.plan.members]
    used = {(member.listed.file.where, member.tensor.key) for member in members}
    found.taken = {where for where, _ in used}
    found.sources = [_joined_source(each, runs) for each in together]
    found.homes = {member.listed.file.path.parent for member in members}
    files = (file for each in together for use in each.labels for file in use.files)
    found.served = {file.where for file in files} - found.taken
    single = [each for each in own if not _is_used(each, used)] if used else own
    placed = places([*single, *beside], root)
    for each in single:
        _add(found, each, placed[each.file.where], runs, used)
    # Beside an embedding, an array that describes neither its rows nor anything else is no loss.
    homes = {source.file.path.parent for source in found.sources} if found.problems else set()
    found.problems = [
        replace(each, severity="warning")
        if each.is_array and each.file.path.parent in homes
        else each
        for each in found.problems
    ]
    return found


def _without_boxes(listed: Sequence[Listed], found: Findings, runs: Runs) -> list[Listed]:
    """Leave out the files of boxes in pictures, and say so once for each folder."""
    left_out: set[str] = set()
    for folder, files in boxes(listed).items():
        first = files[0].file
        message = (
            f"and {len(files) - 1:,} more files of its folder are boxes in pictures or other small "
            "tables, one for each picture. They are no vectors and are not listed."
        )
        found.problems.append(
            FoundProblem(first, runs.run_of(folder), first.path, message, "warning")
        )
        left_out |= {each.file.where for each in files}
    return [each for each in listed if each.file.where not in left_out] if left_out else [*listed]


def _is_used(listed: Listed, used: set[tuple[str, str]]) -> bool:
    tensors = listed.found.tensors
    return bool(tensors) and all((listed.file.where, tensor.key) in used for tensor in tensors)


def _joined_source(collected: Collected, runs: Runs) -> Source:
    listed = collected.listed
    run = runs.run_of(collected.folder)
    label, home = collected.label or collected.tensor.name, collected.folder
    source = Source(listed.file, listed.loader, collected.tensor, run, None, label=label, home=home)
    source.labels = list(collected.labels)
    return source


def _add(
    found: Findings, listed: Listed, place: Place, runs: Runs, used: set[tuple[str, str]]
) -> None:
    file = listed.file
    if is_index(file.name, file.home):  # its lines say name and step; numbers of its path do not
        place = Place(file.path.parent.parent, None, "")
    run = runs.run_of(place.folder)
    for problem in listed.found.problems:
        path = problem.path or file.path
        about = (problem.message, problem.severity)
        found.problems.append(
            FoundProblem(file, run, path, *about, lacks_vectors=problem.lacks_vectors)
        )
    tensors = [_as_matrix(t) for t in listed.found.tensors if (file.where, t.key) not in used]
    matrices = [tensor for tensor in tensors if tensor.is_matrix]
    is_state = all(tensor.role == "slot" for tensor in tensors)
    if tensors and not matrices and not is_state and len(tensors) == len(listed.found.tensors):
        # One vector beside an embedding that is made of others is set aside.
        is_odd_one = len(tensors) == 1 and file.path.parent in found.homes
        message = odd_vector(tensors[0]) if is_odd_one else no_matrix(tensors)
        severity: Severity = "warning" if is_odd_one else "error"
        is_array = all(len(tensor.shape) == 1 for tensor in tensors)
        found.problems.append(
            FoundProblem(file, run, file.path, message, severity, is_array, lacks_vectors=True)
        )
    for matrix in matrices:
        tensor = matrix.renamed(printable(matrix.name))
        if _is_log(listed, tensor):
            tensor = replace(tensor, role="weight", doubtful=True)
        step = tensor.step if tensor.step is not None else place.step
        if tensor.whole and place.name:
            tensor = tensor.renamed(place.name)
        own = tensor.detail if isinstance(tensor.detail, OwnFiles) else None
        found.sources.append(
            Source(
                own.vectors if own else file,
                listed.loader,
                tensor,
                run,
                step,
                label=place.label if tensor.step is None else "",
                home=place.folder,
                in_series=place.in_series,
                parts=listed.found.parts,
                is_final=listed.is_final,
                sprite=own.sprite if own else None,
                tile=own.tile if own else (),
                labels=[OwnTable(own.metadata)] if own and own.metadata else [],
            )
        )


def _as_matrix(tensor: Tensor) -> Tensor:
    """Return a tensor with axes of one, such as N x D x 1 x 1, as the matrix that it is.

    The kernels of a model's convolutions stay what they are.
    """
    if not tensor.real or len(tensor.shape) < 3 or tensor.role == "slot":
        return tensor
    if tensor.role == "weight" and is_parameter(tensor.name):
        return tensor
    shape = tuple(size for size in tensor.shape if size != 1)
    return replace(tensor, shape=shape) if len(shape) == 2 else tensor


def _is_log(listed: Listed, tensor: Tensor) -> bool:
    """Tell whether a text is called as a log of losses is."""
    return tensor.whole and listed.loader.name in _TEXTS and is_log(listed.file.stem)
