"""Routes of the metadata: whole columns as bytes, categories, and the texts of some cells."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from flask import Blueprint, Response

from projector.api.session.session import Session
from projector.api.table.categories import MAX_LIMIT, MAX_VALUES, named_values, values
from projector.api.table.lookup import column_at
from projector.api.table.texts import cells
from projector.errors import ParameterError
from projector.model.metadata import Column
from projector.server.json_bodies import read_object
from projector.server.queries import query_number, query_text, shown
from projector.server.responses import bytes_reply, json_reply
from projector.server.wire import codes_bytes, numbers_bytes, rows_bytes, text_bytes


def columns_blueprint(session: Session) -> Blueprint:
    """Return the routes of a dataset's columns."""
    routes = Blueprint("columns", __name__, url_prefix="/datasets/<dataset_id>")

    def column_of(dataset_id: str, index: int) -> Column:
        return column_at(session.dataset(dataset_id).data, index)

    @routes.get("/columns/<int:index>/numbers")
    def numbers(dataset_id: str, index: int) -> Response:
        """Send a numeric column as floats."""
        return bytes_reply(numbers_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/codes")
    def codes(dataset_id: str, index: int) -> Response:
        """Send any column as category codes."""
        return bytes_reply(codes_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/text")
    def text(dataset_id: str, index: int) -> Response:
        """Send any column as texts."""
        return bytes_reply(text_bytes(column_of(dataset_id, index)))

    @routes.get("/columns/<int:index>/categories")
    def categories(dataset_id: str, index: int) -> Response:
        """Send a range of a column's categories, or of those that contain a text."""
        found = values(
            column_of(dataset_id, index),
            offset=query_number("offset", 0),
            limit=query_number("limit", MAX_VALUES, low=1, high=MAX_LIMIT),
            text=query_text("text"),
        )
        return json_reply(asdict(found))

    @routes.post("/columns/<int:index>/categories")
    def named(dataset_id: str, index: int) -> Response:
        """Send the categories with given names."""
        return json_reply(asdict(named_values(column_of(dataset_id, index), read_names())))

    @routes.get("/columns/<int:index>/order")
    def order(dataset_id: str, index: int) -> Response:
        """Send all rows in the order of a column."""
        descending = query_number("descending", 0, high=1) == 1
        return bytes_reply(
            rows_bytes(session.order(column_of(dataset_id, index), descending=descending))
        )

    @routes.post("/texts")
    def texts(dataset_id: str) -> Response:
        """Send the texts of some rows and columns."""
        rows, columns, n_letters = read_cells()
        found = cells(session.dataset(dataset_id).data, rows, columns, n_letters)
        return json_reply({"rows": rows, "columns": columns, "texts": found})

    return routes


def read_names() -> list[str]:
    """Return the names in the request's body, or raise ParameterError."""
    names = read_object().get("names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ParameterError("'names' must be a list of strings.")
    return cast("list[str]", names)


def read_cells() -> tuple[list[int], list[int], int]:
    """Return rows, columns and text length of the request's body, or raise ParameterError."""
    body = read_object()
    numbers = [body.get("rows"), body.get("columns")]
    for name, each in zip(("rows", "columns"), numbers, strict=True):
        if not isinstance(each, list) or not all(type(one) is int for one in each):
            raise ParameterError(f"{name!r} must be a list of whole numbers.")
    n_letters = body.get("n_letters", 1000)
    if type(n_letters) is not int:
        raise ParameterError(f"'n_letters' must be a whole number. Got {shown(n_letters)}.")
    return cast("list[int]", numbers[0]), cast("list[int]", numbers[1]), n_letters
