from __future__ import annotations

import numpy as np
from flask.testing import FlaskClient


def test_columns(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/columns"
    codes = np.frombuffer(client.get(f"{base}/0/codes").data, "<u2")
    names = client.get(f"{base}/0/categories").json
    assert names is not None
    assert [names["names"][code] for code in codes[:7]] == list("abcdefa")
    assert names["counts"] == [50] * 6
    page = {"ranks": [1, 2], "names": ["b", "c"], "counts": [50, 50]}
    totals = {"n_found": 6, "n_categories": 6}
    assert client.get(f"{base}/0/categories?limit=2&offset=1").json == {**page, **totals}
    numbers = np.frombuffer(client.get(f"{base}/1/numbers").data, "<f4")
    assert numbers[:3].tolist() == [0.0, 0.5, 1.0]
    body = client.get(f"{base}/0/text").data
    offsets = np.frombuffer(body[: 301 * 4], "<u4")
    assert body[301 * 4 :][offsets[6] : offsets[7]] == b"a"
    assert client.get(f"{base}/0/numbers").status_code == 400
    assert client.get(f"{base}/9/codes").status_code == 404


def test_every_category_is_found(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/columns/1/categories"
    found = client.get(f"{path}?text=14&limit=3").get_json()
    # "14.0" to "14.5", "114.0" and so on, each once: in the order of their numbers.
    assert (found["n_found"], found["n_categories"]) == (24, 300)
    assert found["names"] == ["14.0", "14.5", "114.0"]
    assert found["ranks"] == [28, 29, 228]
    assert client.get(f"{path}?text=14&offset=23").get_json()["names"] == ["149.5"]
    assert client.get(f"/api/v1/datasets/{dataset}/columns/0/categories?text=A").get_json()[
        "names"
    ] == ["a"]
    named = client.post(path, json={"names": ["149.5", "nothing", "0.5"]}).get_json()
    assert list(zip(named["ranks"], named["names"], strict=True)) == [(1, "0.5"), (299, "149.5")]
    wrongs: list[object] = [[], {}, {"names": "a"}, {"names": [1]}, {"names": ["a"] * 1001}]
    for wrong in wrongs:
        assert client.post(path, json=wrong).status_code == 400
    assert client.get(f"{path}?offset=-1").status_code == 400


def test_rows_in_the_order_of_a_column(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/columns"
    order = np.frombuffer(client.get(f"{base}/0/order").data, "<u4")
    assert order.tolist() == sorted(range(300), key=lambda row: (row % 6, row))
    down = np.frombuffer(client.get(f"{base}/0/order?descending=1").data, "<u4")
    assert down.tolist() == sorted(range(300), key=lambda row: (-(row % 6), row))
    assert np.frombuffer(client.get(f"{base}/1/order").data, "<u4").tolist() == list(range(300))
    assert client.get(f"{base}/2/order").status_code == 404
    assert client.get(f"{base}/0/order?descending=2").status_code == 400


def test_texts_of_some_rows(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/texts"
    found = client.post(path, json={"rows": [7, 299, 0], "columns": [1, 0]}).get_json()
    assert found["texts"] == [["3.5", "149.5", "0.0"], ["b", "f", "a"]]
    short = client.post(path, json={"rows": [299], "columns": [1], "n_letters": 2}).get_json()
    assert short["texts"] == [["14…"]]
    assert client.post(path, json={"rows": [], "columns": []}).get_json()["texts"] == []
    wrong: list[tuple[object, int, str]] = [
        ([], 400, "JSON object"),
        ({"rows": [1]}, 400, "'columns' must be a list"),
        ({"rows": [True], "columns": [0]}, 400, "'rows' must be a list of whole numbers"),
        ({"rows": [300], "columns": [0]}, 400, "0 to 299"),
        ({"rows": [-1], "columns": [0]}, 400, "0 to 299"),
        ({"rows": [0], "columns": [2]}, 404, "Unknown column '2'"),
        ({"rows": [0] * 1001, "columns": [0]}, 400, "At most 1,000 rows"),
        ({"rows": [0] * 1000, "columns": [0] * 101}, 400, "100,000 texts"),
        ({"rows": [0], "columns": [0], "n_letters": 0}, 400, "1 to 10,000"),
        ({"rows": [0], "columns": [0], "n_letters": "9"}, 400, "whole number"),
    ]
    for body, status, message in wrong:
        answer = client.post(path, json=body)
        assert answer.status_code == status
        assert message in answer.get_json()["error"]["message"]
