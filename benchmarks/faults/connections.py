"""Faults of connections: very many, idle, slow, leaving and never reading."""

from __future__ import annotations

import http.client
import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import numpy as np
import psutil
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial
from projector.server.budget import Budget
from projector.server.connections import patience
from tests.server.raw_client import RawClient, connected, head

_LOG, _EVENTS = head("GET", "/api/v1/log"), head("GET", "/api/v1/events")
_IDLE, _STREAMS, _DRIPPING = 500, 200, 20
#: Milliseconds by which a click may take longer than alone.
_LATER = 20


def _port(server: TrialServer) -> int:
    return urlsplit(server.url).port or 0


def _click(port: int) -> float:
    """Return the milliseconds of one request on a new connection."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/log")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}")
    return (time.perf_counter() - began) * 1000


@contextmanager
def _crowd(port: int, *, n_idle: int, n_streams: int, n_dripping: int) -> Iterator[list[RawClient]]:
    """Open many connections; some send one byte at a time."""
    stop = threading.Event()
    with ExitStack() as opened:
        idle = [opened.enter_context(connected(port)) for _ in range(n_idle)]
        for _ in range(n_streams):
            stream = opened.enter_context(connected(port))
            stream.send(_EVENTS)
        dripping = [opened.enter_context(connected(port)) for _ in range(n_dripping)]

        def drip() -> None:
            for byte in _LOG[:-2] * 100:
                if stop.wait(0.1):
                    return
                for client in dripping:
                    client.send(bytes([byte]))

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield idle
        stop.set()
        thread.join()


def _clicks() -> Outcome:
    outcome = Outcome()
    with served() as server:
        port = _port(server)
        for _ in range(6):
            alone = [_click(port) for _ in range(40)]
            with _crowd(port, n_idle=_IDLE, n_streams=_STREAMS, n_dripping=_DRIPPING) as idle:
                crowded = [_click(port) for _ in range(40)]
                for client in idle[:50]:
                    client.send(_LOG)
                    answer = client.answer()
                    told = "an idle connection had no answer"
                    outcome.count(answer is not None and answer.status == 200, told)
            first, then = statistics.median(alone), statistics.median(crowded)
            figures = f"median {first:.1f} ms alone, {then:.1f} ms crowded"
            tails = f"95 %: {np.percentile(alone, 95):.1f}, {np.percentile(crowded, 95):.1f} ms"
            outcome.count(then - first < _LATER, f"{figures}; {tails}")
    return outcome


def _one_byte_at_a_time() -> Outcome:
    outcome = Outcome()
    with served() as server, ExitStack() as opened:
        port = _port(server)
        heads = [opened.enter_context(connected(port)) for _ in range(40)]
        ends = time.monotonic() + patience.HEAD + 30
        at = 0
        while time.monotonic() < ends and at < len(_LOG) - 2:
            for client in heads:
                client.send(_LOG[at : at + 1])
            at += 1
            time.sleep(2)
            if at * 2 > patience.HEAD + 3:
                break
        for client in heads:
            answer = client.answer()
            outcome.count(answer is not None and answer.status == 408, f"{answer}")
    return outcome


def _too_many_streams() -> Outcome:
    outcome = Outcome()
    n_streams = Budget().streams
    with served() as server:
        port = _port(server)
        with _crowd(port, n_idle=0, n_streams=n_streams, n_dripping=0):
            for _ in range(50):
                status, answer = server.ask("/events")
                outcome.count(status == 503 and "Close other tabs" in str(answer), f"{status}")
                outcome.count(server.ask("/log")[0] == 200, "a click beside all streams")
        outcome.count(eventually(lambda: _opens(port)), "the streams were not given back")
    return outcome


def _opens(port: int) -> bool:
    with connected(port) as client:
        client.send(_EVENTS)
        return b"200 OK" in client.socket.recv(100)


def _leave(port: int, times: int) -> None:
    """Ask for streams and go, in four ways."""
    for i in range(times):
        with connected(port) as client:
            if i % 4 == 0:
                client.send(head("HEAD", "/api/v1/events"))
                client.answer(head_only=True)
            elif i % 4 == 1:
                client.send(head("GET", "/api/v1/events", "Origin: http://evil.example"))
                client.answer()
            elif i % 4 == 2:
                client.send(_EVENTS)
            else:
                client.send(_EVENTS)
                client.socket.recv(100)


def _leaving() -> Outcome:
    outcome = Outcome()
    with served() as server:
        port, process = _port(server), psutil.Process(server.process.pid)
        _leave(port, 200)
        counts: Callable[[], tuple[int, int]] = lambda: (  # noqa: E731
            process.num_fds(),
            process.num_threads(),
        )
        time.sleep(2)
        before = counts()
        for _ in range(10):
            _leave(port, 400)
            flat = eventually(lambda: all(np.subtract(counts(), before) <= 3))
            outcome.count(flat, f"descriptors and threads {before}, then {counts()}")
        outcome.count(server.is_alive(), "it died")
    return outcome


def _slow_readers() -> Outcome:
    outcome = Outcome()
    with served(np.zeros((1_000_000, 3), np.float32)) as server, ExitStack() as opened:
        port, process = _port(server), psutil.Process(server.process.pid)
        key = server.start(method="given")["id"]
        server.finish(key)
        size = len(server.ask(f"/projections/{key}/positions")[1])
        before = process.memory_info().rss
        readers = [opened.enter_context(connected(port)) for _ in range(100)]
        for reader in readers:
            reader.send(head("GET", f"/api/v1/projections/{key}/positions"))
        for _ in range(50):
            outcome.count(server.ask("/log")[0] == 200, "a click beside slow readers")
        grown = process.memory_info().rss - before
        told = f"{grown / 1e6:.0f} MB more for 100 answers of {size / 1e6:.0f} MB"
        outcome.count(grown < 500e6, told)
        for reader in readers[:10]:
            answer = reader.answer()
            outcome.count(answer is not None and len(answer.body) == size, "a slow reader's answer")
    return outcome


def _few_descriptors() -> Outcome:
    """Open far more connections than the process may, as an `ulimit` of 256 leaves them."""
    outcome = Outcome()
    kept = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as opened:
        server = opened.enter_context(served())
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (256, kept[1]))
        port = _port(server)
        for _ in range(600):
            client = opened.enter_context(connected(port))
            client.send(_LOG)
            answer = client.answer()
            outcome.count(answer is not None and answer.status == 200, f"{answer}")
    return outcome


def _shapes() -> Outcome:
    """Half-closed, pipelined and old-fashioned requests."""
    outcome = Outcome()
    with served() as server:
        port = _port(server)
        for _ in range(20):
            with connected(port) as client:
                client.send(_LOG * 20)
                client.socket.shutdown(1)
                answers = [client.answer() for _ in range(20)]
                fine = all(each is not None and each.status == 200 for each in answers)
                outcome.count(fine and client.ended(), "20 requests of a half-closed connection")
            with connected(port) as client:
                client.send(b"GET /api/v1/log HTTP/1.0\r\nHost: localhost\r\n\r\n")
                answer = client.answer()
                outcome.count(answer is not None and client.ended(), "HTTP/1.0")
            with connected(port) as client:
                client.send(head("GET", "/api/v1/log", "Expect: 100-continue"))
                answer = client.answer()
                outcome.count(answer is not None and answer.status == 200, "Expect without a body")
    return outcome


TRIALS = (
    Trial(
        "A click takes what it takes alone, within 20 ms at the median.",
        f"{_IDLE} idle connections, {_STREAMS} event streams and {_DRIPPING} clients that send one "
        "byte at a time; in pairs with the same server alone",
        _clicks,
    ),
    Trial(
        "A request whose headers never end is given up.",
        "40 clients that send one byte every two seconds",
        _one_byte_at_a_time,
    ),
    Trial(
        "One stream too many is refused with a sentence, and everything else goes on.",
        "Requests beside as many event streams as there may be",
        _too_many_streams,
    ),
    Trial(
        "Clients that leave leave nothing behind.",
        "4,000 streams that were refused, asked for by HEAD, or left before or after the first "
        "byte; descriptors and threads after each 400",
        _leaving,
    ),
    Trial(
        "Slow readers hold neither memory nor threads.",
        "100 clients that ask for 12 MB and do not read them",
        _slow_readers,
    ),
    Trial(
        "A new connection finds room.",
        "600 connections, one after the other and all kept, with 256 descriptors",
        _few_descriptors,
    ),
    Trial(
        "Connections of every kind get their answers.",
        "Half-closed after 20 requests, HTTP/1.0, `Expect` without a body",
        _shapes,
    ),
)
