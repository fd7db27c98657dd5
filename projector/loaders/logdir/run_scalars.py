"""Reads the scalars of a run, such as loss and accuracy by step, from its event files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from projector.loaders.base import File
from projector.loaders.formats.tensorflow.events import Series, is_event_file, read_scalars
from projector.loaders.logdir.event_files import read_growing
from projector.loaders.logdir.walk import walk


def run_scalars(root: Path, run: str) -> tuple[dict[str, Series], list[str]]:
    """Return every scalar series of a run by its tag.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    run : str
        As in `Entry.run`. Event files in folders below the run's own (``train``, ``validation``)
        belong to it; the folder then comes before the tag.

    Returns
    -------
    series : dict of str to Series
        Sorted by tag; several files of one folder make one series.
    warnings : list of str
        Why reading a file ended early.
    """
    home = (root / run).resolve()
    if not home.is_relative_to(root) or not home.is_dir():
        return {}, []
    found: dict[str, Series] = {}
    warnings: list[str] = []
    for folder in walk(home)[0]:
        prefix = "" if folder.relative == "." else f"{folder.relative}/"
        for file in folder.files.values():
            if not is_event_file(file.name):
                continue
            series, messages = _scalars_of(file)
            warnings += [f"{file.name}: {message}" for message in messages]
            for tag, one in series.items():
                name = prefix + tag
                found[name] = joined(found[name], one) if name in found else one
    return dict(sorted(found.items())), warnings


def _scalars_of(file: File) -> tuple[dict[str, Series], list[str]]:
    found = read_growing(file, read_scalars)
    return ({}, [found]) if isinstance(found, str) else found


def joined(one: Series, other: Series) -> Series:
    """Join the series of two files; of a step that both have, the value written last counts."""
    steps = np.concatenate((one.steps, other.steps))
    values = np.concatenate((one.values, other.values))
    times = np.concatenate((one.wall_times, other.wall_times))
    order = np.lexsort((times, steps))
    steps, values, times = steps[order], values[order], times[order]
    last = np.append(steps[1:] != steps[:-1], True)
    return Series(steps[last], values[last], times[last])
