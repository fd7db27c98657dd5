"""From vectors to positions: check, look in the cache, compute, keep."""

from __future__ import annotations

import hashlib
import time
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.memory_check import check_fits
from projector.api.neighbors import Graphs
from projector.api.options import (
    among_finite,
    labels_of,
    laid_out,
    parameters_of,
    with_points,
)
from projector.api.result_store import default_cache, result_key, versions
from projector.compute import METHODS
from projector.compute.alignment import align
from projector.compute.landmarks import project_landmarks
from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.preprocess import PREPROCESSING, preprocess
from projector.compute.supervision import supervise
from projector.errors import ParameterError, ShapeError, UnknownName
from projector.jobs.cache import ResultCache
from projector.jobs.pace import Pace
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.parameters import Value, resolve
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray, Json, Positions, Vectors


def project(
    data: Dataset | Any,
    method: str = "umap",
    *,
    initial: Positions | Projection | None = None,
    align_to: Positions | Projection | None = None,
    shared: tuple[Sequence[int] | AnyArray, Sequence[int] | AnyArray] | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
    **params: Any,
) -> Projection:
    """Give every point a place in 2D or 3D.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
        All points are used. Rows with NaN or infinity get NaN positions, and
        ``details["n_unplaced"]`` counts them.
    method : {"pca", "tsne", "umap", ...}
        A name in `projector.METHODS`.
    initial : ndarray of shape (n_points, n_components) or Projection, optional
        Where to start, instead of the method's own beginning: the same points at an earlier
        step, say.
    align_to : ndarray of shape (n_points, n_components) or Projection, optional
        A picture of the same points to lay the result on by turning, mirroring, moving and
        scaling it as a whole; ``details["alignment"]`` says what was done and what is left.
    shared : pair of sequences of int, optional
        Where `align_to` shows other points too: the rows of the shared points here and there.
        Row i is row i where nobody says.
    progress : callable, optional
        Called with a `Progress` many times a second; raising `Cancelled` in it stops the work.
    cache : ResultCache, optional
        Where results are kept; the user's own cache by default.
    **params
        The method's parameters, see docs/algorithms.md: ``n_components``, ``random_state``, ...

    Returns
    -------
    Projection
        The same data, method, parameters and versions give the same bytes, and are computed
        once: asking again returns the stored result.

    Raises
    ------
    UnknownName
        No such method or parameter.
    ParameterError
        A value out of its range.
    ShapeError
        `initial` or `align_to` has another number of points.
    TooLarge
        It can not fit into the memory that is free.
    Cancelled
        `progress` asked to stop.
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    wanted = Wanted.of(
        dataset,
        method,
        params,
        initial=_positions_of(initial),
        align_to=_positions_of(align_to),
        shared=None if shared is None else (np.asarray(shared[0]), np.asarray(shared[1])),
    )
    return realize(wanted, cache or default_cache(), progress or ignore_progress)


def realize(wanted: Wanted, cache: ResultCache, progress: ProgressCallback) -> Projection:
    """Return what is wanted: from the cache, or computed and kept.

    A projection that was steered while it ran is not kept: its parameters do not say how to get
    it again.
    """
    found = load_projection(cache, wanted.key)
    if found is None:
        found = _compute(wanted, cache, progress)
        if not wanted.turned and not wanted.actions:
            save_projection(cache, wanted.key, found)
    return found


@dataclass(frozen=True)
class Wanted:
    """Everything that a projection depends on, checked.

    Attributes
    ----------
    labels : ndarray of shape (n_points,), int32, or None
        Categories of the column that takes part in the layout; -1 where it is not known.
    turned : dict
        Parameters that somebody changes while it runs; filled from another thread.
    """

    dataset: Dataset
    method: Method
    settings: dict[str, Value]
    initial: Positions | None = None
    align_to: Positions | None = None
    labels: NDArray[np.int32] | None = None
    turned: dict[str, Value] = field(default_factory=dict)
    #: Actions that were triggered while it runs, oldest first; filled from another thread.
    actions: list[str] = field(default_factory=list)
    shared: tuple[AnyArray, AnyArray] | None = None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        method: str,
        params: Mapping[str, Any],
        *,
        initial: Positions | None = None,
        align_to: Positions | None = None,
        shared: tuple[AnyArray, AnyArray] | None = None,
    ) -> Wanted:
        """Check a wish: its method, every parameter, and the pictures it refers to."""
        chosen = find_method(method)
        settings = resolve(parameters_of(chosen), params, owner=method)
        settings = with_points(dataset, chosen, settings)
        for what, picture in (("initial", initial), ("align_to", align_to)):
            elsewhere = what == "align_to" and shared is not None
            if picture is not None and not elsewhere and len(picture) != dataset.n_points:
                raise ShapeError(
                    f"{what!r} has {len(picture):,} positions and there are "
                    f"{dataset.n_points:,} points."
                )
        if align_to is not None and shared is not None:
            _check_shared(shared, dataset.n_points, len(align_to))
        labels = labels_of(dataset, settings)
        return cls(dataset, chosen, settings, initial, align_to, labels, shared=shared)

    @cached_property
    def key(self) -> str:
        """The projection's id: the same whenever the result would be."""
        method = self.method
        about: dict[str, Any] = {
            "method": method.name,
            "version": method.version,
            "params": self.settings,
        }
        for name in ("initial", "align_to"):
            picture = getattr(self, name)
            if picture is not None:
                about[name] = Dataset(picture).content_hash
        if self.shared is not None:
            about["shared"] = [rows.tolist() for rows in self.shared]
        if self.labels is not None:
            about["labels"] = hashlib.sha256(self.labels.tobytes()).hexdigest()
        return result_key("projection", self.dataset.content_hash, about)


def find_method(name: str) -> Method:
    """Return the method of this name, or raise UnknownName."""
    if name not in METHODS:
        raise UnknownName("method", name, METHODS)
    return METHODS[name]


def _positions_of(picture: Positions | Projection | None) -> Positions | None:
    return picture.positions if isinstance(picture, Projection) else picture


def load_projection(cache: ResultCache, key: str) -> Projection | None:
    """Return the stored projection of this id, or None."""
    stored = cache.get(key)
    if stored is None or "positions" not in stored.arrays:
        return None
    about = stored.about
    return Projection(
        stored.arrays["positions"],
        about["method"],
        about["params"],
        about["details"],
        stored.arrays.get("scores"),
    )


def save_projection(cache: ResultCache, key: str, projection: Projection) -> None:
    """Keep a projection under its id."""
    arrays: dict[str, AnyArray] = {"positions": projection.positions}
    if projection.scores is not None:
        arrays["scores"] = projection.scores
    about = {
        "method": projection.method,
        "params": projection.params,
        "details": projection.details,
    }
    cache.put(key, arrays, about)


def _compute(wanted: Wanted, cache: ResultCache, progress: ProgressCallback) -> Projection:
    began = time.perf_counter()
    dataset, method, settings = wanted.dataset, wanted.method, wanted.settings
    # What is turned while it runs stands before what was asked for at first.
    steered = ChainMap(wanted.turned, settings)
    finite = dataset.finite_rows
    everywhere = bool(finite.all())
    if not finite.any():
        raise ShapeError("No point has a finite vector: there is nothing to place.")
    check_fits(method, dataset.n_points, dataset.n_dims, settings)
    vectors = dataset.vectors if everywhere else dataset.vectors[finite]
    told = _with_remaining_time(progress if everywhere else _spread(progress, finite))
    vectors, notes = preprocess(vectors, settings, progress=told)
    details: dict[str, Json] = {"preprocessing": list(notes)} if notes else {}
    graph = None
    points = {} if everywhere else among_finite(method, settings, finite)
    params = ChainMap(wanted.turned, points, settings)
    inputs = MethodInput(vectors, params, progress=told, actions=wanted.actions)
    if laid_out(settings, len(vectors)) < len(vectors):
        outcome = _project_landmarks(wanted, inputs)
    else:
        graph = _graph(wanted, vectors, cache, told)
        if graph is not None:
            details |= {"recall": graph.recall, "exact_neighbors": graph.exact}
        if graph is not None and wanted.labels is not None:
            weight = float(settings["supervise_weight"] or 0)
            graph = supervise(graph, wanted.labels[finite], weight=weight, ignored=-1)
        start = wanted.initial if wanted.initial is None or everywhere else wanted.initial[finite]
        outcome = method.run(replace(inputs, neighbors=graph, initial=start))
    details |= outcome.details
    warned = [*(graph.warnings if graph else ()), *_listed(outcome.details.get("warnings"))]
    if wanted.turned or wanted.actions:
        details["modified"] = dict(wanted.turned)
        details["actions"] = [*wanted.actions]
        warned.append(
            "Parameters were changed during this run, so it cannot be reproduced from its settings."
        )
    if not everywhere:
        outcome = _over_all_rows(outcome, finite)
        warned.append(f"{counted(int((~finite).sum()))} with NaN or infinity not placed.")
    positions = outcome.positions
    if wanted.align_to is not None:
        positions, details["alignment"] = _aligned(positions, wanted.align_to, wanted.shared)
    details |= {
        "warnings": list(dict.fromkeys(warned)),
        "n_unplaced": int((~finite).sum()),
        "seconds": round(time.perf_counter() - began, 3),
        "versions": dict(versions()),
    }
    return Projection(positions, method.name, dict(steered), details, outcome.scores)


def _project_landmarks(wanted: Wanted, inputs: MethodInput) -> Outcome:
    """Lay out a sample and place the others among it, where a person asked for that."""
    for name, given in (("supervise_by", wanted.labels), ("initial", wanted.initial)):
        if given is not None:
            raise ParameterError(f"{name!r} and 'n_landmarks' do not go together. Use one of them.")
    n_landmarks = int(wanted.settings["n_landmarks"] or 0)
    return project_landmarks(wanted.method, inputs, n_landmarks=n_landmarks)


def _graph(
    wanted: Wanted, vectors: Vectors, cache: ResultCache, progress: ProgressCallback
) -> Neighbors | None:
    """Return the neighbor graph that the method wants, from the cache where it is there."""
    if wanted.method.neighbors_needed is None or len(vectors) < 2:
        return None
    k, metric = wanted.method.neighbors_needed(wanted.settings, len(vectors))
    content = wanted.dataset.content_hash
    before = {p.name: wanted.settings.get(p.name) for p in PREPROCESSING}
    if any(before.values()):
        content = result_key("preprocessed", content, before)
    k = max(1, min(k, len(vectors) - 1))
    return Graphs(cache).graph(vectors, content, k, metric, progress=progress)


def _check_shared(shared: tuple[AnyArray, AnyArray], n_own: int, n_other: int) -> None:
    own, other = shared
    if len(own) != len(other) or len(own) == 0:
        raise ParameterError(
            f"'shared' must name as many rows here as there; got {len(own):,} and {len(other):,}."
        )
    for rows, n_points in ((own, n_own), (other, n_other)):
        if rows.min() < 0 or rows.max() >= n_points:
            raise ParameterError(
                f"'shared' must name rows from 0 to {n_points - 1:,}; got {int(rows.min())} to "
                f"{int(rows.max())}."
            )


def _aligned(
    positions: Positions, reference: Positions, shared: tuple[AnyArray, AnyArray] | None
) -> tuple[Positions, Json]:
    """Lay a picture on another one of the same points, and say what that took."""
    found = align(positions, reference, shared=shared)
    return found.positions, {
        "angle_degrees": found.angle_degrees,
        "scale": found.scale,
        "is_mirrored": found.is_mirrored,
        "residual": found.residual,
        "n_shared": found.n_shared,
    }


def counted(n_points: int) -> str:
    """Return ``"1 point"`` or ``"1,797 points"``."""
    return "1 point" if n_points == 1 else f"{n_points:,} points"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _with_remaining_time(progress: ProgressCallback) -> ProgressCallback:
    pace = Pace()

    def tell(report: Progress) -> None:
        seconds = pace.remaining(report.phase, report.done, report.total)
        progress(replace(report, remaining_seconds=seconds))

    return tell


def _spread(progress: ProgressCallback, finite: AnyArray) -> ProgressCallback:
    """Give frames a row for every point, NaN where it is not placed."""

    def tell(report: Progress) -> None:
        if report.positions is not None:
            report = replace(report, positions=_over_rows(report.positions, finite))
        progress(report)

    return tell


def _over_all_rows(outcome: Outcome, finite: AnyArray) -> Outcome:
    scores = None if outcome.scores is None else _over_rows(outcome.scores, finite)
    return Outcome(_over_rows(outcome.positions, finite), outcome.details, scores)


def _over_rows(placed: AnyArray, finite: AnyArray) -> AnyArray:
    rows = np.full((len(finite), placed.shape[1]), np.nan, np.float32)
    rows[finite] = placed
    return rows
