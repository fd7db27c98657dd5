"""Names that distinguish the tensors of a listing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import printable, relative_path


def with_distinct_names(sources: list[Source], root: Path) -> list[Source]:
    """Rename different tensors that share a run, a name and a step; drop true duplicates.

    Where one of them is a series of steps and the others are not (``best``, ``last``), the series
    keeps the plain name.

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

    def whole_path(source: Source) -> str:
        return printable(relative_path(root, source.file.path))

    def folder_label(source: Source) -> str:
        folder = "." if source.home is None else relative_path(root, source.home)
        return _label(source) if folder == "." else f"{printable(folder)}/{_label(source)}"

    for qualify in (_label, folder_label, _file_name, whole_path):
        groups: dict[tuple[str, str], list[Source]] = defaultdict(list)
        for source in sources:
            groups[source.run, source.tensor.name].append(source)
        mixed = [group for group in groups.values() if len(group) > 1 and _is_mixed(group)]
        if not mixed:
            break
        for group in mixed:
            _rename(group, qualify)
    unique: dict[tuple[str, str, int | None], Source] = {}
    for source in sources:
        unique.setdefault((source.run, source.tensor.name, source.step), source)
    return list(unique.values())


def _is_mixed(group: list[Source]) -> bool:
    """Tell whether sources of one run and name are not simply the steps of one tensor."""
    if len({source.step for source in group}) < len(group):
        return True
    return len({(source.in_series, source.label) for source in group}) > 1


def _rename(group: list[Source], qualify: Callable[[Source], str]) -> None:
    labels = [qualify(source) for source in group]
    if len(set(labels)) == 1:
        return
    kept = _of_the_series(group, labels)
    for number, (source, label) in enumerate(zip(group, labels, strict=True)):
        if number not in kept:
            _qualify(source, label)
            source.is_copy = source.is_copy or bool(kept)


def _of_the_series(group: list[Source], labels: list[str]) -> set[int]:
    """Return which sources are the one series of a group, and keep their name; none of several."""
    series = [number for number, source in enumerate(group) if source.in_series]
    counts = Counter(labels[number] for number in series)
    several = [label for label, count in counts.items() if count > 1]
    if len(several) == 1:
        series = [number for number in series if labels[number] == several[0]]
    elif several or max(counts.values(), default=0) != 1:
        return set()
    first: dict[int | None, int] = {}
    for number in series:
        first.setdefault(group[number].step, number)
    return set(first.values()) if len(first) > 1 else set()


def _qualify(source: Source, label: str) -> None:
    if source.tensor.whole:
        source.tensor = source.tensor.renamed(label)
    else:
        source.tensor = source.tensor.renamed(f"{label}/{source.tensor.name}")


def _label(source: Source) -> str:
    """Return what the place of a file says besides its step, with the suffix of a whole file."""
    label = source.label or source.file.stem
    suffix = source.file.name[len(source.file.stem) :] if source.tensor.whole else ""
    return printable(f"{label}{suffix}")


def _file_name(source: Source) -> str:
    return printable(source.file.name)
