"""Routes of a density: how many of all points lie where, if only some of them are shown."""

from __future__ import annotations

from flask import Blueprint, Response

from projector.api.session.densities import SIDES, Density
from projector.api.session.session import Session
from projector.errors import InvalidStateError, UnknownNameError
from projector.server.responses import bytes_reply, json_reply


def density_blueprint(session: Session) -> Blueprint:
    """Return the routes of the density of a dataset of which only some points are shown."""
    routes = Blueprint("density", __name__, url_prefix="/datasets/<dataset_id>/density")

    def find(dataset_id: str) -> tuple[Density | None, float]:
        opened = session.dataset(dataset_id)
        if opened.data.n_all is None:
            raise UnknownNameError.missing("density of all points", repr(opened.entry.name))
        entry = opened.entry.untagged
        return session.densities.get(entry, lambda: session.catalog.parts(opened.entry))

    @routes.get("")
    def about(dataset_id: str) -> Response:
        """Send what the density is of, or how much of it is counted."""
        found, done = find(dataset_id)
        if found is None:
            return json_reply({"state": "counting", "done": done})
        return json_reply(
            {
                "state": "done",
                "bounds": list(found.bounds),
                "sides": list(SIDES),
                "n_points": found.n_points,
                "n_placed": found.n_placed,
            }
        )

    @routes.get("/<int:side>")
    def level(dataset_id: str, side: int) -> Response:
        """Send the counts on one grid."""
        found, _ = find(dataset_id)
        if found is None:
            raise InvalidStateError("The density is being counted. Ask again when it is done.")
        return bytes_reply(found.level(side).astype("<u4").tobytes())

    return routes
