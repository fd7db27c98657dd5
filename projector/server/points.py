"""Points: what is known of one, its picture, its true neighbors, and how to find one."""

from __future__ import annotations

import io
from typing import cast, get_args

from flask import Blueprint, Response, request

from projector.api.nearest import MAX_K, nearest
from projector.api.session.session import Session, check_point, column_at
from projector.compute.neighbors.search import nearest_to
from projector.errors import ParameterError
from projector.server.datasets import sprite_of
from projector.server.responses import (
    bytes_reply,
    image_reply,
    json_reply,
    media_reply,
    optional_number,
    whole_number,
)
from projector.server.wire import rows_bytes
from projector.typing import Metric


def points_blueprint(session: Session) -> Blueprint:
    """Return the routes of single points and of the search for them."""
    routes = Blueprint("points", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.get("/points/<int:index>")
    def point(dataset_id: str, index: int) -> Response:
        data = session.dataset(dataset_id).data
        row = check_point(data, index)
        return json_reply({"index": row, "values": data.metadata.row(row)})

    @routes.get("/points/<int:index>/image")
    def image(dataset_id: str, index: int) -> Response:
        data = session.dataset(dataset_id).data
        out = io.BytesIO()
        sprite_of(data).image(check_point(data, index)).save(out, "PNG")
        return image_reply(out.getvalue())

    @routes.get("/points/<int:index>/media/<int:column>")
    def media(dataset_id: str, index: int, column: int) -> Response:
        content, kind = session.media(session.dataset(dataset_id), index, column)
        return media_reply(content, kind)

    @routes.get("/points/<int:index>/neighbors")
    def neighbors(dataset_id: str, index: int) -> Response:
        data = session.dataset(dataset_id).data
        row = check_point(data, index)
        metric = metric_of(request.args.get("metric", "cosine"))
        k = min(whole_number("k", 10, low=1, high=MAX_K), int(data.finite_rows.sum()) - 1)
        indices: list[int] = []
        distances: list[float] = []
        if k > 0 and bool(data.finite_rows[row]):
            rows, away = nearest_to(data.vectors, data.vectors[row], k, metric=metric, exclude=row)
            indices, distances = rows.tolist(), away.tolist()
        about = {"index": row, "metric": metric, "k": len(indices), "exact": True}
        return json_reply({**about, "indices": indices, "distances": distances})

    @routes.post("/nearest")
    def ask(dataset_id: str) -> Response:
        data = session.dataset(dataset_id).data
        query, column, k, metric = read_question()
        found = nearest(data, query, k, metric=metric, column=column)
        terms = [
            {
                "label": t.label,
                "weight": t.weight,
                "n_rows": len(t.rows),
                "rows": t.rows[:10].tolist(),
            }
            for t in found.terms
        ]
        about = {"metric": found.metric, "k": len(found.indices), "exact": True, "terms": terms}
        places = {"indices": found.indices.tolist(), "distances": found.distances.tolist()}
        return json_reply({**about, **places})

    @routes.get("/search")
    def search(dataset_id: str) -> Response:
        data = session.dataset(dataset_id).data
        column = optional_number("column")
        if column is not None:
            column_at(data, column)
        regex = request.args.get("regex", "0") in ("1", "true")
        rows = session.search(data, request.args.get("text", ""), column, regex=regex)
        return bytes_reply(rows_bytes(rows))

    return routes


def read_question() -> tuple[str | list[int], int | None, int, Metric]:
    """Return the query, the label column, k and the metric of a request's body, checked."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ParameterError("The body must be a JSON object with 'expression' or 'points'.")
    column, k = body.get("column"), body.get("k", 10)
    if column is not None and not isinstance(column, int):
        raise ParameterError(f"'column' must be a column's number. Got {column!r}.")
    if not isinstance(k, int):
        raise ParameterError(f"'k' must be a whole number. Got {k!r}.")
    metric = metric_of(str(body.get("metric", "cosine")))
    points, expression = body.get("points"), body.get("expression")
    if isinstance(expression, str):
        return expression, column, k, metric
    if isinstance(points, list) and points and all(type(p) is int for p in points):
        return points, column, k, metric
    raise ParameterError("'expression' must be a text, or 'points' a list of row numbers.")


def metric_of(name: str) -> Metric:
    """Return a metric by its name, or raise."""
    if name not in get_args(Metric):
        raise ParameterError(f"'metric' must be one of {get_args(Metric)}. Got {name!r}.")
    return cast("Metric", name)
