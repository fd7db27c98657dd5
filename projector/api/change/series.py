"""Lays out a whole series at once: steps, runs or layers of the same points."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from projector.api.change.series_request import SeriesRequest
from projector.api.change.series_result import Series
from projector.api.change.similarity import datasets_of, name_of
from projector.api.quality import quality as measure_quality
from projector.api.result_store import default_cache, load_stored, part
from projector.compute.series.frame import size_of
from projector.compute.series.joint import (
    SeriesOutcome,
    changes_of,
    lay_out_beside,
    lay_out_series,
)
from projector.compute.series.motion import Motion
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.loaders.logdir.log import Log
from projector.model.arguments import check_callable, shown, whole_number
from projector.model.dataset import Dataset
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.projection import Projection
from projector.typing import AnyArray

#: Up to so many points times steps, the quality of each step is measured with the series.
QUALITY_POINT_STEPS = 40_000


def project_series(
    datasets: Sequence[Any],
    method: str = "umap",
    *,
    tether: float | None = None,
    window: int | None = None,
    match: Any = "row",
    same_size: bool = True,
    every: int = 1,
    motion: bool = True,
    log: Log | None = None,
    shown_step: Callable[[], int] | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
    **params: Any,
) -> Series:
    """Lay out a whole series at once, so that what moves on the screen moved in the data.

    Parameters
    ----------
    datasets : sequence of Dataset, Entry or array-like of shape (n_points, n_dims)
        Steps, runs or layers, in order. They may have other points and other dimensions.
    method : {"umap", "tsne", "pca"}, default="umap"
    tether : float, optional
        How strongly a point that kept its neighbors is held from step to step: 0 lays out each
        step alone, 10 costs some quality. 1 for UMAP and 0.1 for t-SNE by default; PCA has none.
    window : int, optional
        Steps on either side that hold a point: 3 for UMAP and 1 for t-SNE by default.
    match : "row", "label", name of a column, or numbers of the points of each step
        Which rows are the same point; see `compare`.
    same_size : bool, default=True
        For PCA: bring all steps to one size; ``details["sizes"]`` has what was taken out.
    every : int, default=1
        Take every m-th step, counted from the last, which is always there.
    motion : bool, default=True
        Whether to measure how truthful motion is; PCA needs neighbor graphs for nothing else.
    log : Log, optional
        Needed for entries of a listing.
    shown_step : callable, optional
        Returns the place of the step whose positions `progress` is given; the last by default.
    progress : callable, optional
        Called with a `Progress`; its positions are those of all points of the series at one step,
        NaN where it lacks them. Raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.
    **params
        Parameters of the method, such as ``n_components`` and ``n_neighbors``.

    Returns
    -------
    Series
        ``series[t]`` is the `Projection` of step t; ``series.motion`` says how far points move
        that stayed, and that changed; ``series.line`` says it in a sentence.

    Raises
    ------
    ParameterError
        A parameter is out of range, there are no steps, or too many points times steps.
    ShapeError
        Other numbers of rows with ``match="row"``, or a step with fewer than 3 finite points.
    MemoryLimitError
        It does not fit into the memory that is free.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> x = np.random.default_rng(0).normal(size=(150, 8))
    >>> turn = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))[0]
    >>> series = projector.project_series([x, 2 * x @ turn, x], n_epochs=50, n_neighbors=10)
    >>> len(series), series[1].positions.shape, bool(series.false_motion < 0.1)
    (3, (150, 2), True)
    """
    given = list(datasets) if isinstance(datasets, list | tuple) else datasets
    m = whole_number(every, name="every", low=1, high=None)
    if isinstance(given, list):
        given = given[(len(given) - 1) % m :: m] if given else given
    check_callable(progress, name="progress")
    data = datasets_of(given, log)
    request = SeriesRequest.of(
        data,
        method,
        params,
        tether=tether,
        window=window,
        match=match,
        same_size=same_size,
        motion=motion,
    )
    report = progress or ignore_progress
    found = load_or_lay_out(request, cache or default_cache(), report, shown_step)
    if m > 1:
        said = f"Every {m}. step was taken: {len(data):,} of {len(datasets):,}."
        found = replace(found, warnings=(*found.warnings, said))
    return found


def load_or_lay_out(
    request: SeriesRequest,
    cache: ResultCache,
    progress: ProgressCallback,
    shown_step: Callable[[], int] | None = None,
) -> Series:
    """Return the requested series from the cache, or lay it out and store it."""
    key, sizes = request.key, [each.n_points for each in request.data]
    found = load_stored(cache, key, lambda stored: _rebuild(stored, request))
    if found is None:
        request.check_size()
        with_graphs = request.method != "pca" or request.with_motion
        members = request.members(cache, progress, with_graphs=with_graphs)
        look = shown_step or (lambda: len(sizes) - 1)
        made = lay_out_series(request.inputs(members, look, progress))
        if not request.with_motion:
            made = replace(made, motion=(), changed=())
        found = _series(request, made, cache)
        cache.put(key, _arrays(found), _about(found))
    return found


def extend_series(
    series: Series,
    earlier: Sequence[Any],
    new: Any,
    *,
    match: Any = "row",
    log: Log | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Series:
    """Lay a step that was just written beside a series, which stays as it is.

    It is shown at once and marked in ``beside``; lay out the series again when there is time, as
    this holds back true motion.

    Parameters
    ----------
    series : Series
        Of UMAP or t-SNE.
    earlier : sequence
        What the series was laid out from.
    new : Dataset, Entry or array-like
    match, log, progress, cache
        As for `project_series`.

    Returns
    -------
    Series
    """
    if not isinstance(series, Series):
        raise ParameterError(f"'series' must be what project_series returned. Got {shown(series)}.")
    data = datasets_of([*earlier, new], log)
    request = request_beside(series, data, match)
    report, store = progress or ignore_progress, cache or default_cache()
    key = beside_id(series, request)
    found = load_stored(store, key, lambda stored: _rebuild(stored, request))
    if found is None:
        request.check_size()
        made = _laid_beside(series, request, store, report)
        found = _series(request, made, store)
        store.put(key, _arrays(found), _about(found))
    return _marked(found, series, key)


def _laid_beside(
    series: Series, request: SeriesRequest, cache: ResultCache, progress: ProgressCallback
) -> SeriesOutcome:
    """Lay out the last step of a request; all others are where the series has them."""
    members = request.members(cache, progress)
    placed = [p.positions[r] for p, r in zip(series, request.rows[:-1], strict=True)]
    at = max(0, len(members) - 1 - max(1, request.window))
    near = replace(request.inputs(members[at:], lambda: len(members) - 1 - at, progress))
    places = [*placed, lay_out_beside(near, placed[at:])]
    motion, changed = changes_of(members, places, request.n_points)
    if not request.with_motion:
        motion, changed = (), ()
    sizes = [*series.details["sizes"], size_of(members[-1].vectors)]
    details = {**series.details, "sizes": sizes}
    return SeriesOutcome(places, motion, details, changed)


def _marked(found: Series, series: Series, key: str) -> Series:
    """Mark the last step as laid beside an older series, in its own details, too."""
    said = (
        f"{found.names[-1]} is laid beside {series.names[-1]}; the series is older. Lay it out "
        "again for the true motion."
    )
    beside = (*series.beside, len(series))
    projections = [
        replace(each, details={**each.details, "series": key, "is_beside": t in beside})
        for t, each in enumerate(found)
    ]
    return replace(
        found,
        id=key,
        projections=tuple(projections),
        warnings=(*found.warnings, said),
        beside=beside,
    )


def request_beside(series: Series, data: Sequence[Dataset], match: Any) -> SeriesRequest:
    """Return the request for the last dataset beside a series of all others, validated."""
    if series.method == "pca":
        raise ParameterError(
            "PCA has no tether, and takes a moment: lay out the series again with the new step."
        )
    if len(data) != len(series) + 1:
        raise ParameterError(
            f"The series has {len(series):,} steps. Give the same datasets in 'earlier'; got "
            f"{len(data) - 1:,}."
        )
    request = SeriesRequest.of(
        data,
        series.method,
        dict(series.params),
        tether=series.tether,
        window=series.window,
        match=match,
        motion=bool(series.motion) or len(series) == 1,
    )
    for name, now, then in zip(series.names, request.contents, series.contents, strict=False):
        if now != then:
            raise ParameterError(
                f"{name} is not what the series was laid out from. Give the same datasets in "
                "'earlier', or lay out the series again."
            )
    return request


def beside_id(series: Series, request: SeriesRequest) -> str:
    """Return the id of a step laid beside a series: another than that of the joint layout."""
    return hashlib.sha256(f"{series.id} {request.key}".encode()).hexdigest()[:32]


def _series(request: SeriesRequest, made: SeriesOutcome, cache: ResultCache) -> Series:
    projections = []
    for data, rows, places in zip(request.data, request.rows, made.places, strict=True):
        positions = np.full((data.n_points, places.shape[1]), np.nan, np.float32)
        positions[rows] = places
        projections.append(positions)
    details = dict(made.details)
    if sum(map(len, request.rows)) <= QUALITY_POINT_STEPS and request.with_motion:
        details["quality"] = [
            measure_quality(data, positions, metric=request.metric, cache=cache).scores.means()
            for data, positions in zip(request.data, projections, strict=True)
        ]
    return _made(request, projections, made.motion, details, made.changed)


def _made(
    request: SeriesRequest,
    positions: Sequence[AnyArray],
    motion: Sequence[Motion],
    details: dict[str, Any],
    changed: Sequence[AnyArray],
) -> Series:
    params = {**request.settings}
    said = {"tether": request.tether, "window": request.window}
    names = tuple(name_of(each, t) for t, each in enumerate(request.data))
    warnings = []
    for name, data, rows in zip(names, request.data, request.rows, strict=True):
        if len(rows) < data.n_points:
            n_lost = data.n_points - len(rows)
            warnings.append(f"{name}: {n_lost:,} points with NaN or infinity have no position.")
    counts = np.bincount(
        np.concatenate([p[r] for p, r in zip(request.points, request.rows, strict=True)])
    )
    n_some = int(((counts > 0) & (counts < len(names))).sum())
    if n_some:
        warnings.append(
            f"{n_some:,} of {int((counts > 0).sum()):,} points are not in all {len(names):,} steps."
        )
    projections = tuple(
        Projection(each, request.method, params, {"series": request.key, **said})
        for each in positions
    )
    return Series(
        request.key,
        projections,
        tuple(motion),
        request.method,
        params,
        request.tether,
        request.window,
        names,
        request.points,
        details,
        tuple(warnings),
        contents=request.contents,
        changed=tuple(changed),
    )


def _arrays(found: Series) -> dict[str, AnyArray]:
    nothing = [np.zeros(0, np.int64)]
    return {
        "positions": np.concatenate([p.positions for p in found]),
        "changed": np.concatenate([*nothing, *found.changed]),
    }


def _about(found: Series) -> dict[str, Any]:
    about = found.as_json()
    n_changed = [len(each) for each in found.changed]
    return {"motion": about["motion"], "details": about["details"], "n_changed": n_changed}


def _rebuild(stored: Stored, request: SeriesRequest) -> Series:
    sizes = [each.n_points for each in request.data]
    positions = stored.arrays["positions"]
    if len(positions) != sum(sizes):
        raise ValueError("another number of points")
    motion = [Motion.from_json(each) for each in part(stored.about, "motion", list)]
    each_step = np.split(positions, np.cumsum(sizes)[:-1])
    n_changed = part(stored.about, "n_changed", list)
    if len(stored.arrays["changed"]) != sum(n_changed):
        raise ValueError("another number of changed points")
    ends = np.cumsum(n_changed, dtype=np.int64)[:-1]
    changed = np.split(stored.arrays["changed"], ends) if n_changed else []
    return _made(request, each_step, motion, part(stored.about, "details", dict), changed)
