from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.server.application import create_app
from tests.server.client_calls import finish, get, start


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


def odd_numbers() -> Any:
    """Return float64 vectors with times, a mark for missing, and a number beyond float32."""
    found = np.random.default_rng(0).normal(size=(60, 4))
    found[:, 1] += 1.7e9
    found[3, 2] = -9999
    found[5, 0] = 1e300
    return found


@pytest.mark.parametrize("place", ["file", "memory"])
def test_what_is_odd_about_the_numbers_is_said_once(place: str, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", odd_numbers())
    source: Any = tmp_path / "x.npy" if place == "file" else {"x": odd_numbers()}
    session = Session(source, watch=False)
    try:
        client, dataset = create_app(session).test_client(), session.listing.entries[0].id
        said = get(client, f"/datasets/{dataset}")["warnings"]
        for each in ("float32 rounds too much", "looks like a mark for missing", "became infinite"):
            assert sum(each in sentence for sentence in said) == 1, (each, said)
        done = finish(client, start(client, dataset, "pca")["id"])
        assert done["warnings"] == ["1 point with NaN or infinity has no position."]
    finally:
        session.close()


def test_a_method_takes_as_long_as_was_measured(
    client: FlaskClient, session: Session, dataset: str
) -> None:
    path = f"/api/v1/datasets/{dataset}/estimates"
    session.timings.note("tsne", 150, 12, 2.0)
    found = client.get(path).get_json()["tsne"]
    assert found == {"seconds": 4.0, "n_points": 150, "n_dims": 12}
