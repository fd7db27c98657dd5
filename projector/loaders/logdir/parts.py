"""Makes one embedding of numbered parts: the pieces of one table or array in several files.

Numbered files are parts by their names (``part-00000``, ``data-00001-of-00003``), if they are
tables with rows of their own, or if a numbered table with other rows lies beside each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from projector.loaders.base import Tensor
from projector.loaders.companions.label_files import LabelFile
from projector.loaders.logdir.joined import JoinedLoader
from projector.loaders.logdir.label_candidates import arrays_of
from projector.loaders.logdir.label_use import LabelUse, PartArrays, PartLabels
from projector.loaders.logdir.name_numbers import Meaning, Number
from projector.loaders.logdir.part_labels import PartTables, differ
from projector.loaders.logdir.part_members import Joined, Member
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.vectors import Collected
from projector.loaders.safe_files import printable

#: Formats of data; a state dict that is split has other tensors, or slices, in each file.
_ARRAYS = frozenset({"npy", "npz", "tensors-tsv", "word-vectors", "raw-float32", "hdf5", "torch"})
_TABLES = frozenset({"parquet", "arrow", "csv", "jsonl", "json"})
_JOINABLE = _ARRAYS | _TABLES
_FREE: frozenset[Meaning] = frozenset({"part", "saved", "open"})
#: Spark ends the names of its parts with what differs between its writers.
_SPARK = re.compile(r"part-\d{5}-")
#: Names that say nothing about what the parts are of.
_PLAIN = frozenset({"part", "parts", "shard", "chunk", "piece", "batch", "data", "file", ""})

_Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class _Part:
    listed: Listed
    numbers: tuple[Number, ...]


def collect_parts(listed: Sequence[Listed], tables: PartTables) -> list[Collected]:
    """Return the embeddings that are split into numbered files.

    Parameters
    ----------
    listed : sequence of Listed
    tables : PartTables
    """
    groups: dict[_Key, list[_Part]] = defaultdict(list)
    for each in listed:
        if each.loader.name not in _JOINABLE or not _has_part_number(each) or each.is_state_dict:
            continue
        if _matrices(each):
            key, part = _part(each)
            groups[key].append(part)
    found: list[Collected] = []
    for parts in groups.values():
        varying = _varying(parts)
        if len(parts) > 1 and len(varying) == 1:
            ordered = sorted(parts, key=lambda part: part.numbers[varying[0]].value)
            beside = _tables(ordered, varying[0], tables)
            if _are_parts(ordered, varying[0], beside):
                found += _joined(ordered, varying[0], beside)
    return found


def _tables(parts: list[_Part], at: int, tables: PartTables) -> tuple[LabelFile, ...]:
    """Return the numbered tables of the parts; a table has its rows itself."""
    if parts[0].listed.loader.name in _TABLES or len(_matrices(parts[0].listed)) != 1:
        return ()
    rows = [_matrices(part.listed)[0].shape[0] for part in parts]
    return tables.of(
        [
            (part.listed.file, part.numbers[at].value, n_rows)
            for part, n_rows in zip(parts, rows, strict=True)
        ]
    )


def _matrices(listed: Listed) -> list[Tensor]:
    return [t for t in listed.found.tensors if t.is_matrix and t.role != "slot"]


def _has_part_number(listed: Listed) -> bool:
    return any(number.meaning in _FREE for number in listed.numbered.numbers)


def _part(listed: Listed) -> tuple[_Key, _Part]:
    """Return what all parts of one table have in common, and the numbers of this part."""
    stem, file = listed.numbered, listed.file
    numbers = tuple(number for number in stem.numbers if number.meaning in _FREE)
    pattern = stem.pattern(_FREE)
    if _SPARK.match(file.stem):
        numbers, pattern = numbers[:1], "part-#"
    columns = tuple(
        ("" if tensor.whole else tensor.name, tensor.shape[1]) for tensor in _matrices(listed)
    )
    suffix = file.name[len(file.stem) :]
    return (file.home, pattern, suffix, columns), _Part(listed, numbers)


def _varying(parts: list[_Part]) -> list[int]:
    return [
        at
        for at in range(min(len(part.numbers) for part in parts))
        if len({part.numbers[at].value for part in parts}) > 1
    ]


def _are_parts(parts: list[_Part], at: int, beside: tuple[LabelFile, ...]) -> bool:
    numbers = [part.numbers[at] for part in parts]
    values = [number.value for number in numbers]
    if len(set(values)) < len(values):
        return False
    if any(number.meaning == "part" for number in numbers):
        return True
    if values[0] > 1 or values[-1] - values[0] != len(values) - 1:
        return False
    tensors = _matrices(parts[0].listed)
    if parts[0].listed.loader.name in _TABLES:
        return any(tensor.role == "embedding" and tensor.labeled for tensor in tensors)
    # Equal tables are of the same points, at several steps.
    if beside:
        return differ(beside)
    return len(tensors) == 1 and _last_is_shorter(parts)


def _last_is_shorter(parts: list[_Part]) -> bool:
    """Tell whether all parts but the last are of one size: what is saved batch by batch."""
    rows = [tensor.shape[0] for part in parts for tensor in _matrices(part.listed)]
    return len(rows) > 2 and len(set(rows[:-1])) == 1 and rows[-1] < rows[0]


def _joined(parts: list[_Part], at: int, beside: tuple[LabelFile, ...]) -> list[Collected]:
    """Return one embedding for every matrix that the parts have."""
    first = parts[0].listed
    notes = _missing(parts, at)
    return [
        _of_tensor(first, [part.listed for part in parts], place, tensor, notes, beside)
        for place, tensor in enumerate(first.found.tensors)
        if tensor.is_matrix and tensor.role != "slot"
    ]


def _missing(parts: list[_Part], at: int) -> tuple[str, ...]:
    """Warn of parts that are not there, by the gaps in their numbers and by their own count."""
    values = [part.numbers[at].value for part in parts]
    gaps = sorted(set(range(values[0], values[-1])) - set(values))
    of = re.search(r"[-_]of[-_](\d+)", parts[0].listed.file.stem)
    if of is not None and int(of[1]) > len(parts) + len(gaps):
        gone = int(of[1]) - len(parts)
        return (f"{gone:,} of {int(of[1]):,} parts are not there. Copy them into the folder.",)
    if gaps:
        some = ", ".join(map(str, gaps[:5])) + (" …" if len(gaps) > 5 else "")
        return (f"{len(gaps):,} parts are not there: number {some}. Copy them into the folder.",)
    return ()


def _of_tensor(
    first: Listed,
    listed: list[Listed],
    place: int,
    tensor: Tensor,
    notes: tuple[str, ...],
    beside: tuple[LabelFile, ...],
) -> Collected:
    members = []
    for each in listed:
        own = next(
            (t for t in each.found.tensors if t.key == tensor.key and t.is_matrix),
            each.found.tensors[place],
        )
        members.append(Member(each, own, own.shape[0]))
    shape = (sum(member.n_rows for member in members), tensor.shape[1])
    note = f"put together from {len(members):,} parts, {first.file.name} and those after it."
    plan = Joined(tuple(members), notes=(note, *notes))
    name = _common_name(first) if tensor.whole else tensor.name
    whole = replace(tensor, key=tensor.key, name=printable(name), shape=shape, detail=plan)
    joined = replace(first, loader=JoinedLoader(first.loader))
    counts = [member.n_rows for member in members]
    labels: list[LabelUse] = [*_own_arrays(listed, counts)]
    if beside:
        labels.append(PartLabels(tuple(zip(beside, counts, strict=True))))
    return Collected(joined, first.file.path.parent, whole, tuple(labels), _common_name(first))


def _own_arrays(listed: list[Listed], counts: list[int]) -> list[PartArrays]:
    """Return the arrays that every part has, with one value for each of its rows."""
    found = []
    for candidate in arrays_of(listed[0]):
        key = candidate.tensor.key if candidate.tensor is not None else ""
        arrays = [
            next((t for t in each.found.tensors if t.key == key and t.shape[:1] == (count,)), None)
            for each, count in zip(listed, counts, strict=True)
        ]
        known = [array for array in arrays if array is not None]
        if len(known) == len(listed):
            parts = tuple(zip(listed, known, counts, strict=True))
            found.append(PartArrays(parts, candidate.title))
    return found


def _common_name(first: Listed) -> str:
    """Return the name without its number, or the folder's where that says nothing."""
    stem = first.numbered
    own = stem.without(frozenset(n.at for n in stem.numbers if n.meaning in _FREE))
    own = re.sub(r"[-_]?of[-_]?\d*$", "", own)
    folder = first.file.path.parent
    return (own if own.lower() not in _PLAIN and not _SPARK.match(first.file.stem) else "") or (
        folder.name or first.file.stem
    )
