"""The functions that run in a job's process: the public calls, on arrays mapped from files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from projector.api.mapped_rows import MappedRows
from projector.api.methods import METHODS, find_method
from projector.api.project import loaded_or_computed, project
from projector.api.projection_request import ProjectionRequest
from projector.api.quality import quality
from projector.compute.precompile import warm_up, warm_up_clusters, warm_up_metrics
from projector.compute.quality.scores import Quality
from projector.jobs.cache import ResultCache
from projector.jobs.messages import SentFirst
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import ProgressCallback
from projector.typing import Metric

#: The names by which a process imports and calls these functions.
PROJECT = "projector.api.worker_tasks:run_projection"
QUALITY = "projector.api.worker_tasks:run_quality"
PREPARE = "projector.api.worker_tasks:prepare"
PRELOAD = "projector.api.worker_tasks"


class ProjectionTask(TypedDict):
    """The input of a projection job, small enough to send through a pipe."""

    vectors: MappedArray | MappedRows
    content: str
    is_finite: bool
    method: str
    params: dict[str, Any]
    initial: MappedArray | None
    align_to: MappedArray | None
    labels: MappedArray | None
    updates: dict[str, Any]
    actions: list[str]
    cache_folder: str
    cache_bytes: int


def run_projection(task: ProjectionTask, progress: ProgressCallback) -> SentFirst:
    """Compute a projection, or load it from the cache (see `projector.project`)."""
    initial, align_to, labels = task["initial"], task["align_to"], task["labels"]
    request = ProjectionRequest(
        _dataset(task["vectors"], task["content"], is_finite=task["is_finite"]),
        find_method(task["method"]),
        task["params"],
        initial.open() if initial else None,
        align_to.open() if align_to else None,
        labels.open() if labels else None,
        # Not copies: the process puts into these what its owner sends.
        task["updates"],
        task["actions"],
    )
    cache = ResultCache(Path(task["cache_folder"]), task["cache_bytes"])
    return SentFirst(*loaded_or_computed(request, cache, progress))


class QualityTask(TypedDict):
    """The input of a quality job."""

    vectors: MappedArray | MappedRows
    content: str
    is_finite: bool
    positions: MappedArray
    k: int
    metric: Metric
    notes: list[str]
    cache_folder: str
    cache_bytes: int


def run_quality(task: QualityTask, progress: ProgressCallback) -> Quality:
    """Measure the quality of a projection, or load it from the cache (see `projector.quality`)."""
    found = quality(
        _dataset(task["vectors"], task["content"], is_finite=task["is_finite"]),
        task["positions"].open(),
        task["k"],
        metric=task["metric"],
        progress=progress,
        cache=ResultCache(Path(task["cache_folder"]), task["cache_bytes"]),
    )
    return replace(found, warnings=(*found.warnings, *task["notes"]))


def _dataset(vectors: MappedArray | MappedRows, content: str, *, is_finite: bool) -> Dataset:
    dataset = Dataset(Embedding(vectors.open(), known_hash=content))
    return dataset.known_finite() if is_finite else dataset


def prepare() -> Iterator[None]:
    """Import and compile, or load from the compiler's cache, what jobs need.

    It runs while the user looks at the PCA, so that the first t-SNE or UMAP starts at once. A
    run of each method imports its libraries; `warm_up` compiles the kernels that only larger
    data needs, and the last steps those of clusters and of rarer metrics. A job that comes
    meanwhile waits for one step at most.
    """
    points = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    nowhere = ResultCache(Path(), max_bytes=0)
    for method in METHODS.built_in:  # a plug-in is imported when somebody asks for it
        if method.neighbors_needed is not None:
            project(points, method.name, cache=nowhere)
            yield
    for prepare_more in (warm_up, warm_up_clusters, warm_up_metrics):
        prepare_more()
        yield
