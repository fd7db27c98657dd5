"""Route of what distinguishes some points from others."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from projector.api.session.session import Session
from projector.api.table.contrast import Difference, Rows, contrast
from projector.server.presence import still_there
from projector.server.responses import json_reply
from projector.server.wire import read_groups


def contrast_blueprint(session: Session) -> Blueprint:
    """Return the route of what distinguishes groups of points."""
    routes = Blueprint("contrast", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.post("/contrast")
    def compare(dataset_id: str) -> Response:
        """Send where a group of points differs from all others, or from a second group."""
        data = session.dataset(dataset_id).data
        group, others = read_groups(request.get_data(cache=False), data.n_points)
        n_both = 0 if others is None else len(np.intersect1d(group, others, assume_unique=True))
        if others is None:
            others = np.delete(np.arange(data.n_points), group)
        # All points differ from nobody; that is an answer.
        found = contrast(data, group, others, session.words, still_there()) if len(others) else []
        return json_reply(describe_contrast(group, others, n_both, found))

    return routes


def describe_contrast(
    group: Rows, others: Rows, n_both: int, found: list[Difference]
) -> dict[str, Any]:
    """Return where two groups differ, as JSON."""
    return {
        "n": len(group),
        "n_other": len(others),
        "n_both": n_both,
        "differences": [asdict(each) for each in found],
    }
