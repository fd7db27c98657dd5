"""Routes of the selection that pages and Python share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from projector.api.session.session import Session
from projector.api.session.shared_selection import Selected
from projector.server.responses import bytes_reply, json_reply
from projector.server.wire import bits_length, most_selection_bytes, read_selection, selection_bytes


def selection_blueprint(session: Session) -> Blueprint:
    """Return the routes of the shared selection."""
    routes = Blueprint("selection", __name__, url_prefix="/selection")

    @routes.get("")
    def show() -> Response:
        """Send the selection."""
        return bytes_reply(selection_bytes(session.selection.now()))

    @routes.put("")
    def save() -> Response:
        """Replace the selection with that of a page."""
        sent = read_selection(request.get_data())
        entry = session.listing_now.by_id.get(sent.dataset_id)
        if entry is None or entry.n_points != sent.n_points:
            # A page may lag behind the listing by a moment: not an error, nothing to act on.
            reason = "The selection was ignored because its points are no longer in the listing."
            return json_reply({**describe_selected(session.selection.now()), "refused": reason})
        made = session.selection.select_from_page(sent.dataset_id, sent.rows)
        return json_reply({**describe_selected(made), "refused": None})

    return routes


def largest_selection(session: Session) -> int:
    """Return the size of the largest selection among what is listed now, in bytes."""
    return most_selection_bytes(_most_points(session))


def largest_groups(session: Session) -> int:
    """Return the size of the largest two groups among what is listed now, in bytes."""
    return 2 * bits_length(_most_points(session))


def _most_points(session: Session) -> int:
    return max((entry.n_points for entry in session.listing_now.entries), default=0)


def describe_selected(selected: Selected) -> dict[str, Any]:
    """Return the selection without its rows, as JSON."""
    return {
        "number": selected.number,
        "author": selected.author,
        "dataset": selected.dataset_id,
        "n_selected": len(selected.selection),
    }
