"""Routes of the listing and of the methods."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from projector.api.methods import METHODS, Method
from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.machine.collector import without_collector
from projector.model.listing import Listing
from projector.server.queries import query_text
from projector.server.responses import json_reply

#: Entries that are more than most log directories have.
_MANY = 5000


def listing_blueprint(session: Session, *, read_only: bool) -> Blueprint:
    """Return the routes of the listing and of the methods.

    Parameters
    ----------
    session : Session
    read_only : bool
        Whether pages are told to offer nothing that changes anything.
    """
    routes = Blueprint("log", __name__)

    @routes.get("/log")
    def log() -> Response:
        """Send the listing."""
        listing = session.listing
        # The collector would look at all of the listing, while every other request waits.
        large = len(listing.entries) > _MANY
        with without_collector() if large else contextlib.nullcontext():
            return json_reply({**describe_listing(listing), "read_only": read_only})

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
        "is_instant": method.is_instant,
        "keeps_components": method.keeps_components,
        "free_orientation": method.free_orientation,
        "takes_labels": method.takes_labels,
        "live": list(method.live),
        "live_if": list(method.live_if) if method.live_if else None,
        "actions": [action.describe() for action in method.actions],
        "parameters": [parameter.describe() for parameter in parameters_of(method)],
    }


def describe_listing(listing: Listing) -> dict[str, Any]:
    """Return a listing, as JSON."""
    entries = [
        {
            "id": entry.id,
            "run": as_unicode(entry.run),
            "name": as_unicode(entry.name),
            "step": entry.step,
            "n_points": entry.n_points,
            "n_dims": entry.n_dims,
            "dtype": entry.dtype,
            "format": entry.format,
            "path": as_unicode(entry.path),
            "has_metadata": entry.has_metadata,
            "has_sprite": entry.has_sprite,
            "has_bookmarks": entry.has_bookmarks,
            "has_scalars": entry.has_scalars,
            "role": entry.role,
            "revision": entry.revision,
            "tags": entry.tags,
        }
        for entry in listing.entries
    ]
    problems = [
        {key: as_unicode(value) for key, value in asdict(problem).items()}
        for problem in listing.problems
    ]
    return {
        "name": as_unicode(listing.root.name or str(listing.root)),
        "root": as_unicode(str(listing.root)),
        "version": listing_version(listing),
        "is_missing": listing.is_missing,
        "entries": entries,
        "problems": problems,
    }


def listing_version(listing: Listing) -> str:
    """Return 16 hexadecimal digits that change with anything in the listing."""
    content = (listing.entries, listing.problems, listing.is_missing)
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def as_unicode(name: str) -> str:
    """Return a file name that JSON can hold: bytes that are not UTF-8 become replacement marks."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
