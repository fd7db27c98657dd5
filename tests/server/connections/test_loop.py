"""The loop asks only connections on which something happened."""

from __future__ import annotations

import collections

import pytest

from projector.server.connections import listener
from projector.server.connections.connection import Connection
from projector.server.server import Server
from tests.server.raw_client import ask, connected, eventually, head

LOG = head("GET", "/api/v1/log")


def test_idle_connections_are_left_alone(
    server: Server, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: collections.Counter[int] = collections.Counter()
    readable = Connection.readable

    def count(connection: Connection) -> bool:
        asked[connection.descriptor] += 1
        return readable(connection)

    eventually(lambda: not server._listener.connections)
    with connected(port) as first:
        first.send(LOG)
        assert first.answer() is not None
        eventually(lambda: server._listener.connections[0].idle_since is not None)
        idle = server._listener.connections[0].descriptor
        # Once a second all are looked at; not in this test.
        monkeypatch.setattr(listener, "_LOOK", 1e9)
        server._listener._next_look += 1e9
        ask(port, LOG)  # the round that was going on is over
        monkeypatch.setattr(Connection, "readable", count)
        for _ in range(50):
            assert ask(port, LOG).status == 200
        assert sum(asked.values()) >= 50
        # The thread that answered it may have said so late; each round would be 50 times and more.
        assert asked[idle] <= 2
        before = asked[idle]
        first.send(LOG)
        again = first.answer()
        assert again is not None
        assert again.status == 200
        eventually(lambda: asked[idle] > before)  # the answer may come before the next round
    server._listener._next_look = 0.0
