"""Loads one embedding by name, from a file or a log directory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from projector.errors import LoadError, ParameterError, UnknownNameError
from projector.loaders.logdir.attach_tags import tagged
from projector.loaders.logdir.dataset_reading import read_source
from projector.loaders.logdir.discovery import discover_file
from projector.loaders.logdir.existing_path import existing
from projector.loaders.logdir.log import Log, open_logdir
from projector.loaders.logdir.named_parts import discover_parts, folder_of_parts, is_named_parts
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.remote.mirrors import local_path
from projector.loaders.safe_files import printable
from projector.model.dataset import Dataset
from projector.model.listing import Problem

_LISTED_NAMES = 8


def load(
    path: str | Path,
    *,
    name: str | None = None,
    run: str | None = None,
    step: int | None = None,
    tags: bool = True,
) -> Dataset:
    """Read one embedding from a file or a log directory.

    Parameters
    ----------
    path : str or Path
        A file of any format that projector reads (docs/formats.md), a directory, or a pattern of
        parts such as ``"dir/*.parquet"`` (see `open_parts`); also an address of one, such as
        ``"s3://bucket/runs/x.npy"`` (docs/remote.md). Of parts that memory does not hold,
        100,000 points are drawn at random: `Dataset.n_all` then says of how many.
    name, run : str, optional
        Needed where there is more than one embedding. Of parts, `name` is the column.
    step : int, optional
        The latest if left out. Ignored for a single file.
    tags : bool
        False leaves the metadata as the data has it, without what was tagged.

    Returns
    -------
    Dataset
        Vectors of the shape (n_points, n_dims), metadata and sprite. `Dataset.warnings` says what
        was guessed, padded or left out.

    Raises
    ------
    LoadError
        The file cannot be read; the message says why.
    UnknownNameError
        There is no such name, run or step; the message lists those that there are.
    ParameterError
        The choice is ambiguous; the message lists the candidates.

    Examples
    --------
    >>> import projector
    >>> data = projector.load("demo_data", run="mlp-relu-16", step=100)
    >>> data.vectors.shape
    (1797, 16)
    >>> data.metadata.names
    ('label', 'predicted', 'confidence', 'correct', 'split')
    """
    path = local_path(path)
    if is_named_parts(path):
        return _load_parts(path, name)
    if path.is_dir():
        log = open_logdir(path)
        _check_unambiguous(path, log, name, run)
        return log.load(log.find(name=name, run=run, step=step), tags=tags)
    found = discover_file(existing(path).resolve(), Scanner())
    source = _choose(Path(path), found.sources, found.problems, name)
    data = read_source(source)
    return tagged(data, source) if tags else data


def _load_parts(pattern: Path, name: str | None) -> Dataset:
    """Read the parts that a pattern stands for, or a sample of them; `name` is a column."""
    found = discover_parts(pattern, folder_of_parts(pattern), name)
    if not found.sources:
        raise LoadError(pattern, _first_error(found.problems))
    return read_source(_choose(pattern, found.sources, found.problems, name))


def _check_unambiguous(path: str | Path, log: Log, name: str | None, run: str | None) -> None:
    if not log.entries:
        raise LoadError(Path(path), _first_error(log.problems))
    first = log.entries[0]
    rank = (first.role, first.has_metadata)
    likely = [e for e in log.entries if (e.role, e.has_metadata) == rank]
    found = [
        e
        for e in (log.entries if name is not None else likely)
        if (run is None or e.run == run) and (name is None or e.name == name)
    ]
    kinds = dict.fromkeys((e.run, e.name) for e in found)
    if len(kinds) > 1:
        candidates = [f"{a_name!r} (run {a_run!r})" for a_run, a_name in kinds]
        raise _ambiguous(Path(path), "name and run", candidates)


def _choose(path: Path, sources: list[Source], problems: list[Problem], name: str | None) -> Source:
    if not sources:
        raise LoadError(path, _first_error(problems))
    if name is not None:
        for source in sources:
            if name in source.names:
                return source
        raise UnknownNameError("tensor", name, [s.tensor.name for s in sources])
    likely = [s for s in sources if s.role == "embedding"] or sources
    if len(likely) > 1:
        raise _ambiguous(path, "name", [repr(s.tensor.name) for s in likely])
    return likely[0]


def _ambiguous(path: Path, by: str, candidates: list[str]) -> ParameterError:
    more = " …" if len(candidates) > _LISTED_NAMES else ""
    some = ", ".join(candidates[:_LISTED_NAMES]) + more
    return ParameterError(
        f"{printable(path.name)} contains {len(candidates):,} embeddings. Choose one by {by}: "
        f"{some}."
    )


def check_any(log: Log) -> None:
    """Raise LoadError if a log has no embedding, with the first reason."""
    if not log.entries:
        first = next(iter(_worst_first(log.problems)), None)
        where = log.root / first.path if first else log.root
        raise LoadError(where, _first_error(log.problems))


def _first_error(problems: Sequence[Problem]) -> str:
    nothing = "contains no embedding that can be read (see docs/formats.md)."
    return next((each.message for each in _worst_first(problems)), nothing)


def _worst_first(problems: Sequence[Problem]) -> list[Problem]:
    # What is said of a file without vectors may be a warning: it may belong to another one.
    return sorted(problems, key=lambda problem: problem.severity != "error")
