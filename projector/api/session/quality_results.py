"""The quality of a session's projections: measured by a job, kept with the projection."""

from __future__ import annotations

from dataclasses import dataclass

from projector.api.memory_check import check_quality_fits, quality_bytes
from projector.api.quality import metric_notes, metric_of
from projector.api.session.projection_tasks import is_known_finite, shared_vectors
from projector.api.worker_tasks import QUALITY, QualityTask
from projector.compute.quality.scores import Quality
from projector.errors import DataError
from projector.jobs.cache import ResultCache
from projector.jobs.job import Job, Snapshot
from projector.jobs.runner import Runner
from projector.jobs.schedule import Client
from projector.model.dataset import Dataset
from projector.model.projection import Projection

_DELETED = "The source data was deleted, so quality cannot be computed."
_CHANGED = (
    "The source data has changed since this projection was computed, so quality cannot be "
    "computed. Run the method again."
)


@dataclass
class QualityResult:
    """The quality of one projection: requested, running, done, or refused.

    Attributes
    ----------
    k : int
        Neighbors per point that are compared.
    job : Job or None
        None if it was refused.
    refusal : DataError or None
        Why it was refused.
    """

    k: int
    job: Job | None
    refusal: DataError | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it is done or on its way; if not, another request starts again."""
        return self.snapshot().state not in ("failed", "cancelled")

    def snapshot(self) -> Snapshot:
        """Return the job's state; a refused request has failed."""
        return Snapshot("failed", error=self.refusal) if self.job is None else self.job.snapshot()

    def quality(self) -> Quality | None:
        """Return the scores when they are there."""
        found: Quality | None = None
        if self.job is not None and self.job.snapshot().state == "done":
            found = self.job.result()
        return found


class QualityJobs:
    """Starts the jobs that measure quality.

    Parameters
    ----------
    runner : Runner
    cache : ResultCache
    """

    def __init__(self, runner: Runner, cache: ResultCache) -> None:
        self._runner = runner
        self._cache = cache

    def start(
        self,
        key: str,
        projection: Projection,
        content: str,
        dataset: Dataset | None,
        k: int,
        client: Client = (),
    ) -> QualityResult:
        """Start to measure a projection.

        Parameters
        ----------
        key : str
            The projection's id.
        projection : Projection
        content : str
            The content hash of the vectors that it was computed from.
        dataset : Dataset or None
            The dataset as it is now; None if it was deleted. If its content differs, the result
            is a refusal: neighbors among other vectors say nothing about this projection.
        k : int
        client : tuple of str
            Who asks.

        Raises
        ------
        MemoryLimitError
            It does not fit in memory.
        """
        if dataset is None:
            return QualityResult(k, None, DataError(_DELETED))
        if dataset.content_hash != content:
            return QualityResult(k, None, DataError(_CHANGED))
        size = (dataset.n_points, dataset.held_dims, k)
        check_quality_fits(*size, returning=self._runner.memory_of_jobs())
        task = QualityTask(
            vectors=shared_vectors(dataset, metric_of(projection), self._runner),
            is_finite=is_known_finite(dataset, metric_of(projection)),
            content=content,
            positions=self._runner.share(projection.positions, f"positions-{key}"),
            k=k,
            metric=metric_of(projection),
            notes=[*metric_notes(projection)],
            cache_folder=str(self._cache.folder),
            cache_bytes=self._cache.max_bytes,
        )
        needs = quality_bytes(*size)
        job = self._runner.submit(key, QUALITY, dict(task), client=client, needs=needs)
        return QualityResult(k, job)
