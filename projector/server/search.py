"""Routes of the search for points: nearest to a query, and by a text in the metadata."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import Blueprint, Response

from projector.api.nearest import Answer, nearest
from projector.api.session.session import Session
from projector.api.table.search import search_columns, search_rows
from projector.errors import ParameterError
from projector.server.json_bodies import read_object
from projector.server.presence import still_there
from projector.server.queries import optional_query_number, query_choice, query_text, shown
from projector.server.responses import bytes_reply, json_reply
from projector.server.wire import rows_bytes
from projector.typing import AnyArray

#: Rows of a term that are sent; `n_rows` counts them all.
_ROWS_OF_TERM = 10


def search_blueprint(session: Session) -> Blueprint:
    """Return the routes of the search for points."""
    routes = Blueprint("search", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.post("/nearest")
    def nearest_points(dataset_id: str) -> Response:
        """Send the points nearest to an expression or to some points."""
        data = session.dataset(dataset_id).data
        query, column, k, metric = read_query(session, data.n_dims)
        found = nearest(data, query, k, metric=metric, column=column, check=still_there())
        return json_reply(describe_answer(found))

    @routes.get("/search")
    def search(dataset_id: str) -> Response:
        """Send the rows whose metadata contain a text."""
        data = session.dataset(dataset_id).data
        regex = query_choice("regex", "0", ("1", "true", "false")) in ("1", "true")
        column = optional_query_number("column")
        if query_choice("columns", "0", ("1",)) == "1":
            matched, first = search_columns(
                data, query_text("text"), column, regex=regex, check=still_there()
            )
            return bytes_reply(rows_bytes(matched) + first.astype("<u2").tobytes())
        rows = search_rows(data, query_text("text"), column, regex=regex, check=still_there())
        return bytes_reply(rows_bytes(rows))

    return routes


def describe_answer(answer: Answer) -> dict[str, Any]:
    """Return the points nearest to a query, as JSON."""
    terms = [
        {
            "label": term.label,
            "weight": term.weight,
            "n_rows": len(term.rows),
            "rows": term.rows[:_ROWS_OF_TERM].tolist(),
        }
        for term in answer.terms
    ]
    return {
        "metric": answer.metric,
        "k": len(answer.indices),
        "exact": True,
        "terms": terms,
        "indices": answer.indices.tolist(),
        "distances": answer.distances.tolist(),
    }


def read_query(
    session: Session, n_dims: int
) -> tuple[str | list[int] | AnyArray, int | None, int, str]:
    """Return query, label column, k and metric of the request's body, or raise ParameterError."""
    body = read_object()
    column, k = body.get("column"), body.get("k", 10)
    if column is not None and type(column) is not int:
        raise ParameterError(f"'column' must be the number of a column. Got {shown(column)}.")
    if type(k) is not int:
        raise ParameterError(f"'k' must be a whole number. Got {shown(k)}.")
    metric = body.get("metric", "cosine")
    if not isinstance(metric, str):
        raise ParameterError(f"'metric' must be a string. Got {shown(metric)}.")
    points, expression = body.get("points"), body.get("expression")
    if isinstance(expression, str):
        return expression, column, k, metric
    if isinstance(points, list) and points and all(type(p) is int for p in points):
        return points, column, k, metric
    vector, text = body.get("vector"), body.get("text")
    if isinstance(vector, list) and all(type(each) in (int, float) for each in vector):
        return np.array(vector, np.float64), column, k, metric
    if isinstance(text, str):
        return session.text_queries.vector(text, n_dims), column, k, metric
    raise ParameterError(
        "'expression' or 'text' must be a string, 'points' a list of row numbers, or 'vector' a "
        "list of numbers."
    )
