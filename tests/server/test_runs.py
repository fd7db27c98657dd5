"""Runs over HTTP: hyperparameters, scalars and histograms of event files, and health by step."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
from flask.testing import FlaskClient

import projector
from projector.api.session.session import Session
from projector.server.application import create_app
from tests.loaders import writers as w
from tests.loaders.logdir.test_log_runs import BAD_HISTOGRAMS, HOSTILE, ROWS, START
from tests.server.client_calls import get

EVENTS = "events.out.tfevents.1.host"
#: Names that a path of a URL has to hold.
NAMES = ("a", "a/ä b", "health", "100%?#&")


def write_run(folder: Path, lr: float) -> None:
    events = [
        w.hparams_event(w.session_start({"lr": lr, "deep": {"on": [True, 1, "x"]}})),
        w.histogram_event("weights", 5, ROWS, 7.0),
        *(w.scalar_event("loss", step, lr / step, 100.0 + step) for step in (1, 2, 4)),
    ]
    w.write(folder / EVENTS, b"".join(events))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (".", *NAMES):
        write_run(tmp_path / name, 0.5 if name == "a" else 0.25)
        x = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
        x[:, 2] = 0
        np.save(tmp_path / name / "emb.npy", x)
    return tmp_path


@pytest.fixture
def session(root: Path) -> Iterator[Session]:
    made = Session(root, watch=False)
    made.wait()
    yield made
    made.close()


def test_all_runs_have_their_hyperparameters_and_metrics(client: FlaskClient) -> None:
    found = get(client, "/runs")
    runs = {each["name"]: each for each in found["runs"]}
    assert set(runs) == {".", *NAMES}
    assert runs["a"]["hparams"] == {"lr": 0.5, "deep": {"on": [True, 1, "x"]}}
    assert runs["a"]["metrics"] == {"loss": 0.125}
    assert (runs["a"]["scalar_tags"], runs["a"]["histogram_tags"]) == (["loss"], ["weights"])
    assert runs["a"]["n_tensors"] == 1
    assert found["problems"] == []


def test_some_runs_are_asked_for_by_name(client: FlaskClient) -> None:
    found = get(client, f"/runs?names={quote(json.dumps(['a', 'a/ä b', 'no such run']))}")
    assert [each["name"] for each in found["runs"]] == ["a", "a/ä b"]
    assert get(client, "/runs?names=[]")["runs"] == []
    for wrong in ("a", '{"a": 1}', "[1]", "[" * 100_000):
        assert "JSON list" in get(client, f"/runs?names={quote(wrong)}", 400)["error"]["message"]


def test_one_scalar_of_all_runs(client: FlaskClient) -> None:
    found = get(client, "/scalars?tag=loss")
    assert [each["run"] for each in found["series"]] == [
        r["name"] for r in get(client, "/runs")["runs"]
    ]
    (a,) = (each for each in found["series"] if each["run"] == "a")
    assert (a["steps"], a["values"]) == ([1, 2, 4], [0.5, 0.25, 0.125])
    assert (a["wall_times"], a["relative_times"]) == ([101.0, 102.0, 104.0], [0.0, 1.0, 3.0])
    assert "loss" in get(client, "/scalars?tag=los", 404)["error"]["message"]
    assert "tag" in get(client, "/scalars", 400)["error"]["message"]


@pytest.mark.parametrize("run", NAMES)
def test_the_histograms_of_any_run(client: FlaskClient, run: str) -> None:
    path = f"/runs/{quote(run, safe='')}/histograms?tag=weights"
    found = get(client, path)
    assert (found["run"], found["steps"], found["wall_times"]) == (run, [5], [7.0])
    assert (len(found["shares"]), len(found["quantiles"][0])) == (9, 9)
    assert found["quantiles"][0][0] == -1
    assert found["buckets"] is None
    assert get(client, f"{path}&buckets=1")["buckets"] == [ROWS.tolist()]
    assert get(client, path.replace("%2F", "/")) == found


def test_unknown_names_are_not_found(client: FlaskClient) -> None:
    assert "weights" in get(client, "/runs/a/histograms?tag=w", 404)["error"]["message"]
    assert "a" in get(client, "/runs/b/histograms?tag=weights", 404)["error"]["message"]
    get(client, "/runs/a/histograms", 400)
    get(client, "/runs/b/health", 404)
    get(client, "/runs/a/health?name=x", 404)
    get(client, "/runs/a/health?labels=x", 404)
    get(client, "/runs/a/nothing", 404)


def health_of(client: FlaskClient, path: str) -> dict[str, Any]:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found: dict[str, Any] = get(client, path)
        if found["state"] == "done":
            return found
        assert found["state"] in ("queued", "running")
        time.sleep(0.02)
    raise AssertionError("not done")


def test_the_health_of_a_run(client: FlaskClient) -> None:
    for path, run in (
        ("/runs/health", "."),
        ("/runs/a/health?name=emb", "a"),
        ("/runs/health/health", "health"),
    ):
        found = health_of(client, path)
        assert found["kind"] == "health"
        (step,) = found["result"]["steps"]
        assert (found["result"]["run"], found["result"]["name"]) == (run, "emb")
        assert step["dead"] == [2]
    again = client.post("/api/v1/health", json={"run": "a", "name": "emb"}).get_json()
    assert again["state"] == "done", "the same question in another way"


def test_answers_are_compressed_and_not_sent_twice(client: FlaskClient) -> None:
    key = health_of(client, "/runs/a/health")["id"]
    paths = ("/runs", "/scalars?tag=loss", "/runs/a/histograms?tag=weights")
    for path in (*paths, "/runs/a/health", f"/health/{key}"):
        small = client.get(f"/api/v1{path}", headers={"Accept-Encoding": "gzip"})
        assert small.headers["Content-Encoding"] == "gzip"
        assert json.loads(gzip.decompress(small.data)) == get(client, path)
        etag = {"If-None-Match": small.headers["ETag"], "Accept-Encoding": "gzip"}
        assert client.get(f"/api/v1{path}", headers=etag).status_code == 304


def steps_of(client: FlaskClient, run: str) -> list[int]:
    found = get(client, "/scalars?tag=loss")["series"]
    return next(each["steps"] for each in found if each["run"] == run)


def test_a_run_that_goes_on_is_read_again(client: FlaskClient, root: Path) -> None:
    assert steps_of(client, ".") == [1, 2, 4]
    with (root / EVENTS).open("ab") as file:
        file.write(w.scalar_event("loss", 8, 0.0, 108.0))
    assert steps_of(client, ".") == [1, 2, 4, 8]
    (root / "a" / EVENTS).unlink()
    runs = {each["name"]: each for each in get(client, "/runs")["runs"]}
    assert runs["a"]["scalar_tags"] == []


def test_hostile_event_files_are_problems(tmp_path: Path) -> None:
    for at, content in enumerate(HOSTILE.values()):
        w.write(tmp_path / f"h{at}" / EVENTS, w.hparams_event(START) + w.hparams_event(content))
    for at, content in enumerate(BAD_HISTOGRAMS.values()):
        good = w.histogram_event("h", 1, ROWS)
        w.write(tmp_path / f"b{at}" / EVENTS, good + content + b"\xff" * 40)
    tag = w.message(1, b"\xff\xfe") + w.varint(2 << 3 | 5) + b"\0\0\xc0\x7f"
    w.write(tmp_path / "nan" / EVENTS, w.summary_event(tag, 2**63 - 1, float("nan")))
    session = Session(tmp_path, watch=False)
    client = create_app(session).test_client()
    found = get(client, "/runs")
    runs = {each["name"]: each for each in found["runs"]}
    assert {problem["run"] for problem in found["problems"]} == set(runs) - {"nan"}
    assert all(runs[f"h{at}"]["hparams"] == {"lr": 0.5} for at in range(len(HOSTILE)))
    for at in range(len(BAD_HISTOGRAMS)):
        histograms = get(client, f"/runs/b{at}/histograms?tag=h")
        assert histograms["steps"] == [1]
        assert histograms["problems"]
    (odd,) = runs["nan"]["scalar_tags"]
    (series,) = get(client, f"/scalars?tag={quote(odd)}")["series"]
    assert (series["steps"], series["values"], series["wall_times"]) == (
        [2**63 - 1],
        [None],
        [None],
    )
    session.close()


def test_datasets_in_memory_belong_to_runs_without_events(
    rng: np.random.Generator,
) -> None:
    session = Session(projector.Dataset(rng.normal(size=(20, 3)).astype(np.float32)))
    client = create_app(session).test_client()
    (run,) = get(client, "/runs")["runs"]
    assert (run["hparams"], run["scalar_tags"], run["n_tensors"]) == ({}, [], 1)
    get(client, "/scalars?tag=loss", 404)
    session.close()


def test_names_reach_a_real_server_as_clients_write_them(root: Path) -> None:
    with projector.serve(root, port=0) as server:
        port = urlsplit(server.url).port
        for run in NAMES:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", f"/api/v1/runs/{quote(run, safe='')}/histograms?tag=weights")
            answer = connection.getresponse()
            found = json.loads(answer.read())
            connection.close()
            assert (answer.status, found.get("run")) == (200, run), found
