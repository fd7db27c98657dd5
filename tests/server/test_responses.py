from __future__ import annotations

from flask.testing import FlaskClient


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
