"""The listening socket: accepts connections within the budget, and ends those that stall."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.server import TcpWSGIServer
from waitress.trigger import trigger

from projector.errors import RequestError
from projector.server.budget import Budget
from projector.server.connections.answering import refusal_bytes
from projector.server.connections.connection import Connection
from projector.server.connections.kept_bytes import KeptBytes, spooled
from projector.server.connections.loop import Loop
from projector.server.connections.threads import Threads
from projector.server.gate import Gate

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_LOGGER = logging.getLogger("projector")

#: Connections that are accepted before those that exist are looked at again.
_AT_ONCE = 64
#: Seconds between two looks at what is overdue, and without accepting where no descriptor is free.
_LOOK = 1.0
#: Seconds after which a machine that acknowledges nothing is taken for gone.
_VANISHED = 120
#: Bodies below this size are not counted.
_SMALL = 1 << 16
#: Bytes of large answers in memory; what does not fit waits in a temporary file for its reader.
_UNREAD = 256 << 20
#: For bounds of waitress that ours stand before.
_NEVER = 1 << 62


class Listener(TcpWSGIServer):
    """waitress's server, with our connections and our budget.

    Methods run in the thread of the sockets unless they say otherwise.

    Parameters
    ----------
    app : WSGI application
    gate : Gate
        Judges requests before their bodies are read.
    budget : Budget
    listening : socket
        Bound already.
    forwarded : bool
        Whether the application may see the headers of a proxy.
    """

    channel_class = Connection

    def __init__(
        self,
        app: WSGIApplication,
        gate: Gate,
        budget: Budget,
        listening: socket.socket,
        *,
        forwarded: bool = False,
    ) -> None:
        self._gate = gate
        self._budget = budget
        self._next_look = self._accepts_from = 0.0
        channels: dict[int, Any] = {}
        self._loop = Loop(channels)
        #: Held by who wakes the loop and by who closes what wakes it.
        self._waking = threading.Lock()
        self._is_closed = False
        super().__init__(
            app,
            map=channels,
            _sock=listening,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            dispatcher=Threads(budget.threads),
            adj=Adjustments(
                sockets=[listening],
                recv_bytes=1 << 16,
                # A stream waits once this much of it is unread.
                outbuf_high_watermark=1 << 20,
                max_request_header_size=1 << 16,
                # A connection is read while its request is answered: so it is seen to end.
                channel_request_lookahead=1,
                asyncore_use_poll=True,
                log_socket_errors=False,
                ident="",
                clear_untrusted_proxy_headers=not forwarded,
                connection_limit=_NEVER,
                max_request_body_size=_NEVER,
                inbuf_overflow=_NEVER,
                outbuf_overflow=_NEVER,
            ),
        )

    @property
    def connections(self) -> list[Connection]:
        """All connections; from any thread."""
        open_now = cast("dict[int, Connection]", self.active_channels)
        return list(open_now.values())

    def run(self) -> None:
        """Serve until everything is closed; this is the thread of the sockets."""
        self._loop.run(self._listening.fileno())

    def readable(self) -> bool:
        """Return whether to accept; the loop asks at least once a second."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK
            self.expire(now)
            self._loop.touch([connection.descriptor for connection in self.connections])
        return bool(self.accepting) and now >= self._accepts_from

    def pull_trigger(self, then: Callable[[], object] | None = None) -> None:
        """Wake the loop, from any thread; not any more once it is closed.

        A descriptor that is closed may be somebody else's by now, and must not be written to.

        Parameters
        ----------
        then : callable, optional
            Called by the loop.
        """
        with self._waking:
            if not self._is_closed:
                cast("trigger", self.trigger).pull_trigger(cast("Any", then))

    def close(self) -> None:
        """Stop listening; the loop ends when its connections have ended."""
        with self._waking:
            self._is_closed = True
            super().close()

    def look_at(self, descriptor: int) -> None:
        """Have the loop look again at a connection; from any thread."""
        self._loop.touch((descriptor,))
        self.pull_trigger()

    def forget(self, descriptor: int) -> None:
        """Have the loop wait no longer for a connection."""
        self._loop.forget(descriptor)

    def expire(self, now: float) -> None:
        """End what has been waited for too long."""
        for connection in self.connections:
            try:
                connection.expire(now)
            except Exception:  # noqa: BLE001 - one connection must not end the loop of all
                connection.handle_error()

    def handle_accept(self) -> None:
        """Accept who is waiting."""
        for _ in range(_AT_ONCE):
            try:
                accepted, address = self._listening.accept()
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE) and not self._make_room():
                    _LOGGER.warning("No file can be opened for a connection: %s.", error.strerror)
                    self._accepts_from = time.monotonic() + _LOOK
                # Others: nobody is waiting any more.
                return
            full = len(self.connections) >= self._budget.connections
            if full and not self._make_room():
                _turn_away(accepted)
                continue
            with contextlib.suppress(OSError):  # gone already: reading will tell
                _prepare(accepted)
            Connection(self, accepted, address, self.adj, map=cast("Any", self)._map)

    def admit(self, environ: WSGIEnvironment) -> int:
        """Return the size of the largest body, in bytes, or raise the refusal."""
        return self._gate.admit(environ)

    def check_room(self, length: int) -> None:
        """Raise RequestError if too many bodies are arriving already; `length` is in bytes."""
        if length <= _SMALL:
            return
        bodies = [body for each in self.connections for body in each.bodies]
        n_streams = sum(body.stream is not None for body in bodies)
        in_memory = sum(body.reserved for body in bodies)
        if n_streams >= self._budget.bodies or in_memory >= self._budget.bodies << 20:
            raise RequestError(
                "Too many files are being sent at once. Try again in a moment.", status=503
            )

    def keep(self, answer: bytes) -> ReadOnlyFileBasedBuffer:
        """Return a buffer of a large answer; in a thread that answers.

        However many clients read the same slowly, it is in memory once.
        """
        waiting = [buffer for each in self.connections for buffer in list[Any](each.outbufs)]
        unread = [buffer.content for buffer in waiting if isinstance(buffer, KeptBytes)]
        for content in unread:
            if len(content) == len(answer) and content == answer:
                return KeptBytes(content)
        if sum(map(len, {id(content): content for content in unread}.values())) < _UNREAD:
            return KeptBytes(answer)
        return spooled(answer)

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest; return whether there was one."""
        idle = [
            (since, connection)
            for connection in self.connections
            if (since := connection.idle_since) is not None
        ]
        if not idle:
            return False
        min(idle, key=lambda each: each[0])[1].handle_close()
        return True

    @property
    def _listening(self) -> socket.socket:
        return cast("socket.socket", cast("Any", self).socket)


def _prepare(accepted: socket.socket) -> None:
    """Send small answers at once, and notice machines that vanished without a word."""
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _VANISHED // 2)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _VANISHED * 1000)


def _turn_away(accepted: socket.socket) -> None:
    """Say that there are too many connections, to a client that nobody waits for."""
    error = RequestError(
        "Too many connections are open. Close other tabs of projector.", status=503
    )
    with contextlib.suppress(OSError), accepted:
        accepted.setblocking(False)
        accepted.send(refusal_bytes(error))
        accepted.shutdown(socket.SHUT_WR)
