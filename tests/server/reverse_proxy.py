"""A small reverse proxy that passes requests on as nginx, Caddy or a notebook's server would."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Headers that belong to one connection, not to the request.
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "trailer"}


@dataclass
class Route:
    """What the proxy does with the requests below a path.

    Attributes
    ----------
    port : int
        The port of the server behind it, on 127.0.0.1.
    prefix : str
        The path, without a slash at its end.
    strips : bool
        Whether the path is cut off.
    host : str or None
        What is sent as `Host`; None sends what the browser sent.
    sends : mapping
        Headers that are added; ``{host}`` stands for what the browser sent as `Host`.
    streams : callable
        Says of the headers of a request whether its answer is passed on piece by piece.
    """

    port: int
    prefix: str = ""
    strips: bool = True
    host: str | None = None
    sends: Mapping[str, str] = field(default_factory=dict)
    streams: Callable[[Message], bool] = lambda _: True


def nginx(port: int, prefix: str = "", scheme: str = "http", **more: str) -> Route:
    """Return a route as the usual configuration of nginx makes it."""
    sends = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": scheme,
        "X-Forwarded-Host": "{host}",
        **({"X-Forwarded-Prefix": prefix} if prefix else {}),
        **more,
    }
    return Route(port, prefix, host=f"127.0.0.1:{port}", sends=sends)


def silent(port: int, prefix: str) -> Route:
    """Return a route that cuts its path off and says nothing of it."""
    return Route(port, prefix, host=f"127.0.0.1:{port}")


def notebook(port: int, prefix: str) -> Route:
    """Return a route as jupyter-server-proxy makes it: `Host` is kept, few answers stream."""
    return Route(
        port,
        prefix,
        sends={"X-Forwarded-Context": prefix, "X-ProxyContextPath": prefix},
        streams=lambda headers: headers.get("Accept") == "text/event-stream",
    )


@contextmanager
def reverse_proxy(*routes: Route) -> Iterator[int]:
    """Run a proxy on 127.0.0.1 and give its port; the first route that matches is taken."""
    server = _Proxy(routes)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def pass_on(self) -> None:
        routes = self.server.routes
        found = next((each for each in routes if _is_below(self.path, each.prefix)), None)
        self.close_connection = True
        if found is None:
            self.send_error(502)
            return
        connection = http.client.HTTPConnection("127.0.0.1", found.port, timeout=60)
        try:
            self._send(connection, found)
            self._answer(connection.getresponse(), streams=found.streams(self.headers))
        except (ConnectionError, TimeoutError):
            return  # either side has left
        finally:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, route: Route) -> None:
        path = self.path[len(route.prefix) :] if route.strips else self.path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection.putrequest(self.command, path or "/", skip_host=True, skip_accept_encoding=True)
        sent = self.headers.get("Host", "")
        connection.putheader("Host", sent if route.host is None else route.host)
        replaced = {"host", *_OF_THE_CONNECTION, *(name.lower() for name in route.sends)}
        for name, value in self.headers.items():
            if name.lower() not in replaced:
                connection.putheader(name, value)
        for name, value in route.sends.items():
            connection.putheader(name, value.format(host=sent))
        connection.endheaders(body)

    def _answer(self, answer: http.client.HTTPResponse, *, streams: bool) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_THE_CONNECTION:
                self.send_header(name, value)
        # Without a length the end of the connection is the end of the answer.
        self.send_header("Connection", "close")
        self.end_headers()
        if not streams:
            self.wfile.write(answer.read())
            return
        while piece := answer.read1(1 << 16):
            self.wfile.write(piece)
            self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at the answers."""


def _is_below(path: str, prefix: str) -> bool:
    return path.partition("?")[0] == prefix or path.startswith(prefix + "/")
