"""The projections of a session: started, followed, stopped, found again."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from projector.api.memory_check import check_fits
from projector.api.options import parameters_of
from projector.api.project import Wanted, find_method, load_projection
from projector.api.worker_tasks import (
    PRELOAD,
    PREPARE,
    PROJECT,
    QUALITY,
    ProjectionTask,
    QualityTask,
)
from projector.compute.quality.scores import Quality
from projector.errors import DataError, ParameterError, RequestError, UnknownName
from projector.jobs.cache import ResultCache
from projector.jobs.job import Job, Snapshot
from projector.jobs.runner import Runner
from projector.jobs.shared import MappedArray
from projector.model.dataset import Dataset
from projector.model.parameters import Value
from projector.model.projection import Projection
from projector.typing import Metric, Positions

#: Finished projections kept in memory; older ones are read from the cache again.
_KEPT = 24
#: A change is passed on no more often than this while a job runs.
_TELL_SECONDS = 0.1
_UNDONE = ("failed", "cancelled")
_GONE = (
    "The vectors that this picture was made of are not in the log any more: it can not be measured."
)
_OTHER = (
    "The vectors that this picture was made of have changed since: it can not be measured. Run the "
    "method again for a picture of what they are now."
)


@dataclass
class Judgement:
    """How far one picture can be trusted, wherever that stands between asked for and done.

    Without a job it was refused, and `refusal` says why.
    """

    k: int
    job: Job | None
    refusal: DataError | None = None

    def snapshot(self) -> Snapshot:
        """Return how it stands; what was refused has failed."""
        return Snapshot("failed", error=self.refusal) if self.job is None else self.job.snapshot()

    def quality(self) -> Quality | None:
        """Return the figures once there are some."""
        found: Quality | None = None
        if self.job is not None and self.job.snapshot().state == "done":
            found = self.job.result()
        return found


@dataclass
class Computation:
    """One projection of one dataset, wherever it stands between asked for and done."""

    id: str
    dataset_id: str
    method: str
    params: dict[str, Value]
    content: str
    n_points: int
    job: Job | None = None
    found: Projection | None = field(default=None, repr=False)
    judgement: Judgement | None = None
    is_turned: bool = False
    told_at: float = 0.0
    told_paused: bool = False

    def snapshot(self) -> Snapshot:
        """Return how it stands: a job's own word, or done when there was nothing to do."""
        if self.job is not None:
            return self.job.snapshot()
        return Snapshot("done")

    def projection(self) -> Projection | None:
        """Return the result once there is one."""
        if self.found is None and self.job is not None and self.job.snapshot().state == "done":
            self.found = self.job.result()
        return self.found


class Projections:
    """All projections that were asked for since the session began.

    Parameters
    ----------
    cache : ResultCache
    on_change : callable
        Called with a `Computation` when its state or progress changed; at most ten times a
        second for each, and always at its end.
    """

    def __init__(self, cache: ResultCache, on_change: Callable[[Computation], None]) -> None:
        self._cache = cache
        self._on_change = on_change
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Computation] = OrderedDict()
        self._by_job: dict[Job, Computation] = {}
        self._runner = Runner(preload=PRELOAD, prepare=PREPARE, on_change=self._job_changed)

    def warm(self) -> None:
        """Start a process ahead of the first request."""
        self._runner.warm()

    def start(
        self,
        dataset_id: str,
        dataset: Dataset,
        method: str,
        params: dict[str, Value],
        *,
        initial: str | None = None,
        align_to: str | None = None,
    ) -> Computation:
        """Start a projection, or return the one that is running, done or in the cache.

        Parameters
        ----------
        dataset_id : str
        dataset : Dataset
        method : str
        params : dict
        initial, align_to : str, optional
            Ids of finished projections of the same points: where to start, and what to lay the
            result on.
        """
        wanted = Wanted.of(
            dataset,
            method,
            params,
            initial=self._positions(initial),
            align_to=self._positions(align_to),
        )
        key = wanted.key
        with self._lock:
            known = self._known.get(key)
            if known is not None and known.snapshot().state not in ("failed", "cancelled"):
                known.dataset_id = dataset_id
                self._known.move_to_end(key)
                return known
            content = dataset.content_hash
            new = Computation(key, dataset_id, method, wanted.settings, content, dataset.n_points)
            new.found = load_projection(self._cache, key)
            if new.found is None:
                check_fits(wanted.method, dataset.n_points, dataset.n_dims, wanted.settings)
                quick = wanted.method.neighbors_needed is None
                new.job = self._runner.submit(key, PROJECT, dict(self._task(wanted)), quick=quick)
                self._by_job[new.job] = new
            self._known[key] = new
            self._forget_old()
        if new.job is not None and new.job.snapshot().ended:
            self._on_change(new)  # it ended before it was known
        return new

    def judge(self, key: str, dataset: Dataset | None, k: int) -> Computation:
        """Start to measure how far a finished projection can be trusted, or find that done.

        Parameters
        ----------
        key : str
        dataset : Dataset or None
            What the projection was made of, as it is now; None where it was deleted. Where it
            is not what it was, the judgement is a refusal that says so.
        k : int
        """
        known = self.get(key)
        projection = known.projection()
        if projection is None:
            raise RequestError("This projection is not done; it can not be judged yet.", status=409)
        now = known.judgement
        if now is not None and now.k == k and now.snapshot().state not in _UNDONE:
            return known
        if dataset is None or dataset.content_hash != known.content:
            # True neighbors among other vectors say nothing of this picture.
            known.judgement = Judgement(k, None, DataError(_GONE if dataset is None else _OTHER))
            return known
        task = QualityTask(
            vectors=self._runner.share(dataset.vectors, dataset.content_hash),
            content=dataset.content_hash,
            positions=self._runner.share(projection.positions, f"positions-{key}"),
            k=k,
            metric=metric_of(projection),
            cache_folder=str(self._cache.folder),
            cache_bytes=self._cache.max_bytes,
        )
        job = self._runner.submit(key, QUALITY, dict(task))
        known.judgement = Judgement(k, job)
        self._by_job[job] = known
        return known

    def _task(self, wanted: Wanted) -> ProjectionTask:
        dataset = wanted.dataset
        return ProjectionTask(
            vectors=self._runner.share(dataset.vectors, dataset.content_hash),
            content=dataset.content_hash,
            method=wanted.method.name,
            params=wanted.settings,
            initial=self._picture(wanted.initial),
            align_to=self._picture(wanted.align_to),
            labels=self._labels(wanted.labels),
            updates={},
            cache_folder=str(self._cache.folder),
            cache_bytes=self._cache.max_bytes,
        )

    def _labels(self, labels: NDArray[np.int32] | None) -> MappedArray | None:
        if labels is None:
            return None
        name = hashlib.sha256(labels.tobytes()).hexdigest()[:32]
        return self._runner.share(labels, f"labels-{name}")

    def _picture(self, positions: Positions | None) -> MappedArray | None:
        if positions is None:
            return None
        return self._runner.share(positions, f"picture-{Dataset(positions).content_hash}")

    def _positions(self, key: str | None) -> Positions | None:
        """Return the positions of another projection, which must be done."""
        if key is None:
            return None
        projection = self.get(key).projection()
        if projection is None:
            raise RequestError(
                "The projection to start from or to align to is not done.", status=409
            )
        return projection.positions

    def get(self, key: str) -> Computation:
        """Return a projection by its id, or raise UnknownName."""
        with self._lock:
            known = self._known.get(key)
        if known is None:
            raise UnknownName("projection", key)
        return known

    def cancel(self, key: str) -> Computation:
        """Stop it at once, if it still runs."""
        known = self.get(key)
        if known.job is not None and not known.job.snapshot().ended:
            self._runner.cancel(known.job)
        return known

    def pause(self, key: str, paused: bool) -> Computation:
        """Let it rest, or go on."""
        known = self.get(key)
        if known.job is not None:
            self._runner.pause(known.job, paused)
        return known

    def turn(self, key: str, params: dict[str, Any]) -> Computation:
        """Change parameters of a projection while it runs.

        It gets an id of its own from then on: what comes out belongs to no set of parameters.

        Raises
        ------
        ParameterError
            A parameter that can not be changed while it runs, or a value out of its range.
        RequestError
            It does not run.
        """
        known = self.get(key)
        method = find_method(known.method)
        for name in params:
            if name not in method.live:
                raise ParameterError(
                    f"{name!r} of {known.method} can not be changed while it runs. What can: "
                    f"{', '.join(method.live) or 'nothing'}."
                )
        declared = {p.name: p for p in parameters_of(method)}
        values = {n: declared[n].check(v, owner=known.method) for n, v in params.items()}
        if known.job is None or known.snapshot().ended:
            raise RequestError("This projection does not run; start another one.", status=409)
        with self._lock:
            self._known.pop(known.id, None)
            if not known.is_turned:
                known.id, known.is_turned = f"{known.id[:23]}-{os.urandom(4).hex()}", True
            self._known[known.id] = known
            known.params = {**known.params, **values}
        self._runner.update(known.job, values)
        return known

    def close(self) -> None:
        """Stop all of them."""
        self._runner.close()

    def _job_changed(self, job: Job) -> None:
        # No lock: the runner calls this while it holds its own.
        known = self._by_job.get(job)
        if known is None:
            return
        now, snapshot = time.monotonic(), job.snapshot()
        turned = snapshot.ended or snapshot.paused != known.told_paused
        if turned or now - known.told_at >= _TELL_SECONDS:
            known.told_at, known.told_paused = now, snapshot.paused
            self._on_change(known)

    def _forget_old(self) -> None:
        ended = [c for c in self._known.values() if c.snapshot().ended]
        for known in ended[: max(0, len(ended) - _KEPT)]:
            self._known.pop(known.id, None)
            jobs = [known.job, known.judgement.job if known.judgement else None]
            for job in filter(None, jobs):
                self._by_job.pop(job, None)


def metric_of(projection: Projection) -> Metric:
    """Return the metric that a projection was made with; euclidean where it knows none."""
    return cast("Metric", str(projection.params.get("metric") or "euclidean"))
