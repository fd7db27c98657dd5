"""Who is answered, and what every answer carries."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from flask.testing import FlaskClient

import projector
from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.server.application import create_app
from projector.server.effects import EFFECTS, SAFE_METHODS
from tests.conftest import write_log
from tests.server.client_calls import finish, get, start

LOG = "/api/v1/log"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:6006", "127.0.0.1:7000", "[::1]:6006", "127.0.0.1", "[::1]",
     "LOCALHOST", "a.localhost:1", "127.1.2.3", "127.255.255.254:65535"],
)  # fmt: skip
def test_loopback_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get(LOG, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:6006", "127.0.0.1.evil.example", "localhost.evil.example",
     "192.168.0.7", "0.0.0.0:6006", "[2001:db8::1]:6006", "", " ", "localhost.", "localhost%00",
     "xlocalhost", "localhost.evil.example:6006", "127.0.0.1.nip.io", "127.1", "2130706433",
     "0x7f000001", "0177.0.0.1", "127.0.0.1@evil.example", "evil.example#localhost",
     "evil.example/localhost", "localhost,evil.example", "localhost evil.example", "[::]",
     "[::ffff:7f00:1]", "[fe80::1]", "128.0.0.1", "126.255.255.255", "10.0.0.1",
     "169.254.169.254", "localhost:evil.example", "::1:6006", "[::1", "127.0.0.1%2eevil.example",
     "localhost\u3002evil.example"],
)  # fmt: skip
def test_another_name_that_is_bound_to_this_machine_is_refused(
    client: FlaskClient, host: str
) -> None:
    answer = client.get(LOG, headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["error"]["type"] == "RequestError"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost:6006"}, 200),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://localhost:6006"}, 200),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost:60060"}, 403),
        ({"Origin": "http://localhost:6006.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:6006"}, 403),
        ({"Origin": "http://[::1]:6006"}, 403),
        ({"Origin": "http://LOCALHOST:6006"}, 403),
        ({"Origin": "http://localhost:6006/"}, 403),
        ({"Origin": "ws://localhost:6006"}, 403),
        ({"Origin": "file://"}, 403),
        ({"Origin": "chrome-extension://abc"}, 403),
        ({"Origin": "http://user@localhost:6006"}, 403),
        ({"Origin": "http://evil.example#http://localhost:6006"}, 403),
        ({"Origin": "http://localhost:6006, http://evil.example"}, 403),
        ({"Origin": "http://[::1"}, 403),
        # The browser itself says that the page and what it asks have one origin.
        ({"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:6006", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_requests_across_sites_are_refused(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    answer = client.get(LOG, headers={"Host": "localhost:6006", **headers})
    assert answer.status_code == status


def test_a_link_from_elsewhere_may_open_the_page_but_not_touch_data(client: FlaskClient) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with client.get("/", headers=link) as page:
        assert page.status_code in (200, 503)
    assert client.get(LOG, headers=link).status_code == 403


def test_elsewhere_the_token_is_asked_for(session: Session) -> None:
    client = create_app(session, token="s3cret").test_client()
    host = {"Host": "machine.example:6006"}
    assert client.get(LOG, headers=host).status_code == 401
    assert client.get(f"{LOG}?token=wrong", headers=host).status_code == 401
    assert client.get("/", headers=host).status_code == 401
    first = client.get("/?token=s3cret", headers=host)
    assert first.status_code == 302
    assert urljoin("/?token=s3cret", first.headers["Location"]) == "/"
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    token = cookie.split(";")[0]
    assert client.get(LOG, headers={**host, "Cookie": token}).status_code == 200
    assert client.get(f"{LOG}?token=s3cret", headers=host).status_code == 200


@pytest.mark.parametrize("path", ["/", LOG, "/api/v1/nothing", "/assets/../../pyproject.toml"])
def test_every_answer_is_hardened(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/assets/../index.html", "/assets/..%2f..%2fpyproject.toml", "/pyproject.toml", "/.git/config",
     "/assets//etc/passwd", "/static/dist/index.html"],
)  # fmt: skip
def test_no_other_file_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_route_says_whether_it_changes_anything(session: Session) -> None:
    routes = create_app(session).url_map.iter_rules()
    unsafe = {each.endpoint for each in routes if (each.methods or set()) - SAFE_METHODS}
    assert unsafe == set(EFFECTS), "declare it in projector/server/effects.py"


#: One request of each route that is no question; `ID` is a dataset, `P` a projection.
CHANGES = [
    ("POST", "/uploads?batch=a&name=b.tsv"),
    ("POST", "/demo"),
    ("PUT", "/datasets/ID/tags"),
    ("PUT", "/datasets/ID/tags?keep=session"),
    ("PUT", "/selection"),
    ("PATCH", "/projections/P"),
    ("DELETE", "/projections/P"),
    ("POST", "/projections/P/pause"),
    ("POST", "/projections/P/resume"),
    ("POST", "/projections/P/actions/perturb"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_read_only_server_changes_nothing(
    session: Session, dataset: str, method: str, path: str
) -> None:
    app = create_app(session, read_only=True)
    before = session.listing, session.selection.now().number
    to = "/api/v1" + path.replace("ID", dataset)
    answer = app.test_client().open(to, method=method, data=b"x")
    assert answer.status_code == 403
    assert answer.json is not None
    assert "--read-only" in answer.json["error"]["message"]
    assert (session.listing, session.selection.now().number) == before
    # Elsewhere the same request gets as far as being read.
    open_to_all = create_app(session).test_client().open(to, method=method, data=b"x")
    assert open_to_all.status_code != 403


def test_a_read_only_server_answers_and_computes(session: Session, dataset: str) -> None:
    client = create_app(session, read_only=True).test_client()
    assert get(client, "/log")["read_only"] is True
    assert get(create_app(session).test_client(), "/log")["read_only"] is False
    found = finish(client, start(client, dataset, "pca")["id"])
    assert found["state"] == "done"
    asked = [
        (f"/projections/{found['id']}/quality?k=5", {}),
        (f"/datasets/{dataset}/nearest", {"points": [1], "k": 3}),
        (f"/datasets/{dataset}/texts", {"rows": [0], "columns": [0]}),
        (f"/datasets/{dataset}/columns/0/categories", {"names": ["1"]}),
    ]
    for path, body in asked:
        assert client.post(f"/api/v1{path}", json=body).status_code == 200
    # What is no route is not found, here as elsewhere.
    assert client.delete("/api/v1/log").status_code == 405
    assert client.put("/api/v1/nothing").status_code == 404


def test_python_selects_on_a_read_only_server_and_writes_no_file(tmp_path: Path) -> None:
    logdir = write_log(tmp_path / "runs", np.eye(20, 8, dtype=np.float32))
    with projector.serve(logdir, port=0, read_only=True) as server:
        assert server.select([1, 2]).indices.tolist() == [1, 2]
        opened = server.session.dataset(server.session.listing.entries[0].id)
        assert not server.session.saves_sidecars(opened)


TOKEN = "a-token-of-sixteen-letters"


def status_of(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_token_of_ones_own_is_asked_for_everywhere() -> None:
    with projector.serve(np.eye(4), port=0, token=TOKEN) as server:
        plain, _, question = server.url.partition("?")
        assert question == f"token={TOKEN}"
        assert status_of(f"{plain}api/v1/log") == 401
        assert status_of(f"{plain}api/v1/log?token={TOKEN}") == 200


def test_a_server_for_all_asks_for_none_and_still_checks_names() -> None:
    options: dict[str, Any] = {"public_url": "https://maps.example/a/", "read_only": True}
    with projector.serve(np.eye(4), host="0.0.0.0", port=0, open_to_all=True, **options) as server:
        assert server.url == "https://maps.example/a/"
        log = f"http://127.0.0.1:{server.port}/a/api/v1/log"
        assert status_of(log) == 200
        assert status_of(log, Host="maps.example") == 200
        assert status_of(log, Host="other.example") == 403


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"open_to_all": True}, "--open-to-all needs --read-only"),
        ({"open_to_all": True, "read_only": True, "token": TOKEN}, "asks for no token"),
        ({"token": "short"}, "--token takes 16 to 200"),
        ({"token": "sixteen letters and spaces"}, "--token takes 16 to 200"),
    ],
)
def test_a_wrong_token_is_one_sentence(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        projector.serve(np.eye(4), port=0, **options)
