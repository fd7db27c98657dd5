"""Answers on their way out: of the application, and of refused requests."""

from __future__ import annotations

import http
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast

from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from projector.server.error_handlers import answer_to, as_exception

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: In the environment of a request: calls a function when the client leaves.
WHEN_LEFT = "projector.when_left"

#: A refusal needs nothing of the page.
_HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Connection": "close",
}


class Asker(Protocol):
    """What an answer needs of the connection that it goes to."""

    def when_left(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the client leaves."""

    def answered(self, *, whole: bool) -> None:
        """Take over that the answer is made, and whether the request's body had arrived."""


class Answer(WSGITask):
    """Lets the application answer a request whose body may still be arriving."""

    def get_environment(self) -> WSGIEnvironment:
        """Return the request as WSGI names it."""
        environ = super().get_environment()
        environ[WHEN_LEFT] = self._asker.when_left
        return environ

    def execute(self) -> None:
        """Ask the application, and send what it says."""
        try:
            super().execute()
        finally:
            whole = self._is_whole
            self.close_on_finish = self.close_on_finish or not whole
            self._asker.answered(whole=whole)

    def build_response_header(self) -> bytes:
        """Return the head of the answer."""
        if not self._is_whole:
            # Nobody waits for the rest of the body.
            self.set_close_on_finish()
        head = super().build_response_header()
        if cast("str", cast("Any", self.request).command) == "HEAD":
            # Not even the end of a body in chunks.
            self.chunked_response = False
        return head

    def write(self, data: bytes) -> None:
        """Send a piece of the answer; a large one in chunks without copying it."""
        if not (self.wrote_header and self.chunked_response and data and self.has_body):
            super().write(data)
            return
        self.channel.write_soon(f"{len(data):X}\r\n".encode())
        self.channel.write_soon(data)
        self.channel.write_soon(b"\r\n")

    @property
    def _asker(self) -> Asker:
        return cast("Asker", self.channel)

    @property
    def _is_whole(self) -> bool:
        """Whether the request's body has arrived."""
        request = cast("Any", self.request)
        return bool(request.completed and not request.is_broken)


class Refusal(ErrorTask):
    """Answers a request that never reaches the application, in the form of all errors."""

    def execute(self) -> None:
        """Send the error, after which the connection ends."""
        request = cast("Any", self.request)
        self.wrote_header = self.close_on_finish = True
        is_head = getattr(request, "command", "") == "HEAD"
        self.channel.write_soon(refusal_bytes(request.error, is_head=is_head))


def refusal_bytes(error: Error | Exception, *, is_head: bool = False) -> bytes:
    """Return the whole answer to a refused request; `error` may be one of waitress's."""
    answer = answer_to(as_exception(error))
    body = answer.body()
    headers = {**_HEADERS, **answer.headers, "Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if is_head else body)


def _reason(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
