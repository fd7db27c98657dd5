"""Attaches the tags of sidecar files to the tensors that they belong to.

Tags belong to the tensor in the run's folder with the name and the number of points that the
sidecar's first line gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from projector.loaders.logdir.reporting import Report
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import Folder
from projector.loaders.safe_files import printable
from projector.loaders.tags.sidecar import Sidecar
from projector.model.dataset import Dataset
from projector.model.listing import Severity
from projector.model.tags import Tags


def attach_tags(
    sources: Collection[Source],
    folders: Iterable[Folder],
    scanner: Scanner,
    report: Report,
    *,
    single_file: bool = False,
) -> None:
    """Give every source the tags that belong to its run, name and number of points.

    Parameters
    ----------
    sources : collection of Source
    folders : iterable of Folder
    scanner : Scanner
    report : Report
    single_file : bool
        Only one file of a folder is listed: problems of other tensors' tags are not reported.
    """
    tagged_folders = [folder for folder in folders if folder.tags]
    if not tagged_folders:
        return
    tensors: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sources:
        tensors[source.run, source.tensor.name].append(source)
    for folder in tagged_folders:
        run = printable(folder.relative)
        for file in folder.tags:
            sidecar = scanner.tags(file)
            tags = sidecar.tags
            named = tensors.get((run, tags.tensor), []) if tags else []
            if named or not single_file:
                for message, severity in _attach(sidecar, named):
                    report(run, file.path, message, severity)
    for source in sources:
        if source.tags is not None:
            source.tags_warning = ""


def _attach(sidecar: Sidecar, steps: list[Source]) -> Iterator[tuple[str, Severity]]:
    """Attach tags to those of a tensor's steps that they fit, and yield the problems."""
    for problem in sidecar.problems:
        yield problem, "error"
    tags = sidecar.tags
    if tags is None:
        return
    fitting = [source for source in steps if source.n_points == tags.n_points]
    if any(source.tags for source in fitting):
        yield _duplicate(fitting), "error"
        return
    for source in steps:
        if source.n_points == tags.n_points:
            source.tags = sidecar
        else:
            source.tags_warning = _not_applied(sidecar, tags, source)
    if not fitting:
        yield _unmatched(tags, sorted({source.n_points for source in steps})), "warning"


def tagged(data: Dataset, source: Source) -> Dataset:
    """Return a dataset with the source's tags over its metadata."""
    warnings = [source.tags_warning] if source.tags_warning else []
    tags = source.tags.tags if source.tags else None
    if tags is not None and tags.columns and tags.n_points == data.n_points:
        return data.with_metadata(tags.over(data.metadata), warnings)
    return data.with_metadata(data.metadata, warnings) if warnings else data


def _name_of(sidecar: Sidecar) -> str:
    return sidecar.file.name if sidecar.file else "tags kept for this session"


def _duplicate(fitting: list[Source]) -> str:
    first = next(source.tags for source in fitting if source.tags)
    return (
        "is a second file of tags for the same tensor, and is ignored. "
        f"{_name_of(first)} is used; move one of them away."
    )


def _not_applied(sidecar: Sidecar, tags: Tags, source: Source) -> str:
    return (
        f"{_name_of(sidecar)} has tags for {tags.n_points:,} points, but this step has "
        f"{source.n_points:,}. Its rows are different points, so no tags are applied."
    )


def _unmatched(tags: Tags, counts: list[int]) -> str:
    found = f"has tags of {tags.tensor!r} with {tags.n_points:,} points, but "
    if counts:
        numbers = ", ".join(f"{count:,}" for count in counts)
        return f"{found}this run has it with {numbers} points only. The tags are not applied."
    return f"{found}this run has no such tensor. Move the file into the folder of its run."
