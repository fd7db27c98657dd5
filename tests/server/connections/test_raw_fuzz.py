"""Bytes that are nearly a request, over real sockets: refused with a sentence, or not answered."""

from __future__ import annotations

import json
import socket
from random import Random

import pytest

from projector.server.server import Server
from tests.server.raw_client import ask, connected, eventually, head

LOG = head("GET", "/api/v1/log")
BODY = b'{"names": ["a"]}'
VALID = (
    LOG,
    head("HEAD", "/api/v1/methods"),
    head("POST", "/api/v1/datasets/x/columns/0/categories", f"Content-Length: {len(BODY)}") + BODY,
    head("POST", "/api/v1/projections", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n",
    head("PUT", "/api/v1/selection", "Content-Length: 24") + bytes(24),
    head("POST", "/api/v1/uploads?batch=f&name=f.txt", "Content-Length: 3") + b"abc",
    head("GET", "/api/v1/events"),
)
PIECES = (
    b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b" ", b"\t", b":", b"\r\n ", b"\r\n\r\n", b"%", b"?",
    b"Content-Length: 5\r\n", b"Content-Length: -5\r\n", b"Content-Length : 5\r\n", b"#",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: xchunked\r\n", b"GET / HTTP/1.1\r\n",
    b"Transfer-Encoding : chunked\r\n", b"Host: evil.example\r\n", b"Connection: close\r\n",
    b"Expect: 100-continue\r\n", b"HTTP/1.1", b"HTTP/9.9", b"//", b"http://evil.example/", b"*",
    b"X" * 3000, b"9" * 5000, b"\r\n" * 50, b"\xc3\xa9", b"Upgrade: h2c\r\n",
    b"ffffffffffffffff\r\n",
)  # fmt: skip


def spoiled(rng: Random) -> bytes:
    """Return a request with some of its bytes removed, doubled or replaced."""
    made = rng.choice(VALID)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(made) + 1)
        made = made[:at] + rng.choice(PIECES) + made[at + rng.choice((0, 0, 1, 3, 20)) :]
    return made


def check(port: int, request: bytes) -> int | None:
    """Send bytes and nothing more; check all that comes, and return the first status."""
    with connected(port) as client:
        client.send(request)
        client.socket.shutdown(socket.SHUT_WR)
        found = client.read_all()
    if not found:
        return None
    told = f"{request[:300]!r} -> {found[:300]!r}"
    assert found.startswith(b"HTTP/1."), told
    status = int(found[9:12])
    assert status < 500 or status in (501, 503), told
    if status >= 400 and b"application/json" in found.partition(b"\r\n\r\n")[0]:
        body = found.partition(b"\r\n\r\n")[2]
        if body.startswith(b"{"):  # that of HEAD is none
            first, _ = json.JSONDecoder().raw_decode(body.decode())
            assert first["error"]["message"], told
    return status


def try_many(port: int, seed: int, count: int) -> None:
    rng = Random(seed)
    statuses = [check(port, spoiled(rng)) for _ in range(count)]
    assert ask(port, LOG).status == 200
    assert statuses.count(200) > 0
    assert sum(status is not None and status >= 400 for status in statuses) > count // 4


def test_spoiled_requests(server: Server, port: int) -> None:
    try_many(port, seed=28, count=400)
    eventually(lambda: not server._listener.connections)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1))
def test_many_spoiled_requests(server: Server, port: int, seed: int) -> None:
    try_many(port, seed, count=3000)
    eventually(lambda: not server._listener.connections)
