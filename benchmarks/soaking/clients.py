"""The clients of a soak: each asks the server in its own way until it is stopped."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from soaking.known import K, Known
from soaking.tally import Tally

_REFUSALS = {400, 404, 405, 408, 409, 411, 413, 414, 415, 417, 428, 431, 503, 507}
#: An answer that takes longer counts as one that never came.
_PATIENCE = 120.0
_METHODS: tuple[tuple[str, dict[str, int]], ...] = (
    ("pca", {}),
    ("umap", {"n_epochs": 60}),
    ("tsne", {"n_iter": 120}),
    ("pca", {"n_components": 3}),
)


class Client:
    """Requests to one server, counted."""

    def __init__(self, url: str, known: Known, tally: Tally, seed: int) -> None:
        parts = urllib.parse.urlsplit(url)
        self.place = parts.hostname or "", parts.port or 0
        self.known, self.tally = known, tally
        self.random = random.Random(seed)

    def ask(
        self, what: str, method: str, path: str, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, bytes]:
        """Send a request; return status and body. A status that must not be is counted."""
        connection = http.client.HTTPConnection(*self.place, timeout=_PATIENCE)
        try:
            headers = {"Content-Type": kind or "application/json"}
            connection.request(method, f"/api/v1{path}", body, headers)
            response = connection.getresponse()
            content = response.read()
        except OSError as error:
            self.tally.fail(what, f"{method} {path}: {type(error).__name__}: {error}")
            return 0, b""
        except http.client.HTTPException as error:
            self.tally.fail(what, f"{method} {path}: {type(error).__name__}: {error}")
            return 0, b""
        finally:
            connection.close()
        sentence = _sentence(content)
        if response.status in _REFUSALS and sentence:
            self.tally.refuse(what, sentence)
        elif response.status >= 300:
            self.tally.fail(what, f"{method} {path}: {response.status} {content[:300]!r}")
        return response.status, content

    def json(self, what: str, method: str, path: str, body: Any = None) -> Any:
        """Send JSON and return the JSON of the answer, or None if it was refused."""
        sent = None if body is None else json.dumps(body).encode()
        status, content = self.ask(what, method, path, sent)
        return json.loads(content) if status == 200 else None

    def dataset(self, format_name: str | None = None) -> str | None:
        """Return the id of a random known dataset that is listed now."""
        listing = self.json("listing", "GET", "/log")
        if listing is None:
            return None
        self.tally.right("listing")
        found = [
            entry["id"]
            for entry in listing["entries"]
            if entry["n_points"] == len(self.known.base) and format_name in (None, entry["format"])
        ]
        return self.random.choice(found) if found else None


def _sentence(content: bytes) -> str:
    """Return the sentence of a refusal, or nothing if it has none."""
    try:
        return str(json.loads(content)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return ""


def ask_neighbors(client: Client) -> None:
    """Ask for neighbors and compare them with the known ones."""
    dataset = client.dataset()
    if dataset is None:
        return
    for row in client.random.sample(client.known.rows.tolist(), 8):
        path = f"/datasets/{dataset}/points/{row}/neighbors?k={K}&metric=euclidean"
        found = client.json("neighbors", "GET", path)
        if found is not None:
            fault = client.known.fault(row, found["indices"], found["distances"])
            if fault:
                client.tally.fail("neighbors", fault)
            else:
                client.tally.right("neighbors")


def search(client: Client) -> None:
    """Search metadata by text, by a hostile expression, and by labels."""
    dataset = client.dataset()
    if dataset is None:
        return
    hostile = "(a{0,1000}){0,1000}" if client.random.random() < 0.3 else "7$"
    for what, path in (
        ("search", f"/datasets/{dataset}/search?text=12"),
        ("search", f"/datasets/{dataset}/search?regex=1&text={urllib.parse.quote(hostile)}"),
    ):
        if client.ask(what, "GET", path)[0] == 200:
            client.tally.right(what)


def project(client: Client) -> None:
    """Start a projection, look at its frames, and wait for it, pause it or cancel it."""
    dataset = client.dataset()
    if dataset is None:
        return
    method, params = client.random.choice(_METHODS)
    seed = client.random.randrange(1 << 30)
    body = {"dataset": dataset, "method": method, "params": {**params, "random_state": seed}}
    if method == "pca":
        body["params"] = dict(params)
    made = client.json("projection", "POST", "/projections", body)
    if made is None:
        return
    made = _wait(client, made)
    if made is None:
        return
    if made["state"] == "failed":
        client.tally.refuse("projection", made["error"]["message"])
        return
    if made["state"] == "done":
        path = f"/projections/{made['id']}/positions"
        status, content = client.ask("positions", "GET", path)
        if status == 200 and len(content) != 4 * made["n_points"] * made["n_components"]:
            client.tally.fail("positions", f"{len(content)} bytes")
    client.tally.right("projection")


def _wait(client: Client, made: Any) -> Any:
    """Return a projection when it has ended; some are canceled. None if it is refused."""
    path = f"/projections/{made['id']}"
    if client.random.random() < 0.4:
        client.ask("cancel", "DELETE", path)
    deadline = time.monotonic() + _PATIENCE
    while made is not None and made["state"] in ("queued", "running"):
        if time.monotonic() > deadline:
            client.tally.refuse("projection", "still waiting for its turn")
            client.ask("cancel", "DELETE", path)
            return None
        time.sleep(0.3)
        made = client.json("projection", "GET", path)
    return made


def leave_streams(client: Client) -> None:
    """Open event streams and leave them, some after a while and some before the answer."""
    sockets = []
    for _ in range(12):
        opened = socket.create_connection(client.place, timeout=_PATIENCE)
        verb = client.random.choice(["GET", "GET", "HEAD"])
        host = f"{client.place[0]}:{client.place[1]}"
        opened.sendall(f"{verb} /api/v1/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        sockets.append(opened)
    time.sleep(client.random.random())
    for opened in sockets:
        opened.close()
        client.tally.right("event streams")


def upload(client: Client) -> None:
    """Upload a table that is good and one that is hostile."""
    batch = f"soak-{client.random.randrange(3)}"
    good = b"label,a,b,c\n" + b"".join(b"x%d,%d,0.5,1.5\n" % (i, i) for i in range(200))
    hostile = b'{"a":' * 30_000 + b"1" + b"}" * 30_000 + b"\n"
    for name, content in (("good.csv", good), ("deep.jsonl", hostile)):
        path = f"/uploads?batch={batch}&name={name}"
        if client.ask("upload", "POST", path, content, "application/octet-stream")[0] == 200:
            client.tally.right("upload")


def send_nonsense(client: Client) -> None:
    """Send requests that mean nothing; each must be refused with a sentence."""
    dataset = client.dataset() or "0" * 16
    bodies = [
        b"[" * 5000,
        b'{"points": [9223372036854775808]}',
        b'{"expression": "\\ud800"}',
        b'{"dataset": "%s", "method": "umap", "params": {"n_neighbors": 1e999}}' % dataset.encode(),
        b'{"points": [' + b"9" * 5000 + b"]}",
    ]
    for path in (f"/datasets/{dataset}/nearest", "/projections"):
        client.ask("nonsense", "POST", path, client.random.choice(bodies))
    client.ask("nonsense", "GET", f"/datasets/{dataset}/points/{'9' * 5000}")


#: What the clients do, and how many of each there are.
CLIENTS: tuple[tuple[Callable[[Client], None], int], ...] = (
    (ask_neighbors, 3),
    (search, 1),
    (project, 3),
    (leave_streams, 1),
    (upload, 1),
    (send_nonsense, 1),
)


def start_clients(
    url: str, known: Known, tally: Tally, stop: threading.Event, seed: int
) -> list[threading.Thread]:
    """Start all clients; they end soon after `stop` is set."""

    def repeat(work: Callable[[Client], None], client: Client) -> None:
        while not stop.wait(0.1 + client.random.random() * 0.4):
            try:
                work(client)
            except OSError as error:
                tally.fail(work.__name__, f"{type(error).__name__}: {error}")

    threads: list[threading.Thread] = []
    for work, count in CLIENTS:
        for _ in range(count):
            client = Client(url, known, tally, seed + len(threads))
            threads.append(threading.Thread(target=repeat, args=(work, client), daemon=True))
            threads[-1].start()
    return threads
