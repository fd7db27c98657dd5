"""Routes of formulas: which points pass a condition, and columns that are computed."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response

from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.server.json_bodies import read_object
from projector.server.presence import still_there
from projector.server.queries import shown
from projector.server.responses import bytes_reply, json_reply


def formulas_blueprint(session: Session) -> Blueprint:
    """Return the routes of formulas."""
    routes = Blueprint("formulas", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.post("/where")
    def where(dataset_id: str) -> Response:
        """Send one bit a point: whether it passes a condition."""
        opened = session.dataset(dataset_id)
        (text,) = read_texts("formula")
        mask = session.formula(opened, text, still_there()).mask()
        return bytes_reply(np.packbits(mask, bitorder="little").tobytes())

    @routes.post("/computed")
    def compute(dataset_id: str) -> Response:
        """Add a column that a formula gives, or replace one."""
        name, formula = read_texts("name", "formula")
        session.compute_column(session.dataset(dataset_id), name, formula)
        return json_reply({"computed": session.computed(session.dataset(dataset_id))})

    @routes.post("/computed/remove")
    def remove(dataset_id: str) -> Response:
        """Remove a computed column."""
        (name,) = read_texts("name")
        session.remove_column(session.dataset(dataset_id), name)
        return json_reply({"computed": session.computed(session.dataset(dataset_id))})

    return routes


def read_texts(*names: str) -> list[str]:
    """Return texts of the request's body, or raise ParameterError."""
    body = read_object()
    for name in names:
        if not isinstance(body.get(name), str):
            raise ParameterError(f"{name!r} must be a text. Got {shown(body.get(name))}.")
    return [body[name] for name in names]
