"""Everything that the layout of a series depends on, validated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.change.compare import row_content, taken_rows
from projector.api.change.series_points import series_points
from projector.api.change.similarity import name_of
from projector.api.memory_check import check_series_fits
from projector.api.methods import find_method, origin_of
from projector.api.neighbors import Graphs
from projector.api.result_store import result_key
from projector.compute.series.joint import TETHERS, SeriesInput
from projector.compute.series.members import Member
from projector.compute.series.tether import K_TETHER
from projector.compute.umap.library_parameters import OURS
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from projector.model.arguments import shown, whole_number
from projector.model.dataset import Dataset
from projector.model.parameters import Value, resolve
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Metric

#: Increased when the same parameters would give other layouts.
SERIES_VERSION = 3
#: Methods that lay out several steps together.
SERIES_METHODS = tuple(TETHERS)
#: More points times steps are refused: every m-th step is enough to see.
MOST_POINT_STEPS = 5_000_000
#: The largest tether: at 10 trustworthiness falls by some 0.008.
MOST_TETHER = 100.0


@dataclass(frozen=True)
class SeriesRequest:
    """Everything that the layout of a series depends on, validated. Made by `of`."""

    data: tuple[Dataset, ...]
    points: tuple[NDArray[np.int64], ...]
    method: str
    settings: dict[str, Value]
    tether: float
    window: int
    same_size: bool
    with_motion: bool

    @classmethod
    def of(
        cls,
        data: Sequence[Dataset],
        method: str,
        params: dict[str, Any],
        *,
        tether: Any = None,
        window: Any = None,
        match: Any = "row",
        same_size: bool = True,
        motion: bool = True,
    ) -> SeriesRequest:
        """Validate the method, every parameter, and which rows are the same point."""
        chosen = find_method(method)
        if method not in TETHERS:
            raise ParameterError(
                f"A series is laid out by {', '.join(map(repr, TETHERS))}. Got {shown(method)}."
            )
        settings = resolve(chosen.parameters, params, owner=method)
        if chosen.check is not None:
            chosen.check(settings)
        if settings.get("implementation", OURS) != OURS:
            raise ParameterError(
                f"A series is laid out by implementation={OURS!r} only. Got "
                f"{shown(settings['implementation'])}."
            )
        strength, steps = TETHERS[method]
        return cls(
            tuple(data),
            tuple(series_points(data, match)),
            method,
            settings,
            _strength(tether, strength),
            steps if window is None else whole_number(window, name="window", low=0, high=10),
            bool(same_size),
            bool(motion),
        )

    @cached_property
    def n_points(self) -> int:
        """Points of the whole series."""
        return 1 + max(int(each.max(initial=0)) for each in self.points)

    @property
    def metric(self) -> Metric:
        """The metric of the original space."""
        return cast("Metric", self.settings.get("metric") or "euclidean")

    @cached_property
    def rows(self) -> tuple[NDArray[np.int64], ...]:
        """The finite rows of each step, in the order of their points."""
        found = []
        for t, (data, points) in enumerate(zip(self.data, self.points, strict=True)):
            finite = np.flatnonzero(data.finite_rows)
            if len(finite) < 3:
                raise ShapeError(
                    f"{len(finite):,} of the {data.n_points:,} points of {name_of(data, t)} have "
                    "finite vectors. Each step of a series needs at least 3."
                )
            found.append(finite[np.argsort(points[finite], kind="stable")])
        return tuple(found)

    @cached_property
    def contents(self) -> tuple[str, ...]:
        """The content hash of each step's finite rows."""
        pairs = zip(self.data, self.rows, strict=True)
        return tuple(row_content(data, rows) for data, rows in pairs)

    @cached_property
    def key(self) -> str:
        """The id of the series."""
        ids = hashlib.sha256()
        for points, rows in zip(self.points, self.rows, strict=True):
            ids.update(points[rows].tobytes())
        about = {
            "steps": list(self.contents),
            "n_rows": [each.n_points for each in self.data],
            "points": ids.hexdigest(),
            "method": self.method,
            "method_version": find_method(self.method).version,
            "params": self.settings,
            **origin_of(self.method),
            "tether": self.tether,
            "window": self.window,
            "same_size": self.same_size,
            "motion": self.with_motion,
            "version": SERIES_VERSION,
        }
        return result_key("series", self.contents[0], about)

    def check_size(self, *, returning: int = 0) -> None:
        """Refuse a series that is too large, or does not fit in memory."""
        total = sum(map(len, self.rows))
        if total > MOST_POINT_STEPS:
            m = -(-total // MOST_POINT_STEPS)
            raise ParameterError(
                f"{len(self.data):,} steps of {self.n_points:,} points are {total:,} positions; a "
                f"series has at most {MOST_POINT_STEPS:,}. Take every {m}. step: every={m}."
            )
        sizes = [(len(rows), data.n_dims) for rows, data in zip(self.rows, self.data, strict=True)]
        check_series_fits(sizes, self.method, self.settings, self.window, returning=returning)

    def members(
        self, cache: ResultCache, progress: ProgressCallback, *, with_graphs: bool = True
    ) -> list[Member]:
        """Return each step's vectors and graph, from the cache where it is there."""
        method, found = find_method(self.method), []
        for t, (data, points, rows) in enumerate(
            zip(self.data, self.points, self.rows, strict=True)
        ):
            vectors = taken_rows(data, rows, self.metric)
            graph = None
            if with_graphs:
                needed = 0
                if method.neighbors_needed is not None:
                    needed, _ = method.neighbors_needed(self.settings, len(vectors))
                k = min(max(needed, K_TETHER), len(vectors) - 1)
                graph = Graphs(cache).graph(
                    vectors, self.contents[t], k, self.metric, progress=progress
                )
            found.append(Member(vectors, points[rows], self.contents[t], graph))
            progress(Progress("neighbors", t + 1, len(self.data)))
        return found

    def inputs(
        self, members: Sequence[Member], shown_step: Callable[[], int], progress: ProgressCallback
    ) -> SeriesInput:
        """Return what the layout is computed from."""
        return SeriesInput(
            members,
            self.n_points,
            self.method,
            self.settings,
            self.tether,
            self.window,
            self.same_size,
            shown_step,
            progress,
        )


def _strength(tether: Any, default: float) -> float:
    if tether is None:
        return default
    is_number = isinstance(tether, int | float | np.number) and not isinstance(tether, bool)
    if not is_number or not 0 <= float(tether) <= MOST_TETHER:
        raise ParameterError(
            f"'tether' must be a number from 0 (each step alone) to {MOST_TETHER:g}. Got "
            f"{shown(tether)}."
        )
    return float(tether)
