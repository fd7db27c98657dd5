"""The first picture waits for the vectors alone: not for metadata, however long they take."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session import reading
from projector.api.session.session import Session
from projector.loaders.logdir import dataset_reading
from projector.server.application import create_app
from tests.server.client_calls import finish, get, read_frames, start


@pytest.fixture
def may_read(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Metadata are read only when this is set."""
    may = threading.Event()
    original: Any = dataset_reading._metadata

    def read(*given: Any) -> Any:
        assert may.wait(120)
        return original(*given)

    monkeypatch.setattr(dataset_reading, "_metadata", read)
    return may


@pytest.fixture
def client(tmp_path: Path, may_read: threading.Event) -> Iterator[FlaskClient]:
    rng = np.random.default_rng(0)
    np.save(tmp_path / "words.npy", rng.normal(size=(60, 4)).astype(np.float32))
    (tmp_path / "metadata.tsv").write_text("\n".join(f"w{row}" for row in range(60)) + "\n")
    session = Session(tmp_path, watch=False)
    session.wait()
    yield create_app(session).test_client()
    may_read.set()
    session.close()


def test_a_picture_is_there_while_the_metadata_are_not(
    client: FlaskClient, may_read: threading.Event
) -> None:
    (entry,) = get(client, "/log")["entries"]
    asked = start(client, entry["id"], "pca", n_components=2)
    done = finish(client, asked["id"])
    assert done["state"] == "done"
    frames = read_frames(client.get(f"/api/v1/projections/{asked['id']}/frames?dims=2").data)
    assert frames
    assert not may_read.is_set()
    may_read.set()
    about = get(client, f"/datasets/{entry['id']}")
    assert [column["name"] for column in about["columns"]] == ["label"]
    assert start(client, entry["id"], "pca", n_components=2)["id"] == asked["id"]


def test_what_names_points_waits_for_their_names(
    client: FlaskClient, may_read: threading.Event
) -> None:
    (entry,) = get(client, "/log")["entries"]
    threading.Timer(0.2, may_read.set).start()
    asked = start(client, entry["id"], "axes", x_from="= w1", x_to="= w2")
    assert may_read.is_set()
    assert finish(client, asked["id"])["state"] == "done"


@pytest.mark.parametrize("how", ["positions", "frames?dims=2"])
def test_the_rest_goes_on_once_the_picture_is_sent(
    client: FlaskClient, may_read: threading.Event, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(reading, "_SMALL", 0)
    monkeypatch.setattr(reading, "_PATIENCE", 120.0)
    may_read.set()
    (entry,) = get(client, "/log")["entries"]
    asked = start(client, entry["id"], "pca", n_components=2)
    finish(client, asked["id"])
    with client.get(f"/api/v1/projections/{asked['id']}/{how}") as sent:
        assert sent.data
    assert get(client, f"/datasets/{entry['id']}")["n_points"] == 60


@pytest.mark.parametrize("body", [{"method": "nothing"}, {"method": "pca", "params": {"x": 1}}])
def test_a_refused_request_holds_nothing_back(
    client: FlaskClient,
    may_read: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    body: dict[str, Any],
) -> None:
    monkeypatch.setattr(reading, "_SMALL", 0)
    monkeypatch.setattr(reading, "_PATIENCE", 120.0)
    may_read.set()
    (entry,) = get(client, "/log")["entries"]
    answer = client.post("/api/v1/projections", json={"dataset": entry["id"], **body})
    assert answer.status_code in (400, 404)
    assert get(client, f"/datasets/{entry['id']}")["n_points"] == 60
