"""Clients that leave, that send one byte at a time, that read slowly, that ask for much at once."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable

import psutil
import pytest

from projector.server.connections import patience
from projector.server.connections.connection import Connection
from projector.server.server import Server
from tests.server.raw_client import RawClient, ask, connected, eventually, head

LOG = head("GET", "/api/v1/log")
EVENTS = head("GET", "/api/v1/events")
UPLOADS = "/api/v1/uploads?batch=b&name=b.npy"


def connections(server: Server) -> list[Connection]:
    return server._listener.connections


def in_loop(server: Server, act: Callable[[], object]) -> None:
    """Do something in the thread of the sockets."""
    done = threading.Event()

    def do(_: object = None) -> None:
        act()
        done.set()

    server._listener.trigger.pull_trigger(do)  # type: ignore[attr-defined]
    assert done.wait(60)


def pass_time(server: Server, seconds: float) -> None:
    """Let the server believe that time has passed."""
    in_loop(server, lambda: server._listener.expire(time.monotonic() + seconds))


def settle(server: Server) -> None:
    """Wait until no thread has anything to do; an answer is sent before its thread is done."""
    eventually(lambda: all(c.idle_since is not None for c in connections(server)))


def n_listeners(server: Server) -> int:
    return len(server.session.events._listeners)


@pytest.fixture(autouse=True)
def nobody_left(server: Server) -> None:
    eventually(lambda: not connections(server) and not n_listeners(server))


def test_a_stream_ends_when_its_client_leaves(server: Server, port: int) -> None:
    clients = [RawClient(port) for _ in range(20)]
    for client in clients:
        client.send(EVENTS)
        client.socket.recv(100)
    eventually(lambda: n_listeners(server) == 20)
    for client in clients:
        client.close()
    # Nothing is written to them: only their leaving can have told.
    eventually(lambda: n_listeners(server) == 0 and not connections(server))


def test_nothing_is_left_of_a_thousand_streams_that_never_were(server: Server, port: int) -> None:
    def ask_some(n: int) -> None:
        for i in range(n):
            with connected(port) as client:
                if i % 4 == 0:
                    client.send(head("HEAD", "/api/v1/events"))
                    answer = client.answer(head_only=True)
                    assert answer is not None
                    assert answer.status == 200
                elif i % 4 == 1:
                    client.send(head("GET", "/api/v1/events", "Origin: http://evil.example"))
                    assert client.answer() is not None
                elif i % 4 == 2:
                    client.send(EVENTS)  # and leave before the first byte
                else:
                    client.send(head("HEAD", "/api/v1/projections/none/frames"))
                    client.answer(head_only=True)
        eventually(lambda: not connections(server) and not n_listeners(server))

    ask_some(100)  # threads are made as they are needed
    gc.collect()
    process = psutil.Process()
    before = process.num_fds(), process.num_threads()
    ask_some(900)
    assert n_listeners(server) == 0
    after = process.num_fds(), process.num_threads()
    # Threads of other parts come and go: a leak of one in a hundred would be nine.
    assert after[0] <= before[0] + 4
    assert after[1] <= before[1] + 4


def test_head_of_a_stream_has_no_body(port: int) -> None:
    with connected(port) as client:
        client.send(head("HEAD", "/api/v1/events"))
        assert client.answer(head_only=True) is not None
        assert client.ended()


def test_a_half_closed_connection_gets_its_answers(port: int) -> None:
    with connected(port) as client:
        client.send(LOG + LOG + head("GET", "/api/v1/methods"))
        client.socket.shutdown(socket.SHUT_WR)
        for _ in range(3):
            answer = client.answer()
            assert answer is not None
            assert answer.status == 200
        assert client.ended()


def test_many_requests_at_once_are_answered_in_order(port: int) -> None:
    paths = ["/api/v1/log", "/api/v1/nothing", "/api/v1/methods"] * 100
    with connected(port) as client:
        sender = threading.Thread(
            target=client.send, args=(b"".join(head("GET", path) for path in paths),)
        )
        sender.start()
        for path in paths:
            answer = client.answer()
            assert answer is not None
            assert answer.status == (404 if path.endswith("nothing") else 200)
        sender.join()


def test_a_body_between_other_requests_belongs_to_its_own(port: int) -> None:
    body = b'{"names": ["x"]}'
    post = head(
        "POST", "/api/v1/datasets/x/columns/0/categories", f"Content-Length: {len(body)}",
        "Content-Type: application/json",
    )  # fmt: skip
    with connected(port) as client:
        client.send(LOG + post + body + LOG)
        for status in (200, 404, 200):
            answer = client.answer()
            assert answer is not None
            assert answer.status == status


@pytest.mark.parametrize("lines", ["", "Connection: keep-alive\r\n"])
def test_http_1_0(port: int, lines: str) -> None:
    with connected(port) as client:
        asked = f"GET /api/v1/log HTTP/1.0\r\nHost: localhost\r\n{lines}\r\n".encode()
        client.send(asked)
        answer = client.answer()
        assert answer is not None
        assert answer.status == 200
        if not lines:
            assert client.ended()
            return
        client.send(asked)
        again = client.answer()
        assert again is not None
        assert again.body == answer.body


def test_a_stream_in_http_1_0_has_no_chunks(port: int) -> None:
    with connected(port) as client:
        client.send(b"GET /api/v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n")
        found = b""
        while b"event: selection" not in found:
            found += client.socket.recv(4096)
        assert found.partition(b"\r\n\r\n")[2].startswith(b": open\n\n")


def test_one_byte_at_a_time_is_given_up(server: Server, port: int) -> None:
    with connected(port) as client:
        client.send(LOG[:20])
        eventually(lambda: [c for c in connections(server) if c.bodies])
        pass_time(server, patience.HEAD - 5)
        assert connections(server)[0].bodies
        pass_time(server, patience.HEAD + 1)
        answer = client.answer()
        assert answer is not None
        assert answer.status == 408
        assert client.ended()


@pytest.mark.parametrize("size", [1000, 5 << 20])
def test_a_body_that_stops_is_given_up(server: Server, port: int, size: int) -> None:
    with connected(port) as client:
        client.send(head("POST", UPLOADS, f"Content-Length: {size}") + b"x" * 100)
        eventually(lambda: [c for c in connections(server) if c.bodies])
        pass_time(server, patience.BODY_PAUSE - 5)
        pass_time(server, patience.BODY_PAUSE + 1)
        answer = client.answer()
        assert answer is not None
        assert answer.status == 408
        assert "body" in answer.error["message"]
        assert client.ended()
    dropped = server.session._uploads.catalog
    assert dropped is None or not list(dropped.root.rglob("b.npy"))


def test_a_slow_body_is_given_up_in_the_end() -> None:
    def fault(seconds: float, received: int) -> str | None:
        return patience.request_fault(seconds, 0.0, seconds - 1, True, received)

    assert fault(29, 1) is None
    assert fault(29, 0) is None
    assert fault(40, 100) is not None  # one byte at a time
    assert fault(3600, 8 << 20) is None  # a slow line
    assert fault(1000, 100_000) is not None


def test_a_connection_that_never_asks_is_closed_and_one_that_asked_is_kept(
    server: Server, port: int
) -> None:
    with connected(port) as silent, connected(port) as polite:
        polite.send(LOG)
        assert polite.answer() is not None
        eventually(lambda: len(connections(server)) == 2)
        settle(server)
        pass_time(server, patience.FIRST_BYTE + 1)
        assert silent.ended()
        polite.send(LOG)
        assert polite.answer() is not None
        settle(server)
        pass_time(server, patience.IDLE + 1)
        assert polite.ended()


def test_a_stream_that_nobody_reads_is_ended(server: Server, port: int) -> None:
    with connected(port) as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send(EVENTS)
        eventually(lambda: n_listeners(server) == 1)
        (connection,) = connections(server)

        def fill() -> None:
            # What a run of large events would leave in the buffers.
            connection.write_soon(b"x" * (64 << 20))

        threading.Thread(target=fill, daemon=True).start()
        eventually(lambda: connection.total_outbufs_len > 1 << 20)
        pass_time(server, patience.UNREAD + 1)
        eventually(lambda: n_listeners(server) == 0 and not connections(server))


def test_slow_readers_of_the_same_share_it_and_keep_no_thread(server: Server, port: int) -> None:
    body = bytes(8 << 20)
    app = server._listener.application
    sent: list[bytes] = []

    def large(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Length", str(len(body)))])
        sent.append(bytes(bytearray(body)))  # each a copy of its own
        return sent[-1:]

    server._listener.application = large
    try:
        clients = [RawClient(port) for _ in range(100)]
        for client in clients:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
            client.send(LOG)
        eventually(lambda: len(sent) == 100)
        eventually(lambda: all(not c.requests for c in connections(server)))
        unread = [b for c in connections(server) for b in c.outbufs if len(b)]
        assert len(unread) == 100
        assert len({id(b.content) for b in unread}) < 10  # type: ignore[attr-defined]
    finally:
        server._listener.application = app
    assert ask(port, LOG).status == 200
    first = clients[0].answer()
    assert first is not None
    assert first.body == body
    for client in clients:
        client.close()


def test_near_the_limit_the_idle_one_makes_room(
    server: Server, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projector.server.budget import Budget

    monkeypatch.setattr(server._listener, "_budget", Budget(connections=8))
    clients = []
    for _ in range(20):
        clients.append(RawClient(port))
        clients[-1].send(LOG)
        assert clients[-1].answer() is not None
        settle(server)
    assert len(connections(server)) == 8
    assert all(client.ended() for client in clients[:12])
    for client in clients[12:]:
        client.send(LOG)
        assert client.answer() is not None
    for client in clients:
        client.close()
    eventually(lambda: not connections(server))
    streams = [RawClient(port) for _ in range(8)]
    for stream in streams:
        stream.send(EVENTS)
    eventually(lambda: n_listeners(server) == 8)
    with connected(port) as one_too_many:
        answer = one_too_many.answer()
        assert answer is not None
        assert answer.status == 503
        assert "Close other tabs" in answer.error["message"]
        assert answer.headers["retry-after"]
    for stream in streams:
        stream.close()
