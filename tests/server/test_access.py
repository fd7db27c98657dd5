"""Who is answered, and what every answer carries."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.server.application import create_app

LOG = "/api/v1/log"


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:6006", "127.0.0.1:7000", "[::1]:6006", "127.0.0.1", "[::1]"]
)
def test_loopback_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get(LOG, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:6006", "127.0.0.1.evil.example", "localhost.evil.example",
     "192.168.0.7", "0.0.0.0:6006", "[2001:db8::1]:6006"],
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
