"""Finds the step of every file: by comparing siblings that hold the same tensors.

Files whose paths differ only in numbers, and that hold tensors of the same names and shapes, are
one series, whatever they are called. A file without such siblings has a step only where its content
or a word of its name says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.logdir.name_numbers import (
    STEPS,
    Meaning,
    Number,
    NumberedName,
    named_step,
    numbered,
)
from projector.loaders.logdir.scanner import Listed
from projector.loaders.naming import torch_folder
from projector.loaders.safe_files import printable

#: What ``add_embedding`` writes: ``<step>/<tag>/tensors.tsv``.
_TORCH = "tensors"
_TORCH_DIGITS = 5
#: Its keys are sorted, so that the step is in the first bytes.
_TRAINER, _TRAINER_STEP = "trainer_state.json", re.compile(rb'"global_step": *(\d{1,18})\b')
#: Files that are looked at to find the step of a single file.
_MOST_SIBLINGS = 16
_IN_FOLDERS: frozenset[Meaning] = frozenset({"step", "epoch", "saved"})


@dataclass(frozen=True)
class Place:
    """Where the tensors of a file are listed.

    Attributes
    ----------
    folder : Path
        The directory whose run they belong to.
    step : int or None
    label : str
        What tells the file from others of its run, without the step.
    name : str
        What a tensor that is the whole file is called; empty for the file's own name.
    in_series : bool
        Whether siblings at other steps were found.
    """

    folder: Path
    step: int | None
    label: str
    name: str = ""
    in_series: bool = False


@dataclass(frozen=True)
class _Member:
    """A file with the numbers of its path that may be steps."""

    listed: Listed
    folders: tuple[str, ...]
    stem: NumberedName
    numbers: tuple[Number, ...]
    #: The index of the folder that each number is in; `len(folders)` for the file's own name.
    levels: tuple[int, ...]


def places(listed: Iterable[Listed], root: Path) -> dict[str, Place]:
    """Return where the tensors of each file are listed, by the file's `where`.

    Parameters
    ----------
    listed : iterable of Listed
    root : Path
        The log directory, resolved.
    """
    found: dict[str, Place] = {}
    above = len(str(root))
    groups: dict[tuple[object, ...], list[_Member]] = defaultdict(list)
    for each in listed:
        relative = each.file.where[above:].replace("\\", "/").lstrip("/")
        folders = tuple(relative.split("/")[:-1])
        torch = _torch_place(each, folders, root)
        if torch is not None:
            found[each.file.where] = torch
            continue
        key, member = _member(each, folders)
        groups[key].append(member)
    for members in groups.values():
        for member, place in _placed(members, root):
            found[member.listed.file.where] = place
    return found


def siblings(file: File) -> list[File]:
    """Return some files of the same folder whose names differ from a file's only in numbers."""
    pattern = numbered(file.stem).pattern(STEPS)
    if "#" not in pattern:
        return []
    suffix = file.name[len(file.stem) :]
    found = [
        each
        for each in file.folder.values()
        if each.name.endswith(suffix) and each is not file
        if numbered(each.stem).pattern(STEPS) == pattern
    ]
    return found[:_MOST_SIBLINGS]


def is_of_itself(folder: str) -> bool:
    """Tell whether a folder of this name is never one of a series, whatever lies beside it."""
    return _folder_pattern(folder)[0] == folder


def _torch_place(listed: Listed, folders: tuple[str, ...], root: Path) -> Place | None:
    if listed.file.stem != _TORCH or len(folders) < 2:
        return None
    step, tag = folders[-2], folders[-1]
    if not (step.isascii() and step.isdigit() and len(step) >= _TORCH_DIGITS):
        return None
    name = torch_folder(tag)
    return Place(_folder(root, folders[:-2]), int(step), name, name)


@lru_cache(maxsize=1 << 12)
def _folder(root: Path, folders: tuple[str, ...]) -> Path:
    """Return the path of a folder: the same object for all files in it."""
    return root.joinpath(*folders)


def _member(listed: Listed, folders: tuple[str, ...]) -> tuple[tuple[object, ...], _Member]:
    stem = listed.numbered
    patterns: list[str] = []
    numbers: list[Number] = []
    levels: list[int] = []
    for level, folder in enumerate(folders):
        pattern, steps = _folder_pattern(folder)
        patterns.append(pattern)
        numbers += steps
        levels += [level] * len(steps)
    own = [number for number in stem.numbers if number.meaning in STEPS]
    numbers += own
    levels += [len(folders)] * len(own)
    suffix = listed.file.name[len(listed.file.stem) :]
    key = (*patterns, stem.pattern(STEPS), suffix, listed.signature)
    return key, _Member(listed, folders, stem, tuple(numbers), tuple(levels))


@lru_cache(maxsize=1 << 14)
def _folder_pattern(folder: str) -> tuple[str, tuple[Number, ...]]:
    """Return a folder's name with its steps marked, and these.

    A folder is a run by itself, so a number is a step only by a word, or where it is all there is.
    """
    name = numbered(folder)
    if len(name.tokens) == 1 and name.numbers:
        return "#", name.numbers if name.numbers[0].meaning == "open" else ()
    return name.pattern(_IN_FOLDERS), tuple(n for n in name.numbers if n.meaning in _IN_FOLDERS)


def _placed(members: list[_Member], root: Path) -> Iterable[tuple[_Member, Place]]:
    """Yield the place of each member of a group."""
    varying = _varying(members)
    if not varying:
        for member in members:
            yield member, _alone(member, root)
        return
    by_content = _content_steps(members)
    if by_content is not None:
        yield from _in_series(members, by_content, varying, root)
        return
    chosen = _step_field(members, varying)
    others = [at for at in varying if at != chosen]
    if _is_unique(members, chosen):
        steps = [member.numbers[chosen].value for member in members]
        yield from _in_series(members, steps, varying, root)
        return
    for series in _split(members, others).values():
        steps = [member.numbers[chosen].value for member in series]
        yield from _in_series(series, steps, [chosen], root, is_series=len(series) > 1)


def _varying(members: list[_Member]) -> list[int]:
    """Return which numbers differ between the members."""
    return [
        at
        for at in range(len(members[0].numbers))
        if len({member.numbers[at].value for member in members}) > 1
    ]


def _content_steps(members: list[_Member]) -> list[int] | None:
    """Return the steps in the files' own content, if every member has another one."""
    steps = [m.listed.found.step for m in members if m.listed.found.step is not None]
    return steps if len(set(steps)) == len(members) else None


def _is_unique(members: list[_Member], at: int) -> bool:
    return len({member.numbers[at].value for member in members}) == len(members)


def _step_field(members: list[_Member], varying: list[int]) -> int:
    """Return which of the varying numbers is the step.

    One called step comes first, then one that tells all members apart. Of an epoch and another
    number that grows with it, the other one is the step.
    """
    epochs = [at for at in varying if members[0].numbers[at].meaning == "epoch"]

    def preference(at: int) -> tuple[object, ...]:
        meaning = members[0].numbers[at].meaning
        values = [member.numbers[at].value for member in members]
        is_other = meaning not in ("step", "epoch") and bool(epochs)
        grows = is_other and all(_grows(members, epoch, at) for epoch in epochs)
        return (
            meaning == "step",
            _is_unique(members, at),
            2 if grows else 1 if meaning == "epoch" else 0,
            max(values) if not epochs or grows else 0,
            at,
        )

    return max(varying, key=preference)


def _grows(members: list[_Member], epoch: int, at: int) -> bool:
    pairs = sorted((m.numbers[epoch].value, m.numbers[at].value) for m in members)
    return all(one[1] <= next_one[1] for one, next_one in pairwise(pairs))


def _split(members: list[_Member], others: list[int]) -> dict[tuple[int, ...], list[_Member]]:
    parts: dict[tuple[int, ...], list[_Member]] = defaultdict(list)
    for member in members:
        parts[tuple(member.numbers[at].value for at in others)].append(member)
    return parts


def _in_series(
    members: list[_Member],
    steps: list[int],
    varying: list[int],
    root: Path,
    *,
    is_series: bool = True,
) -> Iterable[tuple[_Member, Place]]:
    """Yield the places of files with siblings; `varying` numbers are not part of their names.

    All other numbers of the names are the same, so that what stays of a name is found once.
    """
    first = members[0]
    depth = len(first.folders)
    top = min(first.levels[at] for at in varying)
    dropped: dict[int, set[int]] = defaultdict(set)
    for at, number in enumerate(first.numbers):
        # What is called a step or an epoch is no part of the file's name even if it is constant.
        level = first.levels[at]
        if at in varying or (level == depth and number.meaning in ("step", "epoch")):
            dropped[level].add(number.at)
    own = first.stem.without(frozenset(dropped[depth])) if dropped[depth] else ""
    shown = printable(own)
    labels: dict[tuple[tuple[str, ...], str], str] = {}
    for member, step in zip(members, steps, strict=True):
        key = (member.folders[top:], own or member.listed.file.stem)
        label = labels.get(key)
        if label is None:
            inner = [
                numbered(name).rest(frozenset(dropped[level])) if dropped[level] else name
                for level, name in enumerate(key[0], top)
            ]
            label = labels[key] = printable("/".join([*filter(None, inner), key[1]]))
        yield member, Place(_folder(root, member.folders[:top]), step, label, shown, is_series)


def _alone(member: _Member, root: Path) -> Place:
    """Return the place of a file without siblings: only words and content tell its step."""
    found, stem = member.listed.found, member.stem
    folder = _folder(root, member.folders)
    number = named_step(stem)
    at = frozenset({number.at}) if number else frozenset()
    label = printable(stem.without(at) or member.listed.file.stem)
    step = found.step if found.step is not None else _trainer_step(member.listed.file)
    if step is None and number is not None:
        return Place(folder, number.value, label, label)
    if member.folders:
        of_folder = _folder_step(member.folders[-1], whole=found.folder_is_one)
        if of_folder is not None or found.folder_is_one:
            return Place(folder.parent, of_folder if step is None else step, label)
    return Place(folder, step if step is not None else found.epoch, label)


def _trainer_step(file: File) -> int | None:
    """Return the step that Hugging Face's trainer saved beside a file."""
    state = file.folder.get(_TRAINER)
    if state is None:
        return None
    try:
        found = _TRAINER_STEP.search(state.head())
    except LoadError:
        return None
    return int(found[1]) if found is not None else None


def _folder_step(folder: str, *, whole: bool) -> int | None:
    """Return the step that a folder's name says: ``step_7``, ``checkpoint-500``, ``00010``."""
    name = numbered(folder)
    if len(name.tokens) == 1 and name.numbers and name.numbers[0].meaning == "open":
        is_long = len(folder) >= _TORCH_DIGITS
        return name.numbers[0].value if is_long or whole else None
    number = named_step(name)
    return number.value if number is not None and not _has_more(name, number) else None


def _has_more(name: NumberedName, number: Number) -> bool:
    """Tell whether a folder's name is more than a word and its number."""
    first, last = min(number.word, number.at), max(number.word, number.at)
    before = "".join(name.tokens[:first]).lower().strip("_")
    return before not in ("", "global") or last + 1 < len(name.tokens)
