"""Open one file, or one embedding of a log directory, by name."""

from __future__ import annotations

from pathlib import Path

from projector.errors import LoadError, ParameterError, UnknownName
from projector.loaders.logdir.attach_tags import tagged
from projector.loaders.logdir.discovery import discover_file
from projector.loaders.logdir.log import Log, existing, load_source, open_logdir
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import printable
from projector.model.dataset import Dataset
from projector.model.listing import Problem


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
        A file of any format that projector reads, or a directory.
    name, run : str, optional
        Needed where there is more than one embedding.
    step : int, optional
        The latest if left out.
    tags : bool
        False leaves the metadata as the data has it, without what was tagged.

    Raises
    ------
    LoadError
        The file can not be read; the message says why.
    UnknownName
        Nothing answers to the names; lists what there is.
    ParameterError
        More than one embedding could be meant; lists them.
    """
    if Path(path).is_dir():
        log = open_logdir(path)
        _one(path, log, name, run)
        return log.load(log.find(name=name, run=run, step=step), tags=tags)
    seen = discover_file(existing(path), Scanner())
    source = _choose(Path(path), seen.sources, seen.problems, name)
    data = load_source(source)
    return tagged(data, source) if tags else data


def _one(path: str | Path, log: Log, name: str | None, run: str | None) -> None:
    if not log.entries:
        raise LoadError(Path(path), _why(log.problems))
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
        told = [f"{a_name!r} (run {a_run!r})" for a_run, a_name in kinds]
        raise _choice(Path(path), "name and run", told)


def _choose(path: Path, sources: list[Source], problems: list[Problem], name: str | None) -> Source:
    if not sources:
        raise LoadError(path, _why(problems))
    if name is not None:
        for source in sources:
            if name == source.tensor.name or name in source.tensor.aliases:
                return source
        raise UnknownName("tensor", name, [s.tensor.name for s in sources])
    likely = [s for s in sources if s.role == "embedding"] or sources
    if len(likely) > 1:
        raise _choice(path, "name", [repr(s.tensor.name) for s in likely])
    return likely[0]


def _choice(path: Path, what: str, there: list[str]) -> ParameterError:
    some = ", ".join(there[:8]) + (" …" if len(there) > 8 else "")
    return ParameterError(
        f"{printable(path.name)} holds {len(there):,} embeddings; choose one by {what}: {some}."
    )


def _why(problems: list[Problem] | tuple[Problem, ...]) -> str:
    errors = [p.message for p in problems if p.severity == "error"]
    return errors[0] if errors else "holds no embedding that can be read (docs/formats.md)."
