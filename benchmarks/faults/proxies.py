"""Faults behind other servers: prefixes, forged headers, cookies of two servers on one host."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from itertools import permutations
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import numpy as np

import projector
from faults.trial import Outcome, Trial
from projector.server.server import Server
from tests.server.reverse_proxy import Route, nginx, notebook, reverse_proxy, silent

_NONE: Mapping[str, str] = MappingProxyType({})
_DATA = np.random.default_rng(0).normal(size=(150, 8)).astype(np.float32)


def _port(server: Server) -> int:
    """Return the port that a server listens on, also where its address is another one."""
    listener = server._listener.socket
    assert listener is not None, "it is running"
    port: int = listener.getsockname()[1]
    return port


def _ask(
    url: str, headers: Mapping[str, str] = _NONE, method: str = "GET", body: bytes = b""
) -> tuple[int, Mapping[str, str], bytes]:
    to = urlsplit(url)
    connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=60)
    path = to.path + (f"?{to.query}" if to.query else "")
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    found = answer.status, dict(answer.headers), answer.read()
    connection.close()
    return found


def _visit(base: str, outcome: Outcome, headers: Mapping[str, str] = _NONE) -> None:
    """Ask for one thing of every kind below an address, as the page does."""
    own = {"Origin": "http://" + urlsplit(base).netloc, "Sec-Fetch-Site": "same-origin"}
    post = {"Content-Type": "application/json", **own, **headers}

    def ask(path: str, method: str = "GET", body: bytes = b"") -> bytes:
        sent = headers if method == "GET" else post
        status, _, found = _ask(urljoin(base, path), sent, method, body)
        outcome.count(status == 200, f"{method} {base}{path}: {status}")
        return found

    page = ask("").decode()
    ask(page.split('src="', 1)[1].split('"', 1)[0])
    entry = json.loads(ask("api/v1/log"))["entries"][-1]["id"]
    for path in ("methods", f"datasets/{entry}", f"datasets/{entry}/points/3", "selection"):
        ask(f"api/v1/{path}")
    asked = {"dataset": entry, "method": "pca", "params": {}}
    key = json.loads(ask("api/v1/projections", "POST", json.dumps(asked).encode()))["id"]
    ask(f"api/v1/projections/{key}/frames")
    ask(f"api/v1/projections/{key}/positions")
    ask(f"api/v1/datasets/{entry}/nearest", "POST", b'{"points": [1], "k": 3}')
    ask(f"api/v1/uploads?batch={secrets.token_hex(4)}&name=v.tsv", "POST", b"1.5\t2.5\t3.5\n" * 9)


def _prefixes() -> Outcome:
    outcome = Outcome()
    cases: list[tuple[Callable[[int], Route], bool]] = [
        (lambda port: Route(port), False),
        (lambda port: nginx(port, "/pre"), True),
        (lambda port: nginx(port, "/a/b%20c/d"), True),
        (lambda port: nginx(port, scheme="https"), True),
        (lambda port: silent(port, "/pre"), False),
        (lambda port: notebook(port, "/user/a%40b/proxy/1"), False),
    ]
    for route, behind_proxy in cases:
        with projector.serve(_DATA, port=0, behind_proxy=behind_proxy) as server:
            to = route(_port(server))
            with reverse_proxy(to) as proxy:
                for _ in range(3):
                    _visit(f"http://127.0.0.1:{proxy}{to.prefix}/", outcome)
    public = {"Host": "hub.example", "Origin": "https://hub.example"}
    with projector.serve(_DATA, port=0, public_url="https://hub.example/team/x") as server:
        for strips in (True, False):
            for host in (None, "127.0.0.1"):
                with reverse_proxy(Route(_port(server), "/team/x", strips, host)) as proxy:
                    _visit(f"http://127.0.0.1:{proxy}/team/x/", outcome, public)
    return outcome


def _forged() -> Outcome:
    outcome = Outcome()
    names = ("Host", "Proto", "Prefix", "Port", "For", "Server", "Ssl")
    values = ("evil.example", "localhost", "https", "/pre", "//evil.example", "99", "1.2.3.4")
    with projector.serve(_DATA, port=0) as server:
        for name in names:
            for value in values:
                for host, expected in ((f"localhost:{_port(server)}", 200), ("evil.example", 403)):
                    headers = {"Host": host, f"X-Forwarded-{name}": value}
                    headers["Forwarded"] = f"host={value};proto=https"
                    status, _, _ = _ask(f"{server.url}api/v1/log", headers)
                    outcome.count(status == expected, f"{headers}: {status}")
    with projector.serve(_DATA, port=0, behind_proxy=True, allowed_hosts=["hub.example"]) as server:
        for first, told in permutations(("hub.example", "evil.example", "localhost"), 2):
            expected = 403 if "evil.example" in (first, told) else 200
            for sent in (told, f"evil.example, {told}"):
                headers = {"Host": first, "X-Forwarded-Host": sent}
                status, _, _ = _ask(f"{server.url}api/v1/log", headers)
                outcome.count(status == expected, f"{headers}: {status}")
        for prefix in ("//evil.example", "https://evil.example", "/a?b", "/a\\b", "/a//b", "a"):
            status, headers_found, _ = _ask(server.url, {"X-Forwarded-Prefix": prefix})
            is_away = "evil" in headers_found.get("Location", "")
            outcome.count(status == 400 and not is_away, f"prefix {prefix}: {status}")
    return outcome


class _Browser:
    """Cookies and redirects, as Python's own jar and opener treat them."""

    def __init__(self) -> None:
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.ProxyHandler({}),
        ).open

    def status(self, url: str) -> int:
        try:
            with self._open(url, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def _cookies() -> Outcome:
    outcome = Outcome()
    with ExitStack() as running:
        servers = [
            running.enter_context(
                projector.serve(_DATA, port=0, host="0.0.0.0", behind_proxy=behind_proxy)
            )
            for behind_proxy in (False, False, True, True)
        ]
        tokens = [urlsplit(each.url).query for each in servers]
        ports = [_port(each) for each in servers]
        routes = (Route(ports[0], "/a"), Route(ports[1], "/a2"), nginx(ports[2], "/b"),
                  nginx(ports[3], "/b/c"))  # fmt: skip
        with reverse_proxy(routes[3], *routes[:3]) as proxy:
            behind = [f"http://127.0.0.1:{proxy}{each.prefix}/" for each in routes]
            direct = [f"http://127.0.0.1:{port}/" for port in ports]
            for order in permutations(range(4)):
                browser = _Browser()
                for urls in (direct, behind):
                    for at in order:
                        status = browser.status(f"{urls[at]}?{tokens[at]}")
                        outcome.count(status == 200, f"{urls[at]}: {status}")
                for url in (*direct, *behind):
                    status = browser.status(url + "api/v1/log")
                    outcome.count(status == 200, f"{url} after all were opened: {status}")
                wrong = _Browser().status(f"{direct[0]}?{tokens[1]}")
                outcome.count(wrong == 401, f"another server's token: {wrong}")
    return outcome


TRIALS = (
    Trial(
        "Everything works below a path",
        "Ten kinds of reverse proxy: with headers, without a word, as a notebook's, before TLS",
        _prefixes,
    ),
    Trial(
        "Forwarded headers are believed from one named proxy only",
        "Forged headers with and without `--behind-proxy`, and prefixes that lead away",
        _forged,
    ),
    Trial(
        "Servers of one host stay logged in beside each other",
        "Four servers, direct and below paths of one proxy, opened in every order",
        _cookies,
    ),
)
