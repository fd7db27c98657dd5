"""A page of a widget, without a notebook: it asks as messages and reads at its own speed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from wsgiref.types import WSGIApplication

from projector.notebook.channel import Channel
from projector.notebook.messages import PIECE_BYTES, PIECES_AHEAD

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class FakePage:
    """One page on one channel.

    Attributes
    ----------
    sizes : list of int
        Bytes of every buffer that came.
    """

    def __init__(self, app: WSGIApplication, *, most_calls: int = 50, binary: bool = True) -> None:
        self.channel = Channel(
            app, self._hear, on_picture=lambda png: self.pictures.append(png), most_calls=most_calls
        )
        self.view = "page"
        self.sizes: list[int] = []
        self.pictures: list[bytes] = []
        self.heard: queue.Queue[tuple[Mapping[str, Any], list[bytes]]] = queue.Queue()
        self._binary = binary
        self._lock = threading.Lock()
        self._inboxes: dict[int, queue.Queue[tuple[Mapping[str, Any], bytes]]] = {}
        self._number = 0

    def say(self, kind: str, buffers: Sequence[bytes] = (), **content: Any) -> None:
        self.channel.receive({"view": self.view, "kind": kind, **content}, buffers)

    def open(self, method: str, path: str, size: int = 0, **headers: str) -> int:
        """Send a request without its body; return its number."""
        with self._lock:
            self._number += 1
            number = self._number
            self._inboxes[number] = queue.Queue()
        self.say("open", id=number, method=method, path=path, headers=headers, size=size)
        return number

    def next(self, number: int) -> tuple[str, Mapping[str, Any], bytes]:
        """Return the next message of a request: its kind, itself and its bytes."""
        message, body = self._inboxes[number].get(timeout=PATIENCE_SECONDS)
        return message["kind"], message, body

    def is_quiet(self, number: int) -> bool:
        return self._inboxes[number].empty()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request and its body as fast as the kernel takes it, and read the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        number = self.open(method, path, len(body), **named)
        pieces = [body[at : at + PIECE_BYTES] for at in range(0, len(body), PIECE_BYTES)]
        credit, head, read = PIECES_AHEAD, None, b""
        while True:
            while pieces and credit:
                credit -= 1
                self.say("body", [pieces.pop(0)], id=number)
            kind, message, piece = self.next(number)
            if kind == "ready":
                credit += 1
            elif kind == "head":
                head = message
            elif kind == "chunk":
                read += piece
                self.say("more", id=number)
            elif kind in ("end", "broken"):
                assert kind == "end", "the answer was cut off"
                assert head is not None
                return Answer(head["status"], head["headers"], read)

    def _hear(self, message: Mapping[str, Any], buffers: list[bytes]) -> None:
        assert message["view"] == self.view
        self.sizes += [len(each) for each in buffers]
        inbox = self._inboxes.get(message.get("id", 0))
        if inbox is None:
            self.heard.put((message, buffers))
        else:
            inbox.put((message, buffers[0] if buffers else b""))
