"""Faults of isolation: foreign names and pages, paths that lead out, a server that is shared."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

import numpy as np

import projector
from faults.trial import Outcome, Trial
from projector.server.server import Server

_OWN = ("localhost", "127.0.0.1", "[::1]", "LOCALHOST", "a.localhost", "127.1.2.3", "127.255.0.1")
_FOREIGN = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "xlocalhost", "localhost.",
    "127.0.0.1.nip.io", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::]",
    "128.0.0.1", "126.255.255.255", "10.0.0.1", "169.254.169.254", "192.168.0.7", "[2001:db8::1]",
    "[fe80::1]", "[::ffff:7f00:1]", "localhost%00", "127.0.0.1@evil.example", "", "[::1",
    "evil.example#localhost", "evil.example/localhost", "localhost,evil.example", "::1",
    "localhost evil.example",
)  # fmt: skip
_OTHER_ORIGINS = (
    "null", "", "file://", "http://localhost", "https://localhost", "http://localhost:1",
    "http://127.0.0.1:{port}", "http://[::1]:{port}", "http://LOCALHOST:{port}",
    "http://localhost:{port}/", "http://localhost:{port}.evil.example", "ws://localhost:{port}",
    "http://localhost:{port}, http://evil.example", "http://evil.example",
    "https://evil.example:{port}", "http://evil.example#http://localhost:{port}", "http://[::1",
    "http://user@localhost:{port}", "chrome-extension://abc", "moz-extension://abc", "data:text",
    "http://localhost:{port}0", "http://0.0.0.0:{port}", "http://localhost.:{port}",
    "javascript://localhost:{port}", "http://xn--localhost:{port}", "http://localhost:{port} x",
    "ftp://localhost:{port}", "blob:http://localhost:{port}", "http://localhost:0{port}",
)  # fmt: skip
_SECRET = "a line that nobody outside may read"


@contextmanager
def _served(*, read_only: bool = False) -> Iterator[tuple[Server, Path]]:
    with TemporaryDirectory() as folder:
        logdir = Path(folder) / "logs"
        logdir.mkdir()
        (Path(folder) / "secret.txt").write_text(_SECRET)
        np.save(logdir / "vectors.npy", np.random.default_rng(0).normal(size=(200, 8)))
        with projector.serve(logdir, port=0, read_only=read_only) as server:
            yield server, Path(folder)


def _ask(
    server: Server, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[int, bytes]:
    """Send a request exactly as it is named, and return status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def _port(server: Server) -> int:
    return urlsplit(server.url).port or 0


def _hosts() -> Outcome:
    outcome = Outcome()
    with _served() as (server, _):
        for port in ("", f":{_port(server)}", ":80"):
            for host in _OWN:
                status, _ = _ask(server, "GET", "/api/v1/log", {"Host": host + port})
                outcome.count(status == 200, f"{host}{port}: {status}")
            for host in _FOREIGN:
                status, _ = _ask(server, "GET", "/api/v1/log", {"Host": host + port})
                outcome.count(status in (400, 403), f"{host}{port}: {status}")
    return outcome


def _origins() -> Outcome:
    outcome = Outcome()
    with _served() as (server, _):
        host = f"localhost:{_port(server)}"
        for origin in (each.format(port=_port(server)) for each in _OTHER_ORIGINS):
            for method, path in (("GET", "/api/v1/log"), ("POST", "/api/v1/projections"),
                                 ("PUT", "/api/v1/selection")):  # fmt: skip
                headers = {"Host": host, "Origin": origin}
                status, _ = _ask(server, method, path, headers, b"" if method == "GET" else b"{}")
                outcome.count(status == 403, f"{method} from {origin}: {status}")
        for site in ("cross-site", "same-site"):
            for mode in ("cors", "no-cors", "websocket"):
                headers = {"Host": host, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
                for path in ("/", "/api/v1/log", "/favicon.svg"):
                    status, _ = _ask(server, "GET", path, headers)
                    outcome.count(status == 403, f"{path} {site} {mode}: {status}")
        for scheme in ("http", "https"):
            headers = {"Host": host, "Origin": f"{scheme}://{host}"}
            status, _ = _ask(server, "GET", "/api/v1/log", headers)
            outcome.count(status == 200, f"the page's own requests: {status}")
    return outcome


def _traversals() -> Outcome:
    outcome = Outcome()
    ups = ("..", "%2e%2e", ".%2e", "..%00", "....", "..;", "%252e%252e")
    between = ("/", "%2f", "\\", "%5c", "//")
    with _served() as (server, folder):
        host = {"Host": f"localhost:{_port(server)}"}
        targets = [str(folder / "secret.txt"), "etc/passwd", "pyproject.toml"]
        for start in ("/", "/assets/", "/api/v1/datasets/"):
            for up in ups:
                for slash in between:
                    for target in targets:
                        path = start + (up + slash) * 8 + target.lstrip("/")
                        status, body = _ask(server, "GET", path, host)
                        is_out = _SECRET.encode() in body or b"root:" in body
                        outcome.count(status >= 400 and not is_out, f"{path}: {status}")
    return outcome


def _stored_scripts() -> Outcome:
    """Names and labels with markup: sent as data of a type that no browser runs."""
    outcome = Outcome()
    texts = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg onload=x>"]
    with TemporaryDirectory() as folder:
        logdir = Path(folder)
        for number, text in enumerate(texts):
            part = logdir / f"{number} {text.replace('/', '')}"
            part.mkdir()
            np.save(part / "vectors.npy", np.eye(6))
            cells = "\n".join([f"{text}\tfile", *(f"{text}\tx.svg" for _ in range(6))])
            (part / "metadata.tsv").write_text(cells)
            (part / "x.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{text}</svg>")
        with projector.serve(logdir, port=0) as server:
            port = _port(server)
            ids = [each.id for each in server.session.listing.entries]
            paths = ["log", *(f"datasets/{i}" for i in ids)]
            paths += [f"datasets/{i}/points/1{end}" for i in ids for end in ("", "/media/1")]
            paths += [f"datasets/{i}/columns/0/{k}" for i in ids for k in ("text", "categories")]
            paths += [f"datasets/{quote(text, safe='')}" for text in texts]
            for path in paths:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", f"/api/v1/{path}")
                answer = connection.getresponse()
                answer.read()
                kind = answer.headers["Content-Type"]
                policy = answer.headers["Content-Security-Policy"]
                held = kind in ("application/json", "application/octet-stream")
                held = held and answer.headers["X-Content-Type-Options"] == "nosniff"
                outcome.count(held and "unsafe" not in policy, f"{path}: {kind}")
                connection.close()
    return outcome


def _read_only() -> Outcome:
    outcome = Outcome()
    with _served(read_only=True) as (server, folder):
        host = {"Host": f"localhost:{_port(server)}", "Content-Type": "application/json"}
        entry = server.session.listing.entries[0].id
        changes = [
            ("POST", "uploads?batch=a&name=b.tsv"), ("POST", "demo"), ("PUT", "selection"),
            ("PUT", f"datasets/{entry}/tags"), ("PUT", f"datasets/{entry}/tags?keep=session"),
            *((m, f"projections/x{p}") for m, p in (("PATCH", ""), ("DELETE", ""),
              ("POST", "/pause"), ("POST", "/resume"), ("POST", "/actions/perturb"))),
        ]  # fmt: skip
        before = sorted(str(path) for path in folder.rglob("*"))
        for method, path in changes * 5:
            status, body = _ask(server, method, f"/api/v1/{path}", host, b"1\t2\n" * 50)
            outcome.count(status == 403 and b"read-only" in body, f"{method} {path}: {status}")
        asked = json.dumps({"dataset": entry, "method": "pca", "params": {}}).encode()
        reads = [
            ("GET", "log", b""), ("GET", f"datasets/{entry}", b""), ("POST", "projections", asked),
            ("POST", f"datasets/{entry}/nearest", b'{"points": [1], "k": 3}'),
            ("GET", f"datasets/{entry}/tags", b""), ("GET", "selection", b""),
        ]  # fmt: skip
        for method, path, body in reads * 5:
            status, _ = _ask(server, method, f"/api/v1/{path}", host, body)
            outcome.count(status == 200, f"{method} {path}: {status}")
        after = sorted(str(path) for path in folder.rglob("*"))
        outcome.count(after == before, "a file was written")
    return outcome


TRIALS = (
    Trial(
        "Only requests to this machine's own names are answered",
        "36 forms of `Host`, each with three ports",
        _hosts,
    ),
    Trial(
        "No page of another origin reads or changes anything",
        "30 forms of `Origin` on three requests, and what browsers say of other sites",
        _origins,
    ),
    Trial(
        "No path leads to a file outside",
        "Ways up from three places, in seven spellings with five separators",
        _traversals,
    ),
    Trial(
        "Markup in names and labels is data",
        "Runs, columns, cells and media files with scripts in them",
        _stored_scripts,
    ),
    Trial(
        "A read-only server changes nothing and answers everything else",
        "Every request that would change something, and questions",
        _read_only,
    ),
)
