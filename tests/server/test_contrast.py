from __future__ import annotations

import numpy as np
from flask.testing import FlaskClient

ROWS = 300


def bits(rows: int | slice) -> bytes:
    given = np.zeros(ROWS, np.uint8)
    given[rows] = 1
    return np.packbits(given, bitorder="little").tobytes()


def test_a_group_against_all_others(client: FlaskClient, dataset: str) -> None:
    # The fixture's labels go "abcdef" around: every sixth point is an "a".
    path = f"/api/v1/datasets/{dataset}/contrast"
    found = client.post(path, data=bits(slice(0, None, 6))).get_json()
    assert (found["n"], found["n_other"], found["n_both"]) == (50, 250, 0)
    first = found["differences"][0]
    assert (first["column"], first["kind"], first["is_clear"]) == (0, "categories", True)
    assert first["values"][0] == {"name": "a", "n": 50, "n_other": 0, "lift": None}


def test_a_group_against_another_one(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/contrast"
    found = client.post(path, data=bits(slice(0, 100)) + bits(slice(90, 300))).get_json()
    assert (found["n"], found["n_other"], found["n_both"]) == (100, 210, 10)
    (numbers,) = [each for each in found["differences"] if each["kind"] == "numbers"]
    # Column 1 counts up in steps of a half.
    assert (numbers["median"], numbers["median_other"]) == (24.75, 97.25)


def test_all_points_differ_from_nobody(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/contrast"
    found = client.post(path, data=bits(slice(None))).get_json()
    assert (found["n_other"], found["differences"]) == (0, [])


def test_what_is_no_group_is_refused(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/contrast"
    size = len(bits(0))
    for wrong, message in [
        (b"", "38 or 76 bytes"),
        (bits(0)[:-1], "Got 37"),
        (bytes(size), "no bit set"),
        (bits(0) + bytes(size), "no bit set"),
        (b"\xff" * size, "row 303"),
    ]:
        answer = client.post(path, data=wrong)
        assert answer.status_code == 400
        assert message in answer.get_json()["error"]["message"]
    # More than two groups of the largest dataset is more than is read at all.
    assert client.post(path, data=bytes(3 * size)).status_code == 413
