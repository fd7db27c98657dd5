"""What runs in a job's process: the same calls as anybody's, on arrays mapped from their file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from projector.api.projecting import project
from projector.compute import METHODS
from projector.jobs.cache import ResultCache
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import ProgressCallback
from projector.model.projection import Projection

#: How the runner is told to call the functions here.
PROJECT = "projector.api.tasks:run_projection"
PREPARE = "projector.api.tasks:prepare"
PRELOAD = "projector.api.tasks"


class ProjectionTask(TypedDict):
    """Everything a process needs for one projection, small enough to send."""

    vectors: MappedArray
    content: str
    method: str
    params: dict[str, Any]
    cache_folder: str
    cache_bytes: int


def run_projection(task: ProjectionTask, progress: ProgressCallback) -> Projection:
    """Compute, or find, a projection (see `projector.project`)."""
    embedding = Embedding(task["vectors"].open(), known_hash=task["content"])
    cache = ResultCache(Path(task["cache_folder"]), task["cache_bytes"])
    return project(
        Dataset(embedding), task["method"], progress=progress, cache=cache, **task["params"]
    )


def prepare() -> Iterator[None]:
    """Compile, or load from the compiler's cache, what t-SNE and UMAP need, a method a step.

    It is done while a person looks at the PCA, so that the first t-SNE or UMAP moves at once.
    """
    points = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    nowhere = ResultCache(Path(), max_bytes=0)
    for n_components in (2, 3):
        for name, method in METHODS.items():
            if method.neighbors_needed is not None:
                project(points, name, cache=nowhere, n_components=n_components)
                yield
