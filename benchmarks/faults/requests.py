"""Faults of requests: hostile, malformed, too large, from foreign pages, broken off."""

from __future__ import annotations

import resource
import socket
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import numpy as np
import psutil
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial
from projector.api.methods import METHODS
from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.server.application import create_app
from projector.server.budget import Budget
from tests.server.connections.test_raw_fuzz import check, spoiled
from tests.server.hostile import Known, ask, fault_of, hostile_requests
from tests.server.raw_client import RawAnswer, connected, head

_MB = 1 << 20
_LOG = head("GET", "/api/v1/log")
_UPLOAD = "/api/v1/uploads?batch=a&name=a.bin"
#: The names that handlers read from queries.
_QUERIES = {
    "api.columns.categories": {"offset", "limit", "text"},
    "api.columns.order": {"descending"},
    "api.datasets.sprite": {"max_side"},
    "api.log.upload": {"name", "batch"},
    "api.points.neighbors": {"k", "metric"},
    "api.projections.positions": {"components"},
    "api.quality.measure": {"k"},
    "api.search.search": {"text", "regex", "column"},
    "api.tags.save": {"keep"},
}


def _port(server: TrialServer) -> int:
    return urlsplit(server.url).port or 0


def _hostile() -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "v.npy", np.random.default_rng(0).normal(size=(40, 4)))
        session = Session(folder, watch=False)
        app = create_app(session)
        dataset = session.listing.entries[0].id
        data = session.dataset(dataset).data
        key = session.projections.start(dataset, data, "pca", {}).id
        eventually(lambda: session.projections.get(key).snapshot().ended)
        methods = {
            name: tuple(parameter.name for parameter in parameters_of(method))
            for name, method in METHODS.items()
        }
        known = Known(dataset, key, 40, methods, _QUERIES)
        for asked in hostile_requests(app.url_map, known, 1, 6000):
            fault = fault_of(asked, ask(app, asked))
            outcome.count(fault == "", fault)
        session.close()
    return outcome


def _spoiled() -> Outcome:
    outcome, rng = Outcome(), Random(1)
    with served() as server:
        for _ in range(2000):
            request = spoiled(rng)
            try:
                check(_port(server), request)
                outcome.count(held=True)
            except AssertionError as error:
                outcome.count(held=False, seen=str(error)[:500])
        outcome.count(server.is_alive(), "it died")
    return outcome


#: Method, path, further headers, host and the status that is right.
_REFUSED = (
    ("POST", _UPLOAD, ("Origin: http://evil.example",), "localhost", 403),
    ("POST", _UPLOAD, ("Origin: null",), "localhost", 403),
    ("POST", _UPLOAD, ("Sec-Fetch-Site: cross-site",), "localhost", 403),
    ("POST", _UPLOAD, (), "evil.example", 403),
    ("POST", _UPLOAD, ("Expect: 100-continue", "Origin: http://evil.example"), "localhost", 403),
    ("POST", _UPLOAD, ("Content-Encoding: gzip",), "localhost", 415),
    ("POST", "/api/v1/projections", (), "localhost", 413),
    ("PUT", "/api/v1/selection", (), "localhost", 413),
    ("POST", "/api/v1/demo", (), "localhost", 413),
    ("GET", "/api/v1/log", (), "localhost", 413),
    ("DELETE", "/api/v1/projections/x", (), "localhost", 413),
    ("POST", "/api/v1/nothing", (), "localhost", 404),
)


def _refused_bodies() -> Outcome:
    """Send 50 MB that nobody wants; count what the server writes anywhere."""
    outcome = Outcome()
    with served() as server:
        port, process = _port(server), psutil.Process(server.process.pid)
        for method, path, lines, host, status in _REFUSED * 4:
            before = process.io_counters()
            with connected(port) as client:
                client.send(head(method, path, f"Content-Length: {50 * _MB}", *lines, host=host))
                answer = client.answer()
                client.send(bytes(50 * _MB))
            written = process.io_counters().write_chars - before.write_chars
            fine = answer is not None and answer.status == status and written < _MB
            outcome.count(fine, f"{path} {lines}: {answer}, {written:,} bytes written")
        outcome.count(server.is_alive(), "it died")
    return outcome


def _left_of_uploads(server: TrialServer) -> list[Path]:
    """Return the files of dropped folders, whole or not."""
    folders = (server.folder / "tmp").glob("projector-dropped-*")
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in found if path.name != ".projector-owner"]  # says whose folder it is


def _broken_off() -> Outcome:
    outcome, rng = Outcome(), Random(2)
    with served() as server:
        for _ in range(60):
            size = rng.choice((1000, 2 * _MB, 20 * _MB))
            chunked = rng.random() < 0.5
            length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
            with connected(_port(server)) as client:
                client.send(head("POST", _UPLOAD, length))
                part = bytes(rng.randrange(size))
                framed = f"{size:x}\r\n".encode() + part if chunked else part
                client.send(framed)
                if rng.random() < 0.5:
                    client.socket.shutdown(socket.SHUT_WR)
                    client.answer()
            gone = eventually(lambda: not _left_of_uploads(server), 30)
            outcome.count(gone, f"{_left_of_uploads(server)}")
        outcome.count(server.is_alive(), "it died")
    return outcome


def _no_room() -> Outcome:
    """Let no file of the server become larger than 5 MB."""
    outcome = Outcome()
    with served() as server:
        kept = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (5 * _MB, kept[1]))
        for _ in range(20):
            with connected(_port(server)) as client:
                client.send(head("POST", _UPLOAD, f"Content-Length: {20 * _MB}"))
                client.send(bytes(20 * _MB))
                answer = client.answer()
            outcome.count(_is_no_room(answer), f"{answer}")
            outcome.count(_left_of_uploads(server) == [], f"{_left_of_uploads(server)}")
        outcome.count(server.is_alive(), "it died")
    return outcome


def _is_no_room(answer: RawAnswer | None) -> bool:
    """Return whether it is one sentence that says what to do; the room was limited by ulimit."""
    return answer is not None and answer.status == 507 and "ulimit -f" in answer.error["message"]


def _slow_bodies() -> Outcome:
    """Have as many bodies on their way as there may be; ask for more, and for other things."""
    outcome = Outcome()
    with served() as server, ExitStack() as opened:
        port = _port(server)
        for _ in range(Budget().bodies):
            client = opened.enter_context(connected(port))
            client.send(head("POST", _UPLOAD, f"Content-Length: {2 * _MB}") + bytes(1000))
        time.sleep(1)
        for _ in range(50):
            with connected(port) as client:
                client.send(head("POST", _UPLOAD, f"Content-Length: {2 * _MB}"))
                answer = client.answer()
                outcome.count(answer is not None and answer.status == 503, f"{answer}")
            outcome.count(server.ask("/log")[0] == 200, "a click beside arriving files")
    return outcome


TRIALS = (
    Trial(
        "No request is an error of the server's own, and every refusal is a sentence.",
        "Hostile paths, queries, headers and bodies for every route, from a grammar",
        _hostile,
    ),
    Trial(
        "Bytes that are nearly a request are refused with a sentence, or not answered.",
        "Requests with bytes removed, doubled and replaced, over sockets",
        _spoiled,
    ),
    Trial(
        "What is refused is refused before its body is read; not a byte of it is written.",
        "50 MB from foreign pages and hosts, to routes that take less or nothing",
        _refused_bodies,
    ),
    Trial(
        "Nothing is left of a file that breaks off.",
        "Files of three sizes, whole and in chunks, left at random places",
        _broken_off,
    ),
    Trial(
        "A file for which there is no room is one sentence, and nothing of it is left.",
        "20 MB where no file may have more than 5 MB",
        _no_room,
    ),
    Trial(
        "Files that arrive slowly keep nobody else waiting.",
        "16 files that do not go on, more files, and clicks",
        _slow_bodies,
    ),
)
