"""The selection that pages and Python share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from projector.api.session.session import Session
from projector.api.session.shared_selection import Selected
from projector.server.responses import bytes_reply, json_reply
from projector.server.wire import most_selection_bytes, read_selection, selection_bytes


def selection_blueprint(session: Session) -> Blueprint:
    """Return the routes of the shared selection."""
    routes = Blueprint("selection", __name__, url_prefix="/selection")

    @routes.get("")
    def show() -> Response:
        return bytes_reply(selection_bytes(session.selecting.now()))

    @routes.put("")
    def take() -> Response:
        n_points = max((entry.n_points for entry in session.listing.entries), default=0)
        request.max_content_length = most_selection_bytes(n_points)
        sent = read_selection(request.get_data())
        entry = session.listing.by_id.get(sent.dataset_id)
        if entry is None or entry.n_points != sent.n_points:
            # A page may be behind the log by a moment: that is no fault, and nothing to act on.
            told = "These points are not in the log any more; the selection was not taken over."
            return json_reply({**describe_selected(session.selecting.now()), "refused": told})
        taken = session.selecting.take(sent.dataset_id, sent.rows)
        return json_reply({**describe_selected(taken), "refused": None})

    return routes


def describe_selected(selected: Selected) -> dict[str, Any]:
    """Return the shared selection without its rows, as JSON."""
    return {
        "number": selected.number,
        "author": selected.author,
        "dataset": selected.dataset_id,
        "n_selected": len(selected.selection),
    }
