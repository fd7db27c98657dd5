"""The server as it runs: sockets, streams, signals."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest

import projector
from projector.errors import ParameterError
from projector.server.budget import budget
from projector.server.server import Server
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def logdir(tmp_path: Path, blobs: Array) -> Path:
    return write_log(tmp_path / "runs", blobs)


@pytest.fixture
def server(logdir: Path) -> Iterator[Server]:
    with projector.serve(logdir, port=0) as made:
        yield made


def get(server: Server, path: str, method: str = "GET") -> tuple[int, bytes]:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def open_stream(server: Server, path: str = "/api/v1/events") -> socket.socket:
    address = urlsplit(server.url)
    made = socket.create_connection((address.hostname or "", address.port or 0), timeout=20)
    made.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    assert b"200 OK" in made.recv(4096)
    return made


def test_clicks_are_answered_beside_500_idle_connections_and_200_streams(server: Server) -> None:
    address = urlsplit(server.url)
    place = (address.hostname or "", address.port or 0)
    # A starved server does not answer at all. How long it takes is measured in benchmarks/faults.
    idle = [socket.create_connection(place, timeout=60) for _ in range(500)]
    streams = [open_stream(server) for _ in range(200)]
    for _ in range(20):
        assert get(server, "/api/v1/log")[0] == 200
    for each in (*streams, *idle):
        each.close()


def test_one_stream_too_many_is_refused_and_clicks_still_work(server: Server) -> None:
    streams = [open_stream(server) for _ in range(budget().streams)]
    status, body = get(server, "/api/v1/events")
    assert status == 503
    assert "Close other tabs" in json.loads(body)["error"]["message"]
    assert get(server, "/api/v1/events", "HEAD")[0] == 503
    assert get(server, "/api/v1/log")[0] == 200
    for stream in streams:
        stream.close()


def test_a_port_in_use_is_one_clear_sentence(server: Server, logdir: Path) -> None:
    port = urlsplit(server.url).port or 0
    with pytest.raises(ParameterError, match=r"in use.*--port 0"):
        projector.serve(logdir, port=port)


def test_elsewhere_it_asks_for_the_token_of_its_url(logdir: Path) -> None:
    with projector.serve(logdir, host="0.0.0.0", port=0) as server:
        token = re.search(r"\?token=([\w-]{20,})$", server.url)
        assert token is not None
        port = urlsplit(server.url).port
        for path, expected in (("/api/v1/log", 401), (f"/api/v1/log?token={token[1]}", 200)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", path)
            assert connection.getresponse().status == expected
            connection.close()


def start_process(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "projector", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs do not hear Ctrl-C, and their children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_process_prints_its_address_and_stops_cleanly(logdir: Path, how: int) -> None:
    process = start_process("--logdir", str(logdir), "--port", "0", "--no-open")
    assert process.stdout is not None
    line = process.stdout.readline()
    url = re.fullmatch(r"projector: (http://127\.0\.0\.1:\d+/)\n", line)
    assert url is not None, line
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err
    assert err.strip() == "projector: stopped."
    psutil.wait_procs(children, timeout=5)
    assert not [child for child in children if child.is_running()]


def test_a_worker_does_not_outlive_a_killed_server(logdir: Path) -> None:
    process = start_process("--logdir", str(logdir), "--port", "0", "--no-open")
    assert process.stdout is not None
    process.stdout.readline()
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    gone, alive = psutil.wait_procs(children, timeout=60)
    assert not alive, gone


def test_a_closed_server_closes_every_connection(logdir: Path) -> None:
    with projector.serve(logdir, port=0) as server:
        place = urlsplit(server.url)
        with socket.create_connection((str(place.hostname), int(place.port or 0)), 10) as kept:
            kept.sendall(f"GET /api/v1/log HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
            assert kept.recv(4096).startswith(b"HTTP/1.1 200")
            server.close()
            server._thread.join(30)
            assert not server._thread.is_alive()
            while kept.recv(4096):
                pass
