"""A client that sends exactly the bytes that it is told to, well-formed or not."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

#: Only a server that hangs reaches it.
PATIENCE = 60.0


@dataclass(frozen=True)
class RawAnswer:
    """One answer as it came; `body` is what its length or the end of the connection bounds."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, str]:
        """The error in the body; fails if it does not have the form of all errors."""
        found = json.loads(self.body)
        assert list(found) == ["error"], found
        assert list(found["error"]) == ["type", "message"], found
        error: dict[str, str] = found["error"]
        return error


class RawClient:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._rest = b""

    def send(self, data: bytes) -> int:
        """Send as much as the server takes; return how many bytes that was."""
        sent = 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while sent < len(data):
                sent += self.socket.send(data[sent : sent + (1 << 20)])
        return sent

    def answer(self, *, head_only: bool = False) -> RawAnswer | None:
        """Wait for an answer; None if the connection ends without one."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        pairs = (line.partition(": ") for line in lines if line)
        headers = {name.lower(): value for name, _, value in pairs}
        if head_only or status in (100, 204, 304):
            return RawAnswer(status, headers, b"")
        return RawAnswer(status, headers, self._body(headers))

    def read_all(self) -> bytes:
        """Wait until the server has ended the connection; return all that came."""
        found, self._rest = self._rest, b""
        while more := self._more():
            found += more
        return found

    def ended(self) -> bool:
        """Wait until the server has ended the connection; False if it sends something more."""
        return self._rest == b"" and self._more() == b""

    def close(self) -> None:
        """Leave."""
        self.socket.close()

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            found = self._until(b"0\r\n\r\n")
            return found or b""
        size = int(headers.get("content-length", 1 << 62))
        while len(self._rest) < size and (more := self._more()):
            self._rest += more
        body, self._rest = self._rest[:size], self._rest[size:]
        return body

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self._rest:
            more = self._more()
            if not more:
                return None
            self._rest += more
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _more(self) -> bytes:
        with contextlib.suppress(ConnectionResetError):
            return self.socket.recv(1 << 16)
        return b""


@contextlib.contextmanager
def connected(port: int) -> Iterator[RawClient]:
    """Open one connection for a while."""
    made = RawClient(port)
    try:
        yield made
    finally:
        made.close()


def ask(port: int, request: bytes) -> RawAnswer:
    """Send one request and return the answer."""
    with connected(port) as client:
        client.send(request)
        found = client.answer(head_only=request.startswith(b"HEAD "))
    assert found is not None, f"no answer to {request[:200]!r}"
    return found


def head(method: str, path: str, *lines: str, host: str = "localhost") -> bytes:
    """Return the head of a request."""
    named = [f"Host: {host}"] if host else []
    return "\r\n".join([f"{method} {path} HTTP/1.1", *named, *lines, "", ""]).encode("latin-1")


def eventually(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.01)
