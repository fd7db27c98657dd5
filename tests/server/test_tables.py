"""A projection with all columns as a file."""

from __future__ import annotations

import io
import time

import numpy as np
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.model.tags import Tags
from projector.typing import AnyArray
from tests.server.client_calls import get


@pytest.fixture
def projection(client: FlaskClient, session: Session, dataset: str) -> str:
    asked = {"dataset": dataset, "method": "pca"}
    key = str(client.post("/api/v1/projections", json=asked).get_json()["id"])
    end = time.monotonic() + 120
    while get(client, f"/projections/{key}")["state"] != "done":
        assert time.monotonic() < end
        time.sleep(0.02)
    opened = session.dataset(dataset)
    tags = Tags(opened.entry.name, opened.data.n_points).with_values([3, 5], "mine", "odd")
    session.save_tags(opened, tags, "", to_file=False)
    return key


def positions(client: FlaskClient, key: str, components: str) -> AnyArray:
    body = client.get(f"/api/v1/projections/{key}/positions?components={components}").data
    return np.frombuffer(body, "<f4").reshape(300, -1)


def test_parquet_has_coordinates_columns_and_tags(client: FlaskClient, projection: str) -> None:
    answer = client.get(f"/api/v1/projections/{projection}/table?components=1,0")
    table = pq.read_table(io.BytesIO(answer.data))
    assert table.column_names == ["row", "x", "y", "label", "value", "mine"]
    assert table["row"].to_pylist() == list(range(300))
    shown = np.column_stack([table["x"], table["y"]])
    assert np.array_equal(shown, positions(client, projection, "1,0"))
    assert table["label"].to_pylist()[:3] == ["a", "b", "c"]
    assert [i for i, tag in enumerate(table["mine"].to_pylist()) if tag == "odd"] == [3, 5]


def test_npz_has_the_same_as_arrays(client: FlaskClient, projection: str) -> None:
    path = f"/api/v1/projections/{projection}/table?format=npz&components=0,1"
    with np.load(io.BytesIO(client.get(path).data)) as arrays:
        assert set(arrays) == {"positions", "row", "method", "label", "value", "mine"}
        assert np.array_equal(arrays["positions"], positions(client, projection, "0,1"))
        assert arrays["value"][3] == 1.5
        assert arrays["mine"][3] == "odd"
        assert str(arrays["method"]) == "pca"


def test_what_is_no_table_is_refused(client: FlaskClient, projection: str) -> None:
    path = f"/api/v1/projections/{projection}/table"
    assert client.get(f"{path}?format=xlsx").status_code == 400
    assert client.get(f"{path}?components=0,99").status_code == 400
    assert client.get("/api/v1/projections/none/table").status_code == 404
