"""Routes of single points: metadata, image, media and nearest neighbors."""

from __future__ import annotations

import io

from flask import Blueprint, Response

from projector.api.nearest import MAX_K, nearest
from projector.api.session.session import Session
from projector.api.table.lookup import check_point
from projector.server.datasets import sprite_of
from projector.server.presence import still_there
from projector.server.queries import query_number, query_text
from projector.server.responses import image_reply, json_reply, media_reply


def points_blueprint(session: Session) -> Blueprint:
    """Return the routes of single points."""
    routes = Blueprint("points", __name__, url_prefix="/datasets/<dataset_id>/points/<int:index>")

    @routes.get("")
    def point(dataset_id: str, index: int) -> Response:
        """Send a point's metadata."""
        data = session.dataset(dataset_id).data
        row = check_point(data, index)
        return json_reply({"index": row, "values": data.metadata.row(row)})

    @routes.get("/image")
    def image(dataset_id: str, index: int) -> Response:
        """Send a point's tile of the sprite."""
        data = session.dataset(dataset_id).data
        out = io.BytesIO()
        sprite_of(data).image(check_point(data, index)).save(out, "PNG")
        return image_reply(out.getvalue())

    @routes.get("/media/<int:column>")
    def media(dataset_id: str, index: int, column: int) -> Response:
        """Send the image or sound that a point's metadata names."""
        content, kind = session.media(session.dataset(dataset_id), index, column)
        return media_reply(content, kind)

    @routes.get("/neighbors")
    def neighbors(dataset_id: str, index: int) -> Response:
        """Send a point's nearest neighbors in the original space."""
        data = session.dataset(dataset_id).data
        row = check_point(data, index)
        k = query_number("k", 10, low=1, high=MAX_K)
        metric = query_text("metric", "cosine")
        found = nearest(data, row, k, metric=metric, check=still_there())
        return json_reply(
            {
                "index": row,
                "metric": found.metric,
                "k": len(found.indices),
                "exact": True,
                "indices": found.indices.tolist(),
                "distances": found.distances.tolist(),
            }
        )

    return routes
