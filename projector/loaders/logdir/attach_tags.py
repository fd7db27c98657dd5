"""Which tags belong to which tensor: those in the run's folder that name it and its row count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import Folder
from projector.loaders.safe_files import printable
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Severity
from projector.model.tags import Tags

#: What is shown of the tags' problems is told with the run, the file and how bad it is.
Tell = Callable[[str, Path, str, Severity], None]


def attach_tags(
    sources: Iterable[Source],
    folders: Iterable[Folder],
    scanner: Scanner,
    tell: Tell,
    *,
    alone: bool = False,
) -> None:
    """Give every source the tags that were written for its run, name and number of points.

    Parameters
    ----------
    alone : bool
        One file of a folder is looked at: what the tags of its neighbors say is not told.
    """
    tensors: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sources:
        tensors[source.run, source.tensor.name].append(source)
    for folder in folders:
        run = printable(folder.relative)
        for file in folder.tags:
            sidecar = scanner.tags(file)
            tags = sidecar.tags
            about = tensors.get((run, tags.tensor), []) if tags else []
            if about or not alone:
                for message, severity in _attach(sidecar, about):
                    tell(run, file.path, message, severity)
    for source in sources:
        if source.tags is not None:
            source.tags_note = ""


def _attach(sidecar: Sidecar, about: list[Source]) -> Iterator[tuple[str, Severity]]:
    """Attach tags to those of a tensor's steps that they fit, and give what is to be told."""
    for problem in sidecar.problems:
        yield problem, "error"
    tags = sidecar.tags
    if tags is None:
        return
    fitting = [source for source in about if source.n_points == tags.n_points]
    if any(source.tags for source in fitting):
        yield _second(fitting), "error"
        return
    for source in about:
        if source.n_points == tags.n_points:
            source.tags = sidecar
        else:
            source.tags_note = _not_applied(sidecar, tags, source)
    if not fitting:
        yield _of_nothing(tags, sorted({source.n_points for source in about})), "warning"


def tagged(data: Dataset, source: Source) -> Dataset:
    """Return a dataset with the source's tags over its metadata."""
    warnings = [source.tags_note] if source.tags_note else []
    tags = source.tags.tags if source.tags else None
    if tags is not None and tags.columns and tags.n_points == data.n_points:
        return data.with_metadata(tags.over(data.metadata), warnings)
    return data.with_metadata(data.metadata, warnings) if warnings else data


def _second(fitting: list[Source]) -> str:
    first = next(source.tags for source in fitting if source.tags)
    name = first.file.name if first.file else "tags kept for this session"
    return f"is a second file of tags of one tensor; {name} is taken. Move one of them away."


def _not_applied(sidecar: Sidecar, tags: Tags, source: Source) -> str:
    name = sidecar.file.name if sidecar.file else "tags kept for this session"
    return (
        f"{name}: tags of {tags.n_points:,} points; here are {source.n_points:,}, so its rows are "
        "not these and no tag is applied."
    )


def _of_nothing(tags: Tags, there: list[int]) -> str:
    about = f"holds tags of {tags.tensor!r} with {tags.n_points:,} points, and this run has "
    if there:
        counts = ", ".join(f"{count:,}" for count in there)
        return f"{about}it with {counts} points only. Its tags are not applied."
    return f"{about}no such tensor. Put the file into the folder of its run."
