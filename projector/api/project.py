"""Computes a projection: validate, look in the cache, compute, store."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

import numpy as np

from projector.api.memory_check import check_fits
from projector.api.methods import origin_of
from projector.api.neighbors import Graphs
from projector.api.options import among_finite, laid_out
from projector.api.partitioned.given_data import is_partitioned
from projector.api.partitioned.project_parts import project_parts
from projector.api.partitioned.result import PartitionedProjection
from projector.api.partitioned.sources import Sources
from projector.api.projection_request import ProjectionRequest
from projector.api.result_store import (
    default_cache,
    load_projection,
    result_key,
    save_projection,
    versions,
)
from projector.compute.alignment import align
from projector.compute.initialization import completed
from projector.compute.landmarks import project_landmarks
from projector.compute.method import MethodInput, Outcome
from projector.compute.preprocess import PREPROCESSING, preprocess
from projector.compute.supervision import supervise, supervise_by_numbers
from projector.errors import ParameterError, ShapeError
from projector.jobs.cache import ResultCache
from projector.jobs.pace import Pace
from projector.jobs.phase_times import PhaseTimes
from projector.model.arguments import check_callable
from projector.model.dataset import Dataset
from projector.model.neighbors import Neighbors
from projector.model.partitioned import PartitionedDataset
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray, Json, Positions, Vectors

#: What a projection says of itself whose live parameters were updated while it ran.
MODIFIED = "Parameters were changed during this run, so it cannot be reproduced from its settings."


@overload
def project(
    data: PartitionedDataset | Sources,
    method: str = "umap",
    *,
    out: str | Path,
    progress: ProgressCallback | None = None,
    executor: Any = None,
    landmarks_by: str | None = None,
    memory_limit: int | None = None,
    **params: Any,
) -> PartitionedProjection: ...


@overload
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
) -> Projection: ...


def project(
    data: Dataset | PartitionedDataset | Any,
    method: str = "umap",
    *,
    initial: Positions | Projection | None = None,
    align_to: Positions | Projection | None = None,
    shared: tuple[Sequence[int] | AnyArray, Sequence[int] | AnyArray] | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
    executor: Any = None,
    out: str | Path | None = None,
    landmarks_by: str | None = None,
    memory_limit: int | None = None,
    **params: Any,
) -> Projection | PartitionedProjection:
    """Compute a position in 2D or 3D for every point.

    Parameters
    ----------
    data : Dataset, array-like of shape (n_points, n_dims), or data in parts
        All points are used. Rows with NaN or infinity get NaN positions, and
        ``details["n_unplaced"]`` counts them. What `open_parts` returns, and Dask arrays and
        dataframes, are data in parts: never in memory as a whole. PCA reads them twice; other
        methods lay out ``n_landmarks`` points and place all others among them.
    method : {"pca", "tsne", "umap", ...}, default="umap"
        A name in `projector.METHODS`.
    initial : array-like of shape (n_points, n_components) or Projection, optional
        Initial positions, instead of the method's own initialization: for example a projection
        of the same points at an earlier step.
    align_to : array-like of shape (n_points, n_components) or Projection, optional
        A projection of the same points. The result is rotated, mirrored, moved and scaled as a
        whole to match it; ``details["alignment"]`` reports how, and how well it matches.
    shared : pair of sequences of int, or of masks, optional
        Rows of the points that both projections contain: in `data` and in `align_to`. By
        default row i is row i in both.
    progress : callable, optional
        Called with a `Progress` many times a second; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.
    executor : "processes", str, distributed.Client, optional
        Where data in parts is computed: in this process by default, in one process for each
        processor, or on the Dask cluster of a scheduler (``"tcp://127.0.0.1:8786"``) or client.
        The results are the same. Workers need the same version of projector, and the paths of
        the parts and of `out`.
    out : str or Path, optional
        The folder in which the positions of data in parts are written, one file for each part.
        With a folder that was begun with the same data and settings, the parts that are there
        are kept.
    landmarks_by : {"random", "kmeans++"}, optional
        How landmarks of data in parts are drawn: at random, which is the default, or far from
        each other by k-means++ of a random sample.
    memory_limit : int, optional
        Bytes that one task of data in parts may take, beyond what a process takes for its
        libraries; 2 GiB by default. The layout of the landmarks is not a task.
    **params
        Parameters of the method, such as ``n_components`` and ``random_state``. See
        docs/algorithms.md.

    Returns
    -------
    Projection, or PartitionedProjection for data in parts
        The same data, method, parameters and versions give the same bytes. They are computed
        once: the next call returns the stored result.

    Raises
    ------
    UnknownNameError
        The method or a parameter does not exist.
    ParameterError
        A parameter is out of range or of the wrong type. What has no effect, such as a column
        with weight 0, is a warning in ``details["warnings"]``.
    ShapeError
        `data` is not an array of numbers; `initial` or `align_to` has another number of points.
    MemoryLimitError
        The work does not fit into the memory that is free.
    JobError
        The scheduler of a cluster is gone, or its workers have other versions of libraries.
    ConflictError
        `out` has another projection.
    SaveError
        A worker cannot write a part; its name and the path are told.
    Cancelled
        `progress` cancelled it.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> vectors = np.random.default_rng(0).normal(size=(200, 16))
    >>> projection = projector.project(vectors, "pca", n_components=2)
    >>> projection.positions.shape
    (200, 2)
    >>> len(projection.details["explained_variance_ratio"])
    16

    Start UMAP from these positions, and align the result to them:

    >>> umap = projector.project(
    ...     vectors, "umap", n_neighbors=10, n_epochs=50, initial=projection, align_to=projection
    ... )
    >>> umap.positions.shape, umap.params["n_neighbors"]
    ((200, 2), 10)

    Data that is larger than memory, on a cluster:

    >>> parts = projector.open_parts("dir/*.parquet")                    # doctest: +SKIP
    >>> projector.project(                                               # doctest: +SKIP
    ...     parts, "umap", n_landmarks=20_000, executor="tcp://10.0.0.1:8786", out="dir-umap/"
    ... )
    """
    if is_partitioned(data):
        _check_none(
            "is not available for data in parts. Leave it out.",
            initial=initial,
            align_to=align_to,
            shared=shared,
            cache=cache,
        )
        check_callable(progress, name="progress")
        return project_parts(
            data,
            method,
            params,
            executor=executor,
            out=out,
            landmarks_by=landmarks_by or "random",
            memory_limit=memory_limit,
            progress=progress or ignore_progress,
        )
    _check_none(
        "is for data in parts: what projector.open_parts returns. This data is in memory.",
        executor=executor,
        out=out,
        landmarks_by=landmarks_by,
        memory_limit=memory_limit,
    )
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    check_callable(progress, name="progress")
    request = ProjectionRequest.of(
        dataset, method, params, initial=initial, align_to=align_to, shared=shared
    )
    found = load_or_compute(request, cache or default_cache(), progress or ignore_progress)
    return _with_warnings(found, dataset.warnings_under(request.needed_metric))


def _check_none(why: str, **given: Any) -> None:
    """Refuse arguments that this kind of data does not take."""
    for name, value in given.items():
        if value is not None:
            raise ParameterError(f"{name!r} {why}")


def load_or_compute(
    request: ProjectionRequest, cache: ResultCache, progress: ProgressCallback
) -> Projection:
    """Return the requested projection from the cache, or compute and store it."""
    found, store = loaded_or_computed(request, cache, progress)
    store()
    return found


def loaded_or_computed(
    request: ProjectionRequest, cache: ResultCache, progress: ProgressCallback
) -> tuple[Projection, Callable[[], None]]:
    """Return the requested projection, and a function that stores it where it is not stored yet.

    A projection that was modified while it ran is not stored: its settings do not reproduce it.
    """
    found = load_projection(cache, request.key, request.dataset.n_points)
    if found is not None:
        return found, _do_nothing
    computed = _compute(request, cache, progress)
    if request.is_modified:
        return computed, _do_nothing
    return computed, lambda: save_projection(cache, request.key, computed)


def _do_nothing() -> None:
    return


def _with_warnings(found: Projection, of_data: Sequence[str]) -> Projection:
    """Add what the data is warned of; it is not stored, as it depends on more than the hash."""
    if not of_data:
        return found
    warnings = dict.fromkeys((*of_data, *map(str, _listed(found.details.get("warnings")))))
    return replace(found, details={**found.details, "warnings": list(warnings)})


def _compute(
    request: ProjectionRequest, cache: ResultCache, progress: ProgressCallback
) -> Projection:
    times = PhaseTimes()
    dataset, method, settings = request.dataset, request.method, request.settings
    finite = dataset.finite_rows
    all_finite = bool(finite.all())
    if not finite.any():
        nothing = "Every vector contains NaN or infinity, so no point can be placed."
        raise ShapeError(" ".join((nothing, *dataset.number_warnings)))
    check_fits(method, dataset.n_points, dataset.n_dims, settings, held=dataset.vectors.nbytes)
    vectors = request.vectors if all_finite else request.vectors[finite]
    listener = progress if all_finite else _for_all_rows(progress, finite)
    report = _with_times(listener, times)
    vectors, notes = preprocess(vectors, settings, progress=report)
    details: dict[str, Json] = {"preprocessing": list(notes)} if notes else {}
    graph, notes_on_start = None, []
    points = {} if all_finite else among_finite(method, settings, finite)
    # An update during the run overrides the value that was requested.
    params = ChainMap(request.modified, points, settings)
    inputs = MethodInput(vectors, params, progress=report, actions=request.actions)
    if laid_out(settings, len(vectors)) < len(vectors):
        outcome = _project_landmarks(request, inputs)
    else:
        graph = _graph(request, vectors, cache, report)
        if graph is not None:
            details |= graph.details
        takes = request.method.uses_labels
        labels = None if request.labels is None else request.labels[finite]
        if labels is not None and takes is not None and takes(settings):
            inputs = replace(inputs, labels=labels)
        elif graph is not None:
            graph = _supervised(request, graph, finite)
        start = request.initial
        if start is not None:
            start, added = completed(
                start if all_finite else start[finite], None if graph is None else graph.indices
            )
            notes_on_start = _added(int(added.sum())) if graph is not None else []
        outcome = method.run(replace(inputs, neighbors=graph, initial=start))
    details |= outcome.details
    of_graph = graph.warnings if graph else ()
    warnings = [*request.without_effect, *of_graph, *_listed(outcome.details.get("warnings"))]
    warnings += notes_on_start
    if request.is_modified:
        details |= {"modified": dict(request.modified), "actions": [*request.actions]}
        warnings.append(MODIFIED)
    if not all_finite:
        outcome = _over_all_rows(outcome, finite)
        warnings.append(_unplaced(int((~finite).sum())))
    positions = outcome.positions
    if request.align_to is not None:
        positions, details["alignment"] = _aligned(positions, request.align_to, request.shared)
    details |= {
        "warnings": list(dict.fromkeys(warnings)),
        "n_unplaced": int((~finite).sum()),
        **times.figures(),
        "versions": {**versions(), **origin_of(method.name)},
    }
    final = {**settings, **request.modified}
    return Projection(positions, method.name, final, details, outcome.scores)


def _project_landmarks(request: ProjectionRequest, inputs: MethodInput) -> Outcome:
    """Lay out a sample, and place the other points next to their nearest ones of it."""
    labels = request.labels if request.targets is None else request.targets
    for name, given in (("supervise_by", labels), ("initial", request.initial)):
        if given is not None:
            raise ParameterError(f"{name!r} and 'n_landmarks' cannot be combined. Use one of them.")
    n_landmarks = int(request.settings["n_landmarks"] or 0)
    return project_landmarks(request.method, inputs, n_landmarks=n_landmarks)


def _graph(
    request: ProjectionRequest, vectors: Vectors, cache: ResultCache, progress: ProgressCallback
) -> Neighbors | None:
    """Return the neighbor graph that the method needs, from the cache if it is there."""
    if request.method.neighbors_needed is None or len(vectors) < 2:
        return None
    k, metric = request.method.neighbors_needed(request.settings, len(vectors))
    if k == 0:
        return None
    content = request.dataset.content_hash
    before = {p.name: request.settings.get(p.name) for p in PREPROCESSING}
    if any(before.values()):
        content = result_key("preprocessed", content, before)
    k = max(1, min(k, len(vectors) - 1))
    return Graphs(cache).graph(vectors, content, k, metric, progress=progress)


def _supervised(request: ProjectionRequest, graph: Neighbors, finite: AnyArray) -> Neighbors:
    """Return the graph with neighbors of other labels, or of other numbers, further away."""
    weight = float(request.settings.get("supervise_weight") or 0)
    if request.labels is not None:
        graph = supervise(graph, request.labels[finite], weight=weight, ignored=-1)
    if request.targets is not None:
        graph = supervise_by_numbers(graph, request.targets[finite], weight=weight)
    return graph


def _aligned(
    positions: Positions, reference: Positions, shared: tuple[AnyArray, AnyArray] | None
) -> tuple[Positions, Json]:
    """Align positions to another projection of the same points, and report how."""
    found = align(positions, reference, shared=shared)
    return found.positions, {
        "angle_degrees": found.angle_degrees,
        "scale": found.scale,
        "is_mirrored": found.is_mirrored,
        "residual": found.residual,
        "n_shared": found.n_shared,
    }


def _added(n_points: int) -> list[str]:
    if n_points == 0:
        return []
    which = "1 point has" if n_points == 1 else f"{n_points:,} points have"
    return [f"{which} no initial position: the mean of its neighbors' was taken."]


def _unplaced(n_points: int) -> str:
    if n_points == 1:
        return "1 point with NaN or infinity has no position."
    return f"{n_points:,} points with NaN or infinity have no position."


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _with_times(progress: ProgressCallback, times: PhaseTimes) -> ProgressCallback:
    """Say in reports how long their phase will take, and note when it began."""
    pace = Pace()

    def with_time(report: Progress) -> None:
        times.reported(report.phase)
        seconds = pace.remaining(report.phase, report.done, report.total)
        progress(replace(report, remaining_seconds=seconds))

    return with_time


def _for_all_rows(progress: ProgressCallback, finite: AnyArray) -> ProgressCallback:
    """Give frames a row for every point, NaN for points that are not placed."""

    def with_all_rows(report: Progress) -> None:
        if report.positions is not None:
            report = replace(report, positions=_over_rows(report.positions, finite))
        progress(report)

    return with_all_rows


def _over_all_rows(outcome: Outcome, finite: AnyArray) -> Outcome:
    scores = None if outcome.scores is None else _over_rows(outcome.scores, finite)
    return Outcome(_over_rows(outcome.positions, finite), outcome.details, scores)


def _over_rows(placed: AnyArray, finite: AnyArray) -> AnyArray:
    rows = np.full((len(finite), placed.shape[1]), np.nan, np.float32)
    rows[finite] = placed
    return rows
