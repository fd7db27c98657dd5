"""What there is to look at, and by which methods."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.compute import METHODS, Method
from projector.model.listing import Listing
from projector.server.responses import json_reply

#: Bytes of one dropped file; larger ones are better named with --logdir than copied.
MAX_UPLOAD = 8 << 30


def log_blueprint(session: Session) -> Blueprint:
    """Return the routes of the listing and of the methods."""
    routes = Blueprint("log", __name__)

    @routes.get("/log")
    def log() -> Response:
        return json_reply(describe_listing(session.listing))

    @routes.post("/uploads")
    def upload() -> Response:
        request.max_content_length = MAX_UPLOAD
        name, batch = request.args.get("name", ""), request.args.get("batch", "")
        entries = session.upload(batch, name, request.stream)
        return json_reply({"entries": [entry.id for entry in entries]})

    @routes.post("/demo")
    def demo() -> Response:
        return json_reply({"entries": [entry.id for entry in session.open_demo()]})

    @routes.get("/methods")
    def methods() -> Response:
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
        "actions": [action.describe() for action in method.actions],
        "parameters": [parameter.describe() for parameter in parameters_of(method)],
    }


def describe_listing(listing: Listing) -> dict[str, Any]:
    """Return a listing as JSON; a name that is no Unicode is shown with replacement marks."""
    entries = [
        {
            "id": entry.id,
            "run": shown(entry.run),
            "name": shown(entry.name),
            "step": entry.step,
            "n_points": entry.n_points,
            "n_dims": entry.n_dims,
            "dtype": entry.dtype,
            "format": entry.format,
            "path": shown(entry.path),
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
        {key: shown(value) for key, value in asdict(problem).items()}
        for problem in listing.problems
    ]
    return {
        "name": shown(listing.root.name or str(listing.root)),
        "root": shown(str(listing.root)),
        "version": listing_version(listing),
        "entries": entries,
        "problems": problems,
    }


def listing_version(listing: Listing) -> str:
    """Return 16 hexadecimal digits that change with anything in the listing."""
    return hashlib.sha256(repr((listing.entries, listing.problems)).encode()).hexdigest()[:16]


def shown(name: str) -> str:
    """Return a file name fit for JSON: file systems allow bytes that are no Unicode."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
