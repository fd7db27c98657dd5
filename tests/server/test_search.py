from __future__ import annotations

import numpy as np
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.api.session.text_queries import TextQueries
from projector.server.application import create_app


def test_search(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/search"

    def rows(query: str) -> list[int]:
        found: list[int] = np.frombuffer(client.get(f"{base}?{query}").data, "<u4").tolist()
        return found

    assert rows("text=B&column=0") == list(range(1, 300, 6))
    assert rows("text=149.5") == [299]
    assert rows("text=") == []
    assert rows("text=nothing+like+it") == []
    assert rows("text=%5E[BC]%24&regex=1") == sorted([*range(1, 300, 6), *range(2, 300, 6)])
    assert rows("text=%5E14\\d\\.5%24&column=1&regex=1") == list(range(281, 300, 2))
    assert client.get(f"{base}?text=(a&regex=1").status_code == 400
    assert "regular expression" in client.get(f"{base}?text=*&regex=1").text
    assert client.get(f"{base}?text=a&column=7").status_code == 404


def test_what_is_too_large_is_refused_with_its_bound(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}"
    pattern = "a%7B0%2C1000%7D" * 40
    answer = client.get(f"{base}/search?regex=1&text={pattern}")
    assert (answer.status_code, answer.get_json()["error"]["type"]) == (400, "ParameterError")
    assert "20,000 are allowed" in answer.text
    expression = " + ".join(["a"] * 20_000)
    answer = client.post(f"{base}/nearest", json={"expression": expression, "column": 0})
    assert answer.status_code == 400
    assert "more than 1,000 terms" in answer.text
    points = {"method": "axes", "dataset": dataset, "params": {"x_from": "0-299," * 9999}}
    answer = client.post("/api/v1/projections", json=points)
    assert answer.status_code == 400
    assert "there are only 300" in answer.text
    assert client.get(f"{base}/columns/0/categories?limit=1000000").status_code == 400


def test_a_client_that_leaves_ends_its_work(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}"
    left = {"waitress.client_disconnected": lambda: True}
    for path in ("search?text=b", "search?text=b&regex=1", "points/0/neighbors", "sprite"):
        answer = client.get(f"{base}/{path}", environ_overrides=left)
        assert answer.get_json()["error"]["type"] == "Cancelled", path
    answer = client.post(f"{base}/nearest", json={"points": [0]}, environ_overrides=left)
    assert answer.get_json()["error"]["type"] == "Cancelled"
    still = {"waitress.client_disconnected": lambda: False}
    assert client.get(f"{base}/sprite", environ_overrides=still).status_code == 200


def test_points_nearest_to_an_expression_or_to_points(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/nearest"
    asked = {"expression": "a - b + c", "column": 0, "k": 3}
    found = client.post(path, json=asked).get_json()
    assert len(found["indices"]) == 3
    assert [term["n_rows"] for term in found["terms"]] == [50, 50, 50]
    some = client.post(path, json={"points": [1, 7], "k": 5, "metric": "euclidean"}).get_json()
    assert len(some["indices"]) == 5
    assert not {1, 7} & set(some["indices"])
    wrong: list[dict[str, object]] = [
        {},
        {"points": []},
        {"points": ["1"]},
        {"expression": "a +"},
        {"points": [1], "k": "x"},
    ]
    for each in wrong:
        assert client.post(path, json=each).status_code == 400
    assert client.post(path, json={"expression": "zzz"}).status_code == 404


def test_search_says_which_column_matched(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/search"
    body = client.get(f"{path}?text=b&columns=1").data
    assert np.frombuffer(body[: 50 * 4], "<u4").tolist() == list(range(1, 300, 6))
    assert set(np.frombuffer(body[50 * 4 :], "<u2").tolist()) == {0}
    body = client.get(f"{path}?text=149.5&columns=1").data
    assert (body[:4], body[4:]) == ((299).to_bytes(4, "little"), (1).to_bytes(2, "little"))
    assert client.get(f"{path}?text=149.5&column=0&columns=1").data == b""


def test_nearest_to_a_pasted_vector(client: FlaskClient, session: Session, dataset: str) -> None:
    vectors = session.dataset(dataset).data.vectors
    path = f"/api/v1/datasets/{dataset}/nearest"
    asked = {"vector": vectors[7].tolist(), "k": 1, "metric": "euclidean"}
    found = client.post(path, json=asked).get_json()
    assert (found["indices"], found["distances"]) == ([7], [0.0])
    short = client.post(path, json={"vector": [1.0, 2.0]})
    assert short.status_code == 400
    assert f"must have {vectors.shape[1]}" in short.text


def test_a_function_turns_a_text_into_a_query(session: Session, dataset: str) -> None:
    vectors = session.dataset(dataset).data.vectors
    answers: dict[str, object] = {
        "seven": vectors[7],
        "row": vectors[8:9],
        "short": [1.0],
        "nothing": np.full(vectors.shape[1], np.nan),
    }
    session.text_queries = TextQueries(lambda text: answers[text])
    client = create_app(session).test_client()
    assert client.get(f"/api/v1/datasets/{dataset}").get_json()["can_embed"] is True
    path = f"/api/v1/datasets/{dataset}/nearest"
    how = {"k": 1, "metric": "euclidean"}
    for text, row in (("seven", 7), ("row", 8)):
        assert client.post(path, json={"text": text, **how}).get_json()["indices"] == [row]
    for text, message in (("short", "It returned shape"), ("nothing", "NaN"), ("?", "KeyError")):
        answer = client.post(path, json={"text": text, **how})
        assert answer.status_code == 400
        assert message in answer.get_json()["error"]["message"]


def test_without_a_function_texts_are_no_queries(client: FlaskClient, dataset: str) -> None:
    assert client.get(f"/api/v1/datasets/{dataset}").get_json()["can_embed"] is False
    answer = client.post(f"/api/v1/datasets/{dataset}/nearest", json={"text": "a"})
    assert answer.status_code == 404
