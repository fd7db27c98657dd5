"""Finds the runs of a log directory, and joins the folders that ``add_hparams`` makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from projector.loaders.base import File
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.event_files import events_of
from projector.loaders.logdir.run import Run
from projector.loaders.logdir.walk import read_folder, walk
from projector.loaders.naming import natural_key
from projector.loaders.safe_files import printable
from projector.model.listing import Entry


def log_runs(root: Path, entries: Sequence[Entry], *, only: Path | None = None) -> tuple[Run, ...]:
    """Return every folder with embeddings or event files as a run, in natural order.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    entries : sequence of Entry
    only : Path, optional
        The one file that is open, in place of the directory.

    Notes
    -----
    torch's and tensorboardX's ``add_hparams`` writes its events into a new folder below the run,
    which has no embeddings: if there is one such folder, it is joined to the run above. Of several,
    which are sessions of a search, each is a run of its own.
    """
    tensors: dict[str, list[Entry]] = {}
    for entry in entries:
        tensors.setdefault(entry.run, []).append(entry)
    files: dict[str, list[File]] = {}
    for folder in walk(root)[0] if only is None else [read_folder(only.parent)]:
        events = [
            each
            for name, each in sorted(folder.files.items())
            if is_event_file(name) and (only is None or each.path == only)
        ]
        if events:
            files[printable(folder.relative)] = events
    owner = _joined_folders(files, tensors)
    names = [name for name in {*tensors, *files} if name not in owner]
    found: dict[str, Run] = {}
    for name in sorted(names, key=natural_key):
        below = [file for child, above in owner.items() if above == name for file in files[child]]
        found[name] = Run(name, tensors.get(name, ()), files.get(name, ()), below, found)
    return tuple(found.values())


def _joined_folders(
    files: dict[str, list[File]], tensors: dict[str, list[Entry]]
) -> dict[str, str]:
    """Return which folder belongs to which run above it."""
    sessions: dict[str, list[str]] = {}
    for name in files:
        above = name.rpartition("/")[0] or "."
        is_below = name != "." and (above in files or above in tensors)
        if is_below and name not in tensors and _has_session(files[name]):
            sessions.setdefault(above, []).append(name)
    return {
        children[0]: above
        for above, children in sessions.items()
        if len(children) == 1 and not _has_session(files.get(above, []))
    }


def _has_session(files: Sequence[File]) -> bool:
    return any(events_of(file).session.has_started for file in files)
