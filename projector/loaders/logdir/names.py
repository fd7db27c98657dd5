"""Names that distinguish the tensors of a listing, and the order they are listed in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

from projector.loaders.logdir.sources import Source
from projector.loaders.naming import natural_key, split_step
from projector.loaders.safe_files import printable, relative_path

_ROLES = {"embedding": 0, "weight": 1, "slot": 2}


def with_distinct_names(sources: list[Source], root: Path) -> list[Source]:
    """Rename different tensors that share a run, a name and a step; drop true duplicates.

    Parameters
    ----------
    sources : list of Source
        Renamed in place.
    root : Path
        The log directory, resolved.

    Returns
    -------
    list of Source
        The first source of each run, name and step.
    """
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


def in_listing_order(sources: list[Source]) -> list[Source]:
    """Sort embeddings with metadata first and slots last, then by run, name and step."""
    # All steps of a tensor stay together, at the best rank that one of them has.
    best: dict[tuple[str, str], tuple[int, ...]] = {}
    for source in sources:
        group, rank = (source.run, source.tensor.name), _rank(source)
        best[group] = min(best.get(group, rank), rank)

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


def _rank(source: Source) -> tuple[int, ...]:
    """Return how late a tensor is listed: what a config names, or is called an embedding, first."""
    own = _ROLES[source.tensor.role]
    doubtful = source.tensor.doubtful and not source.named
    return (_ROLES[source.role], doubtful, not source.has_metadata, not source.named, own)
