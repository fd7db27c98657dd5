"""Route of a projection with all columns as one file: Parquet or NPZ."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from flask import Blueprint, Response

from projector.api.session.session import Session
from projector.model.dataset import Dataset
from projector.model.projection import Projection
from projector.model.unique_names import unique_name
from projector.server.queries import query_choice, query_numbers
from projector.server.responses import media_reply
from projector.server.wire import chosen_positions
from projector.typing import AnyArray

_AXES = ("x", "y", "z")


def tables_blueprint(session: Session) -> Blueprint:
    """Return the route of a projection's table."""
    routes = Blueprint("tables", __name__, url_prefix="/projections/<key>/table")

    @routes.get("")
    def table(key: str) -> Response:
        """Send positions and columns, tags among them, as a file."""
        computation = session.projections.get(key)
        projection = computation.needed()
        data = session.dataset(computation.dataset_id).data
        above = session.subset(computation.dataset_id)
        rows = np.arange(data.n_points) if above is None else above.ids
        positions = chosen_positions(projection, query_numbers("components"))
        if query_choice("format", "parquet", ("npz",)) == "npz":
            return media_reply(npz_bytes(data, positions, rows, projection), "application/zip")
        return media_reply(parquet_bytes(data, positions, rows), "application/vnd.apache.parquet")

    return routes


def parquet_bytes(data: Dataset, positions: AnyArray, rows: AnyArray) -> bytes:
    """Return a table with a row number, coordinates and all columns, as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = data.metadata.to_arrow()
    names = ["row", *_AXES[: positions.shape[1]]]
    arrays = [pa.array(rows.astype(np.uint32)), *map(pa.array, positions.T)]
    for name, column in zip(columns.column_names, columns.columns, strict=True):
        names.append(unique_name(name or "column", names))
        arrays.append(column)
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=names), out)
    return out.getvalue()


def npz_bytes(data: Dataset, positions: AnyArray, rows: AnyArray, projection: Projection) -> bytes:
    """Return positions, row numbers and all columns as arrays; texts are Unicode, missing is ""."""
    arrays: dict[str, Any] = {
        "positions": np.ascontiguousarray(positions, np.float32),
        "row": rows.astype(np.uint32),
        "method": np.array(projection.method),
    }
    for column in data.metadata.columns:
        texts = [text or "" for text in column.text]
        is_number = column.kind == "numeric" and column.numbers is not None
        # A name in an archive is a path: what leads elsewhere is none.
        name = column.name.replace("/", "_").replace("\\", "_")
        name = unique_name(name or "column", arrays)
        arrays[name] = column.numbers if is_number else np.array(texts, np.str_)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()
