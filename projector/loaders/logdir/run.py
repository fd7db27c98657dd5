"""One training run: its hyperparameters, metrics, scalars, histograms and tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property

import numpy as np

from projector.errors import UnknownNameError
from projector.loaders.base import File
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.formats.tensorflow.histograms import Histograms
from projector.loaders.formats.tensorflow.hparams import HParam, Session
from projector.loaders.formats.tensorflow.run_events import RunEvents
from projector.loaders.logdir.event_files import events_of, histograms_of
from projector.loaders.logdir.run_scalars import joined
from projector.loaders.safe_files import printable, relative_path
from projector.model.listing import Entry, Problem


class Run:
    """One training: a folder of the log directory. Made by `Log.runs`.

    Event files are read when something of them is first asked for. Hostile and damaged ones are
    among the `problems`, never an error.

    Parameters
    ----------
    name : str
        Its folder, relative to the log directory.
    tensors : sequence of Entry
    files : sequence of File
        Its event files.
    joined_files : sequence of File
        Those of the folder that torch's and tensorboardX's ``add_hparams`` made below it.

    Attributes
    ----------
    name : str
    tensors : tuple of Entry
    """

    def __init__(
        self,
        name: str,
        tensors: Sequence[Entry],
        files: Sequence[File],
        joined_files: Sequence[File] = (),
        groups: Mapping[str, Run] | None = None,
    ) -> None:
        self.name = name
        self.tensors = tuple(tensors)
        self._files = tuple(files)
        self._joined = tuple(joined_files)
        self._groups = groups or {}
        self._said: list[Problem] = []

    def under(self, group: str, tensors: Sequence[Entry]) -> Run:
        """Return the same run as one of a group of runs, with its tensors as they are there."""
        made = copy(self)
        made.name, made.tensors = grouped(group, self.name), tuple(tensors)
        made._groups = {grouped(group, name): run for name, run in self._groups.items()}
        return made

    def __repr__(self) -> str:
        return f"Run({self.name!r}, {len(self.tensors)} tensors)"

    @property
    def hparams(self) -> dict[str, HParam]:
        """Its hyperparameters by name: numbers, texts, truth values; those unset are left out."""
        return dict(self._session.hparams)

    @property
    def group(self) -> str:
        """The group of sessions that it belongs to; empty if none."""
        return self._session.group

    @property
    def status(self) -> str:
        """How it ended: ``"success"``, ``"failure"``, ``"running"`` or ``"unknown"``."""
        return self._session.status

    @property
    def start_time(self) -> float | None:
        """When it started, in seconds since 1970 (UTC)."""
        return self._session.start_time

    @property
    def end_time(self) -> float | None:
        """When it ended, in seconds since 1970 (UTC)."""
        return self._session.end_time

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric, by ``group/tag`` or tag.

        The metrics that an experiment names, here or in a folder above; else all scalars.
        """
        named = self._experiment
        if not named:
            return {tag: float(each.values[-1]) for tag, each in self._scalars.items()}
        found = {}
        for group, tag in named:
            run = self._groups.get(f"{self.name}/{group}") if group else self
            series = None if run is None else run._scalars.get(tag)
            if series is not None:
                found[f"{group}/{tag}" if group else tag] = float(series.values[-1])
        return found

    @property
    def scalar_tags(self) -> tuple[str, ...]:
        """The tags of its scalars, sorted."""
        return tuple(self._scalars)

    @property
    def histogram_tags(self) -> tuple[str, ...]:
        """The tags of its histograms, sorted."""
        return tuple(sorted({tag for each in self._events.values() for tag in each.histogram_tags}))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of its event files, so far."""
        found = [
            Problem(self.name, path, message, "warning")
            for path, each in self._events.items()
            for message in each.warnings
        ]
        return tuple(dict.fromkeys((*found, *self._said)))

    def scalars(self, tag: str) -> Series:
        """Return a scalar by step: `Series.steps`, `values`, `wall_times`, `relative_times`.

        Raises
        ------
        UnknownNameError
            It has no such scalar.
        """
        if tag not in self._scalars:
            raise UnknownNameError(f"scalar of {self.name!r}:", tag, self._scalars)
        return self._scalars[tag]

    def histograms(self, tag: str) -> Histograms:
        """Return the histograms of a tag by step, with their `quantiles`.

        Raises
        ------
        UnknownNameError
            It has none of this tag.
        """
        if tag not in self.histogram_tags:
            raise UnknownNameError(f"histogram of {self.name!r}:", tag, self.histogram_tags)
        parts = []
        for file in (*self._files, *self._joined):
            if tag in self._events[_place(file)].histogram_tags:
                found, messages = histograms_of(file, tag)
                parts.append(found)
                self._said += [
                    Problem(self.name, _place(file), each, "warning") for each in messages
                ]
        return _joined_histograms(parts)

    @cached_property
    def _events(self) -> dict[str, RunEvents]:
        """What each event file says, by its path below the log directory."""
        return {_place(each): events_of(each) for each in (*self._files, *self._joined)}

    @cached_property
    def _scalars(self) -> dict[str, Series]:
        found: dict[str, Series] = {}
        for each in self._events.values():
            for tag, series in each.scalars.items():
                found[tag] = joined(found[tag], series) if tag in found else series
        return dict(sorted(found.items()))

    @cached_property
    def _session(self) -> Session:
        """Its hyperparameters; those of later files count."""
        found = Session()
        for each in self._events.values():
            one = each.session
            found.hparams |= one.hparams
            found.group = one.group or found.group
            found.status = one.status if one.status != "unknown" else found.status
            found.start_time = found.start_time if one.start_time is None else one.start_time
            found.end_time = found.end_time if one.end_time is None else one.end_time
            found.metrics = one.metrics or found.metrics
            found.has_started = found.has_started or one.has_started
        return found

    @property
    def _experiment(self) -> list[tuple[str, str]]:
        """The metrics of the nearest experiment: its own, or that of a folder above."""
        run: Run | None = self
        name = self.name
        while run is None or not run._session.metrics:
            if name in ("", "."):
                return []
            name = name.rpartition("/")[0] or "."
            run = self._groups.get(name)
        return run._session.metrics


def _place(file: File) -> str:
    return printable(relative_path(file.root, file.path))


def _joined_histograms(parts: Sequence[Histograms]) -> Histograms:
    """Join the histograms of several files; of a step that two have, the later one counts."""
    if len(parts) == 1:
        return parts[0]
    by_step = {
        int(step): (float(time), buckets)
        for part in sorted(parts, key=lambda each: float(each.wall_times.max(initial=0)))
        for step, time, buckets in zip(part.steps, part.wall_times, part.buckets, strict=True)
    }
    steps = sorted(by_step)
    return Histograms(
        np.array(steps, np.int64),
        np.array([by_step[step][0] for step in steps], np.float64),
        tuple(by_step[step][1] for step in steps),
    )


def grouped(group: str, name: str) -> str:
    """Return the name of a run in a group; the directory itself is called as the group."""
    return group if name == "." else f"{group}/{name}"
