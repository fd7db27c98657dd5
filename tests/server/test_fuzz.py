"""Thousands of hostile requests: never an error of the server's own, always a clear sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask import Flask, request

from projector.api.methods import METHODS
from projector.api.options import parameters_of
from projector.api.session.session import Session
from projector.server import queries
from projector.server.application import create_app
from tests.conftest import write_log
from tests.server.client_calls import finish, start
from tests.server.hostile import Hostile, Known, ask, fault_of, hostile_requests


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


def check(app: Flask, known: Known, seed: int, count: int) -> None:
    n_refused = 0
    for number, asked in enumerate(hostile_requests(app.url_map, known, seed, count)):
        answer = ask(app, asked)
        assert fault_of(asked, answer) == "", f"request {number} of seed {seed}"
        n_refused += answer.status >= 400
        if (
            answer.status == 200
            and asked.method == "POST"
            and asked.target.endswith("/projections")
        ):
            ask(app, Hostile("DELETE", f"/api/v1/projections/{json.loads(answer.body)['id']}"))
    assert n_refused > count // 4, "these requests are not hostile"
    assert ask(app, Hostile("GET", "/api/v1/log")).status == 200


def test_hostile_requests(app: tuple[Flask, Known]) -> None:
    check(*app, seed=20261128, count=1200)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_many_hostile_requests(app: tuple[Flask, Known], seed: int) -> None:
    check(*app, seed=seed, count=4000)
