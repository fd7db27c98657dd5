"""Routes of a dataset: its description, scalars, bookmarks and sprite."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, request

from projector.api.methods import METHODS
from projector.api.session.atlas_cache import MIN_SIDE
from projector.api.session.session import Session
from projector.errors import UnknownNameError
from projector.model.dataset import Dataset
from projector.model.sprite import MAX_SIDE, Sprite
from projector.server.dataset_json import describe_dataset
from projector.server.presence import still_there
from projector.server.queries import query_number
from projector.server.responses import bytes_reply, image_reply, json_reply, media_reply
from projector.server.tags import describe_tags
from projector.server.wire import read_groups


def datasets_blueprint(session: Session) -> Blueprint:
    """Return the routes of one dataset."""
    routes = Blueprint("datasets", __name__, url_prefix="/datasets/<dataset_id>")

    @routes.get("")
    def dataset(dataset_id: str) -> Response:
        """Send a description of the dataset."""
        opened = session.dataset(dataset_id)
        about = describe_dataset(opened)
        above = session.subset(dataset_id)
        of = None if above is None else {"dataset": above.parent.id}
        more = {"computed": session.computed(opened), "can_embed": bool(session.text_queries)}
        return json_reply(
            {**about, "tags": describe_tags(session, opened), "subset_of": of, **more}
        )

    @routes.post("/subset")
    def subset(dataset_id: str) -> Response:
        """List some points of the dataset as a dataset of their own."""
        opened = session.dataset(dataset_id)
        rows, _ = read_groups(request.get_data(cache=False), opened.data.n_points)
        return json_reply({"dataset": session.make_subset(opened, rows).id})

    @routes.get("/estimates")
    def estimates(dataset_id: str) -> Response:
        """Send how long methods will take, by what was measured on this machine."""
        data = session.dataset(dataset_id).data
        found = {
            name: session.timings.estimate(name, data.n_points, data.n_dims) for name in METHODS
        }
        return json_reply({name: asdict(each) for name, each in found.items() if each is not None})

    @routes.get("/ids")
    def ids(dataset_id: str) -> Response:
        """Send the row of each point of a subset in the dataset that it is of."""
        above = session.subset(dataset_id)
        if above is None:
            raise UnknownNameError("subset", dataset_id)
        return bytes_reply(above.ids.astype("<u4").tobytes())

    @routes.get("/scalars")
    def scalars(dataset_id: str) -> Response:
        """Send the scalars of the dataset's run."""
        found, warnings = session.scalars(session.dataset(dataset_id))
        series = [
            {"tag": tag, "steps": one.steps.tolist(), "values": one.values.tolist()}
            for tag, one in found.items()
        ]
        return json_reply({"series": series, "warnings": warnings})

    @routes.get("/bookmarks")
    def bookmarks(dataset_id: str) -> Response:
        """Send the bookmarks that a config names."""
        return media_reply(session.bookmarks(session.dataset(dataset_id)), "application/json")

    @routes.get("/sprite")
    def sprite(dataset_id: str) -> Response:
        """Send the sprite, reduced in size if it is too large."""
        side = query_number("max_side", 4096, low=MIN_SIDE, high=MAX_SIDE)
        sheet = sprite_of(session.dataset(dataset_id).data)
        png, tile, columns = session.atlas(sheet, side, still_there())
        headers = {"Projector-Tile": f"{tile[0]},{tile[1]}", "Projector-Columns": str(columns)}
        return image_reply(png, headers)

    return routes


def sprite_of(data: Dataset) -> Sprite:
    """Return a dataset's sprite, or raise UnknownNameError."""
    if data.sprite is None:
        raise UnknownNameError.missing("sprite", repr(data.embedding.name))
    return data.sprite
