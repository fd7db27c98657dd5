"""Routes about training runs: hyperparameters, metrics, scalars, histograms, and health by step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, Response

from projector.api.session.session import Session
from projector.errors import ParameterError, UnknownNameError
from projector.loaders.formats.tensorflow.events import Series
from projector.loaders.formats.tensorflow.histograms import SHARES, Histograms
from projector.loaders.logdir.run import Run
from projector.server.analyses import describe_analysis, steps_of_tensor
from projector.server.compact_listing import as_unicode
from projector.server.listing_forms import describe_problem
from projector.server.presence import still_there
from projector.server.projections import who_asks
from projector.server.queries import query_names, query_number, query_text
from projector.server.responses import compressed_reply

#: The run of the log directory itself, whose name no path of a URL can have.
_ROOT = "."


def runs_blueprint(session: Session) -> Blueprint:
    """Return the routes about runs."""
    routes = Blueprint("runs", __name__)

    @routes.get("/runs")
    def every() -> Response:
        """Send all runs, or those that are named, with their hyperparameters and metrics."""
        names = query_names("names")
        return compressed_reply(describe_runs(_read(session, names)))

    @routes.get("/scalars")
    def scalars() -> Response:
        """Send one scalar of every run that has it."""
        return compressed_reply(describe_scalars(_tag(), _read(session)))

    @routes.get("/runs/histograms")
    @routes.get("/runs/<path:run>/histograms")
    def histograms(run: str = _ROOT) -> Response:
        """Send the histograms of one tag of a run."""
        tag, with_buckets = _tag(), query_number("buckets", 0, high=1) == 1
        found = _run(session.runs(), run)
        about = describe_histograms(found, tag, with_buckets=with_buckets)
        return compressed_reply(about)

    @routes.get("/runs/health")
    @routes.get("/runs/<path:run>/health")
    def health(run: str = _ROOT) -> Response:
        """Start to measure the health of a run's tensor at each step, or find it."""
        name, labels = query_text("name"), query_text("labels") or None
        ids = steps_of_tensor(session, run, name or _first_tensor(session, run))
        datasets = [(each, session.dataset(each).data) for each in ids]
        found = session.analyses.start("health", datasets, {"labels": labels}, who_asks())
        return compressed_reply(describe_analysis(found))

    return routes


def _read(session: Session, names: Collection[str] | None = None) -> Sequence[Run]:
    """Return all runs with what their event files say, unless the client has left meanwhile."""
    check, runs = still_there(), session.runs()
    if names is not None:
        runs = tuple(each for each in runs if as_unicode(each.name) in names)
    for each in runs:
        check()
        each.scalar_tags  # noqa: B018 - which reads the files
    return runs


def describe_runs(runs: Sequence[Run]) -> dict[str, Any]:
    """Return all runs, and what could not be read of their event files."""
    about = [
        {
            "name": as_unicode(each.name),
            "group": each.group,
            "status": each.status,
            "start_time": each.start_time,
            "end_time": each.end_time,
            "hparams": each.hparams,
            "metrics": each.metrics,
            "scalar_tags": list(each.scalar_tags),
            "histogram_tags": list(each.histogram_tags),
            "n_tensors": len({entry.name for entry in each.tensors}),
        }
        for each in runs
    ]
    return {"runs": about, "problems": _problems(runs)}


def describe_scalars(tag: str, runs: Sequence[Run]) -> dict[str, Any]:
    """Return one scalar of every run that has it; raise UnknownNameError if none has."""
    found = [(each, each.scalars(tag)) for each in runs if tag in each.scalar_tags]
    if not found:
        known = sorted({name for each in runs for name in each.scalar_tags})
        raise UnknownNameError("scalar", tag, known)
    series = [{"run": as_unicode(run.name), **_by_time(each)} for run, each in found]
    return {"tag": tag, "series": series, "problems": _problems([run for run, _ in found])}


def describe_histograms(run: Run, tag: str, *, with_buckets: bool) -> dict[str, Any]:
    """Return the quantiles of one tag by step, and the buckets if they are asked for."""
    found: Histograms = run.histograms(tag)
    return {
        "run": as_unicode(run.name),
        "tag": tag,
        "steps": found.steps.tolist(),
        "wall_times": found.wall_times.tolist(),
        "shares": list(SHARES),
        "quantiles": found.quantiles.tolist(),
        "buckets": [each.tolist() for each in found.buckets] if with_buckets else None,
        "problems": _problems([run]),
    }


def _by_time(series: Series) -> dict[str, Any]:
    return {
        "steps": series.steps.tolist(),
        "values": series.values.tolist(),
        "wall_times": series.wall_times.tolist(),
        "relative_times": series.relative_times.tolist(),
    }


def _problems(runs: Sequence[Run]) -> list[Any]:
    return [describe_problem(problem) for run in runs for problem in run.problems]


def _tag() -> str:
    tag = query_text("tag")
    if not tag:
        raise ParameterError("'tag' must name what is asked for, such as tag=loss. Got none.")
    return tag


def _run(runs: Sequence[Run], name: str) -> Run:
    for each in runs:
        if name in (each.name, as_unicode(each.name)):
            return each
    raise UnknownNameError("run", name, [as_unicode(each.name) for each in runs])


def _first_tensor(session: Session, run: str) -> str:
    """Return the name of a run's likeliest tensor, which the listing has first."""
    entries = session.listing.entries
    for entry in entries:
        if entry.run == run:
            return entry.name
    raise UnknownNameError("run", run, list(dict.fromkeys(entry.run for entry in entries)))
