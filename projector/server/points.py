"""Points: what is known of one, its picture, its true neighbors, and how to find one."""

from __future__ import annotations

import io
from typing import cast, get_args

from flask import Blueprint, Response, request

from projector.api.session import Session, check_point, column_at
from projector.compute.neighbors import nearest_to
from projector.errors import ParameterError
from projector.server.datasets import sprite_of
from projector.server.replies import (
    bytes_reply,
    image_reply,
    json_reply,
    media_reply,
    optional_number,
    whole_number,
)
from projector.server.wire import rows_bytes
from projector.typing import Metric

_MAX_K = 1000


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
        k = min(whole_number("k", 10, low=1, high=_MAX_K), int(data.finite_rows.sum()) - 1)
        indices: list[int] = []
        distances: list[float] = []
        if k > 0 and bool(data.finite_rows[row]):
            rows, away = nearest_to(data.vectors, data.vectors[row], k, metric=metric, exclude=row)
            indices, distances = rows.tolist(), away.tolist()
        about = {"index": row, "metric": metric, "k": len(indices), "exact": True}
        return json_reply({**about, "indices": indices, "distances": distances})

    @routes.get("/search")
    def search(dataset_id: str) -> Response:
        data = session.dataset(dataset_id).data
        column = optional_number("column")
        if column is not None:
            column_at(data, column)
        rows = session.search(data, request.args.get("text", ""), column)
        return bytes_reply(rows_bytes(rows))

    return routes


def metric_of(name: str) -> Metric:
    """Return a metric by its name, or raise."""
    if name not in get_args(Metric):
        raise ParameterError(f"'metric' must be one of {get_args(Metric)}. Got {name!r}.")
    return cast("Metric", name)
