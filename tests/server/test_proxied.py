"""The server behind reverse proxies, below a path, and inside another program."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit
from wsgiref.util import setup_testing_defaults

import numpy as np
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

import projector
from projector.api.session.session import Session
from projector.errors import RequestError
from projector.server.application import create_app
from projector.server.server import Server
from projector.server.static_files import page_folder
from tests.conftest import write_log
from tests.server.reverse_proxy import Route, nginx, notebook, reverse_proxy, silent

Array = np.ndarray[Any, np.dtype[np.float32]]
Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Give one session to all: who is answered changes nothing in it."""
    made = Session(write_log(tmp_path_factory.mktemp("runs"), np.eye(300, 8, dtype=np.float32)))
    made.wait()
    yield made
    made.close()


@pytest.fixture
def serve(tmp_path: Path, blobs: Array) -> Iterator[Serve]:
    """Start servers of one log directory, and close them."""
    logdir = write_log(tmp_path / "runs", blobs)
    running: list[Server] = []

    def start(**options: Any) -> Server:
        running.append(projector.serve(logdir, port=0, **options))
        return running[-1]

    yield start
    for each in running:
        each.close()


def port_of(server: Server) -> int:
    listener = server._listener.socket
    assert listener is not None
    port: int = listener.getsockname()[1]
    return port


def ask(
    url: str,
    headers: Mapping[str, str] = MappingProxyType({}),
    method: str = "GET",
    body: bytes = b"",
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Make one request and follow nothing."""
    to = urlsplit(url)
    connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=60)
    path = to.path + (f"?{to.query}" if to.query else "")
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def try_everything(base: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
    """Ask for one thing of every kind below an address, as the page does."""
    post = {
        "Content-Type": "application/json",
        "Origin": "http://" + urlsplit(base).netloc,
        "Sec-Fetch-Site": "same-origin",
    }
    post.update(headers)
    status, found, page = ask(base, headers)
    assert found["Content-Type"].startswith("text/html")
    if page_folder() is not None:
        assert status == 200, page
        script = page.decode().split('src="', 1)[1].split('"', 1)[0]
        assert ask(urljoin(base, script), headers)[0] == 200
    api = urljoin(base, "api/v1/")
    listing = json.loads(ask(api + "log", headers)[2])
    dataset = listing["entries"][-1]["id"]  # what was dropped comes first
    for path in ("methods", f"datasets/{dataset}", f"datasets/{dataset}/points/3", "selection"):
        assert ask(api + path, headers)[0] == 200
    body = json.dumps({"dataset": dataset, "method": "pca", "params": {}}).encode()
    status, _, started = ask(api + "projections", post, "POST", body)
    assert status == 200, started
    key = json.loads(started)["id"]
    status, _, frames = ask(f"{api}projections/{key}/frames", headers)
    assert status == 200
    assert len(frames) >= 16
    assert ask(f"{api}projections/{key}/positions", headers)[0] == 200
    upload = f"{api}uploads?batch=b{urlsplit(base).port}&name=x.tsv"
    status, _, sent = ask(upload, post, "POST", b"1\t2\n3\t4\n")
    assert (status, len(json.loads(sent).get("entries", ()))) == (200, 1), sent
    sent_from = post["Origin"].replace("//", "//not-")
    assert ask(upload, {**post, "Origin": sent_from}, "POST", b"1\t2\n")[0] == 403


ROUTES: list[tuple[str, Callable[[int], Route], dict[str, Any]]] = [
    ("as it is", lambda port: Route(port), {}),
    ("prefix and headers", lambda port: nginx(port, "/pre"), {"behind_proxy": True}),
    ("two prefixes", lambda port: nginx(port, "/a/b%20c"), {"behind_proxy": True}),
    ("prefix and silence", lambda port: silent(port, "/pre"), {}),
    ("a notebook", lambda port: notebook(port, "/user/a/proxy/1"), {}),
]


@pytest.mark.parametrize(
    ("route", "options"), [each[1:] for each in ROUTES], ids=[each[0] for each in ROUTES]
)
def test_everything_works_behind(
    serve: Serve, route: Callable[[int], Route], options: dict[str, Any]
) -> None:
    to = route(port_of(serve(**options)))
    with reverse_proxy(to) as port:
        try_everything(f"http://127.0.0.1:{port}{to.prefix}/")


@pytest.mark.parametrize("strips", [True, False])
@pytest.mark.parametrize("kept", [True, False])
def test_a_public_url_is_the_root_whatever_the_proxy_does(
    serve: Serve, strips: bool, kept: bool
) -> None:
    public = "https://hub.example/team/embeddings"
    server = serve(public_url=public)
    assert server.url == public + "/"
    assert "hub.example/team/embeddings/" in server._repr_html_()
    inner = port_of(server)
    host = None if kept else f"127.0.0.1:{inner}"
    prefix = "/team/embeddings"
    with reverse_proxy(Route(inner, prefix, strips, host)) as port:
        base = f"http://127.0.0.1:{port}{prefix}/"
        try_everything(base, {"Host": "hub.example", "Origin": "https://hub.example"})
    # And straight to this machine, without the path.
    try_everything(f"http://127.0.0.1:{inner}/")


def test_tls_before_the_proxy(serve: Serve) -> None:
    server = serve(behind_proxy=True, allowed_hosts=["hub.example"])
    with reverse_proxy(nginx(port_of(server), scheme="https")) as port:
        base = f"http://127.0.0.1:{port}/"
        try_everything(base, {"Host": "hub.example", "Origin": "https://hub.example"})
    # A proxy that says nothing and puts its own name for the visitor's.
    with reverse_proxy(Route(port_of(server), host=f"127.0.0.1:{port_of(server)}")) as port:
        base = f"http://127.0.0.1:{port}/"
        try_everything(base, {"Host": "hub.example", "Origin": "https://hub.example"})


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
                                  "X-Forwarded-Port", "X-Forwarded-For", "Forwarded"])  # fmt: skip
@pytest.mark.parametrize(
    "value", ["evil.example", "https", "/pre", "1", "for=1.2.3.4;host=evil.example;proto=https"]
)
def test_forwarded_headers_change_nothing_unless_a_proxy_is_named(
    session: Session, name: str, value: str
) -> None:
    client = create_app(session, token="s3cret").test_client()
    plain, told = (client.get("/?token=s3cret", headers=headers) for headers in ({}, {name: value}))
    assert told.status_code == plain.status_code == 302
    assert told.headers["Location"] == plain.headers["Location"]
    assert told.headers["Set-Cookie"] == plain.headers["Set-Cookie"]


def test_forwarded_headers_change_nothing_over_a_socket(serve: Serve) -> None:
    server = serve()
    for headers in (
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Prefix": "/pre", "X-Forwarded-Proto": "https"},
    ):
        assert ask(f"{server.url}api/v1/log", headers)[0] == 200
    headers = {"Host": "evil.example", "X-Forwarded-Host": "localhost"}
    assert ask(f"{server.url}api/v1/log", headers)[0] == 403


PROXIED = {"X-Forwarded-Host": "hub.example", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 200),
        (PROXIED, 200),
        ({**PROXIED, "Origin": "https://hub.example"}, 200),
        ({**PROXIED, "Origin": "https://hub.example:444"}, 403),
        ({**PROXIED, "Origin": "https://evil.example"}, 403),
        ({**PROXIED, "X-Forwarded-Port": "8443", "Origin": "https://hub.example:8443"}, 200),
        ({"X-Forwarded-Host": "evil.example"}, 403),
        # Only the last of several is of the proxy that is trusted.
        ({"X-Forwarded-Host": "evil.example, hub.example"}, 200),
        ({"X-Forwarded-Host": "hub.example, evil.example"}, 403),
        # A page on a name that was bound to this machine can send any header.
        ({"Host": "evil.example", "X-Forwarded-Host": "hub.example"}, 403),
        ({"Host": "evil.example", "X-Forwarded-Host": "localhost"}, 403),
        ({"X-Forwarded-Proto": "javascript"}, 400),
        ({"X-Forwarded-Prefix": "//evil.example"}, 400),
        ({"X-Forwarded-Prefix": "https://evil.example/"}, 400),
        ({"X-Forwarded-Prefix": "/pre?x"}, 400),
        ({"X-Forwarded-Prefix": "/pre\\x"}, 400),
        ({"X-Forwarded-Prefix": "/a%0d%0aSet-Cookie:%20x"}, 400),
        ({"X-Forwarded-Prefix": "/a%00"}, 400),
        ({"X-Forwarded-Prefix": "/%2f%2fevil.example"}, 400),
        ({"X-Forwarded-Prefix": "/%5cevil.example"}, 400),
        ({"X-Forwarded-Prefix": "/a/../b"}, 400),
        ({"X-Forwarded-Prefix": "/100%"}, 400),
        ({"X-Forwarded-Prefix": "/"}, 200),
        ({"X-Forwarded-Prefix": "/pre/"}, 200),
    ],
)
def test_one_trusted_proxy_is_believed_and_no_more(
    session: Session, sent: Mapping[str, str], status: int
) -> None:
    app = create_app(session, behind_proxy=True, allowed_hosts=["hub.example"])
    answer = app.test_client().get("/api/v1/log", headers=sent)
    assert answer.status_code == status, answer.data


@pytest.mark.parametrize(
    ("options", "sent", "root", "path", "secure"),
    [
        ({}, {}, "", None, False),
        ({"behind_proxy": True}, {"X-Forwarded-Proto": "https"}, "", None, True),
        ({"behind_proxy": True}, {"X-Forwarded-Prefix": "/pre"}, "", "/pre/", False),
        ({"behind_proxy": True}, {"X-Forwarded-Prefix": "/a%20b/"}, "", "/a%20b/", False),
        ({}, {}, "/pre", "/pre/", False),
        ({"public_url": "https://h.example/p"}, {"Host": "h.example"}, "", "/p/", True),
        ({"public_url": "http://h.example/p"}, {"Host": "h.example"}, "", "/p/", False),
    ],
)
def test_token_cookie_and_redirect_stay_below_the_root(
    session: Session,
    options: dict[str, Any],
    sent: Mapping[str, str],
    root: str,
    path: str | None,
    secure: bool,
) -> None:
    app = create_app(session, token="s3cret", **options)
    client = Client(DispatcherMiddleware(app, {root: app} if root else {}), Response)
    first = client.get(f"{root}/?token=s3cret", headers=sent)
    assert first.status_code == 302
    at = path or root + "/"
    assert urljoin(at + "?token=s3cret", first.headers["Location"]) == at
    cookie = first.headers["Set-Cookie"]
    assert ("; Secure" in cookie) is secure
    # Without a path it is that of the page's own address.
    assert (f"Path={path}" in cookie) if path else ("Path=" not in cookie)


@pytest.mark.parametrize("root", ["/api", "/api/v1", "/assets", "/a/api"])
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_root_may_be_called_as_one_of_our_own_paths(
    session: Session, root: str, is_cut: bool
) -> None:
    before = "" if is_cut else root
    public = create_app(session, public_url=f"http://h.example{root}").test_client()
    told = create_app(session, behind_proxy=True, allowed_hosts=["h.example"]).test_client()
    for client, headers in (
        (public, {"Host": "h.example"}),
        (told, {"Host": "h.example", "X-Forwarded-Prefix": root}),
    ):
        assert client.get(f"{before}/api/v1/log", headers=headers).status_code == 200
        assert client.get(f"{before}/nothing", headers=headers).status_code == 404
    # Mounted, the program before us has cut its path off already.
    mounted = DispatcherMiddleware(create_app(session), {root: told.application})
    assert Client(mounted, Response).get(f"{root}/api/v1/log").status_code == 200


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"Host": "localhost:7000"}, "projector-token-7000"),
        ({"Host": "[::1]:7001"}, "projector-token-7001"),
        ({"Host": "[::1]"}, "projector-token-80"),
        ({"Host": "gpu7.example"}, "projector-token-80"),
        ({"X-Forwarded-Host": "h.example", "X-Forwarded-Proto": "https"}, "projector-token-443"),
        ({"X-Forwarded-Host": "h.example:8443"}, "projector-token-8443"),
    ],
)
def test_the_name_of_the_cookie_has_the_port_that_the_browser_shows(
    session: Session, sent: Mapping[str, str], name: str
) -> None:
    client = create_app(session, token="s3cret", behind_proxy=True).test_client()
    assert client.get("/?token=s3cret", headers=sent).headers["Set-Cookie"].startswith(f"{name}=")


class Browser:
    """As much of a browser as its cookies: Python's own jar decides where they go."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({})
        ).open

    def status(self, url: str) -> int:
        try:
            with self._open(url, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def test_two_servers_in_one_browser_stay_logged_in(serve: Serve) -> None:
    servers = [serve(host="0.0.0.0") for _ in range(3)]
    opened = [urlsplit(each.url) for each in servers]
    # The name of this machine need not lead to it here; its address does.
    urls = [f"http://127.0.0.1:{each.port}/" for each in opened]
    browser = Browser()
    for url, each in zip(urls, opened, strict=True):
        assert browser.status(url) == 401
        assert browser.status(f"{url}?{each.query}") == 200
    for url in urls * 2:
        assert browser.status(url) == 200
        assert browser.status(url + "api/v1/log") == 200
    assert len(browser.jar) == 3


@pytest.mark.parametrize("says_prefix", [True, False])
def test_two_paths_of_one_host_stay_logged_in(serve: Serve, says_prefix: bool) -> None:
    servers = [serve(host="0.0.0.0", behind_proxy=says_prefix) for _ in range(3)]
    # One of them is the root of the host: its cookie goes to the others, too.
    prefixes = ["/a", "/a/b", ""]
    tokens = [urlsplit(each.url).query for each in servers]
    routes = [
        nginx(port_of(server), prefix) if says_prefix else Route(port_of(server), prefix)
        for server, prefix in zip(servers, prefixes, strict=True)
    ]
    browser = Browser()
    with reverse_proxy(routes[1], routes[0], routes[2]) as port:
        urls = [f"http://127.0.0.1:{port}{prefix}/" for prefix in prefixes]
        for url, token in zip(urls, tokens, strict=True):
            assert browser.status(f"{url}?{token}") == 200
        for url in urls * 2:
            assert browser.status(url + "api/v1/log") == 200
    assert sorted(each.path.rstrip("/") for each in browser.jar) == ["", "/a", "/a/b"]


def test_a_server_that_was_started_again_asks_for_its_new_token(serve: Serve) -> None:
    browser = Browser()
    first = serve(host="0.0.0.0")
    port = port_of(first)
    assert browser.status(f"http://127.0.0.1:{port}/?{urlsplit(first.url).query}") == 200
    first.close()
    second = projector.serve(np.eye(4), host="0.0.0.0", port=port)
    with second:
        url = f"http://127.0.0.1:{port}/"
        assert browser.status(url) == 401
        assert browser.status(f"{url}?{urlsplit(second.url).query}") == 200
        assert browser.status(url) == 200
    assert len(browser.jar) == 1


def test_mounted_in_another_program(session: Session) -> None:
    def other(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"the host program"]

    app = create_app(session, embedded=True)
    client = Client(DispatcherMiddleware(other, {"/data/plugin/embeddings": app}), Response)
    root = "/data/plugin/embeddings"
    foreign = {
        "Host": "tb.example.com",
        "Origin": "https://hub.example",
        "Sec-Fetch-Site": "same-site",
    }
    assert client.get("/").data == b"the host program"
    for path in ("/", "/api/v1/log", "/api/v1/selection"):
        with client.get(root + path, headers=foreign) as answer:
            assert answer.status_code in ((200, 503) if path == "/" else (200,))
    answer = client.get(root, headers=foreign)
    assert answer.headers["Location"] == root + "/"
    assert client.get(f"{root}?x=1").headers["Location"] == f"{root}/?x=1"
    # A program that takes the slash away, as TensorBoard does, is not asked for it again and again.
    with app.test_client().get("", environ_overrides={"PATH_INFO": "", "REQUEST_URI": "/page/",
                                                      "SCRIPT_NAME": "/page"}) as page:  # fmt: skip
        assert page.status_code in (200, 503)


def test_an_embedded_application_still_asks_for_its_token(session: Session) -> None:
    client = create_app(session, embedded=True, token="s3cret").test_client()
    headers = {"Host": "tb.example.com", "Origin": "https://hub.example"}
    assert client.get("/api/v1/log", headers=headers).status_code == 401
    assert client.get("/api/v1/log?token=s3cret", headers=headers).status_code == 200


def test_every_answer_has_a_type_as_a_host_program_may_want_it(session: Session) -> None:
    client = create_app(session, embedded=True).test_client()
    first = client.get("/api/v1/log")
    again = client.get("/api/v1/log", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    answers = [
        first,
        again,
        client.get("/"),
        client.head("/api/v1/log"),
        client.get("/nothing"),
        client.post("/api/v1/log"),
        client.options("/api/v1/log"),
        client.get("/api/v1/events"),
    ]
    for answer in answers:
        assert answer.headers["Content-Type"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    assert again.headers["Content-Type"] == first.headers["Content-Type"]


FRAME = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


def test_only_named_pages_may_frame_the_page(session: Session) -> None:
    origins = ["https://hub.example", "vscode-webview:", "http://localhost:8888/"]
    app = create_app(session, frame_origins=origins)
    with app.test_client().get("/", headers=FRAME) as page:
        assert page.status_code in (200, 503)
        policy = page.headers["Content-Security-Policy"]
        named = "https://hub.example vscode-webview: http://localhost:8888"
        assert policy.endswith(f"frame-ancestors 'self' {named}")
        assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    data = app.test_client().get("/api/v1/log")
    assert data.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert app.test_client().get("/api/v1/log", headers=FRAME).status_code == 403
    with create_app(session).test_client().get("/", headers=FRAME) as page:
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
        assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_cookie_in_a_frame_of_another_site_needs_https(session: Session) -> None:
    app = create_app(
        session, token="s3cret", behind_proxy=True, frame_origins=["https://hub.example"]
    )
    client = app.test_client()
    plain = client.get("/?token=s3cret").headers["Set-Cookie"]
    assert "SameSite=Strict" in plain
    secure = client.get("/?token=s3cret", headers={"X-Forwarded-Proto": "https"})
    assert "SameSite=None" in secure.headers["Set-Cookie"]
    assert "Partitioned" in secure.headers["Set-Cookie"]
    assert "Secure" in secure.headers["Set-Cookie"]


def test_the_application_can_be_asked_before_a_body_is_read(session: Session) -> None:
    """A gate before the application decides from the same line and headers, and changes nothing."""
    from projector.server.application import gate_of

    app = create_app(session, behind_proxy=True, allowed_hosts=["hub.example"], read_only=True)
    admit = gate_of(app).admit
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/pre/api/v1/uploads",
        "QUERY_STRING": "batch=a&name=b",
        "HTTP_HOST": "127.0.0.1:6006",
        "HTTP_X_FORWARDED_PREFIX": "/pre",
        "CONTENT_LENGTH": "10",
    }
    setup_testing_defaults(asked)
    before = dict(asked)
    with pytest.raises(RequestError, match="read-only") as refused:
        admit(asked)
    assert (refused.value.status, asked) == (403, before)
    assert admit({**asked, "PATH_INFO": "/pre/api/v1/projections"}) >= 10
    with pytest.raises(RequestError) as foreign:
        admit({**asked, "HTTP_ORIGIN": "https://evil.example"})
    assert foreign.value.status == 403
