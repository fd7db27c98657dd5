"""Conditions and computed columns over HTTP; the fixture's columns are a label and a number."""

from __future__ import annotations

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.server.application import create_app


@pytest.fixture
def names(client: FlaskClient, dataset: str) -> list[str]:
    about = client.get(f"/api/v1/datasets/{dataset}").get_json()
    return [f"`{column['name']}`" for column in about["columns"]]


def columns(client: FlaskClient, dataset: str) -> list[str]:
    about = client.get(f"/api/v1/datasets/{dataset}").get_json()
    return [column["name"] for column in about["columns"]]


def test_a_condition_joins_columns_by_or_and_not(
    client: FlaskClient, dataset: str, names: list[str]
) -> None:
    label, number = names
    formula = f"{label} == 'b' or not {number} < 149"
    answer = client.post(f"/api/v1/datasets/{dataset}/where", json={"formula": formula})
    bits = np.unpackbits(np.frombuffer(answer.data, np.uint8), bitorder="little", count=300)
    assert np.flatnonzero(bits).tolist() == sorted({*range(1, 300, 6), 298, 299})
    for wrong in ({}, {"formula": 1}, {"formula": "1 +"}, {"formula": number}):
        assert client.post(f"/api/v1/datasets/{dataset}/where", json=wrong).status_code == 400


def test_a_computed_column_is_one_like_any_other(
    client: FlaskClient, dataset: str, names: list[str]
) -> None:
    base, before = f"/api/v1/datasets/{dataset}", columns(client, dataset)
    asked = {"name": "twice", "formula": f"2 * {names[1]}"}
    found = client.post(f"{base}/computed", json=asked).get_json()
    assert found == {"computed": {"twice": asked["formula"]}}
    assert columns(client, dataset) == [*before, "twice"]
    numbers = np.frombuffer(client.get(f"{base}/columns/2/numbers").data, "<f4")
    assert numbers[:4].tolist() == [0, 1, 2, 3]
    # One may be made of another, and replaced.
    client.post(f"{base}/computed", json={"name": "more", "formula": "twice + 1"})
    client.post(f"{base}/computed", json={"name": "twice", "formula": "norm"})
    numbers = np.frombuffer(client.get(f"{base}/columns/3/numbers").data, "<f4")
    norms = np.frombuffer(client.get(f"{base}/columns/2/numbers").data, "<f4")
    assert numbers == pytest.approx(norms + 1, rel=1e-5)
    assert client.post(f"{base}/computed/remove", json={"name": "more"}).status_code == 200
    assert columns(client, dataset) == [*before, "twice"]
    assert client.post(f"{base}/computed/remove", json={"name": "more"}).status_code == 404


def test_what_is_no_column_is_refused(client: FlaskClient, dataset: str, names: list[str]) -> None:
    base = f"/api/v1/datasets/{dataset}/computed"
    for name, formula, message in [
        (names[0].strip("`"), "norm", "already"),
        ("", "norm", "1 to 100 letters"),
        ("x", "neighbor_distance", "Measure the distances"),
        ("x", f"{names[0]} + 1", "has texts"),
    ]:
        answer = client.post(base, json={"name": name, "formula": formula})
        assert answer.status_code == 400
        assert message in answer.get_json()["error"]["message"]


def test_a_read_only_server_filters_and_computes_no_columns(session: Session, dataset: str) -> None:
    client = create_app(session, read_only=True).test_client()
    base = f"/api/v1/datasets/{dataset}"
    assert client.post(f"{base}/where", json={"formula": "norm > 0"}).status_code == 200
    refused = client.post(f"{base}/computed", json={"name": "x", "formula": "norm"})
    assert refused.status_code == 403
