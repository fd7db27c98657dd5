"""Files on their way to the server: where they go, what bounds them, what is left of a half."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from projector.machine.free_space import FreeSpace
from projector.server import body_limits
from projector.server.server import Server
from tests.server.raw_client import RawClient, ask, connected, eventually, head

MB = 1 << 20
LOG = head("GET", "/api/v1/log")


def upload(name: str, size: int | None, *lines: str, batch: str = "a") -> bytes:
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    return head("POST", f"/api/v1/uploads?batch={batch}&name={name}", length, *lines)


def chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


@pytest.fixture(autouse=True)
def root(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Whatever this machine has: 100 MB are free.
    free(monkeypatch, 100 * MB)
    yield server.session._uploads._folder()
    eventually(lambda: not server._listener.connections)


def free(monkeypatch: pytest.MonkeyPatch, n_bytes: int) -> None:
    monkeypatch.setattr(
        "projector.api.session.uploads.free_space", lambda folder: FreeSpace(folder, n_bytes)
    )


def parts(root: Path) -> list[Path]:
    return list(root.glob(".projector-part-*"))


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_is_written_where_it_stays_while_it_arrives(
    port: int, root: Path, temporary_files: list[str], chunked: bool
) -> None:
    name, size = f"long-{chunked}.bin", 20 * MB
    pieces = [bytes([i]) * MB for i in range(20)]
    with connected(port) as client:
        client.send(upload(name, None if chunked else size))
        for piece in pieces[:10]:
            client.send(chunk(piece) if chunked else piece)
        # Half of it has been sent, and is in a file already.
        eventually(lambda: sum(part.stat().st_size for part in parts(root)) >= 8 * MB)
        for piece in pieces[10:]:
            client.send(chunk(piece) if chunked else piece)
        client.send(b"0\r\n\r\n" if chunked else b"")
        answer = client.answer()
        assert answer is not None
        assert answer.status == 200
        client.send(LOG)  # the connection goes on
        again = client.answer()
        assert again is not None
        assert again.status == 200
    assert (root / "dropped" / "a" / name).read_bytes() == b"".join(pieces)
    assert parts(root) == []
    assert temporary_files == ["mkstemp"], "the file itself, and no copy on its way"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("at", [0, 100, 5 * MB])
def test_nothing_is_left_of_a_file_that_breaks_off(
    server: Server, port: int, root: Path, chunked: bool, at: int
) -> None:
    with connected(port) as client:
        client.send(upload("half.bin", None if chunked else 20 * MB))
        content = bytes(at)
        client.send(chunk(content) if chunked and at else content)
        eventually(lambda: parts(root))
    eventually(lambda: not parts(root) and not server._listener.connections)
    assert not list(root.rglob("half.bin"))


def test_a_file_in_broken_chunks_is_no_file(port: int, root: Path) -> None:
    with connected(port) as client:
        client.send(upload("broken.bin", None) + chunk(bytes(MB)))
        eventually(lambda: parts(root))
        client.send(b"nonsense\r\n" + LOG)
        answer = client.answer()
        assert answer is not None
        assert answer.status == 400
        assert client.ended()
    eventually(lambda: not parts(root))
    assert not list(root.rglob("broken.bin"))


def test_a_file_for_which_there_is_no_space_is_not_asked_for(port: int, root: Path) -> None:
    with connected(port) as client:
        client.send(upload("large.bin", 101 * MB, "Expect: 100-continue"))
        answer = client.answer()
        assert answer is not None
        assert answer.status == 507
        assert answer.error["type"] == "SaveError"
        said = answer.error["message"]
        assert f"{101 * MB:,} bytes" in said
        assert "104.9 MB are free" in said
        assert str(root) in said
        client.send(bytes(50 * MB))
        assert client.ended()
    assert parts(root) == []


def test_files_that_arrive_at_once_share_the_space(
    server: Server, port: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(port) as first:
        first.send(upload("first.bin", 70 * MB) + bytes(10 * MB))
        eventually(lambda: server.session._uploads._coming)
        answer = ask(port, upload("second.bin", 80 * MB))
        assert answer.status == 507
        assert "of other files" in answer.error["message"]
    eventually(lambda: not server.session._uploads._coming)
    # What is there now is not what was there when it began.
    with connected(port) as third:
        third.send(upload("third.bin", 99 * MB))
        eventually(lambda: parts(root))
        free(monkeypatch, 10 * MB)
        third.send(bytes(99 * MB))
        late = third.answer()
        assert late is not None
        assert late.status == 507
    eventually(lambda: not parts(root))


def test_a_disk_that_is_full_is_a_sentence(
    port: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("projector.api.session.uploads.Uploads._copy", full)
    answer = ask(port, upload("full.bin", 5 * MB))
    assert answer.status == 507
    assert "No space left on device" in answer.error["message"]
    assert parts(root) == []


def test_chunks_are_counted_as_they_arrive(
    port: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, int]", body_limits._LIMITS), "api.log.upload", 5 * MB)
    with connected(port) as client:
        client.send(upload("chunks.bin", None))
        for _ in range(6):
            client.send(chunk(bytes(MB)))
        answer = client.answer()
        assert answer is not None
        assert answer.status == 413
        assert f"{5 * MB:,}" in answer.error["message"]
        assert client.ended()
    eventually(lambda: not parts(root))
    assert not list(root.rglob("chunks.bin"))


def test_only_so_many_files_arrive_at_once(server: Server, port: int, root: Path) -> None:
    most = server._listener._budget.bodies
    clients = [RawClient(port) for _ in range(most)]
    for i, client in enumerate(clients):
        client.send(upload(f"{i}.bin", 2 * MB))
    eventually(lambda: sum(bool(c.bodies) for c in server._listener.connections) == most)
    refused = ask(port, upload("one-more.bin", 2 * MB))
    assert refused.status == 503
    assert refused.headers["retry-after"]
    assert ask(port, LOG).status == 200, "everything else goes on"
    senders = [threading.Thread(target=client.send, args=(bytes(2 * MB),)) for client in clients]
    for sender in senders:
        sender.start()
    for client in clients:
        answer = client.answer()
        assert answer is not None
        assert answer.status == 200
        client.close()


def test_a_folder_that_disappeared_is_made_again(port: int, root: Path) -> None:
    shutil.rmtree(root)
    assert ask(port, upload("again.tsv", 8) + b"1\t2\n3\t4\n").status == 200
    assert (root / "dropped" / "a" / "again.tsv").exists()
