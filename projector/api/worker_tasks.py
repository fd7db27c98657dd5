"""What runs in a job's process: the same calls as anybody's, on arrays mapped from their file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from projector.api.project import Wanted, project, realize
from projector.api.quality import quality
from projector.compute import METHODS
from projector.compute.precompile import warm_up
from projector.compute.quality.scores import Quality
from projector.jobs.cache import ResultCache
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import ProgressCallback
from projector.model.projection import Projection
from projector.typing import Metric

#: How the runner is told to call the functions here.
PROJECT = "projector.api.worker_tasks:run_projection"
QUALITY = "projector.api.worker_tasks:run_quality"
PREPARE = "projector.api.worker_tasks:prepare"
PRELOAD = "projector.api.worker_tasks"


class ProjectionTask(TypedDict):
    """Everything a process needs for one projection, small enough to send."""

    vectors: MappedArray
    content: str
    method: str
    params: dict[str, Any]
    initial: MappedArray | None
    align_to: MappedArray | None
    labels: MappedArray | None
    updates: dict[str, Any]
    cache_folder: str
    cache_bytes: int


def run_projection(task: ProjectionTask, progress: ProgressCallback) -> Projection:
    """Compute, or find, a projection (see `projector.project`)."""
    initial, align_to, labels = task["initial"], task["align_to"], task["labels"]
    wanted = Wanted(
        _dataset(task["vectors"], task["content"]),
        METHODS[task["method"]],
        task["params"],
        initial.open() if initial else None,
        align_to.open() if align_to else None,
        labels.open() if labels else None,
        # The very dictionary into which the process puts what its owner sends.
        task["updates"],
    )
    return realize(wanted, ResultCache(Path(task["cache_folder"]), task["cache_bytes"]), progress)


class QualityTask(TypedDict):
    """Everything a process needs to judge a picture."""

    vectors: MappedArray
    content: str
    positions: MappedArray
    k: int
    metric: Metric
    cache_folder: str
    cache_bytes: int


def run_quality(task: QualityTask, progress: ProgressCallback) -> Quality:
    """Judge a picture, or find the judgement (see `projector.quality`)."""
    return quality(
        _dataset(task["vectors"], task["content"]),
        task["positions"].open(),
        task["k"],
        metric=task["metric"],
        progress=progress,
        cache=ResultCache(Path(task["cache_folder"]), task["cache_bytes"]),
    )


def _dataset(vectors: MappedArray, content: str) -> Dataset:
    return Dataset(Embedding(vectors.open(), known_hash=content))


def prepare() -> Iterator[None]:
    """Import and compile, or load from the compiler's cache, what t-SNE and UMAP need.

    It is done while a person looks at the PCA, so that the first t-SNE or UMAP moves at once. A
    run of each method brings in its libraries; some kernels are for larger data than these few
    points, and `warm_up` compiles those, too.
    """
    points = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    nowhere = ResultCache(Path(), max_bytes=0)
    for name, method in METHODS.items():
        if method.neighbors_needed is not None:
            project(points, name, cache=nowhere)
            yield
    warm_up()
    yield
