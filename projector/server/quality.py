"""How far a projection can be trusted: measured when somebody asks, given point by point."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response

from projector.api.nearest import MAX_K
from projector.api.quality import FIGURES
from projector.api.session.session import Session
from projector.errors import RequestError, UnknownName
from projector.model.dataset import Dataset
from projector.server.projections import describe
from projector.server.responses import bytes_reply, json_reply, whole_number


def data_of(session: Session, dataset_id: str) -> Dataset | None:
    """Return a dataset as it is now; None where it is not in the log any more."""
    try:
        return session.dataset(dataset_id).data
    except UnknownName:
        return None


def quality_blueprint(session: Session) -> Blueprint:
    """Return the routes of a projection's quality."""
    routes = Blueprint("quality", __name__, url_prefix="/projections/<key>/quality")

    @routes.post("")
    def judge(key: str) -> Response:
        data = data_of(session, session.projections.get(key).dataset_id)
        k = whole_number("k", 15, low=1, high=MAX_K)
        return json_reply(describe(session.projections.judge(key, data, k)))

    @routes.get("/<figure>")
    def figures(key: str, figure: str) -> Response:
        judgement = session.projections.get(key).judgement
        found = judgement.quality() if judgement is not None else None
        if judgement is None or found is None:
            raise RequestError("This projection has not been judged. Ask for it first.", status=409)
        if figure not in FIGURES:
            raise UnknownName("figure", figure, FIGURES)
        body = np.ascontiguousarray(getattr(found.scores, figure), "<f4").tobytes()
        return bytes_reply(body, etag=f"{key}-{judgement.k}-{figure}")

    return routes
