"""Thousands of hostile requests: never an error of the server's own, always a clear sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from projector.api.methods import METHODS
from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.server import queries
from projector.server.application import create_app
from tests.conftest import write_log
from tests.server.client_calls import finish, start
from tests.server.hostile import Hostile, Known, hostile_requests


@pytest.fixture
def app(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Flask, Known]]:
    vectors = rng.normal(size=(40, 4)).astype(np.float32)
    session = Session(write_log(tmp_path / "runs", vectors), watch=False)
    made = create_app(session)
    client = made.test_client()
    dataset = session.listing.entries[0].id
    key = start(client, dataset, "pca")["id"]
    assert finish(client, key)["state"] == "done"
    methods = {
        name: tuple(parameter.name for parameter in parameters_of(method))
        for name, method in METHODS.items()
    }
    yield made, Known(dataset, key, 40, methods, asked_names(monkeypatch))
    session.close()


def asked_names(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Return the names that each endpoint reads from queries; they are added as it does."""
    asked: dict[str, set[str]] = {}
    read = queries._given

    def note(name: str) -> str | None:
        asked.setdefault(str(request.endpoint), set()).add(name)
        return read(name)

    monkeypatch.setattr(queries, "_given", note)
    return asked


def environ_of(asked: Hostile) -> dict[str, Any]:
    """Return a request as a server would hand it over, whatever is in it."""
    environ = EnvironBuilder(method=asked.method, data=asked.body or None).get_environ()
    path, _, query = asked.target.partition("?")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    environ["QUERY_STRING"] = quoted(query)
    environ["HTTP_HOST"] = "localhost"
    for name, value in asked.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def quoted(query: str) -> str:
    return query.encode("utf-8").decode("latin-1")


def ask(app: Flask, asked: Hostile) -> tuple[int, str, bytes]:
    """Return status, type and body of the answer, or the first piece of a stream."""
    pieces, status, headers = run_wsgi_app(app.wsgi_app, environ_of(asked))
    is_stream = headers.get("Content-Type", "").startswith("text/event-stream")
    try:
        body = next(iter(pieces), b"") if is_stream else b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    return int(status.split()[0]), headers.get("Content-Type", ""), body


def check(app: Flask, known: Known, seed: int, count: int) -> None:
    n_refused = 0
    for number, asked in enumerate(hostile_requests(app.url_map, known, seed, count)):
        status, kind, body = ask(app, asked)
        told = f"request {number} of seed {seed}: {str(asked)[:1500]}"
        # 503: this checkout may have no page.
        assert status < 500 or (status == 503 and asked.target.startswith("/")), (told, body)
        if status == 200 and asked.method == "POST" and asked.target.endswith("/projections"):
            ask(app, Hostile("DELETE", f"/api/v1/projections/{json.loads(body)['id']}"))
        if status >= 400 and asked.method != "HEAD" and not kind.startswith("text/html"):
            n_refused += 1
            assert kind == "application/json", told
            error = json.loads(body).get("error", {})
            assert list(error) == ["type", "message"], told
            assert error["type"] != "InternalError", told
            assert 0 < len(error["message"]) < 2000, told
    assert n_refused > count // 4, "these requests are not hostile"
    assert ask(app, Hostile("GET", "/api/v1/log"))[0] == 200


def test_hostile_requests(app: tuple[Flask, Known]) -> None:
    check(*app, seed=20261128, count=1200)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_many_hostile_requests(app: tuple[Flask, Known], seed: int) -> None:
    check(*app, seed=seed, count=4000)
