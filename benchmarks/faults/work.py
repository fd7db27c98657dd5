"""Faults of work whose size the asker chooses, and of work for clients that have left."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import quote, urlsplit

import numpy as np
import psutil
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial

_N_POINTS = 200_000
#: Far more than any of these requests takes, and far less than they took.
_SECONDS = 15.0

_PATTERNS = (
    "a{0,1000}" * 5,
    "a{0,1000}" * 40,
    "(a{0,1000}){0,1000}",
    r"(\pL|\d){0,20}q",
    r"(\pL|\d){0,200}q",
    "(w|wo|o|r|d| |[0-9]){0,300}z",
    "((((((a{9}){9}){9}){9}){9}){9})",
    "(.{0,500}){0,2}z",
    ".*" * 100 + "zz",
    "(0|1)(.|.){500}z",
    "[^a]{1,600}" * 3,
    "(" * 400 + "a" + ")" * 400,
)


@contextmanager
def _many_words() -> Iterator[TrialServer]:
    vectors = np.random.default_rng(0).normal(size=(_N_POINTS, 8)).astype(np.float32)
    with served(vectors) as server:
        words = "\n".join(f"word {i} {i * 7919 % _N_POINTS}" for i in range(_N_POINTS))
        (server.logdir / "metadata.tsv").write_text(words + "\n")
        eventually(lambda: server.entries()[0]["has_metadata"])
        server.ask(f"{_path(server)}/search?text=word")
        yield server


def _path(server: TrialServer) -> str:
    return f"/datasets/{server.entries()[0]['id']}"


def _requests(server: TrialServer) -> list[tuple[str, object]]:
    """Return requests that ask for as much as they can."""
    path = _path(server)
    dataset = server.entries()[0]["id"]

    def start(method: str, **params: object) -> tuple[str, object]:
        return "/projections", {"dataset": dataset, "method": method, "params": params}

    expressions = (
        " + ".join(["word 1 7919"] * 20_000),
        " + ".join(f"'no word {i}'" for i in range(900)),
        "x" * 900_000,
        "- " * 300_000,
        "'" * 300_001,
    )
    return [
        *((f"{path}/search?regex=1&text={quote(each)}", None) for each in _PATTERNS),
        (f"{path}/search?text={'w' * 8000}", None),
        *((f"{path}/nearest", {"expression": each, "column": 0}) for each in expressions),
        (f"{path}/nearest", {"points": [5] * 150_000, "k": 10}),
        (f"{path}/nearest", {"points": [5], "k": 10**9}),
        (f"{path}/points/5/neighbors?k=1000000", None),
        (f"{path}/columns/0/categories?limit=1000000000", None),
        (f"{path}/columns/0/categories?offset=1000000000", None),
        (f"{path}/texts", {"rows": [1] * 150_000, "columns": [0], "n_letters": 10_000}),
        start("axes", x_from=f"0-{_N_POINTS - 1}," * 9000, x_to="1"),
        start("axes", x_from="0-999999999999", x_to="1"),
        start("umap", n_epochs=10**9),
        start("umap", n_neighbors=10**6),
        start("tsne", perplexity=10**6),
        start("tsne", n_iter=10**12),
        start("pca", n_components=10**6),
        start("pca", pca_dims=10**9),
        start("no such method" * 9000),
        ("/datasets/" + "0" * 4000, None),
    ]


class _Clicks:
    """A person who clicks all the time; counts clicks that were answered late or not at all."""

    def __init__(self, server: TrialServer) -> None:
        self.outcome = Outcome()
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._click)
        self._thread.start()

    def _click(self) -> None:
        path = f"{_path(self._server)}/points/"
        row = 0
        while not self._stop.wait(0.05):
            row += 1
            began = time.monotonic()
            status, _ = self._server.ask(f"{path}{row}")
            seconds = time.monotonic() - began
            self.outcome.count(status == 200 and seconds < 2, f"{status} after {seconds:.2f} s")

    def end(self) -> Outcome:
        self._stop.set()
        self._thread.join()
        return self.outcome


def _large_requests() -> Outcome:
    outcome = Outcome()
    with _many_words() as server:
        for path, body in _requests(server):
            began = time.monotonic()
            status, answer = server.ask(path, body)
            seconds = time.monotonic() - began
            held = (status == 200 or 400 <= status < 500) and seconds < _SECONDS
            outcome.count(held, f"{path[:80]}: {status} {str(answer)[:80]} after {seconds:.1f} s")
        outcome.count(server.is_alive(), "dead")
    return outcome


def _meanwhile() -> Outcome:
    with _many_words() as server:
        clicks = _Clicks(server)
        threads = [
            threading.Thread(target=server.ask, args=(path, body))
            for path, body in _requests(server)[:20]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return clicks.end()


def _left_alone() -> Outcome:
    """Ask for long work, leave at once, and look at what the server still spends on it."""
    outcome = Outcome()
    with _many_words() as server:
        place = urlsplit(server.url)
        process = psutil.Process(server.process.pid)
        target = f"/api/v1{_path(server)}/search?regex=1&text={quote(_PATTERNS[3])}"
        head = f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
        for _ in range(10):
            before = _seconds_of(process)
            for _ in range(4):
                with socket.create_connection((place.hostname or "", place.port or 0)) as asking:
                    asking.sendall(head.encode())
                    time.sleep(0.05)
            comes_to_rest = eventually(partial(_is_at_rest, process), 20)
            spent = _seconds_of(process) - before
            # Four of them take two seconds of work if nobody notices that they were left.
            outcome.count(comes_to_rest and spent < 1, f"{spent:.2f} seconds of work")
        outcome.count(server.is_alive(), "dead")
    return outcome


def _seconds_of(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def _is_at_rest(process: psutil.Process) -> bool:
    process.cpu_percent()
    return process.cpu_percent(0.5) < 20


TRIALS = (
    Trial(
        "No request takes long, however much it asks for: it is answered, or refused with the "
        "bound that it exceeds.",
        "regular expressions, expressions, sets of points, parameters and windows of any size, on "
        "200,000 points",
        _large_requests,
    ),
    Trial(
        "Others are answered meanwhile.",
        "20 of these requests at once, and clicks",
        _meanwhile,
    ),
    Trial(
        "A client that leaves ends its work.",
        "four slow searches at once, left after 50 ms",
        _left_alone,
    ),
)
