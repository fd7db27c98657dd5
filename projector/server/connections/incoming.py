"""A request as it arrives: its head is judged before its body is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from werkzeug.exceptions import HTTPException

from projector.errors import ProjectorError, RequestError
from projector.server.body_limits import PARAMETERS, too_large
from projector.server.connections.body_stream import BodyStream
from projector.server.error_handlers import as_exception

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: A chunk's size with its extensions, and what may follow the last chunk.
_MOST_CHUNK_LINE, _MOST_TRAILER = 1 << 12, 1 << 14
_BARE_LF = re.compile(rb"(?<!\r)\n")
#: Bytes around a chunk of one byte: chunks are counted with their frames, too.
_CHUNK_FRAME = 6


class Host(Protocol):
    """What a request needs of its connection."""

    def environ_of(self, request: Incoming) -> WSGIEnvironment:
        """Return the request's head as WSGI names it."""

    def admit(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body, in bytes, or raise the refusal."""

    def check_room(self, length: int) -> None:
        """Raise RequestError if too many bodies are arriving already."""

    def wake(self) -> None:
        """Make the thread of the sockets look again at what can be read."""


class Incoming(HTTPRequestParser):
    """One request, fed with bytes; `completed` when it is whole or `error` says what is wrong.

    A body of at most a megabyte is kept in memory until it is whole. A larger one is a
    `BodyStream`, and the request is answered while it arrives. Nothing goes through a file.

    Parameters
    ----------
    adj : Adjustments
    host : Host
    """

    def __init__(self, adj: Adjustments, host: Host) -> None:
        super().__init__(adj)
        self._host = host
        self._limit = 0
        #: The body, if it is read while it arrives.
        self.stream: BodyStream | None = None
        #: Bytes of memory that the body may take.
        self.reserved = 0
        #: Whether the body is not, or not all of it, what the client wanted to send.
        self.is_broken = False
        #: Whether it waits for an answer, or is being answered.
        self.queued = False

    def received(self, data: bytes) -> int:
        """Take what has arrived and return how many bytes of it belong to this request."""
        consumed = super().received(data)
        if not self.completed and not self.headers_finished and _BARE_LF.search(self.header_plus):
            # Otherwise it would wait for the end of its headers.
            self.refuse(RequestError("The lines of a request end with CR LF, not with LF alone."))
        if self.error is None:
            self._check_body()
        if self.stream is None:
            return consumed
        if self.error is not None:
            self.refuse(as_exception(self.error))
        elif self.completed and not self.is_broken:
            self.stream.end()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read line and headers, and refuse the request if they are reason enough."""
        # A client that sends more than it may hears of it, and waits for nothing.
        try:
            super().parse_header(header_plus)
            self._check_form()
        except ValueError as error:  # more digits than a number has, a malformed address
            raise ParsingError(f"The request's head cannot be read: {error}.") from None
        if self.body_rcv is None:
            self.expect_continue = False
            return
        try:
            self._check_body_wanted()
        except (ProjectorError, HTTPException) as refused:
            self.refuse(refused)

    def refuse(self, error: Exception) -> None:
        """Answer with this error, without the rest of the body."""
        self.completed = self.is_broken = True
        if self.stream is not None:
            # It is being answered: what reads the body hears of it.
            self.stream.fail(error)
            self.error = None
            return
        self.error = error  # type: ignore[assignment]
        self.expect_continue = False
        self.content_length = 0
        self.close()
        self.body_rcv = None

    def _check_form(self) -> None:
        """Raise ParsingError if it is unclear where the request ends, or what it wants."""
        if self.version not in ("1.0", "1.1"):
            named = f"HTTP/{self.version}" if self.version else "no version"
            raise ParsingError(f"Requests are HTTP/1.0 or HTTP/1.1. Got {named}.")
        lengths = "CONTENT_LENGTH" in self.headers
        if self.chunked and lengths:
            raise ParsingError("A request has Content-Length or Transfer-Encoding, not both.")
        if "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("HTTP/1.0 has no Transfer-Encoding.")
        expected = self.headers.get("EXPECT", "").lower()
        if self.version == "1.1" and expected not in ("", "100-continue"):
            self.refuse(
                RequestError(
                    f"Expect can only be 100-continue. Got {self.headers['EXPECT']!r}.", status=417
                )
            )

    def _check_body_wanted(self) -> None:
        environ = self._host.environ_of(self)
        if self.chunked:
            environ["HTTP_TRANSFER_ENCODING"] = "chunked"
        self._limit = self._host.admit(environ)
        expected = self._limit if self.chunked else self.content_length
        self._host.check_room(expected)
        if expected <= PARAMETERS:
            self.reserved = expected
            return
        assert self.body_rcv is not None, "there is a body"
        self.stream = BodyStream(self._host.wake)
        self.body_rcv.buf = self.stream  # type: ignore[assignment]

    def _check_body(self) -> None:
        """Refuse a body in chunks that becomes too long; of others the length is known."""
        receiver = self.body_rcv
        if not isinstance(receiver, ChunkedReceiver):
            return
        with_frames = (self._limit + 1) * (1 + _CHUNK_FRAME) + _MOST_TRAILER
        if len(receiver) > self._limit or self.body_bytes_received > with_frames:
            self.refuse(too_large(self._limit))
        elif len(receiver.control_line) > _MOST_CHUNK_LINE or len(receiver.trailer) > _MOST_TRAILER:
            self.refuse(RequestError("A chunk of the body has a line that is too long."))
