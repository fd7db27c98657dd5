"""One client's connection: waitress's, with bounds on what a client may hold and for how long."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel

from projector.errors import RequestError
from projector.server.connections import patience
from projector.server.connections.answering import Answer, Refusal
from projector.server.connections.incoming import Incoming

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Bytes that are read before they can be understood: what a client sends before its last request
#: is answered.
_MOST_AHEAD = 1 << 16
#: Answers from this size on are sent from where they are; smaller ones are collected.
_LARGE = 1 << 16


class Owner(Protocol):
    """What a connection needs of the server that accepted it, from any thread."""

    def admit(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body, in bytes, or raise the refusal."""

    def check_room(self, length: int) -> None:
        """Raise RequestError if too many bodies are arriving already."""

    def keep(self, answer: bytes) -> ReadOnlyFileBasedBuffer:
        """Return a buffer of a large answer."""

    def look_at(self, descriptor: int) -> None:
        """Have the loop look again at a connection that it waits for, or should wait for."""

    def forget(self, descriptor: int) -> None:
        """Have the loop wait no longer for a connection; in its own thread."""


class Connection(HTTPChannel):
    """waitress's channel, with what it lacks.

    * The head of a request is judged before its body is read; a refused body is thrown away.
    * A large body is answered while it arrives.
    * One request is taken up at a time; the next one is not even looked at before the answer is
      sent.
    * A client that left is noticed while its answer is being made; what it asked for hears of it.
    * A large answer is not copied.
    * Whatever stalls ends at some time (`expire`).

    Methods run in the thread of the sockets unless they say otherwise.
    """

    task_class = Answer
    error_task_class = Refusal

    def __init__(self, *given: Any, **named: Any) -> None:
        self._created = self._progress = time.monotonic()
        self._begun = 0.0
        self._n_requests = 0
        #: What has been read of the requests after the one that is being answered.
        self._ahead = b""
        #: Whether the client sends nothing more. It may still read: a shell's pipe does.
        self._left = False
        self._hears_of_leaving: list[Callable[[], None]] = []
        self._leaving = threading.Lock()
        #: Whether nothing more is read for an answer, and since when it is thrown away.
        self._refused = False
        self._lingers_since: float | None = None
        self._thrown_away = 0
        # Others may ask before the base, which first puts it among the connections, has all of it.
        self.requests: list[Any] = []
        super().__init__(*given, **named)
        # What is sent at once is copied at once.
        self.sendbuf_len = min(self.sendbuf_len, 1 << 18)

    # What waitress asks.

    def readable(self) -> bool:
        """Return whether something may be read now; the loop asks each time it goes round."""
        if self._lingers_since is not None:
            return True
        try:
            self._go_on()
        except Exception:  # noqa: BLE001 - one connection must not end the loop of all
            self.handle_error()
        closes = self.will_close or self.close_when_flushed or not self.connected
        if self._left or closes:
            return False
        arriving = self._arriving
        if arriving is not None and arriving.stream is not None:
            return not arriving.stream.full
        return len(self._ahead) < _MOST_AHEAD and not self.total_outbufs_len

    def handle_read(self) -> None:
        """Read what is there."""
        try:
            data = self._socket.recv(self.adj.recv_bytes)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR):
                self.handle_close()
            return
        if not data:
            self._hear_of_end()
            return
        self._progress = time.monotonic()
        if self._lingers_since is None:
            self.received(data)
            return
        self._thrown_away += len(data)
        if self._thrown_away > patience.LINGER_BYTES:
            self.handle_close()

    def received(self, data: bytes) -> bool:
        """Give what has arrived to the request that it belongs to."""
        with self._requests_lock:
            while data and not (self.will_close or self.close_when_flushed or self._refused):
                request = self._arriving
                if request is None and self.requests:
                    self._ahead += data
                    break
                request = request or self._new_request()
                data = data[request.received(data) :]
                self._take(request)
        return True

    def write_soon(self, data: Any) -> int:
        """Send bytes of an answer, or a buffer of waitress; in the thread that answers."""
        if isinstance(data, bytes) and len(data) >= _LARGE:
            data = self._owner.keep(data)
        sent = super().write_soon(data)
        if self.total_outbufs_len:
            self.wake()
        return sent

    def service(self) -> None:
        """Answer one request; in a thread that answers."""
        try:
            super().service()
        finally:
            self.wake()

    def check_client_disconnected(self) -> bool:  # type: ignore[override]
        """Return whether the client left: what it asked for need not be found any more."""
        return self._left or not self.connected

    def handle_close(self) -> None:
        """Close; after a refusal let the client read it first."""
        if self._refused and self._lingers_since is None and not self.total_outbufs_len:
            # The client may still be sending: closing now would take the answer away from it.
            with contextlib.suppress(OSError, AttributeError):
                self._socket.shutdown(socket.SHUT_WR)
                self._lingers_since = time.monotonic()
                self.will_close = self.close_when_flushed = False
                return
        super().handle_close()
        self._ahead = b""
        self._tell_of_leaving()

    def disconnect(self) -> None:
        """Close at once."""
        self._lingers_since = self._lingers_since or 0.0
        self.handle_close()

    def send_continue(self) -> None:
        """Say that the body may come; from any thread."""
        request = self._arriving
        if request is None or not request.expect_continue:
            return
        request.expect_continue = False
        line = b"HTTP/1.1 100 Continue\r\n\r\n"
        with self.outbuf_lock:
            cast("Any", self.outbufs[-1]).append(line)
            self.current_outbuf_count += len(line)
            self.total_outbufs_len += len(line)
        self.wake()

    def add_channel(self, map: Any = None) -> None:
        """Be waited for."""
        super().add_channel(map)
        self._owner.look_at(self.descriptor)

    def del_channel(self, map: Any = None) -> None:
        """Be waited for no longer."""
        descriptor = self.descriptor
        super().del_channel(map)
        self._owner.forget(descriptor)

    def _flush_outbufs_below_high_watermark(self) -> None:
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self.wake()
        super()._flush_outbufs_below_high_watermark()  # type: ignore[misc]

    def _flush_some(self, do_close: bool = True) -> bool:
        sent = bool(super()._flush_some(do_close=do_close))  # type: ignore[misc]
        if sent:
            self._progress = time.monotonic()
        return sent

    # What a request and its answer ask.

    def environ_of(self, request: Incoming) -> WSGIEnvironment:
        """Return a request's head as WSGI names it."""
        return Answer(self, cast("Any", request)).get_environment()

    def admit(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body, in bytes, or raise the refusal."""
        return self._owner.admit(environ)

    def check_room(self, length: int) -> None:
        """Raise RequestError if too many bodies are arriving already."""
        self._owner.check_room(length)

    def wake(self) -> None:
        """Make the thread of the sockets look again; from any thread."""
        self._owner.look_at(self.descriptor)

    def when_left(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the client leaves, at once if it has; in the thread that answers."""
        with self._leaving:
            self._hears_of_leaving.append(tell)
        if self.check_client_disconnected():
            tell()

    def answered(self, *, whole: bool) -> None:
        """Take over that an answer is made; in the thread that made it.

        Parameters
        ----------
        whole : bool
            Whether the request's body has arrived; else the rest of it is thrown away.
        """
        with self._leaving:
            self._hears_of_leaving.clear()
        self._refused = self._refused or not whole

    # What the listener asks.

    @property
    def descriptor(self) -> int:
        """Its number, or -1 once it is closed."""
        found = cast("Any", self)._fileno
        return -1 if found is None else int(found)

    @property
    def bodies(self) -> list[Incoming]:
        """The requests whose bodies are arriving or wait for an answer; one at most."""
        at_work = cast("list[Incoming]", list(self.requests))
        arriving = self._arriving
        return at_work or ([] if arriving is None else [arriving])

    @property
    def idle_since(self) -> float | None:
        """When the client last did something, if nothing of it is being worked on."""
        busy = self.requests or self.total_outbufs_len or self._ahead or self._arriving
        return None if busy or self._refused else self._progress

    def expire(self, now: float) -> None:
        """End what has been waited for too long; `now` is a time of the monotonic clock."""
        if self._lingers_since is not None:
            if now - self._lingers_since > patience.LINGER:
                self.handle_close()
        elif self.total_outbufs_len:
            if now - self._progress > patience.UNREAD:
                self.handle_close()
        elif self._arriving is not None:
            self._expire_request(self._arriving, now)
        elif not self.requests:
            since, most = self._created, patience.FIRST_BYTE
            if self._n_requests:
                since, most = self._progress, patience.IDLE
            if now - since > most:
                self.handle_close()

    # The rest.

    def _go_on(self) -> None:
        """Take up the next request when the last one is answered, or close after the last."""
        if self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed:
            return
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            self.received(ahead)
        if self._left and not self.requests:
            self.handle_close()

    def _new_request(self) -> Incoming:
        self._arriving = request = Incoming(self.adj, self)
        self._begun = time.monotonic()
        return request

    def _take(self, request: Incoming) -> None:
        """Have a request answered that is complete, or whose body is read while it arrives."""
        if request.error is not None or request.is_broken:
            # Where the next request begins is unknown, or not worth waiting for.
            self._refused = True
        if request.stream is not None and not request.queued:
            request.stream.before_reading = self.send_continue
            self._queue(request)
        elif request.completed and not request.empty and not request.queued:
            self._queue(request)
        elif request.expect_continue and request.headers_finished and not request.queued:
            self.send_continue()
        if request.completed:
            self._arriving = None

    def _queue(self, request: Incoming) -> None:
        request.queued = True
        self._n_requests += 1
        cast("list[Incoming]", self.requests).append(request)
        self.server.add_task(cast("Any", self))

    def _expire_request(self, request: Incoming, now: float) -> None:
        if request.stream is not None and request.stream.full:
            return  # it waits for us
        fault = patience.request_fault(
            now, self._begun, self._progress, request.headers_finished, request.body_bytes_received
        )
        if fault is None:
            return
        with self._requests_lock:
            self._refused = True
            request.refuse(RequestError(fault, status=408))
            if not request.queued:
                self._queue(request)
            self._arriving = None

    def _hear_of_end(self) -> None:
        """Take over that the client sends nothing more: it left, or waits for its last answers."""
        self._left = True
        self._tell_of_leaving()
        with self._requests_lock:
            self._arriving = None
        if self._lingers_since is not None:
            self.handle_close()

    def _tell_of_leaving(self) -> None:
        arriving = self._arriving
        if arriving is not None and arriving.stream is not None:
            arriving.stream.fail(RequestError("The body broke off."))
        with self._leaving:
            told, self._hears_of_leaving = self._hears_of_leaving, []
        for tell in told:
            tell()

    @property
    def _owner(self) -> Owner:
        return cast("Owner", self.server)

    @property
    def _arriving(self) -> Incoming | None:
        """The request that is not complete yet."""
        return cast("Incoming | None", self.request)

    @_arriving.setter
    def _arriving(self, request: Incoming | None) -> None:
        self.request = request

    @property
    def _socket(self) -> socket.socket:
        return cast("socket.socket", cast("Any", self).socket)

    @property
    def _requests_lock(self) -> threading.Lock:
        return cast("threading.Lock", cast("Any", self).requests_lock)
