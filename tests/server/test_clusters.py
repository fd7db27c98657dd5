"""Clusters over HTTP: found by a job, shown as columns, named, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from tests.server.client_calls import get
from tests.server.test_analyses import answer_of, array, ask

N = 120


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    rng = np.random.default_rng(0)
    vectors = np.concatenate([rng.normal(at, 0.1, (N // 3, 4)) for at in (0, 1, 9)])
    np.save(tmp_path / "fruit.npy", vectors.astype(np.float32))
    words = ["red apple"] * 40 + ["green pear"] * 40 + ["fast car"] * 40
    lines = [f"{word} no{row}\t{row % 7 / 2}" for row, word in enumerate(words)]
    (tmp_path / "fruit.tsv").write_text("\n".join(["what\tsize", *lines]) + "\n")
    made = Session(tmp_path, watch=False)
    made.wait()
    yield made
    made.close()


@pytest.fixture
def dataset(session: Session) -> str:
    return session.listing.entries[0].id


def test_clusters_are_found_named_and_shown_as_columns(client: FlaskClient, dataset: str) -> None:
    before = get(client, f"/datasets/{dataset}")
    assert [column["name"] for column in before["columns"]] == ["what", "size"]
    assert all(column["made_by"] is None for column in before["columns"])
    found = answer_of(client, "clusters", dataset=dataset, min_cluster_size=15)
    result = found["result"]
    assert (result["space"], result["metric"]) == ("original", "euclidean")
    finest = result["levels"][-1]
    assert finest["n_clusters"] == 3
    assert all("apple" in name["text"] or name["by"] == "words" for name in finest["names"])
    assert {name["words"][0]["share"] for name in finest["names"]} == {1.0}
    labels = array(client, found, f"labels-{len(result['levels']) - 1}")
    assert np.bincount(labels.astype(int) + 1).tolist() == [0, 40, 40, 40]
    assert array(client, found, "degree").sum() == 15 * N
    after = get(client, f"/datasets/{dataset}")
    column = after["columns"][2]
    assert (column["name"], column["kind"], column["made_by"]) == (
        "cluster",
        "categorical",
        found["id"],
    )
    # What the data has of its own is shown first.
    assert after["label_column"] == before["label_column"]
    assert after["color_column"] == before["color_column"]
    listed = get(client, f"/datasets/{dataset}/columns/2/categories")
    assert sorted(listed["names"]) == sorted(name["text"] for name in finest["names"])
    get(client, f"/clusters/{found['id']}/arrays/nope", 404)


def test_the_result_that_was_asked_for_last_is_shown(client: FlaskClient, dataset: str) -> None:
    fine = answer_of(client, "clusters", dataset=dataset, min_cluster_size=15, n_levels=1)
    coarse = answer_of(client, "clusters", dataset=dataset, min_cluster_size=38, n_levels=1)
    assert fine["id"] != coarse["id"]
    assert get(client, f"/datasets/{dataset}")["columns"][2]["made_by"] == coarse["id"]
    again = ask(client, "clusters", dataset=dataset, min_cluster_size=15, n_levels=1)
    assert (again["id"], again["state"]) == (fine["id"], "done")
    assert get(client, f"/datasets/{dataset}")["columns"][2]["made_by"] == fine["id"]


def test_clusters_of_a_picture(client: FlaskClient, dataset: str) -> None:
    made = client.post(
        "/api/v1/projections", json={"dataset": dataset, "method": "pca", "params": {}}
    ).get_json()
    while made["state"] in ("queued", "running"):
        made = get(client, f"/projections/{made['id']}")
    found = answer_of(client, "clusters", dataset=dataset, projection=made["id"])
    assert found["result"]["space"] == "projection"


def test_clusters_by_landmarks_say_so(client: FlaskClient, dataset: str) -> None:
    whole = answer_of(client, "clusters", dataset=dataset, min_cluster_size=15)
    assert whole["result"]["n_landmarks"] is None
    found = answer_of(client, "clusters", dataset=dataset, min_cluster_size=15, n_landmarks=100)
    assert found["id"] != whole["id"]
    result = found["result"]
    assert result["n_landmarks"] == 100
    assert any("100 of 120 points" in said for said in result["warnings"])
    assert result["levels"][-1]["n_clusters"] == 3
    labels = array(client, found, f"labels-{len(result['levels']) - 1}")
    inside = labels >= 0
    assert inside.mean() > 0.9


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"dataset": None}, 400, "'dataset'"),
        ({"metric": "inner_product"}, 400, "cosine"),
        ({"min_cluster_size": 1.5}, 400, "min_cluster_size"),
        ({"n_landmarks": 3}, 400, "n_landmarks"),
        ({"projection": 3}, 400, "'projection'"),
        ({"projection": "0" * 32}, 404, "0" * 32),
        ({"text": "nope"}, 404, "nope"),
        ({"text": [3]}, 400, "'text'"),
    ],
)
def test_what_cannot_be_is_said(
    client: FlaskClient, dataset: str, body: dict[str, Any], status: int, says: str
) -> None:
    answer = ask(client, "clusters", status, **{"dataset": dataset, **body})
    assert says in str(answer)


def test_it_can_be_cancelled(client: FlaskClient, dataset: str) -> None:
    begun = ask(client, "clusters", dataset=dataset, min_cluster_size=3)
    ended = client.delete(f"/api/v1/clusters/{begun['id']}").get_json()
    assert ended["state"] in ("cancelled", "done")


def test_other_clusters_after_a_text_was_tagged(
    client: FlaskClient, session: Session, dataset: str
) -> None:
    first = ask(client, "clusters", dataset=dataset)
    opened = session.dataset(dataset)
    tags = session.tags(opened).with_values(range(40), "what", "blue plum")
    session.save_tags(opened, tags, "", to_file=False)
    again = answer_of(client, "clusters", dataset=session.listing.entries[0].id)
    assert again["id"] != first["id"]
    words = [
        word["text"] for name in again["result"]["levels"][-1]["names"] for word in name["words"]
    ]
    assert "plum" in words
