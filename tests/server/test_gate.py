"""What is refused from the head of a request alone, and how large each body may be."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from projector.api.session.session import Session
from projector.errors import RequestError
from projector.server.application import create_app, gate_of
from projector.server.body_limits import UPLOAD
from projector.server.error_handlers import answer_to
from projector.server.gate import Gate
from projector.server.wire import most_selection_bytes


@pytest.fixture
def gate(session: Session) -> Gate:
    return gate_of(create_app(session))


def admit(gate: Gate, method: str, path: str, length: int = 0, **headers: str) -> int:
    sent = Headers({"Host": "localhost", **headers})
    builder = EnvironBuilder(path=f"/api/v1{path}", method=method, headers=sent)
    environ = builder.get_environ()
    environ["CONTENT_LENGTH"] = str(length)
    del environ["wsgi.input"]  # it is decided without
    return gate.admit(environ)


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/log", 0),
        ("DELETE", "/projections/x", 0),
        ("POST", "/demo", 1 << 10),
        ("POST", "/projections/x/pause", 1 << 10),
        ("POST", "/projections", 1 << 20),
        ("PATCH", "/projections/x", 1 << 20),
        ("PUT", "/datasets/x/tags", 64 << 20),
        ("POST", "/uploads", UPLOAD),
        ("PUT", "/selection", most_selection_bytes(300)),
    ],
)
def test_each_route_has_its_limit(
    gate: Gate, client: FlaskClient, method: str, path: str, limit: int
) -> None:
    assert admit(gate, method, path, limit) == limit
    with pytest.raises(RequestError, match="body") as refused:
        admit(gate, method, path, limit + 1)
    assert refused.value.status == 413
    if limit < UPLOAD:
        answer = client.open(f"/api/v1{path}", method=method, data=b"x" * (limit + 1))
        assert answer.status_code == 413
        assert answer.get_json()["error"]["message"] == str(refused.value)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/uploads", {"Origin": "http://evil.example"}, 403),
        ("POST", "/uploads", {"Host": "evil.example"}, 403),
        ("POST", "/uploads", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/uploads", {"Content-Encoding": "gzip"}, 415),
        ("GET", "/log", {"Transfer-Encoding": "chunked"}, 413),
        ("POST", "/log", {}, 405),
        ("POST", "/nothing", {}, 404),
    ],
)
def test_a_head_is_enough_to_refuse(
    gate: Gate, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    with pytest.raises((RequestError, HTTPException)) as refused:
        admit(gate, method, path, 50 if method == "POST" else 0, **headers)
    assert answer_to(refused.value).status == status


def test_the_token_is_asked_for_before_the_body(session: Session) -> None:
    gate = gate_of(create_app(session, token="s3cret"))
    with pytest.raises(RequestError, match="token"):
        admit(gate, "POST", "/uploads", 50)
    assert admit(gate, "POST", "/uploads?token=s3cret", 50) == UPLOAD
