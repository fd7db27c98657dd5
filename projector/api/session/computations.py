"""The projections of a session: requested, running, done, cancelled."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from projector.api.memory_check import check_fits, needed_bytes
from projector.api.methods import find_method
from projector.api.options import parameters_of
from projector.api.projection_request import ProjectionRequest
from projector.api.result_store import load_projection
from projector.api.session.analyses import Analysis
from projector.api.session.projection_tasks import projection_task
from projector.api.session.quality_results import QualityJobs, QualityResult
from projector.api.worker_tasks import PRELOAD, PREPARE, PROJECT
from projector.errors import InvalidStateError, ParameterError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.jobs.job import Job, Snapshot
from projector.jobs.runner import Runner
from projector.jobs.schedule import Client
from projector.model.dataset import Dataset
from projector.model.parameters import Value
from projector.model.projection import Projection
from projector.typing import Positions

#: Ended projections that are kept in memory; older ones are read from the cache again.
_KEPT = 24
#: Layouts of several steps whose steps are kept, each with all of its positions.
_KEPT_SERIES = 4
#: Places in the queue from which on every change is published.
_NEAR = 10
#: Changes of a running projection are published no more often than this.
_PUBLISH_SECONDS = 0.1


@dataclass
class Computation:
    """One projection of one dataset, from the request to the result.

    Attributes
    ----------
    id : str
        The request's key; another one after it was modified.
    dataset_id, method : str
    params : dict
        A value for every parameter, with updates.
    content : str
        The content hash of the vectors.
    n_points : int
    job : Job or None
        None if the result was in the cache.
    found : Projection or None
    quality_result : QualityResult or None
        None until its quality is requested.
    is_modified : bool
        Whether live parameters were updated, or an action was triggered.
    is_timed : bool
        Whether its time was noted.
    series : Analysis or None
        The layout of several steps together, of which this is one.
    step : int
        Its place among them.
    aligned_to : str or None
        The projection that it was aligned to, and whose unit its positions have.
    """

    id: str
    dataset_id: str
    method: str
    params: dict[str, Value]
    content: str
    n_points: int
    job: Job | None = None
    found: Projection | None = field(default=None, repr=False)
    quality_result: QualityResult | None = None
    is_modified: bool = False
    is_timed: bool = False
    series: Analysis | None = field(default=None, repr=False)
    step: int = 0
    aligned_to: str | None = None
    published_at: float = 0.0
    published_paused: bool = False

    @property
    def is_streamed(self) -> bool:
        """Whether the frames of its job are its own: steps that run together stream one of them."""
        return self.series is None or self.series.shown == self.step

    def snapshot(self) -> Snapshot:
        """Return the state of the job; without a job it is done."""
        if self.job is not None:
            return self.job.snapshot()
        return Snapshot("done")

    def projection(self) -> Projection | None:
        """Return the result when it is there."""
        if self.found is None and self.series is not None:
            together = self.series.result()
            self.found = None if together is None else together[self.step]
        elif self.found is None and self.job is not None and self.job.snapshot().state == "done":
            self.found = self.job.result()
        return self.found

    def needed(self) -> Projection:
        """Return the result, or raise InvalidStateError."""
        found = self.projection()
        if found is None:
            raise InvalidStateError(
                f"This projection is {self.snapshot().state}, so it has no positions. Read its "
                "frames while it is running."
            )
        return found


class Projections:
    """All projections that were requested since the session began.

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
        #: The steps of each layout of several together, by its id.
        self._together: OrderedDict[str, dict[str, Computation]] = OrderedDict()
        self._runner = Runner(preload=PRELOAD, prepare=PREPARE, on_change=self._job_changed)
        self._quality_jobs = QualityJobs(self._runner, cache)
        #: Called with a job that is no projection's, as the runner is shared.
        self.on_other_job: Callable[[Job], None] = lambda job: None

    @property
    def runner(self) -> Runner:
        """Runs all jobs of the session."""
        return self._runner

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
        label_column: int | None = None,
        client: Client = (),
    ) -> Computation:
        """Start a projection, or return the one that is running, done or in the cache.

        Parameters
        ----------
        dataset_id : str
        dataset : Dataset
        method : str
        params : dict
        initial, align_to : str, optional
            Ids of projections of the same points, done: to start from, and to align to.
        label_column : int, optional
            Whose values name points.
        client : tuple of str
            Who asks; clients take turns when work has to wait.

        Raises
        ------
        UnknownNameError, ParameterError, ShapeError, MemoryLimitError
            See `projector.project`.
        InvalidStateError
            `initial` or `align_to` is not done, or too many projections wait.
        """
        request = ProjectionRequest.of(
            dataset,
            method,
            params,
            initial=self._positions("initial", initial),
            align_to=self._positions("align_to", align_to),
            label_column=label_column,
        )
        key = request.key
        with self._lock:
            known = self._known.get(key)
            if known is not None and known.snapshot().state not in ("failed", "cancelled"):
                known.dataset_id = dataset_id
                known.aligned_to = align_to
                self._known.move_to_end(key)
                return known
            content = dataset.content_hash
            new = Computation(key, dataset_id, method, request.settings, content, dataset.n_points)
            new.aligned_to = align_to
            new.found = load_projection(self._cache, key, dataset.n_points)
            if new.found is None:
                new.job = self._submit(request, client)
                self._by_job[new.job] = new
            self._known[key] = new
            self._forget_old()
        if new.job is not None and new.job.snapshot().ended:
            self._on_change(new)  # it ended before it was known
        return new

    def start_together(self, series: Analysis, step: int, dataset: Dataset) -> Computation:
        """Return the projection of one step of a series, whose positions are streamed from now on.

        Parameters
        ----------
        series : Analysis
            The layout of all steps, perhaps on its way.
        step : int
            The place of the step among them.
        dataset : Dataset
            That step's.
        """
        key = hashlib.sha256(f"{series.id} {step}".encode()).hexdigest()[:32]
        with self._lock:
            steps = self._together.setdefault(series.id, {})
            self._together.move_to_end(series.id)
            known = steps.get(key)
            if known is None or known.series is not series:
                about = series.plan.asked
                known = Computation(
                    key,
                    series.dataset_ids[step],
                    about["method"],
                    about["settings"],
                    dataset.content_hash,
                    dataset.n_points,
                    job=series.job,
                    series=series,
                    step=step,
                )
                steps[key] = self._known[key] = known
            while len(self._together) > _KEPT_SERIES:
                _, gone = self._together.popitem(last=False)
                for each in gone:
                    self._known.pop(each, None)
        return known

    def _submit(self, request: ProjectionRequest, client: Client) -> Job:
        data, method = request.dataset, request.method
        size = (method, data.n_points, data.n_dims, request.settings)
        held = data.vectors.nbytes
        check_fits(*size, held=held, returning=self._runner.memory_of_jobs())
        task = projection_task(request, self._runner, self._cache)
        return self._runner.submit(
            request.key,
            PROJECT,
            dict(task),
            quick=method.is_instant,
            client=client,
            needs=needed_bytes(*size, held),
        )

    def measure_quality(
        self, key: str, dataset: Dataset | None, k: int, *, client: Client = ()
    ) -> Computation:
        """Start to measure the quality of a projection, or return the result that is there.

        Parameters
        ----------
        key : str
        dataset : Dataset or None
            The dataset as it is now; None if it was deleted (see `QualityJobs.start`).
        k : int
        client : tuple of str
            Who asks, as for `start`.

        Raises
        ------
        UnknownNameError
            There is no such projection.
        InvalidStateError
            It is not done.
        """
        known = self.get(key)
        projection = known.projection()
        if projection is None:
            raise InvalidStateError(
                f"This projection is {known.snapshot().state}. Its quality can be measured when "
                "it is done."
            )
        now = known.quality_result
        if now is not None and now.k == k and now.is_usable:
            return known
        known.quality_result = self._quality_jobs.start(
            key, projection, known.content, dataset, k, client
        )
        if known.quality_result.job is not None:
            self._by_job[known.quality_result.job] = known
        return known

    def _positions(self, parameter: str, key: str | None) -> Positions | None:
        """Return the positions of another projection, which must be done."""
        if key is None:
            return None
        other = self.get(key)
        projection = other.projection()
        if projection is None:
            raise InvalidStateError(
                f"The projection of {parameter!r} is {other.snapshot().state}. It must be done."
            )
        return projection.positions

    def get(self, key: str) -> Computation:
        """Return a projection by its id, or raise UnknownNameError."""
        with self._lock:
            known = self._known.get(key)
        if known is None:
            raise UnknownNameError("projection", key)
        return known

    def cancel(self, key: str) -> Computation:
        """Cancel a projection at once, if it is still running."""
        known = self.get(key)
        if known.job is not None and not known.job.snapshot().ended:
            self._runner.cancel(known.job)
        return known

    def pause(self, key: str, paused: bool) -> Computation:
        """Pause or resume a projection."""
        known = self.get(key)
        if known.job is not None:
            self._runner.pause(known.job, paused)
        return known

    def update(self, key: str, params: dict[str, Any]) -> Computation:
        """Update live parameters of a running projection.

        From then on it has its own id: its settings no longer determine the result.

        Raises
        ------
        UnknownNameError
            There is no such projection.
        ParameterError
            A parameter is not live, or out of range.
        InvalidStateError
            It is not running.
        """
        known = self.get(key)
        if known.series is not None:
            raise _not_alone(known)
        method = find_method(known.method)
        for name in params:
            if name not in method.live:
                raise ParameterError(
                    f"{name!r} of {known.method} cannot be changed during a run. These can: "
                    f"{', '.join(method.live) or 'none'}."
                )
        if not method.can_change(known.params):
            name, value = method.live_if or ("", "")
            raise ParameterError(
                f"Nothing can be changed during this run of {known.method}: that needs "
                f"{name}={value!r}."
            )
        declared = {p.name: p for p in parameters_of(method)}
        values = {n: declared[n].check(v, owner=known.method) for n, v in params.items()}
        if known.job is None or known.snapshot().ended:
            raise _not_running(known)
        self._modify(known, values)
        self._runner.update(known.job, values)
        return known

    def trigger(self, key: str, action: str) -> Computation:
        """Trigger an action of a running projection, such as t-SNE's ``"perturb"``.

        From then on it has its own id, as after an update.

        Raises
        ------
        UnknownNameError
            There is no such projection, or its method has no such action.
        InvalidStateError
            It is not running.
        """
        known = self.get(key)
        if known.series is not None:
            raise _not_alone(known)
        actions = [each.name for each in find_method(known.method).actions]
        if action not in actions:
            raise UnknownNameError(f"action of {known.method}", action, actions)
        if known.job is None or known.snapshot().state != "running":
            raise _not_running(known)
        self._modify(known, {})
        self._runner.trigger(known.job, action)
        return known

    def _modify(self, known: Computation, values: dict[str, Value]) -> None:
        """Give a projection its own id, because its settings no longer determine the result."""
        with self._lock:
            self._known.pop(known.id, None)
            if not known.is_modified:
                known.id, known.is_modified = f"{known.id[:23]}-{os.urandom(4).hex()}", True
            self._known[known.id] = known
            known.params = {**known.params, **values}

    def close(self) -> None:
        """Cancel all of them."""
        self._runner.close()

    def _job_changed(self, job: Job) -> None:
        # No lock: the runner calls this while it holds its own.
        known = self._by_job.get(job)
        if known is not None:
            self._changed(known, job.snapshot())
            return
        self.on_other_job(job)
        for steps in list(self._together.values()):
            for each in list(steps.values()):
                if each.job is job:
                    self._changed(each, job.snapshot())

    def _changed(self, known: Computation, snapshot: Snapshot) -> None:
        now = time.monotonic()
        is_due = snapshot.ended or snapshot.paused != known.published_paused
        # A place is not told again: the last one must be right.
        is_due = is_due or (snapshot.ahead is not None and snapshot.ahead < _NEAR)
        if is_due or now - known.published_at >= _PUBLISH_SECONDS:
            known.published_at, known.published_paused = now, snapshot.paused
            self._on_change(known)

    def _forget_old(self) -> None:
        ended = [c for c in self._known.values() if c.series is None and c.snapshot().ended]
        for known in ended[: max(0, len(ended) - _KEPT)]:
            self._known.pop(known.id, None)
            jobs = [known.job, known.quality_result.job if known.quality_result else None]
            for job in filter(None, jobs):
                self._by_job.pop(job, None)


def _not_alone(known: Computation) -> InvalidStateError:
    return InvalidStateError(
        "This step is laid out together with others, and nothing of that can be changed during "
        f"the run. Lay it out alone to change {known.method} while it runs."
    )


def _not_running(known: Computation) -> InvalidStateError:
    return InvalidStateError(
        f"This projection is {known.snapshot().state}, not running. Start another one."
    )
