"""Datasets: what they are, their columns and their sprite."""

from __future__ import annotations

from flask import Blueprint, Response

from projector.api.session import Session, column_at
from projector.errors import UnknownName
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.sprite import MAX_SIDE, Sprite
from projector.server.describing import describe_dataset
from projector.server.replies import bytes_reply, image_reply, json_reply, whole_number
from projector.server.wire import codes_bytes, numbers_bytes, text_bytes


def datasets_blueprint(session: Session) -> Blueprint:
    """Return the routes of one dataset and its columns."""
    routes = Blueprint("datasets", __name__, url_prefix="/datasets/<dataset_id>")

    def column_of(dataset_id: str, index: int) -> Column:
        return column_at(session.dataset(dataset_id).data, index)

    @routes.get("")
    def dataset(dataset_id: str) -> Response:
        return json_reply(describe_dataset(session.dataset(dataset_id)))

    @routes.get("/columns/<int:index>/numbers")
    def numbers(dataset_id: str, index: int) -> Response:
        return bytes_reply(numbers_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/codes")
    def codes(dataset_id: str, index: int) -> Response:
        return bytes_reply(codes_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/text")
    def text(dataset_id: str, index: int) -> Response:
        return bytes_reply(text_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/categories")
    def categories(dataset_id: str, index: int) -> Response:
        limit = whole_number("limit", 1000, low=1)
        _, names, counts = column_of(dataset_id, index).categories()
        return json_reply(
            {"names": names[:limit], "counts": counts[:limit].tolist(), "n_categories": len(names)}
        )

    @routes.get("/scalars")
    def scalars(dataset_id: str) -> Response:
        found, warnings = session.scalars(session.dataset(dataset_id))
        series = [
            {"tag": tag, "steps": one.steps.tolist(), "values": one.values.tolist()}
            for tag, one in found.items()
        ]
        return json_reply({"series": series, "warnings": warnings})

    @routes.get("/sprite")
    def sprite(dataset_id: str) -> Response:
        side = whole_number("max_side", 4096, low=256, high=MAX_SIDE)
        png, tile, columns = sprite_of(session.dataset(dataset_id).data).atlas(side)
        headers = {"Projector-Tile": f"{tile[0]},{tile[1]}", "Projector-Columns": str(columns)}
        return image_reply(png, headers)

    return routes


def sprite_of(data: Dataset) -> Sprite:
    """Return a dataset's sprite, or raise."""
    if data.sprite is None:
        raise UnknownName("sprite", data.embedding.name)
    return data.sprite
