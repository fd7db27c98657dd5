"""Routes of projections: start, follow, update, cancel, and fetch positions."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from projector.api.change.series_result import Series
from projector.api.change.similarity import MOST_ENTRIES
from projector.api.session.analyses import Analysis
from projector.api.session.computations import Computation
from projector.api.session.quality_results import QualityResult
from projector.api.session.session import Session
from projector.api.session.together import project_together
from projector.errors import ParameterError, UnknownNameError
from projector.jobs.job import Snapshot
from projector.server.frame_stream import Part, frame_stream, joint_stream
from projector.server.json_bodies import read_object
from projector.server.queries import query_number, query_numbers, query_text, shown
from projector.server.responses import bytes_reply, json_reply
from projector.server.streams import StreamSlots
from projector.server.wire import positions_bytes

#: Projections whose frames come in one stream: more than a page has views.
MOST_PARTS = 64


def projections_blueprint(session: Session, slots: StreamSlots) -> Blueprint:
    """Return the routes of projections."""
    routes = Blueprint("projections", __name__, url_prefix="/projections")

    @routes.post("")
    def start() -> Response:
        """Start a projection, or find it in the cache."""
        sent = read_request()
        dataset_id, together = sent.pop("dataset"), sent.pop("together")
        if together is None:
            computation = session.project(dataset_id, **sent, client=who_asks())
        else:
            computation = project_together(session, dataset_id, together, sent, who_asks())
        return json_reply(describe(computation))

    @routes.get("/<key>")
    def show(key: str) -> Response:
        """Send the state of a projection."""
        return json_reply(describe(session.projections.get(key)))

    @routes.delete("/<key>")
    def cancel(key: str) -> Response:
        """Cancel a projection."""
        return json_reply(describe(session.projections.cancel(key)))

    @routes.post("/<key>/<any(pause, resume):action>")
    def pause(key: str, action: str) -> Response:
        """Pause or resume a projection."""
        return json_reply(describe(session.projections.pause(key, action == "pause")))

    @routes.get("/<key>/positions")
    def positions(key: str) -> Response:
        """Send the positions of a projection that is done."""
        computation = session.projections.get(key)
        projection = computation.needed()
        components = query_numbers("components")
        body = positions_bytes(projection, components)
        named = "" if components is None else "-" + "-".join(map(str, components))
        reply = bytes_reply(body, etag=key + named)
        reply.call_on_close(partial(session.drawn, computation.dataset_id))
        return reply

    @routes.get("/<key>/frames")
    def frames(key: str) -> Response:
        """Stream the positions of a projection while it runs."""
        dims = query_number("dims", 3, low=2, high=3)
        computation = session.projections.get(key)
        drawn = partial(session.drawn, computation.dataset_id)
        return slots.stream(
            partial(frame_stream, computation, dims, on_first=drawn), "application/octet-stream"
        )

    @routes.get("/frames")
    def joint_frames() -> Response:
        """Stream the positions of several projections while they run."""
        parts = [_part(session, key, dims) for key, dims in _asked_parts()]
        return slots.stream(partial(joint_stream, parts), "application/octet-stream")

    _add_modifications(routes, session)
    return routes


def _asked_parts() -> list[tuple[str, int]]:
    """Return the ids and components that a joint stream is asked for, or raise ParameterError."""
    ids = query_text("ids").split(",")
    if not all(ids) or len(ids) > MOST_PARTS:
        raise ParameterError(
            f"'ids' must be from 1 to {MOST_PARTS} ids of projections, separated by commas. Got "
            f"{shown(query_text('ids'))}."
        )
    dims = query_numbers("dims") or [3] * len(ids)
    if len(dims) != len(ids) or not all(2 <= each <= 3 for each in dims):
        raise ParameterError(
            f"'dims' must be 2 or 3 for each of the {len(ids)} ids. Got "
            f"{shown(query_text('dims'))}."
        )
    return list(zip(ids, dims, strict=True))


def _part(session: Session, key: str, dims: int) -> Part:
    """Return one projection's part in a joint stream; what is forgotten has an empty one."""
    try:
        computation = session.projections.get(key)
    except UnknownNameError:
        return Part(None, dims)
    return Part(computation, dims, partial(session.drawn, computation.dataset_id))


def _add_modifications(routes: Blueprint, session: Session) -> None:
    """Add the routes that change a projection while it runs."""

    @routes.patch("/<key>")
    def update(key: str) -> Response:
        """Update live parameters of a running projection."""
        params = read_object().get("params")
        if not isinstance(params, dict) or not params:
            raise ParameterError(
                f"'params' must name the parameters to change. Got {shown(params)}."
            )
        return json_reply(describe(session.projections.update(key, params)))

    @routes.post("/<key>/actions/<action>")
    def trigger(key: str, action: str) -> Response:
        """Trigger an action of a running projection."""
        return json_reply(describe(session.projections.trigger(key, action)))


def describe(computation: Computation) -> dict[str, Any]:
    """Return the state of a projection, as JSON."""
    now = computation.snapshot()
    found = computation.projection()
    details = dict(found.details) if found is not None else {}
    quality = computation.quality_result
    return {
        "id": computation.id,
        "dataset": computation.dataset_id,
        "method": computation.method,
        "params": computation.params,
        **describe_progress(now),
        "n_points": computation.n_points,
        "n_components": found.n_components if found is not None else 0,
        "n_kept": found.scores.shape[1] if found is not None and found.scores is not None else 0,
        "warnings": details.pop("warnings", []),
        "details": details,
        "aligned_to": computation.aligned_to,
        "error": describe_error(now),
        "quality": None if quality is None else _quality(quality),
        "series": None if computation.series is None else _series(computation.series, computation),
    }


def _series(analysis: Analysis, computation: Computation) -> dict[str, Any]:
    """Return what is known of the series that a projection is a step of, as JSON."""
    found: Series | None = analysis.result()
    about: dict[str, Any] = {
        "id": analysis.id,
        "step": computation.step,
        "datasets": list(analysis.dataset_ids),
        "result": None,
    }
    if found is not None:
        center, radius = found.frame
        shares = found.details.get("explained_variance_ratio")
        about["result"] = {
            "motion": [each.as_json() for each in found.motion],
            "false": found.false_motion,
            "true": found.true_motion,
            "auc": found.auc,
            "is_truthful": found.is_truthful,
            "line": found.line,
            "frame": {"center": list(center), "radius": radius},
            "share": None if shares is None else shares[computation.step],
            "warnings": list(found.warnings),
        }
    return about


def _quality(result: QualityResult) -> dict[str, Any]:
    now, found = result.snapshot(), result.quality()
    return {
        "state": now.state,
        "phase": now.phase,
        "done": now.done,
        "total": now.total,
        "ahead": now.ahead,
        "k": result.k,
        "summary": found.summary() if found is not None else None,
        "error": describe_error(now),
    }


def describe_progress(now: Snapshot) -> dict[str, Any]:
    """Return how far a job is, as JSON."""
    return {
        "state": now.state,
        "phase": now.phase,
        "done": now.done,
        "total": now.total,
        "remaining_seconds": now.remaining_seconds,
        "paused": now.paused,
        "ahead": now.ahead,
    }


def describe_error(now: Snapshot) -> dict[str, str] | None:
    """Return why a job ended without a result, as JSON."""
    error = now.error
    return None if error is None else {"type": type(error).__name__, "message": str(error)}


def who_asks() -> tuple[str, str]:
    """Return who takes turns with others: the machine, and the page on it if it says which."""
    return request.remote_addr or "", request.headers.get("Projector-Client", "")[:40]


def read_request() -> dict[str, Any]:
    """Return the body of a request that starts a projection, or raise ParameterError."""
    body = read_object()
    params = body.get("params", {})
    for name in ("dataset", "method"):
        if not isinstance(body.get(name), str):
            raise ParameterError(f"{name!r} must be a string. Got {shown(body.get(name))}.")
    if not isinstance(params, dict):
        raise ParameterError(f"'params' must be an object. Got {shown(params)}.")
    others = {name: body.get(name) for name in ("initial", "align_to")}
    for name, key in others.items():
        if key is not None and not isinstance(key, str):
            raise ParameterError(f"{name!r} must be the id of a projection. Got {shown(key)}.")
    together = body.get("together")
    is_list = isinstance(together, list) and all(isinstance(each, str) for each in together)
    if together is not None and not (is_list and 1 <= len(together) <= MOST_ENTRIES):
        raise ParameterError(
            f"'together' must be a list of ids of datasets, from 1 to {MOST_ENTRIES}. Got "
            f"{shown(together)}."
        )
    column = body.get("label_column")
    if column is not None and type(column) is not int:
        raise ParameterError(f"'label_column' must be the number of a column. Got {shown(column)}.")
    given = {"dataset": body["dataset"], "method": body["method"], "params": params}
    return {**given, **others, "label_column": column, "together": together}
