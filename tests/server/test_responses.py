from __future__ import annotations

from flask.testing import FlaskClient


def test_etags_spare_the_body(client: FlaskClient, dataset: str) -> None:
    for path in ("/log", f"/datasets/{dataset}", f"/datasets/{dataset}/columns/0/codes"):
        first = client.get(f"/api/v1{path}")
        tag = {"If-None-Match": first.headers["ETag"]}
        second = client.get(f"/api/v1{path}", headers=tag)
        assert (second.status_code, second.data) == (304, b"")
