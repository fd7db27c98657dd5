"""Tags: the resource is the file of tags itself, text with tabs, taken and given as a whole."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from projector.api.session.session import Opened, Session
from projector.errors import DataError, RequestError
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.tags.sidecar import LIMIT, parse_tags, tags_bytes
from projector.server.responses import bytes_reply, json_reply

_TYPE = "text/tab-separated-values; charset=utf-8"


def tags_blueprint(session: Session) -> Blueprint:
    """Return the routes of a dataset's tags."""
    routes = Blueprint("tags", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.get("/tags")
    def tags(dataset_id: str) -> Response:
        opened = session.dataset(dataset_id)
        sidecar, _ = session.sidecar(opened)
        # The tag is the file's own: it names what a change must be a change of.
        response = bytes_reply(tags_bytes(session.tags(opened)), etag=sidecar.revision or "none")
        response.content_type = _TYPE
        return response

    @routes.put("/tags")
    def save(dataset_id: str) -> Response:
        request.max_content_length = LIMIT
        opened = session.dataset(dataset_id)
        expected = expected_revision()
        found, problems = parse_tags(request.get_data())
        if found is None or problems:
            raise DataError(f"These are no tags that can be kept: {problems[0]}")
        beside = request.args.get("keep") != "session"
        session.save_tags(opened, found, expected, beside=beside)
        return json_reply(describe_tags(session, session.dataset(dataset_id)))

    return routes


def expected_revision() -> str:
    """Return the revision that a request is a change of; empty where it starts anew.

    Raises
    ------
    RequestError
        It does not say.
    """
    if "*" in request.if_none_match:
        return ""
    named = [each for each in request.if_match.as_set() if each != "none"]
    if len(named) != 1:
        raise RequestError(
            "Say with If-Match which tags these take the place of, or with If-None-Match: * that "
            "there are none.",
            status=428,
        )
    return named[0]


def describe_tags(session: Session, opened: Opened) -> dict[str, Any]:
    """Return where a dataset's tags are kept, as JSON."""
    sidecar, root = session.sidecar(opened)
    return {
        "revision": sidecar.revision or None,
        "file": None if sidecar.file is None else printable(relative_path(root, sidecar.file)),
        "beside": session.keeps_tags_beside(opened),
        "problems": list(sidecar.problems),
    }
