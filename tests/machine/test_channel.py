"""A channel passes values whole, with large arrays in a file, and notices its other end."""

from __future__ import annotations

import io
import os
import socket
import threading
from typing import Any

import numpy as np
import pytest

from projector.machine.channel import PASSES_FILES, PipeChannel, SocketChannel

files = pytest.mark.skipif(not PASSES_FILES, reason="files cannot be passed here")
VALUE: dict[str, Any] = {
    "none": None,
    "long text": "ä" * 100_000,
    "empty": np.zeros((0, 3)),
    "small": np.arange(10),
    "large": np.arange(1 << 20, dtype=np.uint8),
    "odd": np.arange(100_003, dtype=np.uint8),
    "columns first": np.asfortranarray(np.arange(60_000.0).reshape(200, 300)),
}


def same(found: dict[str, Any]) -> bool:
    return all(np.array_equal(found[key], VALUE[key]) for key in VALUE)


@files
def test_values_arrive_one_after_the_other() -> None:
    one, other = map(SocketChannel, socket.socketpair())

    def send() -> None:
        for _ in range(3):
            one.send(VALUE)

    thread = threading.Thread(target=send)
    thread.start()
    assert all(same(other.receive(60)) for _ in range(3))
    thread.join()
    one.close()
    with pytest.raises(EOFError):
        other.receive(60)
    other.close()


@files
def test_no_file_stays_open() -> None:
    one, other = map(SocketChannel, socket.socketpair())
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        one.send(VALUE["large"])
        other.receive(60)
    assert len(os.listdir("/dev/fd")) == before
    one.close()
    other.close()


@files
def test_a_value_that_does_not_come_is_not_waited_for() -> None:
    one, other = map(SocketChannel, socket.socketpair())
    with pytest.raises(TimeoutError):
        other.receive(0.01)
    one.send("late")
    assert other.receive() == "late"
    one.close()
    other.close()


@files
@pytest.mark.parametrize("n_bytes", [1, 15, 16, 20])
def test_a_message_that_breaks_off_is_an_end(n_bytes: int) -> None:
    left, right = socket.socketpair()
    left.sendall(((100).to_bytes(8, "little") + bytes(12))[:n_bytes])
    left.close()
    other = SocketChannel(right)
    with pytest.raises(EOFError):
        other.receive(60)
    other.close()


def test_pipes_do_the_same_without_files() -> None:
    pipe = io.BytesIO()
    PipeChannel(pipe, pipe).send(VALUE)
    PipeChannel(pipe, pipe).send(None)
    pipe.seek(0)
    channel = PipeChannel(pipe, pipe)
    assert same(channel.receive(60))
    assert channel.receive() is None
    with pytest.raises(EOFError):
        channel.receive()


def test_a_pipe_is_interrupted_when_nothing_comes() -> None:
    inbox, outbox = os.pipe()
    with os.fdopen(inbox, "rb") as reading, os.fdopen(outbox, "wb") as writing:
        channel = PipeChannel(reading, writing, writing.close)
        with pytest.raises(TimeoutError):
            channel.receive(0.01)
