"""Requests over a real socket: what is refused before its body is read, and what is malformed."""

from __future__ import annotations

import pytest

from projector.server.server import Server
from tests.server.raw_client import ask, connected, head

LOG = "/api/v1/log"
UPLOADS = "/api/v1/uploads?batch=a&name=a.npy"
LARGE = 50 << 20


@pytest.mark.parametrize(
    ("method", "path", "lines", "host", "status"),
    [
        ("POST", UPLOADS, ["Origin: http://evil.example"], "localhost", 403),
        ("POST", UPLOADS, ["Origin: null"], "localhost", 403),
        ("POST", UPLOADS, ["Sec-Fetch-Site: cross-site"], "localhost", 403),
        ("POST", UPLOADS, [], "evil.example", 403),
        ("POST", UPLOADS, [], "", 403),
        ("POST", UPLOADS, ["Content-Encoding: gzip"], "localhost", 415),
        ("POST", "/api/v1/projections", [], "localhost", 413),
        ("PUT", "/api/v1/selection", [], "localhost", 413),
        ("POST", "/api/v1/demo", [], "localhost", 413),
        ("GET", LOG, [], "localhost", 413),
        ("POST", LOG, [], "localhost", 405),
        ("POST", "/api/v1/nothing", [], "localhost", 404),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_refused_body_is_not_read_into_a_file(
    port: int, temporary_files: list[str], method: str, path: str, lines: list[str], host: str,
    status: int, chunked: bool,
) -> None:  # fmt: skip
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGE}"
    with connected(port) as client:
        client.send(head(method, path, length, *lines, host=host))
        early = not (chunked and status == 413 and path != LOG)
        piece = f"{1 << 20:x}\r\n".encode() + bytes(1 << 20) + b"\r\n"
        if not early:
            client.send(piece * 2)  # more than any of these may have
        answer = client.answer()
        assert answer is not None
        assert answer.status == status
        assert answer.error["type"] == "RequestError"
        assert answer.headers["connection"] == "close"
        client.send(piece * 49)
        assert client.ended()
    assert temporary_files == []


def test_the_gate_has_the_sentence_of_the_application(port: int) -> None:
    with_body = ask(port, head("POST", LOG, "Content-Length: 5"))
    without = ask(port, head("POST", LOG))
    assert (with_body.status, with_body.body) == (without.status, without.body)
    assert with_body.headers["allow"] == without.headers["allow"]


def test_a_refusal_is_hardened(port: int) -> None:
    answer = ask(port, head("POST", UPLOADS, "Content-Length: 5", "Origin: http://evil.example"))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"get /api/v1/log HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /api/v1/log HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /api/v1/log\r\nHost: localhost\r\n\r\n", 400),
        (b"GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (head("GET", LOG).replace(b"\r\n", b"\n"), 400),
        (b"GET /api/v1/log HTTP/1.1\n", 400),
        (head("GET", LOG, "Bad Header: x"), 400),
        (head("GET", LOG, "X: a\x00b"), 400),
        (head("GET", LOG, "X: a\nY: b"), 400),
        (head("GET", LOG, "X: a\rb"), 400),
        (head("POST", LOG, "Content-Length: 5", "Content-Length: 6"), 400),
        (head("POST", LOG, "Content-Length: 5", "Content-Length: 5"), 400),
        (head("POST", LOG, "Content-Length: -1"), 400),
        (head("POST", LOG, "Content-Length: +5"), 400),
        (head("POST", LOG, "Content-Length: 5", "Transfer-Encoding: chunked"), 400),
        (head("POST", LOG, "Content-Length: " + "9" * 5000), 400),
        (head("POST", UPLOADS, "Content-Length: " + "9" * 30), 413),
        (head("POST", LOG, "Transfer-Encoding: gzip"), 501),
        (head("POST", LOG, "Transfer-Encoding: gzip, chunked"), 501),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked, chunked") + b"zz\r\n", 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked") + b"zz\r\n", 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked") + b"-1\r\n", 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked") + b"1\r\nabc\r\n", 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked") + b"1" * 70_000, 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked") + b"0\r\n" + b"a: b\r\n" * 9999, 400),
        (head("POST", UPLOADS, "Transfer-Encoding: chunked").replace(b"1.1", b"1.0", 1), 400),
        (head("GET", LOG, "X: " + "x" * 70_000), 431),
        (head("GET", "/" + "x" * 70_000), 431),
        (head("GET", LOG, "Expect: 200-ok"), 417),
        (head("POST", UPLOADS, "Expect: 100-continue, x", "Content-Length: 5"), 417),
    ],
)
def test_a_malformed_request_gets_one_clear_sentence(
    port: int, request_bytes: bytes, status: int
) -> None:
    answer = ask(port, request_bytes)
    assert answer.status == status, answer
    assert answer.error["type"] == "RequestError"
    assert answer.error["message"].endswith(".")
    assert ask(port, head("GET", LOG)).status == 200


def test_what_follows_a_malformed_request_is_no_request(server: Server, port: int) -> None:
    with connected(port) as client:
        refused = head("POST", LOG, "Content-Length: 5", "Transfer-Encoding: chunked")
        client.send(refused + b"0\r\n\r\n" + head("GET", LOG))
        answer = client.answer()
        assert answer is not None
        assert answer.status == 400
        assert client.ended()


def test_a_body_that_is_not_asked_for_is_waited_for_by_nobody(port: int) -> None:
    """`Expect` without a body used to hang."""
    for lines in (["Expect: 100-continue"], ["Expect: 100-continue", "Content-Length: 0"]):
        assert ask(port, head("GET", LOG, *lines)).status == 200
        assert ask(port, head("POST", "/api/v1/demo", *lines)).status in (200, 404)


def test_a_body_that_is_refused_is_not_asked_for(port: int) -> None:
    expects = ["Expect: 100-continue", f"Content-Length: {LARGE}"]
    for lines, status in ((["Origin: http://evil.example"], 403), ([], 413)):
        path = UPLOADS if status == 403 else "/api/v1/projections"
        assert ask(port, head("POST", path, *expects, *lines)).status == status


@pytest.mark.parametrize("size", [30, 3 << 20])
def test_a_body_that_is_wanted_is_asked_for_once(port: int, size: int) -> None:
    path = f"/api/v1/uploads?batch=expect-{size}&name=a.txt"
    with connected(port) as client:
        client.send(head("POST", path, "Expect: 100-continue", f"Content-Length: {size}"))
        first = client.answer()
        assert first is not None
        assert first.status == 100
        client.send(b"x" * size)
        second = client.answer()
        assert second is not None
        assert second.status == 200
        client.send(head("GET", LOG))
        third = client.answer()
        assert third is not None
        assert third.status == 200
