from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from projector.server.responses import as_json
from projector.typing import Json


def test_etags_spare_the_body(client: FlaskClient, dataset: str) -> None:
    for path in ("/log", f"/datasets/{dataset}", f"/datasets/{dataset}/columns/0/codes"):
        first = client.get(f"/api/v1{path}")
        tag = {"If-None-Match": first.headers["ETag"]}
        second = client.get(f"/api/v1{path}", headers=tag)
        assert (second.status_code, second.data) == (304, b"")


def test_an_error_is_never_what_has_not_changed(client: FlaskClient) -> None:
    first = client.get("/api/v1/datasets/none")
    assert first.status_code == 404
    tags = [first.headers["ETag"], "*"] if "ETag" in first.headers else ["*"]
    for tag in tags:
        second = client.get("/api/v1/datasets/none", headers={"If-None-Match": tag})
        assert (second.status_code, second.json) == (404, first.json)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000, 1234])
def test_long_lists_are_encoded_as_by_one_call(count: int) -> None:
    content: dict[str, Json] = {
        "entries": [{"name": f'é"{number}', "at": [number, None]} for number in range(count)],
        "plain": list(range(count)),
        "nested": {"list": list(range(count))},
        "a \\": True,
    }
    assert as_json(content) == json.dumps(content, ensure_ascii=False)
    assert as_json(list(range(count))) == json.dumps(list(range(count)))


def test_no_call_of_the_encoder_has_many_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    dumps = json.dumps

    def counting(content: Json, *, ensure_ascii: bool, allow_nan: bool) -> str:
        sizes.append(len(content) if isinstance(content, list) else 1)
        return dumps(content, ensure_ascii=ensure_ascii, allow_nan=allow_nan)

    monkeypatch.setattr("projector.server.responses.json.dumps", counting)
    as_json({"entries": [{"name": "x"}] * 100_000})
    assert max(sizes) <= 1000
    assert sum(sizes) >= 100_000
