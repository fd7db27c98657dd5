"""Routes of tags: the sidecar file, read and written as a whole."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from projector.api.session.dataset_cache import Opened
from projector.api.session.session import Session
from projector.errors import DataError, InvalidStateError, RequestError
from projector.loaders.safe_files import printable, relative_path
from projector.loaders.tags.sidecar import parse_tags, tags_bytes
from projector.server.queries import query_choice
from projector.server.responses import bytes_reply, json_reply

_TYPE = "text/tab-separated-values; charset=utf-8"


def tags_blueprint(session: Session) -> Blueprint:
    """Return the routes of a dataset's tags."""
    routes = Blueprint("tags", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.get("/tags")
    def tags(dataset_id: str) -> Response:
        """Send the tags, in the format of the sidecar file."""
        opened = session.dataset(dataset_id)
        sidecar, _ = session.sidecar(opened)
        # The ETag is the file's revision, which a PUT must name.
        response = bytes_reply(tags_bytes(session.tags(opened)), etag=sidecar.revision or "none")
        response.content_type = _TYPE
        return response

    @routes.put("/tags")
    def save(dataset_id: str) -> Response:
        """Replace the tags."""
        opened = session.dataset(dataset_id)
        _check_all_points(opened)
        expected = expected_revision()
        found, problems = parse_tags(request.get_data(), n_points=opened.data.n_points)
        if found is None or problems:
            raise DataError(f"The tags cannot be saved: {problems[0]}")
        to_file = query_choice("keep", "file", ("session",)) == "file"
        session.save_tags(opened, found, expected, to_file=to_file)
        return json_reply(describe_tags(session, session.dataset(dataset_id)))

    return routes


def _check_all_points(opened: Opened) -> None:
    """Refuse tags of a sample: the rows of a sidecar file are all points."""
    data = opened.data
    if data.n_all is not None:
        raise InvalidStateError(
            f"These are {data.n_points:,} of {data.n_all:,} points, drawn at random, and tags are "
            "stored by the rows of all. Tag them where memory holds all of them."
        )


def expected_revision() -> str:
    """Return the revision that a request replaces; empty if there must be none.

    Raises
    ------
    RequestError
        The request does not name it.
    """
    if "*" in request.if_none_match:
        return ""
    named = [each for each in request.if_match.as_set() if each != "none"]
    if len(named) != 1:
        raise RequestError(
            "Name the revision to replace with If-Match, or send If-None-Match: * if there are no "
            "tags yet.",
            status=428,
        )
    return named[0]


def describe_tags(session: Session, opened: Opened) -> dict[str, Any]:
    """Return where a dataset's tags are stored, as JSON."""
    sidecar, root = session.sidecar(opened)
    return {
        "revision": sidecar.revision or None,
        "file": None if sidecar.file is None else printable(relative_path(root, sidecar.file)),
        "beside": session.saves_sidecars(opened),
        "problems": list(sidecar.problems),
    }
