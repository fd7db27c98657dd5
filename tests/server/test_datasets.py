from __future__ import annotations

from flask.testing import FlaskClient

from tests.server.client_calls import get


def test_a_dataset(client: FlaskClient, dataset: str) -> None:
    found = get(client, f"/datasets/{dataset}")
    assert (found["n_points"], found["n_dims"], found["n_unplaced"]) == (300, 12, 0)
    label, value = found["columns"]
    assert (label["name"], label["kind"], label["n_categories"]) == ("label", "categorical", 6)
    assert (value["kind"], value["minimum"], value["maximum"]) == ("numeric", 0.0, 149.5)
    assert value["is_integer"] is False
    assert (found["label_column"], found["color_column"]) == (0, 0)
    assert found["sprite"]["tile"] == [4, 4]


def test_the_sprite(client: FlaskClient, dataset: str) -> None:
    answer = client.get(f"/api/v1/datasets/{dataset}/sprite?max_side=256")
    assert answer.headers["Projector-Tile"] == "4,4"
    assert answer.headers["Projector-Columns"] == "18"
    assert answer.headers["Content-Type"] == "image/png"
    assert client.get(f"/api/v1/datasets/{dataset}/sprite?max_side=1").status_code == 400
