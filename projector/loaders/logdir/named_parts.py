"""The parts that a pattern of file names stands for, as the only embedding of a log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import Found, Tensor
from projector.loaders.formats.registry import FORMATS
from projector.loaders.logdir.discovery import Discovery
from projector.loaders.logdir.joined import JoinedLoader
from projector.loaders.logdir.part_members import Joined, Member
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.sources import Source
from projector.loaders.partitioned.layouts import SeveralColumnsError
from projector.loaders.partitioned.opening import join_parts
from projector.loaders.partitioned.part_files import file_of
from projector.loaders.partitioned.part_paths import PartPath, is_pattern, part_paths
from projector.loaders.safe_files import printable
from projector.model.listing import Problem
from projector.model.partitioned import PartitionedDataset


def is_named_parts(path: Path) -> bool:
    """Tell whether a path is a pattern of file names, and nothing is called so itself."""
    return is_pattern(str(path)) and not path.exists()


def folder_of_parts(pattern: Path) -> Path:
    """Return the folder that all files of a pattern are in.

    Raises
    ------
    LoadError
        There is no such file.
    """
    return part_paths(pattern)[0].resolve()


def discover_parts(pattern: Path, root: Path, column: str | None = None) -> Discovery:
    """Return the files of a pattern as one embedding; what is no part of it is a problem.

    Parameters
    ----------
    pattern : Path
    root : Path
        What the entry and its problems are named relative to.
    column : str, optional
        The column of vectors; by default each of them is an embedding.

    Raises
    ------
    UnknownNameError
        There is no such column.
    """
    try:
        _, found, _ = part_paths(pattern)
        real = [PartPath(each.path.parent.resolve() / each.path.name, each.keys) for each in found]
        try:
            opened = [join_parts(root, real, column=column)]
        except SeveralColumnsError as error:
            opened = [join_parts(root, real, column=name, name=name) for name in error.names]
        problems = dict.fromkeys(problem for data in opened for problem in data.problems)
        return Discovery(root, [source_of_parts(data) for data in opened], list(problems))
    except LoadError as error:
        return Discovery(root, problems=[Problem(".", printable(pattern.name), error.message)])


def source_of_parts(data: PartitionedDataset) -> Source:
    """Return a partitioned dataset as the source of an entry.

    Raises
    ------
    LoadError
        A part is gone, or has changed since it was opened.
    """
    loader = FORMATS[data.parts[0].format]
    members = []
    for part in data.parts:
        key = part.how[0].name if part.how else ""
        tensor = Tensor(
            key,
            key or data.name,
            (part.n_rows, part.n_dims),
            part.dtype,
            role="embedding",
            labeled=bool(data.columns),
            detail=part.how,
        )
        listed = Listed(file_of(part), loader, Found((tensor,)))
        members.append(Member(listed, tensor, part.n_rows, part.keys))
    note = f"put together from {data.n_parts:,} parts."
    first = members[0]
    whole = replace(
        first.tensor,
        name=printable(data.name),
        aliases=(first.tensor.name,),
        shape=(data.n_points, data.n_dims),
        detail=Joined(tuple(members), notes=(note,)),
    )
    left_out = [f"{each.path}: {each.message}" for each in data.problems]
    source = Source(first.listed.file, JoinedLoader(loader), whole, ".", None, warnings=left_out)
    source.home = first.listed.file.path.parent
    return source
