"""The health of an embedding, and of a series of steps: measured once and stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.change.compare import categories_of, names_hash
from projector.api.change.matching import column_named
from projector.api.memory_check import check_health_fits
from projector.api.neighbors import Graphs
from projector.api.result_store import default_cache, load_stored, part, result_key
from projector.compute.health.alarms import Alarm, find_alarms
from projector.compute.health.figures import FIGURES
from projector.compute.health.health import Health, measure_health
from projector.compute.health.structure import K_DIMENSION
from projector.errors import ParameterError, ShapeError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.jobs.cache_entry import Stored
from projector.loaders.logdir.load import check_any
from projector.loaders.logdir.log import Log
from projector.model.arguments import check_callable, shown
from projector.model.arrays import as_numbers
from projector.model.dataset import Dataset
from projector.model.listing import steps_of
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.sparse_rows import dense_vectors
from projector.typing import AnyArray, Json

#: Increased when other figures are computed than before.
HEALTH_VERSION = 2
#: The category of each point, -1 where it has none, and the names of the categories.
Labels = tuple[AnyArray, list[str]]


@dataclass(frozen=True)
class HealthReport:
    """The health of one embedding; returned by `projector.health`.

    Attributes
    ----------
    health : Health
    alarms : tuple of Alarm
        Figures beyond their limits, each with a sentence.
    step : int or None
    """

    health: Health
    alarms: tuple[Alarm, ...]
    step: int | None = None

    @property
    def figures(self) -> dict[str, float]:
        """Every figure by its name (docs/algorithms.md); NaN where it is not defined."""
        return self.health.figures

    def __getitem__(self, figure: str) -> float:
        if figure not in self.figures:
            raise UnknownNameError("figure", figure, self.figures)
        return self.figures[figure]

    def as_json(self) -> dict[str, Json]:
        """Return all of it as JSON."""
        alarms: list[Json] = [dict(vars(each)) for each in self.alarms]
        return {"step": self.step, **self.health.as_json(), "alarms": alarms}


@dataclass(frozen=True)
class HealthSeries:
    """The health of one tensor at each of its steps; returned by `projector.health_series`.

    Attributes
    ----------
    run, name : str
    reports : tuple of HealthReport
        Steps ascending. Alarms compare each with the one before.
    """

    run: str
    name: str
    reports: tuple[HealthReport, ...] = field(repr=False)

    @property
    def steps(self) -> tuple[int | None, ...]:
        """The steps, ascending."""
        return tuple(each.step for each in self.reports)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms, by step."""
        return tuple(alarm for each in self.reports for alarm in each.alarms)

    def figure(self, name: str) -> NDArray[np.float64]:
        """Return one figure at every step, NaN where it is not defined."""
        return np.array([each[name] for each in self.reports])

    def as_json(self) -> dict[str, Json]:
        """Return all of it as JSON."""
        reports: list[Json] = [each.as_json() for each in self.reports]
        return {"run": self.run, "name": self.name, "steps": reports}


def health(
    data: Dataset | Any,
    labels: Any = None,
    *,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> HealthReport:
    """Measure how healthy an embedding is: collapsed, dead, dominated, or spread as it should be.

    Parameters
    ----------
    data : Dataset or array-like of shape (n_points, n_dims)
        Rows with NaN or infinity are counted and left out.
    labels : str or sequence of n_points values, optional
        A metadata column, or the classes themselves, for the figures of labels.
    progress : callable, optional
        Called with a `Progress`; raise `Cancelled` in it to cancel.
    cache : ResultCache, optional
        Where results are stored; the user's own cache by default.

    Returns
    -------
    HealthReport
        Ranks, shares of variance, mean cosine, uniformity, dead dimensions, lengths, duplicates,
        hubs, two intrinsic dimensions; with labels their agreement, within over between, NC1 and
        NC2. ``alarms`` are those beyond their limits.

    Raises
    ------
    UnknownNameError
        There is no such column.
    ShapeError
        Another number of labels.
    MemoryLimitError
        It does not fit into the memory that is free.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> vectors = np.random.default_rng(0).normal(size=(400, 8))
    >>> vectors[:, 5] = 0
    >>> report = projector.health(vectors)
    >>> report["dead_dims"], report.health.dead
    (1.0, (5,))
    >>> report.alarms[0].message
    '1 of 8 dimensions are dead, with the same value for all points: 5.'
    """
    dataset = data if isinstance(data, Dataset) else Dataset(data)
    check_callable(progress, name="progress")
    classes = classes_of(dataset, labels)
    store = cache or default_cache()
    found = stored_health(dataset, classes, store, progress or ignore_progress)
    return HealthReport(found, find_alarms(found), dataset.embedding.step)


def health_series(
    log: Log,
    run: str | None = None,
    name: str | None = None,
    *,
    labels: str | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> HealthSeries:
    """Measure the health of one tensor at each of its steps; see `health`.

    Parameters
    ----------
    log : Log
    run, name : str, optional
        Which tensor; the first of the listing if left out (see `Log.find`).
    labels : str, optional
        A metadata column.
    progress, cache
        As for `health`.

    Raises
    ------
    UnknownNameError
        There is no such tensor or column.
    LoadError
        The log has no embedding that can be read.

    Examples
    --------
    >>> import projector
    >>> series = projector.health_series(projector.open_logdir("demo_data"), run="mlp-relu-16")
    >>> series.steps[:3], series.figure("dead_dims").astype(int).tolist()
    ((0, 20, 50), [0, 3, 4, 3, 3, 3, 3, 3])
    """
    check_callable(progress, name="progress")
    check_any(log)
    first = log.find(run=run, name=name)
    report, store = progress or ignore_progress, cache or default_cache()
    return _series(log, first.run, first.name, labels, report, store)


def all_health_series(
    log: Log,
    *,
    run: str | None = None,
    name: str | None = None,
    labels: str | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> list[HealthSeries]:
    """Measure the health of every embedding of a log, but for weights and optimizer slots.

    Those are measured where nothing else is there, or if `name` asks for them; see
    `health_series`.
    """
    check_any(log)
    log.find(run=run, name=name)
    chosen = [
        each
        for each in log.entries
        if (run is None or each.run == run) and (name is None or each.name == name)
    ]
    likely = [each for each in chosen if each.role == "embedding"]
    pairs = dict.fromkeys((each.run, each.name) for each in likely or chosen)
    report, store = progress or ignore_progress, cache or default_cache()
    return [_series(log, *pair, labels, report, store) for pair in pairs]


def _series(
    log: Log,
    run: str,
    name: str,
    labels: str | None,
    report: ProgressCallback,
    store: ResultCache,
) -> HealthSeries:
    found = []
    for entry in steps_of(log.entries, run, name):
        data = log.load(entry)
        found.append((entry.step, stored_health(data, classes_of(data, labels), store, report)))
    return series_of(run, name, found)


def series_of(run: str, name: str, found: list[tuple[int | None, Health]]) -> HealthSeries:
    """Return steps with their health as a series, with alarms that compare neighbors."""
    befores = [None, *(each for _, each in found[:-1])]
    reports = tuple(
        HealthReport(now, find_alarms(now, before, step=step), step)
        for (step, now), before in zip(found, befores, strict=True)
    )
    return HealthSeries(run, name, reports)


def stored_health(
    data: Dataset, labels: Labels | None, cache: ResultCache, progress: ProgressCallback
) -> Health:
    """Return the health of a dataset from the cache, or measure and store it."""
    dense_vectors(data.vectors, "The health of an embedding")
    finite = data.finite_rows
    n_finite = int(finite.sum())
    key = _health_key(data, labels)
    found = load_stored(cache, key, _rebuild)
    if found is None:
        check_health_fits(n_finite, data.n_dims)
        all_finite = n_finite == data.n_points
        vectors = data.vectors if all_finite else np.ascontiguousarray(data.vectors[finite])
        graph = None
        if n_finite > 2:
            content = data.content_hash
            if not all_finite:
                content = result_key("finite", content, {})
            k = min(K_DIMENSION, n_finite - 1)
            graph = Graphs(cache).graph(vectors, content, k, "euclidean", progress=progress)
        found = measure_health(
            vectors,
            graph,
            n_not_finite=data.n_points - n_finite,
            labels=None if labels is None else labels[0][finite],
            progress=progress,
        )
        cache.put(key, {"spectrum": found.spectrum}, found.as_json())
    return replace(found, warnings=(*found.warnings, *data.warnings_under(None)))


def figures_as_json() -> list[Json]:
    """Return what every figure is called, and its formula, in the order of their declaration."""
    return [{"name": each.name, "title": each.title, "formula": each.formula} for each in FIGURES]


def known_health(data: Dataset, labels: Labels | None, cache: ResultCache) -> Health | None:
    """Return the health of a dataset if the cache has it, without its warnings about rows."""
    return load_stored(cache, _health_key(data, labels), _rebuild)


def _health_key(data: Dataset, labels: Labels | None) -> str:
    about = {
        "labels": None if labels is None else names_hash(labels),
        "version": HEALTH_VERSION,
    }
    return result_key("health", data.content_hash, about)


def _rebuild(stored: Stored) -> Health:
    about = stored.about
    figures = part(about, "figures", dict)
    if set(figures) != {each.name for each in FIGURES}:
        raise ValueError("other figures")
    return Health(
        part(about, "n_points", int),
        part(about, "n_dims", int),
        {k: float("nan") if v is None else float(v) for k, v in figures.items()},
        tuple(part(about, "dead", list)),
        part(about, "largest_dim", int),
        stored.arrays["spectrum"],
        tuple(part(about, "warnings", list)),
    )


def classes_of(data: Dataset, labels: Any) -> Labels | None:
    """Return the class of each point, from a column or from given values."""
    if labels is None:
        return None
    if isinstance(labels, str):
        return categories_of(column_named(data, labels))
    given = labels if isinstance(labels, list | tuple | np.ndarray) else _as_list(labels)
    if np.ndim(np.asarray(given, object)) != 1:
        shape = np.shape(np.asarray(given, object))
        raise ShapeError(f"'labels' must have one value for each point. Got the shape {shape}.")
    if len(given) != data.n_points:
        raise ShapeError(
            f"There are {len(given):,} labels for {data.n_points:,} points. Expected one per point."
        )
    texts = [None if each is None or each != each else str(each) for each in given]
    names = sorted({each for each in texts if each is not None})
    place = {name: at for at, name in enumerate(names)}
    return np.array([-1 if each is None else place[each] for each in texts], np.int32), names


def _as_list(labels: Any) -> AnyArray:
    try:
        return as_numbers(labels, what="The labels")[0]
    except ShapeError:
        raise ParameterError(
            f"'labels' must be the name of a column, or one value for each point. Got "
            f"{shown(labels)}."
        ) from None
