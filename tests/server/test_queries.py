"""Numbers and texts in addresses."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.server.client_calls import finish, start

WRONG = ["", "-1", "+1", "1.0", "1e1", " 1", "½", "²", "٣", "0x1", "1_0", "9" * 5000, str(2**64)]


def refusal(client: FlaskClient, path: str, status: int = 400) -> str:
    """Return why a request is refused."""
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status, path[:200]
    message: str = answer.get_json()["error"]["message"]
    assert len(message) < 300
    return message


def test_what_is_no_number_is_refused(client: FlaskClient, dataset: str) -> None:
    for path, name in (
        ("columns/0/categories", "limit"),
        ("columns/0/order", "descending"),
        ("points/0/neighbors", "k"),
        ("sprite", "max_side"),
        ("search", "column"),
    ):
        for text in WRONG:
            asked = f"/datasets/{dataset}/{path}?{name}={text.replace('+', '%2B')}"
            assert refusal(client, asked).startswith(f"{name!r} must be a whole number"), text[:50]


def test_a_number_in_a_path_may_be_any(client: FlaskClient, dataset: str) -> None:
    for number in ("9" * 19, "9" * 20, "9" * 5000, str(2**63), str(2**31)):
        for path, status in (("points/{}", 400), ("columns/{}/codes", 404)):
            found = client.get(f"/api/v1/datasets/{dataset}/{path.format(number)}")
            assert found.status_code == (status if len(number) < 20 else 404)
            assert found.get_json()["error"]["message"]


def test_a_query_means_one_thing(client: FlaskClient, dataset: str) -> None:
    for query, said in (
        ("k=1&k=2", "2 times"),
        ("k=1&k=1", "2 times"),
        ("k=%", "hexadecimal"),
        ("k=%zz", "hexadecimal"),
        ("metric=%ff", "not UTF-8"),
        ("metric=%ed%a0%80", "not UTF-8"),
    ):
        assert said in refusal(client, f"/datasets/{dataset}/points/0/neighbors?{query}")


def test_a_choice_is_one_of_few(client: FlaskClient, dataset: str) -> None:
    for value in ("2", "", "yes"):
        message = refusal(client, f"/datasets/{dataset}/search?text=a&regex={value}")
        assert "'regex' must be" in message


def test_components_are_numbers(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "pca")["id"]
    finish(client, key)
    for text in ("a,b", "0,", ",", "9" * 30, "-1,0", "0;1", "0,1,2,3", "0", "0,99"):
        message = refusal(client, f"/projections/{key}/positions?components={text}")
        assert "'components' must be" in message
