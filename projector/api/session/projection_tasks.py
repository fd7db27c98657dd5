"""Turns a projection request into the input of its job: arrays become mapped files."""

from __future__ import annotations

import hashlib

from projector.api.mapped_rows import MappedRows
from projector.api.projection_request import ProjectionRequest
from projector.api.worker_tasks import ProjectionTask
from projector.jobs.cache import ResultCache
from projector.jobs.runner import Runner
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset
from projector.model.sparse_rows import sparse_of
from projector.typing import AnyArray, Positions


def projection_task(
    request: ProjectionRequest, runner: Runner, cache: ResultCache
) -> ProjectionTask:
    """Return the input of the job that computes `request`."""
    dataset, metric = request.dataset, request.needed_metric
    return ProjectionTask(
        vectors=shared_vectors(dataset, metric, runner),
        content=dataset.content_hash,
        is_finite=is_known_finite(dataset, metric),
        method=request.method.name,
        params=request.settings,
        initial=_shared_positions(request.initial, runner),
        align_to=_shared_positions(request.align_to, runner),
        labels=_shared_labels(request.labels, runner),
        updates={},
        actions=[],
        cache_folder=str(cache.folder),
        cache_bytes=cache.max_bytes,
    )


def shared_vectors(
    dataset: Dataset, metric: str | None, runner: Runner
) -> MappedArray | MappedRows:
    """Return the vectors that a job computes with; see `Dataset.vectors_under`."""
    vectors = dataset.vectors_under(metric)
    sparse = sparse_of(vectors)
    if sparse is not None:
        name = f"{dataset.content_hash}-sparse"
        return MappedRows(
            runner.share(sparse.starts, f"{name}-starts"),
            runner.share(sparse.dims, f"{name}-dims"),
            runner.share(sparse.values, f"{name}-values"),
            sparse.n_dims,
            sparse.lost,
        )
    form = "" if vectors is dataset.vectors else "-centered"
    return runner.share(vectors, dataset.content_hash + form)


def is_known_finite(dataset: Dataset, metric: str | None) -> bool:
    """Tell whether a job need not look for NaN and infinity in the `shared_vectors`."""
    is_same = dataset.vectors_under(metric) is dataset.vectors
    return is_same and bool(dataset.finite_rows.all())


def _shared_labels(labels: AnyArray | None, runner: Runner) -> MappedArray | None:
    if labels is None:
        return None
    name = hashlib.sha256(labels.tobytes()).hexdigest()[:32]
    return runner.share(labels, f"labels-{name}")


def _shared_positions(positions: Positions | None, runner: Runner) -> MappedArray | None:
    if positions is None:
        return None
    return runner.share(positions, f"positions-{Dataset(positions).content_hash}")
