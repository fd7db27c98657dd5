"""What is asked about change in a session: comparisons, similarities, health, series."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projector.api.change.plans import PLANS, plan_again, plan_beside
from projector.api.change.series_result import Series
from projector.api.change.tasks import AnalysisTask, SharedSet
from projector.api.plan import Plan
from projector.api.session.projection_tasks import shared_vectors
from projector.errors import (
    InvalidStateError,
    MemoryLimitError,
    ParameterError,
    UnknownNameError,
)
from projector.jobs.cache import ResultCache
from projector.jobs.job import Job, Snapshot
from projector.jobs.runner import Runner
from projector.jobs.schedule import Client
from projector.model.dataset import Dataset
from projector.model.projection import Projection
from projector.model.sparse_rows import dense_vectors

#: Ended analyses that are kept in memory; the results of older ones are in the cache.
_KEPT = 24
#: Changes of a running analysis are published no more often than this.
_PUBLISH_SECONDS = 0.1
#: What pages ask for by themselves, if nothing else runs.
_BY_ITSELF = ("clusters", "health")


@dataclass
class Analysis:
    """One question about change, from the request to the result.

    Attributes
    ----------
    id : str
    kind : str
        A name in `PLANS`.
    dataset_ids : tuple of str
    job : Job
    plan : Plan
    contents : tuple of str
        The content hashes of the datasets.
    shown : int
        Of a series: the step whose positions are streamed.
    successor : str
        Of a step that is laid beside a series: the id of the layout of all steps together, which
        replaces it; empty if there is none.
    has_columns : bool
        Of a comparison: whether both datasets get its figures as columns.
    asked : int
        When its columns were asked for last, among all that were: a higher number is later.
    """

    id: str
    kind: str
    dataset_ids: tuple[str, ...]
    job: Job
    plan: Plan = field(repr=False)
    contents: tuple[str, ...] = ()
    shown: int = 0
    successor: str = ""
    has_columns: bool = False
    asked: int = 0
    found: Any = field(default=None, repr=False)
    published_at: float = 0.0
    published_paused: bool = False

    @property
    def is_streamed(self) -> bool:
        """Whether the frames of its job are its own: it has no other."""
        return True

    def snapshot(self) -> Snapshot:
        """Return the state of its job."""
        return self.job.snapshot()

    @property
    def is_usable(self) -> bool:
        """Whether its result is there or on its way."""
        return self.snapshot().state not in ("failed", "cancelled")

    def result(self) -> Any:
        """Return the result, None before it is there."""
        if self.found is None and self.job.snapshot().state == "done":
            self.found = self.plan.finish(self.job.result())
        return self.found

    def needed(self) -> Any:
        """Return the result, or raise InvalidStateError."""
        found = self.result()
        if found is None:
            raise InvalidStateError(f"This is {self.snapshot().state}. Its result is not there.")
        return found

    def projection(self) -> Projection | None:
        """Return the projection of the step that is shown, once a series is done."""
        found = self.result()
        return found[self.shown] if isinstance(found, Series) else None


class Analyses:
    """All questions about change that were asked since the session began.

    Parameters
    ----------
    runner : Runner
    cache : ResultCache
    on_change : callable
        Called with an `Analysis` when its state or progress changed, as for `Projections`.
    """

    def __init__(
        self, runner: Runner, cache: ResultCache, on_change: Callable[[Analysis], None]
    ) -> None:
        self._runner, self._cache, self._on_change = runner, cache, on_change
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Analysis] = OrderedDict()
        self._by_job: dict[Job, Analysis] = {}

    def start(
        self,
        kind: str,
        datasets: Mapping[str, Dataset] | Sequence[tuple[str, Dataset]],
        given: Mapping[str, Any],
        client: Client = (),
    ) -> Analysis:
        """Start to answer a question, or return the answer that is there or on its way.

        Parameters
        ----------
        kind : str
            A name in `PLANS`.
        datasets : sequence of (id, Dataset)
        given : mapping
            What is asked (see `projector.api.change.plans`).
        client : tuple of str
            Who asks.

        Raises
        ------
        UnknownNameError, ParameterError, ShapeError, MemoryLimitError
            See the public function of each kind.
        InvalidStateError
            Too much work waits.
        """
        pairs = list(datasets.items()) if isinstance(datasets, Mapping) else list(datasets)
        if not pairs:
            raise ParameterError("There must be at least 1 dataset. Got none.")
        for _, each in pairs if kind != "clusters" else ():
            dense_vectors(each.vectors, "A comparison of embeddings")
        if kind == "series" and given.get("beside") is not None:
            return self._start_beside(pairs, given, client)
        plan = PLANS[kind]([each for _, each in pairs], given)
        # What a page looks for by itself delays nothing that somebody asks for.
        background = kind in _BY_ITSELF and given.get("background") is True
        return self._start(kind, pairs, plan, client, background=background)

    def _start_beside(
        self, pairs: Sequence[tuple[str, Dataset]], given: Mapping[str, Any], client: Client
    ) -> Analysis:
        """Lay the last step beside a series now, and all of them together when nothing else runs.

        A layout of all steps that was to replace the earlier series is cancelled: it lacks the
        new step.
        """
        earlier = self.get("series", str(given["beside"]))
        if tuple(key for key, _ in pairs[:-1]) != earlier.dataset_ids:
            raise ParameterError(
                f"A step is laid beside a series of all other 'datasets', in their order: "
                f"{len(earlier.dataset_ids):,} of them. Got {len(pairs) - 1:,} before the last."
            )
        data, series = [each for _, each in pairs], earlier.needed()
        new = self._start("series", pairs, plan_beside(data, series, given), client)
        if not self._is_usable(new.successor):
            self._cancel_background(earlier.successor)
            # The step is shown even if there is no memory for all of them.
            with contextlib.suppress(MemoryLimitError, InvalidStateError):
                again = plan_again(data, series, given)
                new.successor = self._start("series", pairs, again, client, background=True).id
        return new

    def _start(
        self,
        kind: str,
        pairs: Sequence[tuple[str, Dataset]],
        plan: Plan,
        client: Client,
        *,
        background: bool = False,
    ) -> Analysis:
        data, ids = [each for _, each in pairs], tuple(key for key, _ in pairs)
        # Two runs that begin alike have equal contents, and an answer says whose it is.
        key = hashlib.sha256(" ".join((plan.key, *ids)).encode()).hexdigest()[:32]
        with self._lock:
            known = self._known.get(key)
            if known is not None and known.is_usable:
                self._known.move_to_end(key)
                if not background:
                    self._runner.promote(known.job)
                return known
            plan.check(self._runner.memory_of_jobs())
            job = self._runner.submit(
                key,
                plan.function,
                dict(self._task(plan, data)),
                client=client,
                needs=plan.needs,
                background=background,
            )
            contents = tuple(each.content_hash for each in data)
            new = Analysis(key, kind, ids, job, plan, contents, shown=len(data) - 1)
            self._by_job[job] = self._known[key] = new
            self._forget_old()
        if job.snapshot().ended:
            self._on_change(new)  # it ended before it was known
        return new

    def _is_usable(self, key: str) -> bool:
        with self._lock:
            known = self._known.get(key)
        return known is not None and known.is_usable

    def _cancel_background(self, key: str) -> None:
        """Cancel a job that nobody asked for, unless somebody has asked for it since."""
        with self._lock:
            known = self._known.get(key)
        if known is not None and self._runner.is_background(known.job):
            self._runner.cancel(known.job)

    def get(self, kind: str, key: str) -> Analysis:
        """Return an analysis by its kind and id, or raise UnknownNameError."""
        with self._lock:
            known = self._known.get(key)
        if known is None or known.kind != kind:
            raise UnknownNameError(f"result among {kind}:", key)
        return known

    def so_far(self, known: Analysis) -> Any:
        """Return a result of the parts that are ready, None if it is done or has no parts."""
        make = known.plan.so_far
        if make is None or known.snapshot().state not in ("queued", "running"):
            return None
        return make(self._cache)

    def newest(self, kind: str, dataset_id: str) -> Any:
        """Return the newest result of a kind for one dataset, None if there is none."""
        with self._lock:
            known = [each for each in self._known.values() if each.kind == kind]
        found = (each.result() for each in reversed(known) if each.dataset_ids == (dataset_id,))
        return next((each for each in found if each is not None), None)

    def cancel(self, kind: str, key: str) -> Analysis:
        """Cancel an analysis at once, if it is still running."""
        known = self.get(kind, key)
        if not known.snapshot().ended:
            self._runner.cancel(known.job)
            self._cancel_background(known.successor)
        return known

    def pause(self, kind: str, key: str, paused: bool) -> Analysis:
        """Pause or resume an analysis."""
        known = self.get(kind, key)
        self._runner.pause(known.job, paused)
        return known

    def look(self, key: str, step: int) -> Analysis:
        """Stream the positions of another step of a series.

        Raises
        ------
        ParameterError
            It has no such step.
        """
        known = self.get("series", key)
        n_steps = len(known.dataset_ids)
        if not 0 <= step < n_steps:
            raise ParameterError(
                f"'step' must be a whole number from 0 to {n_steps - 1:,}. Got {step:,}."
            )
        known.shown = step
        self._runner.update(known.job, {"step": step})
        return known

    def job_changed(self, job: Job) -> None:
        """Publish the change of a job, if it is one of these."""
        # No lock: the runner calls this while it holds its own.
        known = self._by_job.get(job)
        if known is None:
            return
        now, snapshot = time.monotonic(), job.snapshot()
        is_due = snapshot.ended or snapshot.paused != known.published_paused
        if is_due or snapshot.ahead is not None or now - known.published_at >= _PUBLISH_SECONDS:
            known.published_at, known.published_paused = now, snapshot.paused
            self._on_change(known)

    def _task(self, plan: Plan, data: Sequence[Dataset]) -> AnalysisTask:
        sets = []
        for each in data:
            vectors = shared_vectors(each, plan.metric, self._runner)
            about = each.embedding
            sets.append(
                SharedSet(
                    vectors=vectors,
                    content=each.content_hash,
                    run=about.run,
                    name=about.name,
                    step=about.step,
                )
            )
        return AnalysisTask(
            sets=sets,
            asked=plan.asked,
            updates={},
            cache_folder=str(self._cache.folder),
            cache_bytes=self._cache.max_bytes,
        )

    def _forget_old(self) -> None:
        ended = [each for each in self._known.values() if each.snapshot().ended]
        for known in ended[: max(0, len(ended) - _KEPT)]:
            self._known.pop(known.id, None)
            self._by_job.pop(known.job, None)
