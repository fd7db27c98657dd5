"""What runs in a job's process: the same calls as anybody's, on arrays mapped from their file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

from projector.api.projecting import project
from projector.jobs.cache import ResultCache
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset, Embedding
from projector.model.progress import ProgressCallback
from projector.model.projection import Projection

#: How the runner is told to call `run_projection`.
PROJECT = "projector.api.tasks:run_projection"


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
