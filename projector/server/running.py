"""A server that runs: bind, serve from threads, close cleanly."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from waitress.server import create_server

from projector.api.session import Session
from projector.errors import ParameterError
from projector.server.application import THREADS, create_app
from projector.server.gate import is_loopback
from projector.server.log import MAX_UPLOAD


class Server:
    """A running projector.

    Made by `projector.serve`. Use it as a context manager, or call `close`.

    Attributes
    ----------
    url : str
        The address to open, with the token where one is asked for.
    session : Session
    """

    def __init__(
        self,
        logdir: str | Path | Sequence[str | Path],
        *,
        host: str = "127.0.0.1",
        port: int = 6006,
    ) -> None:
        token = None if is_loopback(host) else secrets.token_urlsafe(18)
        listener = _bind(host, port)
        try:
            self.session = Session(logdir)
        except BaseException:
            listener.close()
            raise
        self._waitress = create_server(
            create_app(self.session, token=token),
            sockets=[listener],
            threads=THREADS,
            # A reader that does not keep up holds back its own stream at one megabyte.
            outbuf_high_watermark=1 << 20,
            channel_timeout=3600,
            ident="",
            max_request_body_size=MAX_UPLOAD,
            clear_untrusted_proxy_headers=True,
        )
        name = _shown_host(host)
        self.url = f"http://{name}:{listener.getsockname()[1]}/"
        if token is not None:
            self.url += f"?token={token}"
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._waitress.run, name="server", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has been closed."""
        # With a timeout in a loop, because Ctrl-C does not interrupt an endless wait everywhere.
        while not self._closed.wait(1.0):
            continue

    def close(self) -> None:
        """Stop serving, stop all work, and leave nothing behind."""
        if self._closed.is_set():
            return
        self._closed.set()
        self.session.close()
        # Streams have ended with the session; their threads still have a last word to send.
        self._waitress.task_dispatcher.shutdown(timeout=2)
        self._waitress.close()
        self._thread.join(timeout=3)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _bind(host: str, port: int) -> socket.socket:
    """Return a bound socket, or say in one sentence why not."""
    name = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with contextlib.ExitStack() as on_failure:
            listener = on_failure.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            on_failure.pop_all()
        return listener
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ParameterError(
                f"Port {port} is in use. Use another one, or --port 0 for any free one."
            ) from None
        raise ParameterError(
            f"Can not listen on {host}:{port}: {error.strerror or error}."
        ) from None
    except OverflowError:
        raise ParameterError(f"A port is a number from 0 to 65,535. Got {port}.") from None


def _shown_host(host: str) -> str:
    name = host.strip("[]")
    if name in ("0.0.0.0", "::", ""):
        return socket.gethostname()
    return f"[{name}]" if ":" in name else name
