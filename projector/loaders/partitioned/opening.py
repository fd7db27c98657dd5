"""Opens many files as one dataset: reads their headers, and sets aside what does not belong."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.partitioned.headers import About, abouts_of
from projector.loaders.partitioned.layouts import EMPTY, Layout, common_layout
from projector.loaders.partitioned.part_files import file_at, fingerprint
from projector.loaders.partitioned.part_paths import PartPath, part_paths, shown
from projector.loaders.safe_files import check_regular
from projector.loaders.versions import wait_for_rest
from projector.model.listing import Problem, Severity
from projector.model.partitioned import Part, PartitionedDataset

#: The numbers of a part at the end of its name, and what says nothing of its content.
_NUMBER = re.compile(r"[-_.]?\d+(?:[-_]of[-_]\d+)?$")
_PLAIN = frozenset({"", "part", "parts", "shard", "chunk", "piece", "batch", "data", "file"})


def open_parts(
    paths: str | Path | Iterable[str | Path], *, column: str | None = None
) -> PartitionedDataset:
    """Open many files as one dataset, of which never more than a piece is read.

    Parameters
    ----------
    paths : str, Path, or iterable of them
        A folder, a pattern such as ``"dir/*.parquet"`` (``**`` stands for any folders), or the
        files in the order that their rows have. Parquet, Arrow (IPC, Feather) and ``.npy``.
        Folders ``key=value``, as Hive and Spark write them, give each row a column `key`.
    column : str, optional
        The column of vectors. Needed where the files have more than one.

    Returns
    -------
    PartitionedDataset
        Parts in natural order: ``part-2`` before ``part-10``. Its `problems` name every file that
        is no part of it: damaged, without rows, or with another column, dtype or number of
        dimensions than most have.

    Raises
    ------
    LoadError
        There are no such files, or none of them can be read; the message says why of the first.
    UnknownNameError
        There is no such column of vectors.
    ParameterError
        There are several columns of vectors, and none was chosen.

    Notes
    -----
    Reads headers and the first rows only: a few milliseconds for each file.

    Examples
    --------
    >>> import projector
    >>> data = projector.open_parts("dir/*.parquet")   # doctest: +SKIP
    >>> data.n_points, data.n_dims, data.n_parts       # doctest: +SKIP
    (25000000, 768, 250)
    """
    root, found, is_folder = part_paths(paths)
    return join_parts(root, found, column=column, inside=root if is_folder else None)


def join_parts(
    root: Path,
    found: Sequence[PartPath],
    *,
    column: str | None = None,
    inside: Path | None = None,
    name: str = "",
) -> PartitionedDataset:
    """Return files as one dataset; see `open_parts`.

    Parameters
    ----------
    root : Path
        What problems name the files relative to.
    found : sequence of PartPath
        In the order of their rows.
    column : str, optional
    inside : Path, optional
        A folder that links may not lead out of.
    name : str, optional
        Of the dataset; by default what the files' names have in common.
    """
    problems: list[Problem] = []

    def report(path: Path, message: str, severity: Severity = "error") -> None:
        problems.append(Problem(".", shown(path, root), message, severity))

    kinds = [each.format for each in found if each.format is not None]
    format = max(kinds, key=kinds.count) if kinds else "parquet"
    known = _known(found, format, inside, report)
    layout = common_layout([about for _, _, about in known], column, root)
    parts: list[Part] = []
    names: dict[str, None] = {}
    for each, file, about in known:
        why, severity = layout.differs(about) if layout else _no_vectors(about)
        if layout is None or why:
            report(each.path, why, severity)
            continue
        try:
            at = parts[-1].stop_row if parts else 0
            parts.append(_part(each, file, about, layout, format, at))
        except LoadError as error:
            report(each.path, error.message)
            continue
        names |= dict.fromkeys((*(key for key, _ in each.keys), *about.metadata))
    if layout is None or not parts:
        raise LoadError(root, _nothing(len(found), problems))
    columns = tuple(each for each in names if each not in layout.vector_columns)
    title = name or _name(root, found)
    return PartitionedDataset(tuple(parts), title, columns, tuple(problems), layout.warnings)


def _known(
    found: Sequence[PartPath],
    format: str,
    inside: Path | None,
    report: Callable[[Path, str, Severity], None],
) -> list[tuple[PartPath, File, About]]:
    """Return the files of one format whose headers can be read, and what these say."""
    files: list[tuple[PartPath, File]] = []
    for each in found:
        if each.format != format:
            suffix = each.path.suffix or "nothing"
            message = f"is no part: its name ends in {suffix}, and most others are {format} files."
            report(each.path, message, "warning")
            continue
        try:
            files.append((each, _file(each.path, inside)))
        except LoadError as error:
            report(each.path, error.message, "error")
    wait_for_rest(file.version for _, file in files if file.version)
    known: list[tuple[PartPath, File, About]] = []
    abouts = abouts_of([file for _, file in files], format)
    for (each, file), about in zip(files, abouts, strict=True):
        if about.error:
            report(each.path, about.error, "error")
        else:
            known.append((each, file, about))
    return known


def _no_vectors(about: About) -> tuple[str, Severity]:
    if not about.n_rows:
        return EMPTY, "warning"
    return f"has no column of vectors. {about.its_columns}", "error"


def _nothing(n_files: int, problems: Sequence[Problem]) -> str:
    why = f"{problems[0].path}: {problems[0].message}" if problems else "There are none."
    return f"none of {n_files:,} files can be read as a part. {why}"


def _file(path: Path, inside: Path | None) -> File:
    real = Path(os.path.realpath(path))
    if inside is not None:
        check_regular(Path(os.path.realpath(inside)), real, by=path, named=path.name)
    return file_at(real)


def _part(each: PartPath, file: File, about: About, layout: Layout, format: str, at: int) -> Part:
    columns = layout.plan.columns if layout.plan else ()
    return Part(
        path=str(file.real),
        first_row=at,
        n_rows=about.n_rows,
        n_dims=layout.n_dims,
        fingerprint=fingerprint(file),
        column=columns[0] if len(columns) == 1 else columns or "",
        format=format,
        dtype=layout.dtype,
        keys=each.keys,
        how=layout.how,
    )


def _name(root: Path, found: Sequence[PartPath]) -> str:
    """Return what the parts' names have in common, or the folder's name if that says nothing."""
    stems = {_NUMBER.sub("", each.path.stem) for each in found}
    stem = stems.pop() if len(stems) == 1 else ""
    return stem if stem.lower() not in _PLAIN else root.name or "parts"
