"""Remote log directories on web servers that list their folders, with and without ranges."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import LoadError
from tests.loaders.remote.counting import npy, numbers


class Plain(SimpleHTTPRequestHandler):
    """Python's own: lists folders, knows no ranges, tells when a file was changed."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str | None]]

    def log_message(self, *args: Any) -> None:
        self.seen.append((self.command, self.path, self.headers["Range"]))


class Ranged(Plain):
    """As most servers are: ranges, ETags and conditions."""

    heeds_conditions = True

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return super().do_GET()
        content = path.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.heeds_conditions and self.headers["If-Match"] not in (None, tag):
            return self._answer(412, tag, b"")
        start, stop = 0, len(content)
        if self.headers["Range"]:
            first, last = self.headers["Range"].removeprefix("bytes=").split("-")
            start, stop = int(first), min(stop, int(last) + 1)
        self._answer(206, tag, content[start:stop], f"bytes {start}-{stop - 1}/{len(content)}")
        return None

    def do_HEAD(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return super().do_HEAD()
        content = path.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        return self._answer(200, tag, content, body=False)

    def _answer(
        self, code: int, tag: str, content: bytes, span: str = "", *, body: bool = True
    ) -> None:
        self.send_response(code)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(content)))
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()
        if body:
            self.wfile.write(content)


class Careless(Ranged):
    """Has ETags, and takes no notice of conditions."""

    heeds_conditions = False


class Guarded(Ranged):
    """Asks for a user."""

    def do_GET(self) -> None:
        if self.headers["Authorization"] != "Basic YW5uOnNlY3JldA==":
            return self._answer(401, '"x"', b"")
        return super().do_GET()

    def do_HEAD(self) -> None:
        if self.headers["Authorization"] != "Basic YW5uOnNlY3JldA==":
            return self._answer(401, '"x"', b"", body=False)
        return super().do_HEAD()


Seen = list[tuple[str, str, str | None]]
Serve = Callable[[type[Plain], Path], tuple[str, Seen]]


@pytest.fixture
def serve(no_mirrors: Path) -> Iterator[Serve]:
    running: list[ThreadingHTTPServer] = []

    def start(kind: type[Plain], folder: Path) -> tuple[str, Seen]:
        seen: Seen = []
        handler = type("Handler", (kind,), {"seen": seen})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/", seen

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "served"
    (where / "runs" / "deep er").mkdir(parents=True)
    (where / "runs" / "a.npy").write_bytes(npy(numbers(5000)))
    (where / "runs" / "deep er" / "b ü#%.npy").write_bytes(npy(numbers(50)))
    (where / "outside.npy").write_bytes(npy(numbers(5)))
    return where


@pytest.mark.parametrize("kind", [Plain, Ranged, Careless])
def test_a_listing_of_a_web_server(serve: Serve, folder: Path, kind: type[Plain]) -> None:
    url, seen = serve(kind, folder)
    log = projector.open_logdir(f"{url}runs/")
    assert sorted(entry.path for entry in log.entries) == ["a.npy", "deep er/b ü#%.npy"]
    assert log.problems == ()
    assert np.array_equal(log.load(log.find(name="a")).vectors, numbers(5000))
    assert not any("outside" in path for _, path, _ in seen)
    gets = [path for command, path, _ in seen if command == "GET" and path.endswith("/a.npy")]
    assert len(gets) <= (1 if kind is Plain else 3)
    size = (folder / "runs" / "a.npy").stat().st_size
    assert size <= log.remote[0].n_bytes <= size + 5000


@pytest.mark.parametrize("kind", [Ranged, Careless])
def test_a_replaced_file_is_an_error(serve: Serve, folder: Path, kind: type[Plain]) -> None:
    url, _ = serve(kind, folder)
    log = projector.open_logdir(f"{url}runs/")
    (folder / "runs" / "a.npy").write_bytes(npy(numbers(5000, seed=9)))
    with pytest.raises(LoadError, match="changed while it was read: its object was replaced"):
        log.load(log.find(name="a"))
    log.refresh()
    assert np.array_equal(log.load(log.find(name="a")).vectors, numbers(5000, seed=9))


class Lying(Ranged):
    """Gives another range than it was asked for."""

    def _answer(
        self, code: int, tag: str, content: bytes, span: str = "", *, body: bool = True
    ) -> None:
        super()._answer(code, tag, content, span.replace("bytes 0-", "bytes 7-"), body=body)


def test_another_range_than_was_asked_for_is_not_taken(serve: Serve, folder: Path) -> None:
    url, _ = serve(Lying, folder)
    log = projector.open_logdir(f"{url}runs/")
    assert log.entries == ()
    assert any("it gave 'bytes 7-" in problem.message for problem in log.problems)


def test_a_large_file_of_a_server_without_ranges_is_not_taken_into_memory(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projector.loaders.remote.file_system._LARGEST_WHOLE", 10_000)
    url, _ = serve(Plain, folder)
    log = projector.open_logdir(f"{url}runs/")
    assert [entry.name for entry in log.entries] == ["b ü#%"]
    assert any("gives whole files only" in problem.message for problem in log.problems)


def test_a_single_file(serve: Serve, folder: Path) -> None:
    url, seen = serve(Ranged, folder)
    assert np.array_equal(projector.load(f"{url}runs/a.npy?sig=abc").vectors, numbers(5000))
    assert {path for _, path, _ in seen} == {"/runs/a.npy?sig=abc"}


def test_user_and_password_are_used_and_never_shown(serve: Serve, folder: Path) -> None:
    url, _ = serve(Guarded, folder)
    secret = url.replace("http://", "http://ann:secret@")
    log = projector.open_logdir(f"{secret}runs/")
    assert np.array_equal(log.load(log.find(name="a")).vectors, numbers(5000))
    assert log.address == f"{url}runs"
    assert "secret" not in repr(log.remote)
    with pytest.raises(LoadError, match="the server denies access") as caught:
        projector.open_logdir(f"{url}runs/")
    assert "secret" not in str(caught.value)


def test_tags_cannot_be_written_to_a_web_server(serve: Serve, folder: Path) -> None:
    url, _ = serve(Ranged, folder)
    log = projector.open_logdir(f"{url}runs/")
    with pytest.raises(projector.SaveError, match=r"http:// addresses can only be read\. Keep"):
        log.tag(log.find(name="a"), [1], "note", "x")


def test_what_is_not_there(serve: Serve, folder: Path) -> None:
    url, _ = serve(Ranged, folder)
    for address in (f"{url}none/", f"{url}none.npy"):
        with pytest.raises(LoadError, match="leads to nothing"):
            projector.open_logdir(address)
