"""Finds the folders that `projector.project` writes for data in parts: one projection each.

A folder has ``projection.json``, which says what it is of and names its parts, and Parquet parts of
positions: ``index``, ``x``, ``y`` and, in three dimensions, ``z``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, Tensor
from projector.loaders.bounded_json import parse_json
from projector.loaders.formats.tables.plans import Plan
from projector.loaders.logdir.joined import JoinedLoader
from projector.loaders.logdir.part_members import Joined, Member
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.vectors import Collected
from projector.loaders.safe_files import printable, read_all

DESCRIPTION = "projection.json"
#: What else the folder has, for those who place further points.
_OTHERS = frozenset({DESCRIPTION, "landmarks.npz", "components.npz"})
_KIND = "partitioned projection"
_LARGEST = 1 << 26
_AXES = (("x", "y", "z"), ("x", "y"))
#: Positions beyond which some are drawn, whatever memory holds: more are a density.
MOST_POSITIONS = 2_000_000


@dataclass
class Projected:
    """What was found of partitioned projections.

    Attributes
    ----------
    rest : list of Listed
        The files that belong to none.
    found : list of Collected
    incomplete : list of (File, str)
        Descriptions of those that cannot be shown, and why.
    """

    rest: list[Listed] = field(default_factory=list)
    found: list[Collected] = field(default_factory=list)
    incomplete: list[tuple[File, str]] = field(default_factory=list)


def take_projected(listed: Sequence[Listed]) -> Projected:
    """Return the partitioned projections among some files, and the files that are no part of one.

    Parameters
    ----------
    listed : sequence of Listed
    """
    by_home: dict[str, list[Listed]] = defaultdict(list)
    for each in listed:
        by_home[each.file.home].append(each)
    result = Projected()
    for files in by_home.values():
        description = files[0].file.folder.get(DESCRIPTION)
        about = None if description is None else _about(description)
        if description is None or about is None:
            result.rest += files
        else:
            _take_one(description, about, files, result)
    return result


def _about(file: File) -> Mapping[str, Any] | None:
    """Return the description of a projection; None for other JSON."""
    if _KIND.encode() not in file.head():
        return None
    try:
        about = parse_json(read_all(file.real, limit=_LARGEST, what="a description"))
    except (LoadError, ValueError):
        return None  # its own loader says what is wrong
    if not isinstance(about, dict) or about.get("projector") != _KIND:
        return None
    parts = about.get("parts")
    is_list = isinstance(parts, list) and all(
        isinstance(part, dict)
        and isinstance(part.get("file"), str)
        and isinstance(part.get("n_rows"), int)
        for part in parts
    )
    return about if is_list and parts else None


def _take_one(
    description: File, about: Mapping[str, Any], files: Sequence[Listed], result: Projected
) -> None:
    names = {part["file"]: part["n_rows"] for part in about["parts"]}
    by_name = {each.file.name: each for each in files}
    result.rest += [
        each for each in files if each.file.name not in names and each.file.name not in _OTHERS
    ]
    there = sum(name in by_name for name in names)
    if there < len(names) or about.get("is_complete") is not True:
        said = (
            f"{there:,} of {len(names):,} parts of this projection are there. It is shown when it "
            "is complete: call projector.project again with the same folder."
        )
        result.incomplete.append((description, said))
        return
    parts = [by_name[name] for name, n_rows in names.items() if n_rows]
    wrong = {axes: _without(axes, parts, names) for axes in _AXES}
    axes = next((axes for axes in _AXES if wrong[axes] is None), None)
    if axes is None or not parts:
        name = wrong[_AXES[-1]]
        said = (
            f"{name or 'no part'} does not have the columns x and y with as many rows as it "
            "should. Delete it, and call projector.project again with the same folder."
        )
        result.incomplete.append((description, said))
        return
    result.found.append(_collected(description, about, parts, axes))


def _without(
    axes: tuple[str, ...], parts: Sequence[Listed], names: Mapping[str, int]
) -> str | None:
    """Return the name of the first part without some columns, or with another number of rows."""
    for each in parts:
        own = _tensor(each, axes)
        if own is None or own.shape[0] != names[each.file.name]:
            return printable(each.file.name)
    return None


def _tensor(listed: Listed, axes: tuple[str, ...]) -> Tensor | None:
    """Return the positions in a part, None if it has none."""
    for tensor in listed.found.tensors:
        detail: Any = tensor.detail
        is_table = isinstance(detail, tuple) and isinstance(detail[0], Plan)
        if tensor.is_matrix and is_table and detail[0].columns == axes:
            return tensor
    return None


def _collected(
    description: File, about: Mapping[str, Any], parts: Sequence[Listed], axes: tuple[str, ...]
) -> Collected:
    plan = Plan("", axes, None, len(axes), "float32")
    members = []
    for each in parts:
        own = _tensor(each, axes)
        assert own is not None
        members.append(Member(each, replace(own, detail=(plan, (plan,))), own.shape[0]))
    first = members[0]
    shape = (sum(member.n_rows for member in members), len(axes))
    dims = about.get("n_dims")
    what = f" x {dims:,}" if isinstance(dims, int) else ""
    note = f"{about.get('method')} of {shape[0]:,}{what}, in {len(members):,} parts."
    detail = Joined(tuple(members), notes=(printable(note),), most=MOST_POSITIONS)
    whole = replace(
        first.tensor,
        name=printable(description.path.parent.name or "projection"),
        shape=shape,
        role="embedding",
        doubtful=False,
        labeled=False,
        detail=detail,
    )
    joined = replace(first.listed, loader=JoinedLoader(first.listed.loader))
    return Collected(joined, description.path.parent, whole)
