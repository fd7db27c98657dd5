from __future__ import annotations

import numpy as np
from flask.testing import FlaskClient


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
