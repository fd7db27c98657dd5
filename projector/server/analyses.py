"""Routes about change: comparisons, similarities, health, series and distributions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from flask import Blueprint, Response

from projector.api.change.comparison_result import FIGURES, Comparison
from projector.api.change.distributions import Distributions
from projector.api.change.health import HealthSeries, figures_as_json
from projector.api.change.nearness import Nearness
from projector.api.change.plans import PLANS
from projector.api.change.series_result import Series
from projector.api.change.similarity import MOST_ENTRIES, Similarity
from projector.api.clusters.result import Clusters
from projector.api.session.analyses import Analysis
from projector.api.session.session import Session
from projector.errors import InvalidStateError, ParameterError, UnknownNameError
from projector.model.dataset import Dataset
from projector.model.listing import steps_of
from projector.server.frame_stream import frame_stream
from projector.server.json_bodies import read_object
from projector.server.projections import describe_error, describe_progress, who_asks
from projector.server.queries import query_number, query_numbers, shown
from projector.server.responses import bytes_reply, compressed_reply, json_reply
from projector.server.streams import StreamSlots
from projector.server.wire import array_bytes
from projector.typing import AnyArray, Positions

#: The kinds, as a part of a path.
_KIND = f"<any({', '.join(PLANS)}):kind>"
#: Points whose way through all steps is sent at once.
MOST_PATHS = 50
#: What each kind sends as bytes.
_ARRAYS: dict[type, tuple[str, ...]] = {
    Comparison: (*FIGURES, "rows_b"),
    Similarity: ("matrix", "errors", "n_shared"),
    Distributions: ("values", "lengths", "means", "deviations"),
    Nearness: ("distance", "nearest", "nearest_distance"),
}


def analyses_blueprint(session: Session, slots: StreamSlots) -> Blueprint:
    """Return the routes about change."""
    routes = Blueprint("analyses", __name__)

    @routes.post(f"/{_KIND}")
    def begin(kind: str) -> Response:
        """Start to answer a question about change, or find the answer."""
        return json_reply(_described(session, _begun(session, kind, read_object())))

    @routes.get(f"/{_KIND}/<key>")
    def show(kind: str, key: str) -> Response:
        """Send the state of an answer, and what fits into JSON of it."""
        known = session.analyses.get(kind, key)
        about = _described(session, known)
        return compressed_reply(about | {"so_far": describe_result(session.analyses.so_far(known))})

    @routes.delete(f"/{_KIND}/<key>")
    def cancel(kind: str, key: str) -> Response:
        """Cancel the work on an answer."""
        return json_reply(describe_analysis(session.analyses.cancel(kind, key)))

    @routes.post(f"/{_KIND}/<key>/<any(pause, resume):action>")
    def pause(kind: str, key: str, action: str) -> Response:
        """Pause or resume the work on an answer."""
        return json_reply(describe_analysis(session.analyses.pause(kind, key, action == "pause")))

    @routes.get(f"/{_KIND}/<key>/arrays/<name>")
    def array(kind: str, key: str, name: str) -> Response:
        """Send an array of an answer as bytes."""
        found = session.analyses.get(kind, key).needed()
        arrays = _arrays_of(found)
        if name not in arrays:
            raise UnknownNameError(f"array of {kind}:", name, arrays)
        return bytes_reply(array_bytes(arrays[name]()), etag=f"{key}-{name}")

    @routes.get("/comparisons/<key>/groups")
    def groups(key: str) -> Response:
        """Send the groups of points that moved alike."""
        found: Comparison = session.analyses.get("comparisons", key).needed()
        about = [
            {
                "kind": each.kind,
                "n": each.n,
                "kept_inside": each.kept_inside,
                "coherence": each.coherence,
                "words": each.words,
                "rows": each.rows.tolist(),
            }
            for each in found.groups
        ]
        return json_reply({"groups": about})

    @routes.get("/comparisons/<key>/neighbors/<int:point>")
    def neighbors(key: str, point: int) -> Response:
        """Send the neighbors that one point kept, lost and gained."""
        found: Comparison = session.analyses.get("comparisons", key).needed()
        near = found.neighbors(point)
        return json_reply({name: values.tolist() for name, values in vars(near).items()})

    _add_series(routes, session, slots)
    return routes


def _add_series(routes: Blueprint, session: Session, slots: StreamSlots) -> None:
    """Add the routes of the layout of a series."""

    @routes.get("/series/<key>/positions")
    def positions(key: str) -> Response:
        """Send the positions of one step."""
        known = session.analyses.get("series", key)
        found: Series = known.needed()
        step = query_number("step", len(found) - 1, high=len(found) - 1)
        return bytes_reply(array_bytes(found[step].positions), etag=f"{key}-{step}")

    @routes.get("/series/<key>/points")
    def points(key: str) -> Response:
        """Send which point of the series each row of one step is."""
        found: Series = session.analyses.get("series", key).needed()
        step = query_number("step", len(found) - 1, high=len(found) - 1)
        body = found.points[step].astype("<u4").tobytes()
        return bytes_reply(body, etag=f"{key}-points-{step}")

    @routes.get("/series/<key>/trails")
    def trails(key: str) -> Response:
        """Send the rows of one step that changed most, and where they were at the step before."""
        found: Series = session.analyses.get("series", key).needed()
        step = query_number("step", len(found) - 1, high=len(found) - 1)
        rows, before = found.trails(step)
        body = rows.astype("<u4").tobytes() + array_bytes(before)
        return bytes_reply(body, etag=f"{key}-trails-{step}")

    @routes.get("/series/<key>/paths")
    def paths(key: str) -> Response:
        """Send where some rows of one step are at every step."""
        found: Series = session.analyses.get("series", key).needed()
        step = query_number("step", len(found) - 1, high=len(found) - 1)
        rows = query_numbers("rows") or []
        n_rows = found[step].n_points
        if not 1 <= len(rows) <= MOST_PATHS or max(rows) >= n_rows:
            raise ParameterError(
                f"'rows' must be from 1 to {MOST_PATHS} numbers below {n_rows:,}. Got "
                f"{shown(rows)}."
            )
        body = array_bytes(found.paths(step, np.asarray(rows, np.int64)))
        named = "-".join(map(str, rows))
        return bytes_reply(body, etag=f"{key}-paths-{step}-{named}")

    @routes.post("/series/<key>/look")
    def look(key: str) -> Response:
        """Stream the positions of another step from now on."""
        step = query_number("step", 0)
        return json_reply(describe_analysis(session.analyses.look(key, step)))

    @routes.get("/series/<key>/frames")
    def frames(key: str) -> Response:
        """Stream the positions of the step that is looked at while the series is laid out."""
        dims = query_number("dims", 3, low=2, high=3)
        known = session.analyses.get("series", key)
        return slots.stream(partial(frame_stream, known, dims), "application/octet-stream")


def _datasets(session: Session, kind: str, body: dict[str, Any]) -> list[tuple[str, Dataset]]:
    """Return the datasets that a request names: by ids, or all steps of a tensor."""
    if kind == "comparisons":
        ids: Any = [body.get("a"), body.get("b")]
        what = "'a' and 'b' must be ids of datasets"
    elif kind == "clusters":
        ids, what = [body.get("dataset")], "'dataset' must be the id of a dataset"
    elif "datasets" in body:
        ids, what = body["datasets"], "'datasets' must be a list of ids of datasets"
    else:
        ids, what = _steps_of(session, body), ""
    is_list = isinstance(ids, list) and all(isinstance(each, str) for each in ids)
    if not is_list or not 1 <= len(ids) <= MOST_ENTRIES:
        raise ParameterError(f"{what}, from 1 to {MOST_ENTRIES}. Got {shown(ids)}.")
    return [(each, session.dataset(each).data) for each in ids]


def _positions(session: Session, body: dict[str, Any]) -> Positions | None:
    """Return the positions of the projection in which clusters are found; None for none."""
    key = body.get("projection")
    if key is None:
        return None
    if not isinstance(key, str):
        raise ParameterError(f"'projection' must be the id of a projection. Got {shown(key)}.")
    found = session.projections.get(key).projection()
    if found is None:
        raise InvalidStateError("The projection is not done. Clusters can be found in it then.")
    return found.positions


def _begun(session: Session, kind: str, body: dict[str, Any]) -> Analysis:
    if kind == "clusters":
        body["positions"] = _positions(session, body)
    is_shown = _wants_columns(kind, body)
    found = session.analyses.start(kind, _datasets(session, kind, body), body, who_asks())
    found.has_columns = found.has_columns or is_shown
    if kind == "clusters" or is_shown:
        session.ask_columns(found)
    return found


def _described(session: Session, found: Analysis) -> dict[str, Any]:
    """Return an answer as JSON; whoever reads that it is done finds its columns."""
    about = describe_analysis(found)
    session.show_columns(found)
    return about


def _wants_columns(kind: str, body: dict[str, Any]) -> bool:
    """Tell whether both datasets are to have what a comparison finds as columns."""
    wanted = body.get("columns", False)
    if not isinstance(wanted, bool):
        raise ParameterError(f"'columns' must be true or false. Got {shown(wanted)}.")
    return wanted and kind == "comparisons" and body.get("a") != body.get("b")


def _arrays_of(found: Any) -> dict[str, Callable[[], AnyArray]]:
    """Return what an answer sends as bytes, by name; of clusters each level's labels."""
    if isinstance(found, Clusters):
        levels = {f"labels-{at}": level.labels for at, level in enumerate(found.levels)}
        return {
            name: partial(np.asarray, values)
            for name, values in {**levels, "degree": found.degree}.items()
        }
    return {name: partial(getattr, found, name) for name in _ARRAYS.get(type(found), ())}


def _steps_of(session: Session, body: dict[str, Any]) -> list[str]:
    run, name = body.get("run"), body.get("name")
    if not isinstance(run, str) or not isinstance(name, str):
        raise ParameterError(
            f"Name the 'datasets', or the 'run' and the 'name' of a tensor. Got {shown(run)} and "
            f"{shown(name)}."
        )
    return steps_of_tensor(session, run, name)


def steps_of_tensor(session: Session, run: str, name: str) -> list[str]:
    """Return the ids of all steps of a tensor.

    Raises
    ------
    UnknownNameError
        There is none.
    ParameterError
        It has more steps than one question may be about.
    """
    found = steps_of(session.listing.entries, run, name)
    if not found:
        names = [f"{each.run}: {each.name}" for each in session.listing.entries]
        raise UnknownNameError("tensor", f"{run}: {name}", names)
    if len(found) > MOST_ENTRIES:
        raise ParameterError(
            f"{run}: {name} has {len(found):,} steps, and a question is about at most "
            f"{MOST_ENTRIES:,}. Name some of them as 'datasets'."
        )
    return [each.id for each in found]


def describe_analysis(known: Analysis) -> dict[str, Any]:
    """Return the state of an answer, and what fits into JSON of it."""
    now = known.snapshot()
    return {
        "id": known.id,
        "kind": known.kind,
        "datasets": list(known.dataset_ids),
        **describe_progress(now),
        "shown": known.shown,
        "successor": known.successor or None,
        "error": describe_error(now),
        "result": describe_result(known.result()),
    }


def describe_result(found: Any) -> dict[str, Any] | None:
    """Return what fits into JSON of a result, None if nothing does or none is there."""
    if isinstance(found, Comparison):
        return {
            "n_points": found.n_points,
            "by_row": found.match.is_whole,
            "n_shared": found.n_shared,
            "n_only_a": len(found.only_a),
            "n_only_b": len(found.only_b),
            "n_duplicated": len(found.duplicated),
            "n_groups": len(found.groups),
            "summary": found.summary.as_json(),
        }
    if isinstance(found, Distributions):
        return {
            "names": list(found.names),
            "shares": list(found.shares),
            "shape": list(found.values.shape),
        }
    if isinstance(found, Similarity | HealthSeries | Series | Nearness | Clusters):
        about: dict[str, Any] = found.as_json()
        about.pop("id", None)  # the answer has its own
        if isinstance(found, HealthSeries):
            about["figures"] = figures_as_json()
        return about
    return None
