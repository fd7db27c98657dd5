"""Makes one embedding of many vectors: one per key of a file, or one per file of a folder."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from projector.loaders.base import Tensor
from projector.loaders.logdir.joined import JoinedLoader
from projector.loaders.logdir.label_use import LabelUse
from projector.loaders.logdir.name_numbers import STEPS, NumberedName, named_step, numbered
from projector.loaders.logdir.part_members import Joined, Member
from projector.loaders.logdir.scanner import Listed
from projector.loaders.naming import natural_key
from projector.loaders.safe_files import printable, relative_path

#: Fewer vectors than this, or shorter ones, are rather columns of a table.
_FEWEST_KEYS, _SHORTEST = 2, 2
#: ... and so are two or three that are not longer than this.
_SHORT, _VERY_FEW = 8, 3
#: With few vectors, each of their names counts.
_FEW = 12
#: Whole numbers are counts or labels, unless there are many arrays of them.
_FEWEST_WHOLE = 8
#: The share of a file's tensors that must be vectors of one length.
_MOST = 0.8
#: What one array of a table, a history or some statistics is called.
_COLUMN = re.compile(
    r"(^|[._/ -])(x|y|z|xs|ys|x\d|y\d|labels?|targets?|class(es)?|ids?|idx|index|indices|ages?|"
    r"times?|timestamps?|dates?|years?|scores?|weights?|loss(es)?|acc(uracy)?|lr|epochs?|steps?|"
    r"iter(s|ations?)?|mean|std|var|min|max|median|mu|sigma|sum|norm|counts?|prob(s|abilities)?|"
    r"pred(s|ictions?)?|y_?(true|pred|score|train|test|val)|fpr|tpr|precision|recall|"
    r"thresholds?|lat|lon|latitude|longitude|offsets?|lengths?|sizes?|mask|bins?|edges|"
    r"freq(s|uency)?|explained_variance.*|singular_values?|train|test|val|inertia)$",
    re.IGNORECASE,
)
#: Names of a vector that sums up something, in a file that has more than vectors.
_SUMMARY = re.compile(r"emb|repr|vec|feat|mean|pool|cls|latent|code|bos|summary", re.IGNORECASE)

_Key: TypeAlias = tuple[Path, str, int, str]
_Rows: TypeAlias = dict[tuple[Path, int], set[Path]]


@dataclass(frozen=True)
class Collected:
    """An embedding of many vectors, and which tensors it takes out of the listing.

    Attributes
    ----------
    listed : Listed
        The first file, with a loader that reads all of them.
    folder : Path
        The directory whose run it belongs to.
    tensor : Tensor
    labels : tuple of LabelUse
        Of the parts of a matrix, in their files or beside.
    label : str
        What the names of the parts have in common; tells it from others of its folder.
    """

    listed: Listed
    folder: Path
    tensor: Tensor
    labels: tuple[LabelUse, ...] = ()
    label: str = ""

    @property
    def plan(self) -> Joined:
        """Return what it is put together from."""
        plan = self.tensor.detail
        assert isinstance(plan, Joined)
        return plan


def collect_vectors(listed: Sequence[Listed], root: Path) -> list[Collected]:
    """Return the embeddings that single vectors make up.

    Norms and biases of a model are no points: a file that looks like a state dict is left alone.

    Parameters
    ----------
    listed : sequence of Listed
    root : Path
        The log directory, resolved.
    """
    found: list[Collected] = []
    rest: list[Listed] = []
    for each in listed:
        if not any(tensor.vector_length >= _SHORTEST for tensor in each.found.tensors):
            continue
        if each.is_state_dict:
            continue
        of_keys = _of_keys(each)
        if of_keys is None:
            rest.append(each)
        else:
            found.append(of_keys)
    return found + _of_files(rest, listed, root)


def may_be_joined(listed: Listed) -> bool:
    """Tell whether a file may be one embedding with others, by the vectors that it has."""
    if listed.is_state_dict or not _vectors(listed.found.tensors):
        return False
    return _of_keys(listed) is None and bool(_summaries(listed))


def _vectors(tensors: Iterable[Tensor]) -> list[Tensor]:
    return [
        tensor
        for tensor in tensors
        if tensor.vector_length >= _SHORTEST and tensor.role != "slot" and tensor.step is None
    ]


def _of_keys(listed: Listed) -> Collected | None:
    """Return the embedding of a file that has one vector per key, or None."""
    vectors = _vectors(listed.found.tensors)
    if len(vectors) < _FEWEST_KEYS:
        return None
    length = Counter(tensor.vector_length for tensor in vectors).most_common(1)[0][0]
    chosen = [tensor for tensor in vectors if tensor.vector_length == length]
    others = [tensor for tensor in listed.found.tensors if tensor.real and tensor.shape]
    if len(chosen) < max(_FEWEST_KEYS, _MOST * len(others)):
        return None
    names = [tensor.name for tensor in chosen]
    if not _are_points(chosen, names):
        return None
    notes = []
    if len(chosen) < len(listed.found.tensors):
        left = [t.name for t in listed.found.tensors if t not in chosen]
        notes.append(_left_out(left, length))
    texts = {} if _are_counted(names) else _key_columns(names)
    members = tuple(Member(listed, tensor) for tensor in chosen)
    plan = Joined(members, texts, tuple(notes))
    return _collected(listed, listed.file.path.parent, listed.file.stem, length, plan)


def _left_out(names: list[str], length: int) -> str:
    more = " …" if len(names) > 3 else ""
    return (
        f"{len(names):,} other arrays of the file are no vectors of {length:,} numbers and are "
        f"left out: {', '.join(names[:3])}{more}."
    )


def _are_points(tensors: list[Tensor], names: list[str]) -> bool:
    """Tell whether vectors of equal length are points, and not the columns of a table."""
    if len({tensor.dtype for tensor in tensors}) > 2:
        return False
    if len(tensors) <= _VERY_FEW and tensors[0].vector_length < _SHORT:
        return False
    are_whole = any(tensor.dtype.lstrip("u").startswith(("int", "bool")) for tensor in tensors)
    if are_whole and len(tensors) < _FEWEST_WHOLE:
        return False
    columns = sum(_COLUMN.search(name) is not None for name in names)
    return columns == 0 if len(names) <= _FEW else columns < len(names) / 2


def _are_counted(names: list[str]) -> bool:
    return names == [str(number) for number in range(len(names))]


def _key_columns(names: list[str]) -> dict[str, list[str]]:
    """Return keys as columns: what all share is left out, and folders become columns."""
    parts = [name.split("/") for name in names]
    depth = len(parts[0])
    if depth == 1 or any(len(each) != depth for each in parts):
        return {"name": _without_prefix(names)}
    columns = [list(each) for each in zip(*parts, strict=True)]
    varying = [column for column in columns if len(set(column)) > 1]
    return _named_levels(varying, "name")


def _without_prefix(names: list[str]) -> list[str]:
    """Drop what all keys of a nested dict start with, up to a period."""
    first = names[0]
    end = first.rfind(".") + 1
    while end and not all(name.startswith(first[:end]) and len(name) > end for name in names):
        end = first.rfind(".", 0, end - 1) + 1
    return [name[end:] for name in names]


def _named_levels(levels: list[list[str]], last: str) -> dict[str, list[str]]:
    """Name columns of a path: the innermost `last`, and folders above it."""
    folders = levels[:-1]
    names = ["folder"] if len(folders) == 1 else [f"folder {n + 1}" for n in range(len(folders))]
    return {last: levels[-1], **dict(zip(names, folders, strict=True))}


def _collected(listed: Listed, folder: Path, name: str, length: int, plan: Joined) -> Collected:
    first = plan.members[0].tensor
    labeled = bool(plan.texts)
    shape = (len(plan.members), length)
    tensor = Tensor(
        "", printable(name), shape, first.dtype, role="embedding", labeled=labeled, whole=True
    )
    joined = replace(listed, loader=JoinedLoader(listed.loader))
    return Collected(joined, folder, replace(tensor, detail=plan))


def _of_files(rest: list[Listed], listed: Sequence[Listed], root: Path) -> list[Collected]:
    """Return the embeddings of files with one vector each, in one folder or its subfolders."""
    if not rest:
        return []
    rows = _rows_of_matrices(listed)
    groups: dict[_Key, list[tuple[Listed, Tensor]]] = defaultdict(list)
    for each in rest:
        vectors = _summaries(each)
        for vector in vectors:
            key = "" if len(vectors) == 1 else vector.name
            length = vector.vector_length
            groups[each.file.path.parent, key, length, each.loader.name].append((each, vector))
    homes: dict[_Key, list[tuple[Listed, Tensor]]] = defaultdict(list)
    folders = Counter((path.parent, *key) for path, *key in groups)
    for (path, key, length, loader), found in groups.items():
        together = path != root and folders[path.parent, key, length, loader] > 1
        homes[path.parent if together else path, key, length, loader] += found
    return [
        _of_siblings(home, key, length, found, root)
        for (home, key, length, _), found in homes.items()
        if len(found) > 1 and _are_siblings(home, length, found, rows)
    ]


def _rows_of_matrices(listed: Sequence[Listed]) -> _Rows:
    """Return which files of a folder have a matrix of so many rows: arrays as long describe it."""
    rows: _Rows = defaultdict(set)
    for each in listed:
        for tensor in each.found.tensors:
            if tensor.is_matrix and tensor.shape[0] > 1:
                rows[each.file.path.parent, tensor.shape[0]].add(each.file.path)
    return rows


def _summaries(listed: Listed) -> list[Tensor]:
    """Return the vectors of a file that stand for it as a whole; a file has few of them."""
    tensors = listed.found.tensors
    vectors = _vectors(tensors)
    if len(vectors) < len([t for t in tensors if t.real and t.shape]):
        vectors = [tensor for tensor in vectors if _SUMMARY.search(tensor.name)]
    return vectors if len(vectors) <= _FEW else []


def _are_siblings(home: Path, length: int, found: list[tuple[Listed, Tensor]], rows: _Rows) -> bool:
    own = {listed.file.path for listed, _ in found}
    if len(found) <= _FEW and any(path not in own for path in rows.get((home, length), ())):
        return False
    names = [listed.file.stem for listed, _ in found]
    if len(set(names)) == 1:
        names = [listed.file.path.parent.name for listed, _ in found]
    return _are_points([tensor for _, tensor in found], names)


def _of_siblings(
    home: Path, key: str, length: int, found: list[tuple[Listed, Tensor]], root: Path
) -> Collected:
    found = sorted(found, key=lambda each: natural_key(str(each[0].file.path)))
    names = [numbered(listed.file.stem) for listed, _ in found]
    texts = _file_columns(home, found, names)
    keys = [tensor.name for _, tensor in found]
    if not key and len(set(keys)) > 1 and not found[0][1].whole:
        texts["key"] = keys
    members = tuple(Member(listed, tensor) for listed, tensor in found)
    name = key or _shared_key(found) or _common_name(names) or home.name
    listed = found[0][0]
    return _collected(listed, home, name, length, Joined(members, texts))


def _shared_key(found: list[tuple[Listed, Tensor]]) -> str:
    keys = {tensor.name for _, tensor in found}
    return keys.pop() if len(keys) == 1 and not found[0][1].whole else ""


def _common_name(names: list[NumberedName]) -> str:
    """Return the name that all files have but for a number, or an empty text."""
    if len({name.pattern(STEPS) for name in names}) > 1 or len({name.tokens for name in names}) < 2:
        return ""
    first = names[0]
    return first.without(frozenset(n.at for n in first.numbers if n.meaning in STEPS))


def _file_columns(
    home: Path, found: list[tuple[Listed, Tensor]], names: list[NumberedName]
) -> dict[str, list[str]]:
    """Return the files' names and folders as columns, and the steps that their names say."""
    stems = [printable(listed.file.stem) for listed, _ in found]
    inner = [relative_path(home, listed.file.path.parent).replace("\\", "/") for listed, _ in found]
    levels = [stems] if len(set(stems)) > 1 or len(set(inner)) == 1 else []
    if len(set(inner)) > 1:
        levels = [[printable(folder) for folder in inner], *levels]
    texts = _named_levels(levels, "name")
    steps = [named_step(name) for name in names]
    values = [str(step.value) for step in steps if step is not None]
    if len(values) == len(stems) and len(set(values)) > 1:
        texts["step"] = values
    return texts
