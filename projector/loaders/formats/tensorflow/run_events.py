"""Reads what an event file says of its run: scalars, hyperparameters, and histograms by tag."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from projector.loaders.base import FileProblem
from projector.loaders.decoders.protobuf import WireError
from projector.loaders.formats.tensorflow.events import (
    EventValue,
    Scalars,
    Series,
    each_event,
    event_of,
    records,
)
from projector.loaders.formats.tensorflow.histograms import PLUGIN as HISTOGRAMS
from projector.loaders.formats.tensorflow.histograms import (
    Histograms,
    old_histogram,
    tensor_histogram,
)
from projector.loaders.formats.tensorflow.hparams import PLUGIN as HPARAMS
from projector.loaders.formats.tensorflow.hparams import Session, read_hparams

#: Histograms of one tag that are read; of more, the last ones.
MAX_STEPS = 10_000


@dataclass
class RunEvents:
    """What one or several event files of a folder say.

    Attributes
    ----------
    scalars : dict of str to Series
    histogram_tags : set of str
    session : Session
    warnings : list of str
        What could not be read, and why.
    """

    scalars: dict[str, Series] = field(default_factory=dict)
    histogram_tags: set[str] = field(default_factory=set)
    session: Session = field(default_factory=Session)
    warnings: list[str] = field(default_factory=list)


def read_run_events(path: Path) -> RunEvents:
    """Return everything but the histograms themselves."""
    found, scalars = RunEvents(), Scalars()
    plugins: dict[str, str] = {}

    def take(step: int, wall_time: float, values: list[EventValue]) -> None:
        try:
            scalars.take(step, wall_time, values)
        except (WireError, struct.error) as error:  # the rest of the event may be good
            found.warnings.append(f"a scalar of step {step:,} cannot be read: {error}.")
        for each in values:
            if each.plugin:  # some writers name it with a tag's first value only
                plugins[each.tag] = each.plugin
            plugin = plugins.get(each.tag)
            if plugin == HPARAMS:
                _take(each, found)
            elif each.histogram or plugin == HISTOGRAMS:
                found.histogram_tags.add(each.tag)

    warnings = each_event(path, take)
    found.scalars, found.warnings = scalars.series(), [*warnings, *found.warnings]
    return found


def _take(value: EventValue, found: RunEvents) -> None:
    """Take hyperparameters; what is damaged leaves the run as it was before."""
    before = Session(**vars(found.session))
    before.hparams = dict(before.hparams)
    try:
        read_hparams(value.content, found.session)
    except (WireError, struct.error) as error:
        found.session = before
        found.warnings.append(f"hyperparameters cannot be read: {error}.")


def buckets_of(value: EventValue) -> NDArray[np.float64]:
    """Return the buckets of a histogram in either form, or raise WireError."""
    if value.histogram:
        return old_histogram(value.histogram)
    return tensor_histogram(value.tensor)


def read_histograms(path: Path, tag: str) -> tuple[Histograms, list[str]]:
    """Return the histograms of one tag, and what could not be read.

    Of a step that was written twice, the one written last counts.
    """
    points: dict[int, tuple[float, NDArray[np.float64]]] = {}
    problems: list[FileProblem] = []
    warnings: list[str] = []
    try:
        for _, data in records(path, problems):
            step, wall_time, values = event_of(data)
            for each in values:
                if each.tag != tag or not (each.histogram or each.tensor):
                    continue
                try:
                    buckets = buckets_of(each)
                except (WireError, struct.error) as error:
                    warnings.append(f"the histogram {tag!r} of step {step:,}: {error}.")
                    continue
                if step not in points or points[step][0] <= wall_time:
                    points[step] = (wall_time, buckets)
    except (WireError, struct.error) as error:
        warnings.append(f"an event cannot be read: {error}.")
    steps = sorted(points)
    if len(steps) > MAX_STEPS:
        warnings.append(f"Of {len(steps):,} histograms {tag!r} the last {MAX_STEPS:,} are read.")
        steps = steps[-MAX_STEPS:]
    found = Histograms(
        np.array(steps, np.int64),
        np.array([points[step][0] for step in steps], np.float64),
        tuple(points[step][1] for step in steps),
    )
    return found, [*(each.message for each in problems), *warnings]
