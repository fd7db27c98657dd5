"""Datasets: what they are, their columns, points, pictures and neighbors."""

from __future__ import annotations

import io
from typing import Any, cast

from flask import Blueprint, Response, request

from projector.api.session import Opened, Session, check_point, column_at
from projector.compute.neighbors import nearest_to
from projector.errors import ParameterError, UnknownName
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.sprite import MAX_SIDE, Sprite
from projector.server.log import shown
from projector.server.replies import bytes_reply, image_reply, json_reply, whole_number
from projector.server.wire import (
    code_bytes,
    codes_bytes,
    numbers_bytes,
    rows_bytes,
    text_bytes,
)
from projector.typing import Metric

_METRICS = ("euclidean", "cosine", "inner_product", "manhattan")
_MAX_K = 1000
#: A column with more values than this says little as a color.
_COLORABLE = 100


def datasets_blueprint(session: Session) -> Blueprint:
    """Return the routes of one dataset."""
    routes = Blueprint("datasets", __name__, url_prefix="/datasets/<dataset_id>")

    def data_of(dataset_id: str) -> Dataset:
        return session.dataset(dataset_id).data

    @routes.get("")
    def dataset(dataset_id: str) -> Response:
        return json_reply(describe_dataset(session.dataset(dataset_id)))

    @routes.get("/columns/<int:index>/numbers")
    def numbers(dataset_id: str, index: int) -> Response:
        return bytes_reply(numbers_bytes(column_at(data_of(dataset_id), index)))

    @routes.get("/columns/<int:index>/codes")
    def codes(dataset_id: str, index: int) -> Response:
        return bytes_reply(codes_bytes(column_at(data_of(dataset_id), index)))

    @routes.get("/columns/<int:index>/text")
    def text(dataset_id: str, index: int) -> Response:
        return bytes_reply(text_bytes(column_at(data_of(dataset_id), index)))

    @routes.get("/columns/<int:index>/categories")
    def categories(dataset_id: str, index: int) -> Response:
        limit = whole_number("limit", 1000, low=1)
        _, names, counts = column_at(data_of(dataset_id), index).categories()
        return json_reply(
            {"names": names[:limit], "counts": counts[:limit].tolist(), "n_categories": len(names)}
        )

    @routes.get("/points/<int:index>")
    def point(dataset_id: str, index: int) -> Response:
        data = data_of(dataset_id)
        row = check_point(data, index)
        return json_reply({"index": row, "values": data.metadata.row(row)})

    @routes.get("/points/<int:index>/image")
    def image(dataset_id: str, index: int) -> Response:
        data = data_of(dataset_id)
        out = io.BytesIO()
        sprite_of(data).image(check_point(data, index)).save(out, "PNG")
        return image_reply(out.getvalue())

    @routes.get("/points/<int:index>/neighbors")
    def neighbors(dataset_id: str, index: int) -> Response:
        data = data_of(dataset_id)
        row = check_point(data, index)
        k = whole_number("k", 10, low=1, high=_MAX_K) or 10
        metric = metric_of(request.args.get("metric", "cosine"))
        k = min(k, data.n_points - 1)
        content: dict[str, Any] = {"index": row, "metric": metric, "k": k}
        found: tuple[list[int], list[float]] = ([], [])
        if k > 0 and bool(data.finite_rows[row]):
            rows, distances = nearest_to(
                data.vectors, data.vectors[row], k, metric=metric, exclude=row
            )
            found = (rows.tolist(), distances.tolist())
        return json_reply(
            {**content, "indices": found[0], "distances": found[1], "exact": True}
        )

    @routes.get("/search")
    def search(dataset_id: str) -> Response:
        column = whole_number("column")
        rows = session.search(data_of(dataset_id), request.args.get("text", ""), column)
        return bytes_reply(rows_bytes(rows))

    @routes.get("/sprite")
    def sprite(dataset_id: str) -> Response:
        side = whole_number("max_side", 4096, low=256, high=MAX_SIDE) or 4096
        png, tile, columns = sprite_of(data_of(dataset_id)).atlas(side)
        headers = {"Projector-Tile": f"{tile[0]},{tile[1]}", "Projector-Columns": str(columns)}
        return image_reply(png, headers)

    return routes


def describe_dataset(opened: Opened) -> dict[str, Any]:
    """Return what a dataset is, as JSON."""
    data, entry = opened.data, opened.entry
    columns = [describe_column(i, column) for i, column in enumerate(data.metadata.columns)]
    return {
        "id": opened.id,
        "run": shown(entry.run),
        "name": shown(entry.name),
        "step": entry.step,
        "n_points": data.n_points,
        "n_dims": data.n_dims,
        "content": data.content_hash,
        "warnings": list(data.warnings),
        "columns": columns,
        "label_column": label_column(columns),
        "color_column": color_column(columns),
        "sprite": None if data.sprite is None else describe_sprite(data.sprite),
        "n_unplaced": int((~data.finite_rows).sum()),
    }


def describe_column(index: int, column: Column) -> dict[str, Any]:
    """Return what a column is, as JSON."""
    _, names, _ = column.categories()
    numbers = column.numbers
    present = numbers[~column.text.missing] if numbers is not None else None
    some = present is not None and len(present) > 0
    return {
        "index": index,
        "name": column.name,
        "kind": column.kind,
        "n_missing": column.n_missing,
        "n_categories": len(names),
        "code_bytes": code_bytes(len(names)),
        "is_integer": bool((present % 1 == 0).all()) if present is not None else None,
        "minimum": float(present.min()) if present is not None and some else None,
        "maximum": float(present.max()) if present is not None and some else None,
    }


def describe_sprite(sprite: Sprite) -> dict[str, Any]:
    """Return how a sprite is cut, as JSON."""
    return {
        "tile": list(sprite.tile),
        "columns": sprite.columns,
        "n_points": sprite.n_points,
        "width": sprite.size[0],
        "height": sprite.size[1],
    }


def label_column(columns: list[dict[str, Any]]) -> int | None:
    """Return the column whose text names a point best: the first that is not a number."""
    named = [c["index"] for c in columns if c["kind"] != "numeric"]
    return cast("int | None", next(iter([*named, *(c["index"] for c in columns)]), None))


def color_column(columns: list[dict[str, Any]]) -> int | None:
    """Return the column to color by at first: one with a few values, else a number."""
    few = [c["index"] for c in columns if 2 <= c["n_categories"] <= _COLORABLE]
    numeric = [c["index"] for c in columns if c["kind"] == "numeric" and c["n_categories"] > 1]
    return cast("int | None", next(iter([*few, *numeric]), None))


def metric_of(name: str) -> Metric:
    """Return a metric by its name, or raise."""
    if name not in _METRICS:
        raise ParameterError(f"'metric' must be one of {', '.join(_METRICS)}. Got {name!r}.")
    return cast("Metric", name)


def sprite_of(data: Dataset) -> Sprite:
    """Return a dataset's sprite, or raise."""
    if data.sprite is None:
        raise UnknownName("sprite", data.embedding.name)
    return data.sprite
