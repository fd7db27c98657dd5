"""The functions about change that run in a job's process, on arrays mapped from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from projector.api.change.compare import compare_matched
from projector.api.change.distributions import Distributions, distributions
from projector.api.change.health import stored_health
from projector.api.change.matching import Match, match_points, match_rows
from projector.api.change.nearness import Nearness, nearness
from projector.api.change.series import extend_series, load_or_lay_out
from projector.api.change.series_request import SeriesRequest
from projector.api.change.series_result import Series
from projector.api.change.similarity import Similarity, matched_similarity
from projector.api.mapped_rows import MappedRows
from projector.compute.change.comparison import Change
from projector.compute.health.health import Health
from projector.jobs.cache import ResultCache
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray


class SharedSet(TypedDict):
    """One dataset, small enough to send through a pipe."""

    vectors: MappedArray | MappedRows
    content: str
    run: str
    name: str
    step: int | None


class AnalysisTask(TypedDict):
    """The input of a job: datasets, what is asked of them, and what may change meanwhile."""

    sets: list[SharedSet]
    asked: dict[str, Any]
    updates: dict[str, Any]
    cache_folder: str
    cache_bytes: int


def run_comparison(task: AnalysisTask, progress: ProgressCallback) -> tuple[AnyArray, Change, Any]:
    """Compare two datasets; return rows, figures and warnings (see `projector.compare`)."""
    a, b = _datasets(task)
    asked = task["asked"]
    match = _match(a, b, asked["rows"])
    found = compare_matched(
        a, b, asked["k"], asked["metric"], match, asked["labels"], _cache(task), progress
    )
    return found.rows, found.change, found.warnings


def run_similarity(task: AnalysisTask, progress: ProgressCallback) -> Similarity:
    """Compare every pair of many datasets (see `projector.similarity`)."""
    data, asked = _datasets(task), task["asked"]
    matches = {(i, j): _match(data[i], data[j], rows) for (i, j), rows in asked["rows"].items()}
    figure, k, metric = asked["figure"], asked["k"], asked["metric"]
    return matched_similarity(data, matches, figure, k, metric, _cache(task), progress)


def run_health(task: AnalysisTask, progress: ProgressCallback) -> list[Health]:
    """Measure the health of every step (see `projector.health_series`)."""
    data, found = _datasets(task), []
    for t, (each, labels) in enumerate(zip(data, task["asked"]["labels"], strict=True)):
        found.append(stored_health(each, labels, _cache(task), progress))
        progress(Progress("health", t + 1, len(data)))
    return found


def run_series(task: AnalysisTask, progress: ProgressCallback) -> Series:
    """Lay out all steps at once (see `projector.project_series`)."""
    asked, updates = task["asked"], task["updates"]
    last = len(task["sets"]) - 1
    request = SeriesRequest(
        tuple(_datasets(task)),
        tuple(asked["points"]),
        asked["method"],
        asked["settings"],
        asked["tether"],
        asked["window"],
        asked["same_size"],
        asked["with_motion"],
    )
    return load_or_lay_out(request, _cache(task), progress, lambda: int(updates.get("step", last)))


def run_beside(task: AnalysisTask, progress: ProgressCallback) -> Series:
    """Lay the last dataset beside a series of all others (see `projector.extend_series`)."""
    asked, data = task["asked"], _datasets(task)
    return extend_series(
        asked["series"],
        data[:-1],
        data[-1],
        match=asked["points"],
        progress=progress,
        cache=_cache(task),
    )


def run_distributions(task: AnalysisTask, progress: ProgressCallback) -> Distributions:
    """Return quantiles of every step (see `projector.distributions`)."""
    return distributions(_datasets(task), progress=progress, cache=_cache(task))


def run_nearness(task: AnalysisTask, progress: ProgressCallback) -> Nearness:
    """Measure how near each point is to its neighbors."""
    (data,), asked = _datasets(task), task["asked"]
    return nearness(data, asked["k"], asked["metric"], _cache(task), progress)


def _match(a: Dataset, b: Dataset, rows: Sequence[AnyArray] | None) -> Match:
    if rows is None:
        return match_points(a, b)
    return match_rows(a, b, np.asarray(rows[0], np.int64), np.asarray(rows[1], np.int64))


def _cache(task: AnalysisTask) -> ResultCache:
    return ResultCache(Path(task["cache_folder"]), task["cache_bytes"])


def _datasets(task: AnalysisTask) -> list[Dataset]:
    return [
        Dataset(
            Embedding(
                each["vectors"].open(),
                each["name"],
                each["run"],
                each["step"],
                known_hash=each["content"],
            )
        )
        for each in task["sets"]
    ]
