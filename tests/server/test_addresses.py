"""Addresses that a user names: which are understood, and whom they let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.server.addresses import is_path, read_host, read_origin, read_public_url
from projector.server.application import create_app


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """Give one session to all: who is answered changes nothing in it."""
    made = Session(np.eye(4, dtype=np.float32))
    made.wait()
    yield made
    made.close()


WRONG: list[tuple[str, str, list[str]]] = [
    ("allowed_hosts", "--allow-host", [
        "", "*", "*.example.com", "https://hub.example", "hub.example:80", "hub.example/x", ".",
        ".com", "a b", "user@hub.example", "-x", "hub..example", "[::1", "x" * 300, "hub_\n",
    ]),
    ("frame_origins", "--allow-frame", [
        "", "*", "'self'", "hub.example", "https://hub.example/x", "https://hub.example?x",
        "https://u:p@hub.example", "https://", "https://*.example", "data:text/html", "blob://x",
        "https://hub.example;script-src *", "https://a https://b", "https://hub.example:99999",
        "javascript://x", "file:///", "https:", "data:", "about:", "file:", ":",
        "https://hub.example#x", "null", "https://a\nX-Y: z",
    ]),
    ("public_url", "--public-url", [
        "", "hub.example", "ftp://hub.example", "https://", "https://u@hub.example",
        "https://hub.example/?x=1", "https://hub.example/#x", "https://hub.example/a b",
        "https://hub.example/../x",
        "https://hub.example:99999", "https://hub.example//x", "https://hub.example/%2e%2e/x",
        "//hub.example/x", "https://hub.example/?", "https://hub.example\\x",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [(name, option, value) for name, option, values in WRONG for value in values],
)
def test_a_wrong_address_is_one_sentence(name: str, option: str, value: str) -> None:
    given: Any = value if name == "public_url" else [value]
    with pytest.raises(ParameterError) as found:
        projector.serve(np.eye(3), port=0, **{name: given})
    message = str(found.value)
    assert message.startswith(f"{option} takes ")
    assert message.endswith(f"Got {value!r}.")


def test_one_text_is_no_list_of_letters() -> None:
    wrong: Any = "hub"
    with pytest.raises(ParameterError, match="list of texts"):
        projector.serve(np.eye(3), port=0, allowed_hosts=wrong)


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("gpu7", "gpu7:6006", 200),
        ("GPU7.Example.com", "gpu7.example.com", 200),
        ("gpu7", "gpu77", 403),
        ("gpu7", "gpu7.evil.example", 403),
        ("gpu7", "gpu7.", 403),
        (".example.com", "a.b.example.com:81", 200),
        (".example.com", "example.com", 200),
        (".example.com", "evilexample.com", 403),
        (".example.com", "example.com.evil", 403),
        ("192.168.0.7", "192.168.0.7:6006", 200),
        ("192.168.0.7", "192.168.0.70:6006", 403),
        ("2001:db8::1", "[2001:db8::1]:6006", 200),
        ("[2001:DB8::1]", "[2001:db8::1]", 200),
        ("2001:db8::1", "[2001:db8::2]", 403),
        ("münchen.example", "xn--mnchen-3ya.example", 200),
    ],
)
def test_named_hosts_are_answered(session: Session, allowed: str, host: str, status: int) -> None:
    client = create_app(session, allowed_hosts=[allowed]).test_client()
    assert client.get("/api/v1/log", headers={"Host": host}).status_code == status
    own = {"Host": host, "Origin": f"http://{host}"}
    assert client.get("/api/v1/log", headers=own).status_code == status
    # Another port of the same name is another program's page.
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    other = {"Host": host, "Origin": f"http://{name}:9999"}
    assert client.get("/api/v1/log", headers=other).status_code == 403


def test_addresses_are_written_as_browsers_write_them() -> None:
    assert read_host("Gpu7.Example.com") == "gpu7.example.com"
    assert read_host("[2001:DB8:0::1]") == "2001:db8::1"
    assert read_origin("https://Hub.Example:443/") == "https://hub.example"
    assert read_origin("http://[::1]:8888") == "http://[::1]:8888"
    found = read_public_url("https://Hub.Example:8443/a%20b/")
    assert (found.origin, found.host, found.prefix, found.root) == (
        "https://hub.example:8443",
        "hub.example",
        "/a%20b",
        "/a b",
    )
    assert str(found) == "https://hub.example:8443/a%20b/"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("", True), ("/a", True), ("/user/a%40b/proxy/1", True), ("/a.b/~c", True), ("a", False),
     ("/", False), ("//a", False), ("/a//b", False), ("/.", False), ("/a/../b", False),
     ("/%2e%2e/a", False), ("/%2fa", False), ("/a%00", False), ("/a%0d%0ab", False),
     ("/a%5cb", False), ("/a%", False), ("/a%zz", False), ("/a b", False), ("/ä", False)],
)  # fmt: skip
def test_a_path_leads_nowhere_else(path: str, expected: bool) -> None:
    assert is_path(path) is expected
