"""The server's application over messages: no port, no socket, the same answers."""

from __future__ import annotations

import base64
import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from projector.notebook.flow import ArrivingBody, Credit
from projector.notebook.messages import PIECE_BYTES, Opening, PageMessage, read_message
from projector.server.budget import budget
from projector.server.connections.answering import WHEN_LEFT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Send = Callable[[Mapping[str, Any], list[bytes]], None]

#: What both sides learn from whether a notebook passes buffers on.
_PROBE = b"\0\1\2\3"


class Channel:
    """Answers the requests that pages send as messages, each in a thread of its own.

    Parameters
    ----------
    app : WSGI application
    send : callable
        Takes a message and its buffers to the pages; called from any thread.
    on_picture : callable
        Takes a PNG of what a page shows.
    on_left : callable
        Called when the last page has left.
    most_calls : int, optional
        Requests at once; those of the server's budget by default.
    """

    def __init__(
        self,
        app: WSGIApplication,
        send: Send,
        *,
        on_picture: Callable[[bytes], None] = lambda png: None,
        on_left: Callable[[], None] = lambda: None,
        most_calls: int | None = None,
    ) -> None:
        self._app = app
        self._send = send
        self._on_picture = on_picture
        self._on_left = on_left
        self._pages: set[str] = set()
        self._most_calls = most_calls or budget().threads
        self._lock = threading.Lock()
        self._calls: dict[tuple[str, int], _Call] = {}
        #: Pages in notebooks that drop buffers: their bytes travel as text.
        self._as_text: set[str] = set()

    @property
    def has_pages(self) -> bool:
        """Whether a page is open that has not said that it left."""
        return bool(self._pages)

    def receive(self, content: object, buffers: Sequence[Any] = ()) -> None:
        """Take a message of a page; returns at once. Messages of one page must come in order.

        Raises
        ------
        RequestError
            It is no message of the protocol.
        """
        message = read_message(content, buffers)
        if message.kind == "open":
            self._open(message)
        elif message.kind == "hello":
            self._pages.add(message.view)
            welcome = {"view": message.view, "kind": "welcome", "binary": message.is_binary}
            self._send(welcome, [_PROBE])
        elif message.kind == "text":
            self._as_text.add(message.view)
        elif message.kind == "picture":
            self._on_picture(message.body)
        elif message.kind == "gone":
            self._leave(message.view)
        else:
            self._pass_on(message)

    def close(self) -> None:
        """Give every request up."""
        for call in self._having(lambda key: True):
            call.stop()

    def say(self, view: str, message: Mapping[str, Any], body: bytes | None = None) -> None:
        """Send a message to one page."""
        addressed: dict[str, Any] = {"view": view, **message}
        if body is not None and view in self._as_text:
            self._send({**addressed, "data": base64.b64encode(body).decode()}, [])
        else:
            self._send(addressed, [] if body is None else [body])

    def _open(self, message: PageMessage) -> None:
        assert message.opening is not None, "an opening message has a request"
        key = (message.view, message.number)
        call = _Call(self, key, message.opening)
        with self._lock:
            is_full = len(self._calls) >= self._most_calls
            if not is_full:
                self._calls[key] = call
        call.reply({"kind": "taken"})
        if is_full:
            call.refuse_for_now(self._most_calls)
            return
        thread = threading.Thread(target=self._answer, args=(call,), name="cell", daemon=True)
        thread.start()

    def _answer(self, call: _Call) -> None:
        try:
            call.answer(self._app)
        finally:
            with self._lock:
                self._calls.pop(call.key, None)

    def _pass_on(self, message: PageMessage) -> None:
        with self._lock:
            call = self._calls.get((message.view, message.number))
        # It may have been answered meanwhile.
        if call is None:
            return
        if message.kind == "body":
            call.body.feed(message.body)
        elif message.kind == "more":
            call.credit.give()
        else:
            call.stop()

    def _leave(self, view: str) -> None:
        self._as_text.discard(view)
        for call in self._having(lambda key: key[0] == view):
            call.stop()
        self._pages.discard(view)
        if not self._pages:
            self._on_left()

    def _having(self, wanted: Callable[[tuple[str, int]], bool]) -> list[_Call]:
        with self._lock:
            return [call for key, call in self._calls.items() if wanted(key)]


class _Call:
    """One request of a page, and its answer."""

    def __init__(self, channel: Channel, key: tuple[str, int], opening: Opening) -> None:
        self.key = key
        self.credit = Credit()
        self.body = ArrivingBody(lambda: self.reply({"kind": "ready"}))
        self._channel = channel
        self._opening = opening

    def reply(self, message: Mapping[str, Any], body: bytes | None = None) -> None:
        view, number = self.key
        self._channel.say(view, {"id": number, **message}, body)

    def stop(self) -> None:
        self.body.stop()
        self.credit.stop()

    def answer(self, app: WSGIApplication) -> None:
        """Ask the application, and send what it says as fast as the page reads it."""
        is_whole = False
        try:
            chunks = app(self._environ(), self._start)
            try:
                is_whole = self._send_all(chunks)
            finally:
                close: Callable[[], None] = getattr(chunks, "close", lambda: None)
                close()
        finally:
            self.reply({"kind": "end" if is_whole else "broken"})
            self.stop()

    def refuse_for_now(self, most: int) -> None:
        """Say that too many requests are being answered."""
        message = (
            f"Too many requests are being answered; the limit is {most}. Close other cells of "
            "projector."
        )
        body = json.dumps({"error": {"type": "RequestError", "message": message}}).encode()
        self._start("503 Service Unavailable", [("Content-Type", "application/json")])
        self.reply({"kind": "chunk"}, body)
        self.reply({"kind": "end"})

    def _send_all(self, chunks: Iterable[bytes]) -> bool:
        for chunk in chunks:
            for at in range(0, len(chunk), PIECE_BYTES):
                if not self.credit.take():
                    return False
                # The rest of a large array is not copied for each piece.
                self.reply({"kind": "chunk"}, bytes(memoryview(chunk)[at : at + PIECE_BYTES]))
        return not self.credit.is_stopped

    def _start(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        code, _, reason = status.partition(" ")
        self.reply(
            {"kind": "head", "status": int(code), "reason": reason, "headers": dict(headers)}
        )
        return _no_writing

    def _environ(self) -> WSGIEnvironment:
        opening = self._opening
        path, _, query = opening.path.partition("?")
        named = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in opening.headers.items()
        }
        return {
            **named,
            "REQUEST_METHOD": opening.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": named.get("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(opening.size),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": self.body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            # As the server's own connections say it.
            "waitress.client_disconnected": lambda: self.credit.is_stopped,
            WHEN_LEFT: self.credit.when_left,
        }


def _no_writing(_: bytes) -> None:
    raise AssertionError("the application returns its answer")
