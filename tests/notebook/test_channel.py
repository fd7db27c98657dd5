from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.api.session.session import Session
from projector.errors import RequestError
from projector.notebook.messages import PIECE_BYTES, PIECES_AHEAD
from projector.server.application import create_app
from tests.conftest import write_log
from tests.notebook.fake_page import PATIENCE_SECONDS, FakePage

LOG = "/api/v1/log"


@pytest.fixture
def session(
    tmp_path: Path, blobs: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> Iterator[Session]:
    made = Session(write_log(tmp_path / "runs", blobs), watch=False)
    made.wait()
    yield made
    made.close()


@pytest.fixture
def page(session: Session) -> Iterator[FakePage]:
    made = FakePage(create_app(session, embedded=True))
    yield made
    made.channel.close()


def replying(content: Iterable[bytes]) -> Callable[[Any, Any], Iterable[bytes]]:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return content

    return app


class Endless:
    """An answer that never ends, and says whether it was closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.sent += 1
        return bytes(PIECE_BYTES)

    def close(self) -> None:
        self.closed.set()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", LOG, b"", {}),
        ("GET", "/api/v1/methods", b"", {}),
        ("GET", "/api/v1/nothing", b"", {}),
        ("GET", f"{LOG}?unknown=1", b"", {}),
        ("DELETE", LOG, b"", {}),
        ("POST", "/api/v1/projections", b"{", {"Content_Type": "application/json"}),
        ("POST", "/api/v1/projections", b"{}", {"Content_Type": "application/json"}),
        ("PUT", "/api/v1/selection", b"short", {"Content_Type": "application/octet-stream"}),
        ("PUT", "/api/v1/selection", bytes(1 << 16), {}),
        ("GET", "/api/v1/datasets/%C3%BC%2F..", b"", {}),
    ],
)
def test_an_answer_is_that_of_the_server(
    page: FakePage, session: Session, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    found = page.ask(method, path, body, **headers)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = create_app(session).test_client()
    expected = client.open(path, method=method, data=body, headers=named)
    assert (found.status, found.body) == (expected.status_code, expected.data)
    kept = ("Content-Type", "ETag", "Cache-Control")
    assert {k: found.headers.get(k) for k in kept} == {k: expected.headers.get(k) for k in kept}


def test_no_message_is_larger_than_a_mebibyte_and_16_mb_pass_both_ways() -> None:
    def echo(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]

    def read_whole(environ: Any, start_response: Any) -> Iterable[bytes]:
        size, parts = int(environ["CONTENT_LENGTH"]), []
        while size:
            parts.append(environ["wsgi.input"].read(size))
            size -= len(parts[-1])
        start_response("200 OK", [])
        return [b"".join(parts)]

    sent = np.random.default_rng(0).bytes(16_000_000)
    page = FakePage(read_whole)
    assert page.ask("POST", "/echo", sent).body == sent
    assert max(page.sizes) == PIECE_BYTES < 1 << 20
    assert FakePage(echo).ask("POST", "/echo", b"abc").body == b"abc"


def test_an_upload_is_listed(page: FakePage, session: Session) -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    content = b"\n".join(b"\t".join(b"%.6f" % each for each in row) for row in vectors)
    path = "/api/v1/uploads?batch=a1&name=points.tsv"
    answer = page.ask("POST", path, content, Content_Type="application/octet-stream")
    assert answer.status == 200, answer.body
    assert len(json.loads(answer.body)["entries"]) == 1
    assert "points" in {entry.name for entry in session.listing_now.entries}


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(page: FakePage) -> None:
    number = page.open("POST", "/api/v1/projections", size=50 << 20)
    assert page.next(number)[0] == "taken"
    kind, head, _ = page.next(number)
    assert (kind, head["status"]) == ("head", 413)


def test_a_page_that_reads_nothing_holds_the_application_back() -> None:
    endless = Endless()
    page = FakePage(replying(endless))
    number = page.open("GET", "/endless")
    kinds = [page.next(number)[0] for _ in range(2 + PIECES_AHEAD)]
    assert kinds == ["taken", "head", *["chunk"] * PIECES_AHEAD]
    assert endless.sent <= PIECES_AHEAD + 1
    page.say("more", id=number)
    assert page.next(number)[0] == "chunk"
    assert page.is_quiet(number)
    page.say("abort", id=number)
    assert endless.closed.wait(PATIENCE_SECONDS)
    assert page.next(number)[0] == "broken"


@pytest.mark.parametrize("how", ["gone", "close"])
def test_what_a_page_leaves_is_ended(how: str) -> None:
    endless = Endless()
    page = FakePage(replying(endless))
    number = page.open("GET", "/endless")
    assert page.next(number)[0] == "taken"
    if how == "gone":
        page.say("gone")
    else:
        page.channel.close()
    assert endless.closed.wait(PATIENCE_SECONDS)


def test_events_come_while_they_happen_and_end_with_the_page(
    page: FakePage, session: Session
) -> None:
    number = page.open("GET", "/api/v1/events")
    read = b""
    while b"event: selection" not in read:
        kind, _, piece = page.next(number)
        read += piece
        if kind == "chunk":
            page.say("more", id=number)
    session.selection.select_from_python([1, 2, 3], None, None, None)
    while b'"author": "python"' not in read:
        read += page.next(number)[2]
    page.say("gone")
    while page.next(number)[0] != "broken":
        pass


def test_frames_of_a_running_projection_come_in_pieces(page: FakePage, session: Session) -> None:
    dataset = session.listing.entries[0].id
    body = json.dumps({"dataset": dataset, "method": "umap", "n_components": 2}).encode()
    begun = page.ask("POST", "/api/v1/projections", body, Content_Type="application/json")
    assert begun.status in (200, 201, 202), begun.body
    projection = json.loads(begun.body)["id"]
    frames = page.ask("GET", f"/api/v1/projections/{projection}/frames")
    # The last frame: a header of 16 bytes, and two float32 for each of 300 points.
    assert frames.status == 200
    assert len(frames.body) >= 16


def test_a_stream_that_breaks_is_no_whole_answer() -> None:
    def content() -> Iterator[bytes]:
        yield b"one"
        raise OSError("the disk is gone")

    page = FakePage(replying(content()))
    heard: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", heard.append)
        number = page.open("GET", "/broken")
        kinds = [page.next(number)[0] for _ in range(4)]
        assert kinds == ["taken", "head", "chunk", "broken"]
        for thread in threading.enumerate():
            if thread.name == "cell":
                thread.join(PATIENCE_SECONDS)
    assert [str(each.exc_value) for each in heard] == ["the disk is gone"]


def test_too_many_requests_are_refused_and_not_queued() -> None:
    endless = Endless()
    page = FakePage(replying(endless), most_calls=1)
    first = page.open("GET", "/endless")
    assert page.next(first)[0] == "taken"
    answer = page.ask("GET", "/more")
    assert answer.status == 503
    assert "the limit is 1" in json.loads(answer.body)["error"]["message"]
    page.say("abort", id=first)


def test_a_notebook_that_drops_buffers_gets_text() -> None:
    page = FakePage(replying([b"\0\xff"]))
    page.say("hello")
    message, buffers = page.heard.get(timeout=PATIENCE_SECONDS)
    assert (message["kind"], message["binary"], len(buffers[0])) == ("welcome", False, 4)
    page.say("text")
    number = page.open("GET", "/bytes")
    while (found := page.next(number))[0] != "chunk":
        pass
    assert (found[1]["data"], found[2]) == ("AP8=", b"")
    page.say("picture", data="aGVsbG8=")
    assert page.pictures == [b"hello"]


def test_buffers_that_pass_stay_buffers() -> None:
    page = FakePage(replying([]))
    page.say("hello", [b"\0\0\0\0"])
    message, _ = page.heard.get(timeout=PATIENCE_SECONDS)
    assert message["binary"] is True


def test_a_page_may_not_send_more_than_it_was_asked_for() -> None:
    waits = threading.Event()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        waits.wait(PATIENCE_SECONDS)
        start_response("200 OK", [])
        return []

    page = FakePage(app)
    number = page.open("POST", "/uploads", size=100)
    for _ in range(PIECES_AHEAD + 1):
        page.say("body", [b"x"], id=number)
    with pytest.raises(RequestError, match="more of a body than it was asked for"):
        page.say("body", [b"x"], id=number)
    waits.set()


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"kind": "open"},
        {"kind": "open", "view": "v", "id": 0, "method": "GET", "path": "/"},
        {"kind": "open", "view": "v", "id": True, "method": "GET", "path": "/"},
        {"kind": "open", "view": "v", "id": 1, "method": "G T", "path": "/"},
        {"kind": "open", "view": "v", "id": 1, "method": "GET", "path": "log"},
        {"kind": "open", "view": "v", "id": 1, "method": "GET", "path": "/ü"},
        {"kind": "open", "view": "v", "id": 1, "method": "GET", "path": "/", "size": -1},
        {"kind": "open", "view": "v", "id": 1, "method": "GET", "path": "/", "headers": {"a": 1}},
        {"kind": "open", "view": "v", "id": 1, "method": "GET", "path": "/",
         "headers": {"a": "b\r\nc: d"}},
        {"kind": "body", "view": "v" * 65, "id": 1},
        {"kind": "picture", "view": "v", "data": "%%"},
        {"kind": "shout", "view": "v"},
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_a_sentence(content: object) -> None:
    page = FakePage(replying([]))
    with pytest.raises(RequestError, match="A message of a notebook's page must have"):
        page.channel.receive(content)


def test_a_header_cannot_stand_for_another_host(page: FakePage) -> None:
    assert page.ask("GET", LOG, Host="evil.example.com").status == 200
