"""Parts of a dataset as datasets of their own, over HTTP."""

from __future__ import annotations

import numpy as np
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.server.application import create_app

N = 300


def bits(rows: list[int], n: int = N) -> bytes:
    given = np.zeros(n, np.uint8)
    given[rows] = 1
    return np.packbits(given, bitorder="little").tobytes()


def make(client: FlaskClient, dataset: str, rows: list[int], n: int = N) -> str:
    answer = client.post(f"/api/v1/datasets/{dataset}/subset", data=bits(rows, n))
    assert answer.status_code == 200, answer.data
    return str(answer.get_json()["dataset"])


def ids(client: FlaskClient, dataset: str) -> list[int]:
    return [
        int(row) for row in np.frombuffer(client.get(f"/api/v1/datasets/{dataset}/ids").data, "<u4")
    ]


def test_a_subset_is_a_dataset_with_ids(client: FlaskClient, dataset: str) -> None:
    made = make(client, dataset, [3, 9, 15, 200])
    about = client.get(f"/api/v1/datasets/{made}").get_json()
    before = client.get(f"/api/v1/datasets/{dataset}").get_json()
    assert (about["n_points"], about["subset_of"]) == (4, {"dataset": dataset})
    assert about["name"] == f"{before['name']} · 4 points"
    assert before["subset_of"] is None
    assert ids(client, made) == [3, 9, 15, 200]
    point = client.get(f"/api/v1/datasets/{made}/points/3").get_json()
    assert (
        point["values"] == client.get(f"/api/v1/datasets/{dataset}/points/200").get_json()["values"]
    )
    # It is listed last, so that it is never what is opened first.
    entries = client.get("/api/v1/log").get_json()["entries"]
    assert [each["id"] for each in entries][-1] == made
    assert entries[0]["id"] == dataset
    assert entries[-1]["format"] == "subset"


def test_a_part_of_a_part_knows_the_rows_of_the_whole(client: FlaskClient, dataset: str) -> None:
    made = make(client, dataset, [3, 9, 15, 200])
    inner = make(client, made, [1, 3], 4)
    assert ids(client, inner) == [9, 200]
    assert client.get(f"/api/v1/datasets/{inner}").get_json()["subset_of"] == {"dataset": made}


def test_the_same_points_are_listed_once_and_others_by_another_name(
    client: FlaskClient, dataset: str
) -> None:
    made = make(client, dataset, [3, 9])
    assert make(client, dataset, [3, 9]) == made
    other = make(client, dataset, [4, 9])
    names = [client.get(f"/api/v1/datasets/{each}").get_json()["name"] for each in (made, other)]
    assert names[1] == f"{names[0]} (2)"


def test_any_method_lays_it_out(client: FlaskClient, dataset: str) -> None:
    made = make(client, dataset, list(range(0, 300, 5)))
    asked = client.post("/api/v1/projections", json={"dataset": made, "method": "pca"})
    assert asked.get_json()["n_points"] == 60


def test_what_is_no_subset_has_no_ids(client: FlaskClient, dataset: str) -> None:
    assert client.get(f"/api/v1/datasets/{dataset}/ids").status_code == 404
    refused = client.post(f"/api/v1/datasets/{dataset}/subset", data=bits([]))
    assert refused.status_code == 400


def test_a_read_only_server_makes_none(session: Session, dataset: str) -> None:
    client = create_app(session, read_only=True).test_client()
    answer = client.post(f"/api/v1/datasets/{dataset}/subset", data=bits([1]))
    assert answer.status_code == 403
