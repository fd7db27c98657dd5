"""What a server is asked about change: validated at once, computed by a job, completed by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from projector.api.change.compare import (
    first_labels,
    names_hash,
    one_metric,
    taken_rows,
)
from projector.api.change.comparison_result import Comparison
from projector.api.change.distributions import DISTRIBUTION_VERSION
from projector.api.change.health import (
    HEALTH_VERSION,
    HealthSeries,
    classes_of,
    known_health,
    series_of,
)
from projector.api.change.matching import Match, match_points
from projector.api.change.series import beside_id, request_beside
from projector.api.change.series_request import SeriesRequest
from projector.api.change.series_result import Series
from projector.api.change.similarity import ALIKE, SIMILARITY_VERSION, name_of
from projector.api.clusters.plan import plan_clusters
from projector.api.memory_check import (
    change_bytes,
    check_change_fits,
    check_health_fits,
    health_bytes,
    series_needs,
)
from projector.api.plan import Plan
from projector.api.result_store import result_key
from projector.compute.health.health import Health
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.model.arguments import shown, whole_number
from projector.model.dataset import Dataset

_TASKS = "projector.api.change.tasks"


def plan_comparison(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Compare two datasets: ``k``, ``metric`` and ``match``."""
    if len(data) != 2:
        raise ParameterError(f"A comparison is of 2 datasets. Got {len(data):,}.")
    a, b = data
    k, metric = _k_and_metric(given)
    match = match_points(a, b, given.get("match", "row"))
    labels = first_labels(a)
    n_points = len(match.rows_a)
    size = (n_points, (a.n_dims, b.n_dims), k)
    about = {
        "k": k,
        "metric": metric,
        "match": _match_hash(match),
        "labels": None if labels is None else names_hash(labels),
    }

    def finish(found: Any) -> Comparison:
        rows, change, warnings = found
        taken = match.rows_b[a.finite_rows[match.rows_a] & b.finite_rows[match.rows_b]]
        vectors = taken_rows(a, rows, metric), taken_rows(b, taken, metric)
        told = (*match.warnings, *warnings, *a.warnings_under(metric), *b.warnings_under(metric))
        return Comparison(match, rows, change, a.n_points, vectors, tuple(dict.fromkeys(told)))

    return Plan(
        result_key("comparison", a.content_hash, {**about, "other": b.content_hash}),
        f"{_TASKS}:run_comparison",
        {"k": k, "metric": metric, "rows": _rows(match), "labels": labels},
        metric,
        change_bytes(*size),
        lambda free: check_change_fits(*size, returning=free),
        finish,
    )


def plan_similarity(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Compare every pair: ``figure``, ``k``, ``metric`` and ``match``."""
    k, metric = _k_and_metric(given)
    figure = given.get("figure", "kept")
    if figure not in ALIKE:
        known = ", ".join(map(repr, ALIKE))
        raise ParameterError(f"'figure' must be one of {known}. Got {shown(figure)}.")
    matches = {
        (i, j): match_points(data[i], data[j], given.get("match", "row"))
        for i, j in combinations(range(len(data)), 2)
    }
    wide = max(each.n_dims for each in data)
    size = (max(each.n_points for each in data), (wide, wide), k)
    about = {
        "steps": [each.content_hash for each in data],
        "figure": figure,
        "k": k,
        "metric": metric,
        "match": [_match_hash(each) for each in matches.values()],
        "version": SIMILARITY_VERSION,
    }
    return Plan(
        result_key("similarities", data[0].content_hash, about),
        f"{_TASKS}:run_similarity",
        {
            "figure": figure,
            "k": k,
            "metric": metric,
            "rows": {pair: _rows(match) for pair, match in matches.items()},
        },
        metric if figure == "kept" else "euclidean",
        change_bytes(*size),
        lambda free: check_change_fits(*size, returning=free),
        lambda found: found,
    )


def plan_health(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Measure the health of every step: ``labels`` is a column or None."""
    labels = given.get("labels")
    if labels is not None and not isinstance(labels, str):
        raise ParameterError(f"'labels' must be the name of a column. Got {shown(labels)}.")
    classes = [classes_of(each, labels) for each in data]
    size = (max(each.n_points for each in data), max(each.n_dims for each in data))
    about = {
        "steps": [each.content_hash for each in data],
        "labels": [None if each is None else names_hash(each) for each in classes],
        "version": HEALTH_VERSION,
    }
    first = data[0].embedding
    ready: dict[int, Health] = {}

    def finish(found: Sequence[Health]) -> HealthSeries:
        told = [
            replace(one, warnings=(*one.warnings, *each.warnings_under(None)))
            for one, each in zip(found, data[: len(found)], strict=True)
        ]
        steps = [each.embedding.step for each in data[: len(found)]]
        return series_of(first.run, first.name, list(zip(steps, told, strict=True)))

    def so_far(cache: ResultCache) -> HealthSeries | None:
        # In their order: alarms compare each step with the one before.
        for t, (each, labels) in enumerate(zip(data, classes, strict=True)):
            if t not in ready:
                one = known_health(each, labels, cache)
                if one is None:
                    break
                ready[t] = one
        return finish([ready[t] for t in range(len(ready))]) if ready else None

    return Plan(
        result_key("healths", data[0].content_hash, about),
        f"{_TASKS}:run_health",
        {"labels": classes},
        None,
        health_bytes(*size),
        lambda free: check_health_fits(*size, returning=free),
        finish,
        so_far,
    )


def plan_series(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Lay out all steps: ``method``, ``params``, ``tether``, ``window``, ``match``, …."""
    params = given.get("params", {})
    if not isinstance(params, dict):
        raise ParameterError(f"'params' must be an object. Got {shown(params)}.")
    method = given.get("method", "umap")
    if not isinstance(method, str):
        raise ParameterError(f"'method' must be a string. Got {shown(method)}.")
    for name in ("same_size", "motion"):
        if not isinstance(given.get(name, True), bool):
            raise ParameterError(f"{name!r} must be true or false. Got {shown(given[name])}.")
    request = SeriesRequest.of(
        data,
        method,
        params,
        tether=given.get("tether"),
        window=given.get("window"),
        match=given.get("match", "row"),
        same_size=given.get("same_size", True),
        motion=given.get("motion", True),
    )
    return _joint_plan(request, data)


def plan_again(data: Sequence[Dataset], earlier: Series, given: Mapping[str, Any]) -> Plan:
    """Lay out all steps together, as `earlier` was laid out without the last one."""
    return _joint_plan(request_beside(earlier, data, given.get("match", "row")), data)


def plan_beside(data: Sequence[Dataset], earlier: Series, given: Mapping[str, Any]) -> Plan:
    """Lay the last dataset beside a series of all others: ``match`` finds its points."""
    request = request_beside(earlier, data, given.get("match", "row"))
    asked = {"series": earlier, "points": list(request.points)}
    return _series_plan(beside_id(earlier, request), "run_beside", asked, request, data)


def _joint_plan(request: SeriesRequest, data: Sequence[Dataset]) -> Plan:
    asked = {
        "points": list(request.points),
        "method": request.method,
        "settings": request.settings,
        "tether": request.tether,
        "window": request.window,
        "same_size": request.same_size,
        "with_motion": request.with_motion,
    }
    return _series_plan(request.key, "run_series", asked, request, data)


def _series_plan(
    key: str,
    task: str,
    asked: dict[str, Any],
    request: SeriesRequest,
    data: Sequence[Dataset],
) -> Plan:
    sizes = [(len(rows), each.n_dims) for rows, each in zip(request.rows, data, strict=True)]
    return Plan(
        key,
        f"{_TASKS}:{task}",
        asked,
        request.metric,
        series_needs(sizes, request.method, request.settings, request.window),
        lambda free: request.check_size(returning=free),
        lambda found: found,
    )


def plan_distributions(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Return quantiles of every step."""
    del given
    size = (max(each.n_points for each in data), max(each.n_dims for each in data))
    about = {
        "steps": [each.content_hash for each in data],
        "names": [name_of(each, t) for t, each in enumerate(data)],
        "version": DISTRIBUTION_VERSION,
    }
    return Plan(
        result_key("distributions", data[0].content_hash, about),
        f"{_TASKS}:run_distributions",
        {},
        None,
        health_bytes(*size),
        lambda free: check_health_fits(*size, returning=free, what="distributions"),
        lambda found: found,
    )


def plan_nearness(data: Sequence[Dataset], given: Mapping[str, Any]) -> Plan:
    """Measure how near each point of one dataset is to its neighbors: ``k`` and ``metric``."""
    if len(data) != 1:
        raise ParameterError(f"Nearness is of 1 dataset. Got {len(data):,}.")
    k, metric = _k_and_metric(given)
    k = min(k, max(1, data[0].n_points - 1))
    size = (data[0].n_points, (data[0].n_dims, data[0].n_dims), k)
    return Plan(
        result_key("nearness", data[0].content_hash, {"k": k, "metric": metric}),
        f"{_TASKS}:run_nearness",
        {"k": k, "metric": metric},
        metric,
        change_bytes(*size),
        lambda free: check_change_fits(*size, returning=free),
        lambda found: found,
    )


#: Every kind of question, by its name in the path of a request.
PLANS: Mapping[str, Callable[[Sequence[Dataset], Mapping[str, Any]], Plan]] = {
    "comparisons": plan_comparison,
    "similarities": plan_similarity,
    "health": plan_health,
    "series": plan_series,
    "distributions": plan_distributions,
    "nearness": plan_nearness,
    "clusters": plan_clusters,
}


def _k_and_metric(given: Mapping[str, Any]) -> tuple[int, Any]:
    k = whole_number(given.get("k", 15), name="k", low=1, high=None)
    return k, one_metric(given.get("metric", "euclidean"))


def _rows(match: Match) -> Any:
    return None if match.is_whole else (match.rows_a, match.rows_b)


def _match_hash(match: Match) -> str:
    return "row" if match.is_whole else match.content
