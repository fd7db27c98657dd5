"""Routes of a projection's quality: measured on request, sent point by point."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response

from projector.api.nearest import MAX_K
from projector.api.quality import SCORES
from projector.api.session.session import Session
from projector.errors import InvalidStateError, UnknownNameError
from projector.model.dataset import Dataset
from projector.server.projections import describe, who_asks
from projector.server.queries import query_number
from projector.server.responses import bytes_reply, json_reply


def quality_blueprint(session: Session) -> Blueprint:
    """Return the routes of a projection's quality."""
    routes = Blueprint("quality", __name__, url_prefix="/projections/<key>/quality")

    @routes.post("")
    def measure(key: str) -> Response:
        """Start to measure the quality of a projection."""
        data = current_data(session, session.projections.get(key).dataset_id)
        k = query_number("k", 15, low=1, high=MAX_K)
        made = session.projections.measure_quality(key, data, k, client=who_asks())
        return json_reply(describe(made))

    @routes.get("/<score>")
    def scores(key: str, score: str) -> Response:
        """Send one score of every point."""
        result = session.projections.get(key).quality_result
        found = result.quality() if result is not None else None
        if result is None or found is None:
            raise InvalidStateError(
                "The quality of this projection has not been measured. Request it first with POST."
            )
        if score not in SCORES:
            raise UnknownNameError("score", score, SCORES)
        body = np.ascontiguousarray(getattr(found.scores, score), "<f4").tobytes()
        return bytes_reply(body, etag=f"{key}-{result.k}-{score}")

    return routes


def current_data(session: Session, dataset_id: str) -> Dataset | None:
    """Return a dataset as it is now; None if it is no longer listed."""
    try:
        return session.dataset(dataset_id).data
    except UnknownNameError:
        return None
