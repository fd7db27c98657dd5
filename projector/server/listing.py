"""Routes of the listing and of the methods."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from projector.api.change.series_request import SERIES_METHODS
from projector.api.methods import METHODS, Method, plugin_text
from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.server.listing_forms import ListingForms
from projector.server.queries import query_choice, query_text
from projector.server.responses import json_reply, kept_reply


def listing_blueprint(session: Session, forms: ListingForms) -> Blueprint:
    """Return the routes of the listing and of the methods.

    Parameters
    ----------
    session : Session
    forms : ListingForms
        Of the session's listing.
    """
    routes = Blueprint("log", __name__)

    @routes.get("/log")
    def log() -> Response:
        """Send the listing, whole or in short, or what changed since another one."""
        if query_choice("form", "whole", ("short",)) == "whole":
            session.wait()
            now = forms.now()
            return kept_reply(now.whole, f"{now.version}-whole")
        version, now = query_text("since"), forms.now()
        before = forms.earlier(version) if version else None
        changes = now.since(before) if before is not None else None
        if changes is None:
            return kept_reply(now.short, f"{now.version}-short")
        return kept_reply(changes, f"{now.version}-{version}")

    @routes.post("/uploads")
    def upload() -> Response:
        """Save a file that was dropped on the page."""
        name, batch = query_text("name"), query_text("batch")
        entries = session.upload(batch, name, request.stream, request.content_length)
        return json_reply({"entries": [entry.id for entry in entries]})

    @routes.post("/demo")
    def demo() -> Response:
        """List the demo data, too."""
        return json_reply({"entries": [entry.id for entry in session.open_demo()]})

    @routes.get("/methods")
    def methods() -> Response:
        """Send every method with its parameters."""
        return json_reply({"methods": [describe_method(each) for each in METHODS.values()]})

    return routes


def describe_method(method: Method) -> dict[str, Any]:
    """Return a method's declaration as JSON, with the parameters that all methods share."""
    return {
        "name": method.name,
        "title": method.title,
        "summary": method.summary,
        "plugin": plugin_text(method.name),
        "is_instant": method.is_instant,
        "keeps_components": method.keeps_components,
        "lays_out_series": method.name in SERIES_METHODS,
        "free_orientation": method.free_orientation,
        "takes_labels": method.takes_labels,
        "live": list(method.live),
        "live_if": list(method.live_if) if method.live_if else None,
        "actions": [action.describe() for action in method.actions],
        "parameters": [parameter.describe() for parameter in parameters_of(method)],
    }
