"""Projections: start, follow, stop, fetch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from projector.api.session.computations import Computation, Judgement
from projector.api.session.session import Session
from projector.errors import ParameterError, RequestError
from projector.jobs.job import Snapshot
from projector.server.responses import bytes_reply, json_reply
from projector.server.streams import StreamPlaces
from projector.server.wire import frame_bytes, last_frame_bytes, positions_bytes, sign_of_life

#: Seconds without a frame after which the stream says that it is still there.
_QUIET_SECONDS = 5.0


def projections_blueprint(session: Session, places: StreamPlaces) -> Blueprint:
    """Return the routes of projections."""
    routes = Blueprint("projections", __name__, url_prefix="/projections")

    @routes.post("")
    def start() -> Response:
        asked = read_request()
        data = session.dataset(asked["dataset"]).data
        computation = session.projections.start(asked.pop("dataset"), data, **asked)
        return json_reply(describe(computation))

    @routes.get("/<key>")
    def show(key: str) -> Response:
        return json_reply(describe(session.projections.get(key)))

    @routes.delete("/<key>")
    def cancel(key: str) -> Response:
        return json_reply(describe(session.projections.cancel(key)))

    @routes.post("/<key>/<any(pause, resume):action>")
    def pause(key: str, action: str) -> Response:
        return json_reply(describe(session.projections.pause(key, action == "pause")))

    @routes.get("/<key>/positions")
    def positions(key: str) -> Response:
        computation = session.projections.get(key)
        projection = computation.projection()
        if projection is None:
            raise RequestError(
                f"This projection is {computation.snapshot().state}; it has no positions yet. "
                "Follow its frames.",
                status=409,
            )
        components = read_components()
        body = positions_bytes(projection, components)
        named = "" if components is None else "-" + "-".join(map(str, components))
        return bytes_reply(body, etag=key + named)

    @routes.get("/<key>/frames")
    def frames(key: str) -> Response:
        computation = session.projections.get(key)
        return places.stream(frame_stream(computation), "application/octet-stream")

    _add_modifications(routes, session)
    return routes


def _add_modifications(routes: Blueprint, session: Session) -> None:
    """Add the routes that change a projection while it runs."""

    @routes.patch("/<key>")
    def turn(key: str) -> Response:
        params = read_body().get("params")
        if not isinstance(params, dict) or not params:
            raise ParameterError(f"'params' must name what to change. Got {params!r}.")
        return json_reply(describe(session.projections.turn(key, params)))

    @routes.post("/<key>/actions/<action>")
    def trigger(key: str, action: str) -> Response:
        return json_reply(describe(session.projections.trigger(key, action)))


def frame_stream(computation: Computation) -> Iterator[bytes]:
    """Give the newest frame each time the reader is ready for one, and the last one at the end."""
    number = -1
    while not computation.snapshot().ended:
        assert computation.job is not None, "what has not ended has a job"
        frame = computation.job.next_frame(number, _QUIET_SECONDS)
        if frame is not None:
            number = frame.number
            yield frame_bytes(frame)
        elif not computation.snapshot().ended:
            yield sign_of_life()
    yield last_frame_bytes(computation.projection(), computation.snapshot().done)


def describe(computation: Computation) -> dict[str, Any]:
    """Return how a projection stands, as JSON."""
    now = computation.snapshot()
    found = computation.projection()
    details = dict(found.details) if found is not None else {}
    return {
        "id": computation.id,
        "dataset": computation.dataset_id,
        "method": computation.method,
        "params": computation.params,
        "state": now.state,
        "phase": now.phase,
        "done": now.done,
        "total": now.total,
        "remaining_seconds": now.remaining_seconds,
        "paused": now.paused,
        "n_points": computation.n_points,
        "n_components": found.n_components if found is not None else 0,
        "n_kept": found.scores.shape[1] if found is not None and found.scores is not None else 0,
        "warnings": details.pop("warnings", []),
        "details": details,
        "error": _error(now),
        "quality": None if computation.judgement is None else _quality(computation.judgement),
    }


def _quality(judgement: Judgement) -> dict[str, Any]:
    now, found = judgement.snapshot(), judgement.quality()
    return {
        "state": now.state,
        "phase": now.phase,
        "done": now.done,
        "total": now.total,
        "k": judgement.k,
        "summary": found.summary() if found is not None else None,
        "error": _error(now),
    }


def _error(now: Snapshot) -> dict[str, str] | None:
    error = now.error
    return None if error is None else {"type": type(error).__name__, "message": str(error)}


def read_body() -> dict[str, Any]:
    """Return the request's JSON object, or raise."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ParameterError("The body must be a JSON object.")
    return body


def read_request() -> dict[str, Any]:
    """Return the body of a start request, checked for its shape."""
    body = read_body()
    params = body.get("params", {})
    for name in ("dataset", "method"):
        if not isinstance(body.get(name), str):
            raise ParameterError(f"{name!r} must be a text. Got {body.get(name)!r}.")
    if not isinstance(params, dict):
        raise ParameterError(f"'params' must be an object. Got {params!r}.")
    pictures = {name: body.get(name) for name in ("initial", "align_to")}
    for name, key in pictures.items():
        if key is not None and not isinstance(key, str):
            raise ParameterError(f"{name!r} must be the id of a projection. Got {key!r}.")
    return {"dataset": body["dataset"], "method": body["method"], "params": params, **pictures}


def read_components() -> list[int] | None:
    """Return the components of the query, or None where none are named."""
    text = request.args.get("components")
    if text is None:
        return None
    parts = text.split(",")
    if not all(part.isdecimal() for part in parts):
        raise ParameterError(f"'components' must be numbers separated by commas. Got {text!r}.")
    return [int(part) for part in parts]
