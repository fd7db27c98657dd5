"""Every resource of docs/wire.md, on a real log directory."""

from __future__ import annotations

import io
import json
import shutil
import struct
import time
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from projector.api.session.session import Session
from projector.model.metadata import Column
from projector.server.dataset_json import color_column, describe_column
from projector.server.wire import numbers_bytes


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.data
    return answer.json


def start(client: FlaskClient, dataset: str, method: str, **params: Any) -> dict[str, Any]:
    body = {"dataset": dataset, "method": method, "params": params}
    answer = client.post("/api/v1/projections", json=body)
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def finish(client: FlaskClient, key: str, seconds: float = 120) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now: dict[str, Any] = get(client, f"/projections/{key}")
        if now["state"] not in ("queued", "running"):
            return now
        time.sleep(0.02)
    raise AssertionError(f"not done after {seconds} s: {now}")


def test_the_log(client: FlaskClient) -> None:
    log = get(client, "/log")
    assert log["name"] == "runs"
    assert len(log["version"]) == 16
    (entry,) = log["entries"]
    assert (entry["name"], entry["step"], entry["n_points"], entry["n_dims"]) == (
        "default",
        0,
        300,
        12,
    )
    assert (entry["has_metadata"], entry["has_sprite"], entry["role"]) == (True, True, "embedding")
    assert log["problems"] == []


def test_the_methods_declare_their_parameters(client: FlaskClient) -> None:
    methods = {m["name"]: m for m in get(client, "/methods")["methods"]}
    assert {"pca", "tsne", "umap"} <= methods.keys()
    names = {p["name"] for p in methods["umap"]["parameters"]}
    assert {"n_components", "n_neighbors", "min_dist", "metric", "random_state"} <= names
    for method in methods.values():
        assert method["summary"]
        assert all(p["help"] for p in method["parameters"])


def test_a_dataset(client: FlaskClient, dataset: str) -> None:
    found = get(client, f"/datasets/{dataset}")
    assert (found["n_points"], found["n_dims"], found["n_unplaced"]) == (300, 12, 0)
    label, value = found["columns"]
    assert (label["name"], label["kind"], label["n_categories"]) == ("label", "categorical", 6)
    assert (value["kind"], value["minimum"], value["maximum"]) == ("numeric", 0.0, 149.5)
    assert value["is_integer"] is False
    assert (found["label_column"], found["color_column"]) == (0, 0)
    assert found["sprite"]["tile"] == [4, 4]


def test_numbers_are_as_fine_as_their_range_asks() -> None:
    seconds = 1732333200 + np.arange(60)
    columns = {
        "epoch": seconds,
        "years": seconds * 5_000_000.0,
        "share": np.linspace(0, 1, 60),
        "same": np.full(60, 0.1),
        "huge": np.linspace(0, 1e300, 60),
        "none": np.full(60, np.nan),
    }
    told = {
        name: describe_column(0, Column.from_values(name, values))["number_bytes"]
        for name, values in columns.items()
    }
    assert told == {"epoch": 8, "years": 8, "share": 4, "same": 8, "huge": 8, "none": 4}
    when = Column.from_values("when", ["2024-11-23T03:40:00Z", "2024-11-23T03:40:01.5Z"])
    assert describe_column(0, when)["number_bytes"] == 8
    body = np.frombuffer(numbers_bytes(when), "<f8")
    assert body.tolist() == [1732333200.0, 1732333201.5]
    assert describe_column(0, Column.from_values("word", ["a", "b"]))["number_bytes"] is None


def test_a_column_of_names_is_no_color() -> None:
    named = {"index": 0, "name": "label", "kind": "categorical", "n_categories": 75}
    group = {"index": 1, "name": "group", "kind": "categorical", "n_categories": 3}
    assert color_column([named, group], 75) == 1
    assert color_column([named], 75) is None
    assert color_column([named], 1000) == 0


def test_columns(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/columns"
    codes = np.frombuffer(client.get(f"{base}/0/codes").data, "<u2")
    names = client.get(f"{base}/0/categories").json
    assert names is not None
    assert [names["names"][code] for code in codes[:7]] == list("abcdefa")
    assert names["counts"] == [50] * 6
    page = {"ranks": [1, 2], "names": ["b", "c"], "counts": [50, 50]}
    told = {"n_found": 6, "n_categories": 6}
    assert client.get(f"{base}/0/categories?limit=2&offset=1").json == {**page, **told}
    numbers = np.frombuffer(client.get(f"{base}/1/numbers").data, "<f4")
    assert numbers[:3].tolist() == [0.0, 0.5, 1.0]
    body = client.get(f"{base}/0/text").data
    offsets = np.frombuffer(body[: 301 * 4], "<u4")
    assert body[301 * 4 :][offsets[6] : offsets[7]] == b"a"
    assert client.get(f"{base}/0/numbers").status_code == 400
    assert client.get(f"{base}/9/codes").status_code == 404


def test_every_category_is_found(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/columns/1/categories"
    found = client.get(f"{path}?text=14&limit=3").get_json()
    # "14.0" to "14.5", "114.0" and so on, each once: in the order of their numbers.
    assert (found["n_found"], found["n_categories"]) == (24, 300)
    assert found["names"] == ["14.0", "14.5", "114.0"]
    assert found["ranks"] == [28, 29, 228]
    assert client.get(f"{path}?text=14&offset=23").get_json()["names"] == ["149.5"]
    assert client.get(f"/api/v1/datasets/{dataset}/columns/0/categories?text=A").get_json()[
        "names"
    ] == ["a"]
    named = client.post(path, json={"names": ["149.5", "nothing", "0.5"]}).get_json()
    assert list(zip(named["ranks"], named["names"], strict=True)) == [(1, "0.5"), (299, "149.5")]
    wrongs: list[object] = [[], {}, {"names": "a"}, {"names": [1]}, {"names": ["a"] * 1001}]
    for wrong in wrongs:
        assert client.post(path, json=wrong).status_code == 400
    assert client.get(f"{path}?offset=-1").status_code == 400


def test_rows_in_the_order_of_a_column(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/columns"
    order = np.frombuffer(client.get(f"{base}/0/order").data, "<u4")
    assert order.tolist() == sorted(range(300), key=lambda row: (row % 6, row))
    down = np.frombuffer(client.get(f"{base}/0/order?descending=1").data, "<u4")
    assert down.tolist() == sorted(range(300), key=lambda row: (-(row % 6), row))
    assert np.frombuffer(client.get(f"{base}/1/order").data, "<u4").tolist() == list(range(300))
    assert client.get(f"{base}/2/order").status_code == 404
    assert client.get(f"{base}/0/order?descending=2").status_code == 400


def test_texts_of_some_rows(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/texts"
    found = client.post(path, json={"rows": [7, 299, 0], "columns": [1, 0]}).get_json()
    assert found["texts"] == [["3.5", "149.5", "0.0"], ["b", "f", "a"]]
    short = client.post(path, json={"rows": [299], "columns": [1], "n_letters": 2}).get_json()
    assert short["texts"] == [["14…"]]
    assert client.post(path, json={"rows": [], "columns": []}).get_json()["texts"] == []
    wrong: list[tuple[object, int, str]] = [
        ([], 400, "JSON object"),
        ({"rows": [1]}, 400, "'columns' must be a list"),
        ({"rows": [True], "columns": [0]}, 400, "'rows' must be a list of whole numbers"),
        ({"rows": [300], "columns": [0]}, 400, "0 to 299"),
        ({"rows": [-1], "columns": [0]}, 400, "0 to 299"),
        ({"rows": [0], "columns": [2]}, 404, "no column '2'"),
        ({"rows": [0] * 1001, "columns": [0]}, 400, "At most 1,000 rows"),
        ({"rows": [0] * 1000, "columns": [0] * 101}, 400, "100,000 texts"),
        ({"rows": [0], "columns": [0], "n_letters": 0}, 400, "1 to 10,000"),
        ({"rows": [0], "columns": [0], "n_letters": "9"}, 400, "whole number"),
    ]
    for body, status, told in wrong:
        answer = client.post(path, json=body)
        assert answer.status_code == status
        assert told in answer.get_json()["error"]["message"]


def test_a_point_its_picture_and_its_neighbors(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    assert get(client, f"/datasets/{dataset}/points/7") == {"index": 7, "values": ["b", "3.5"]}
    get(client, f"/datasets/{dataset}/points/300", 400)
    picture = client.get(f"/api/v1/datasets/{dataset}/points/7/image")
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == (4, 4)
    vectors = session.dataset(dataset).data.vectors.astype(np.float64)
    for metric in ("euclidean", "cosine", "manhattan"):
        found = get(client, f"/datasets/{dataset}/points/7/neighbors?k=5&metric={metric}")
        if metric == "cosine":
            unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
            away = 1 - unit @ unit[7]
        else:
            away = np.linalg.norm(vectors - vectors[7], 2 if metric == "euclidean" else 1, axis=1)
        away[7] = np.inf
        assert found["indices"] == np.argsort(away, kind="stable")[:5].tolist()
        np.testing.assert_allclose(found["distances"], np.sort(away)[:5], rtol=1e-4, atol=1e-6)
    get(client, f"/datasets/{dataset}/points/7/neighbors?k=0", 400)
    get(client, f"/datasets/{dataset}/points/7/neighbors?metric=hamming", 400)
    assert len(get(client, f"/datasets/{dataset}/points/7/neighbors?k=1000")["indices"]) == 299


def test_search(client: FlaskClient, dataset: str) -> None:
    base = f"/api/v1/datasets/{dataset}/search"

    def rows(query: str) -> list[int]:
        found: list[int] = np.frombuffer(client.get(f"{base}?{query}").data, "<u4").tolist()
        return found

    assert rows("text=B&column=0") == list(range(1, 300, 6))
    assert rows("text=149.5") == [299]
    assert rows("text=") == []
    assert rows("text=nothing+like+it") == []
    assert rows("text=%5E[BC]%24&regex=1") == sorted([*range(1, 300, 6), *range(2, 300, 6)])
    assert rows("text=%5E14\\d\\.5%24&column=1&regex=1") == list(range(281, 300, 2))
    assert client.get(f"{base}?text=(a&regex=1").status_code == 400
    assert "regular expression" in client.get(f"{base}?text=*&regex=1").text
    assert client.get(f"{base}?text=a&column=7").status_code == 404


def test_the_sprite(client: FlaskClient, dataset: str) -> None:
    answer = client.get(f"/api/v1/datasets/{dataset}/sprite?max_side=256")
    assert answer.headers["Projector-Tile"] == "4,4"
    assert answer.headers["Projector-Columns"] == "18"
    assert answer.headers["Content-Type"] == "image/png"
    assert client.get(f"/api/v1/datasets/{dataset}/sprite?max_side=1").status_code == 400


def test_pca_from_start_to_positions(client: FlaskClient, dataset: str, session: Session) -> None:
    asked = start(client, dataset, "pca", n_components=2)
    done = finish(client, asked["id"])
    assert (done["state"], done["n_components"], done["n_points"]) == ("done", 2, 300)
    assert done["params"]["n_components"] == 2
    assert sum(done["details"]["explained_variance_ratio"]) == pytest.approx(1, abs=1e-3)
    answer = client.get(f"/api/v1/projections/{asked['id']}/positions")
    positions = np.frombuffer(answer.data, "<f4").reshape(300, 2)
    vectors = session.dataset(dataset).data.vectors.astype(np.float64)
    _, _, axes = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    expected = (vectors - vectors.mean(axis=0)) @ axes[:2].T
    np.testing.assert_allclose(np.abs(positions), np.abs(expected), atol=1e-3)
    other = client.get(f"/api/v1/projections/{asked['id']}/positions?components=2,0,5")
    chosen = np.frombuffer(other.data, "<f4").reshape(300, 3)
    np.testing.assert_array_equal(chosen[:, 1], positions[:, 0])
    assert answer.headers["ETag"] != other.headers["ETag"]
    for wrong in ("1", "0,99", "a,b", "0,1,2,3"):
        path = f"/api/v1/projections/{asked['id']}/positions?components={wrong}"
        assert client.get(path).status_code == 400
    again = start(client, dataset, "pca", n_components="2")
    assert again["id"] == asked["id"]
    assert again["state"] == "done"


def test_etags_spare_the_body(client: FlaskClient, dataset: str) -> None:
    for path in ("/log", f"/datasets/{dataset}", f"/datasets/{dataset}/columns/0/codes"):
        first = client.get(f"/api/v1{path}")
        tag = {"If-None-Match": first.headers["ETag"]}
        second = client.get(f"/api/v1{path}", headers=tag)
        assert (second.status_code, second.data) == (304, b"")


@pytest.mark.slow
def test_umap_streams_frames_and_ends_with_its_result(client: FlaskClient, dataset: str) -> None:
    asked = start(client, dataset, "umap", n_components=2, n_epochs=800)
    early = client.get(f"/api/v1/projections/{asked['id']}/positions")
    assert early.status_code in (200, 409)
    stream = client.get(f"/api/v1/projections/{asked['id']}/frames").data
    frames = list(read_frames(stream))
    assert frames[-1]["flags"] == 1
    moving = [frame for frame in frames if frame["flags"] == 0]
    assert len(moving) >= 3
    result = client.get(f"/api/v1/projections/{asked['id']}/positions").data
    assert frames[-1]["payload"] == result
    assert len(result) == 300 * 2 * 4


def test_a_stopped_projection_says_so(client: FlaskClient, dataset: str) -> None:
    asked = start(client, dataset, "umap", n_epochs=5000, random_state=99)
    stopped = client.delete(f"/api/v1/projections/{asked['id']}")
    assert stopped.status_code == 200
    assert stopped.get_json()["state"] == "cancelled"
    frames = list(read_frames(client.get(f"/api/v1/projections/{asked['id']}/frames").data))
    assert [frame["flags"] for frame in frames] == [3]
    assert client.get(f"/api/v1/projections/{asked['id']}/positions").status_code == 409
    assert start(client, dataset, "umap", n_epochs=5000, random_state=99)["state"] != "cancelled"
    client.delete(f"/api/v1/projections/{asked['id']}")


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("{", 400, "JSON"),
        ("[]", 400, "JSON object"),
        ('{"method": "pca"}', 400, "'dataset'"),
        ('{"dataset": "x", "method": "pca"}', 404, "no dataset 'x'"),
        ('{"dataset": "ID", "method": "pcs"}', 404, "Did you mean 'pca'"),
        ('{"dataset": "ID", "method": "pca", "params": 1}', 400, "'params'"),
        ('{"dataset": "ID", "method": "pca", "params": {"n_components": 9}}', 400, "n_components"),
        ('{"dataset": "ID", "method": "pca", "params": {"colour": 9}}', 404, "colour"),
    ],
)
def test_a_bad_request_says_what_is_wrong(
    client: FlaskClient, dataset: str, body: str, status: int, told: str
) -> None:
    answer = client.post(
        "/api/v1/projections", data=body.replace("ID", dataset), content_type="application/json"
    )
    assert answer.status_code == status
    assert told in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/datasets/x", "/projections/x", "/datasets/x/points/1", "/projections/x/frames"],
)
def test_every_error_has_the_same_shape(client: FlaskClient, path: str) -> None:
    error = get(client, path, 404)
    assert list(error) == ["error"]
    assert list(error["error"]) == ["type", "message"]


def test_an_unforeseen_error_has_it_too(client: FlaskClient, session: Session) -> None:
    session.log = None  # type: ignore[assignment]
    error = get(client, "/log", 500)
    assert error["error"]["type"] == "InternalError"


def read_frames(stream: bytes) -> list[dict[str, Any]]:
    frames = []
    while stream:
        size, done, fraction, dtype, dims, flags = struct.unpack("<IIfBBH", stream[:16])
        payload, stream = stream[16 : 16 + size], stream[16 + size :]
        frames.append(
            {"done": done, "fraction": fraction, "dims": dims, "flags": flags, "payload": payload}
        )
        assert dtype == 1
    return frames


def test_events_tell_of_progress_and_changes(session: Session, dataset: str) -> None:
    from projector.jobs.broadcast import Event
    from projector.server.events import event_stream

    first = Event("selection", "", session.selecting.now())
    stream = event_stream(session.events.subscribe(), first)
    assert next(stream).startswith(b": open\n\nevent: selection\n")
    # A seed of its own: what another test has put into the cache is done without an event.
    vectors = session.dataset(dataset).data
    session.projections.start(dataset, vectors, "pca", {"random_state": 357})
    told = b""
    while b'"state": "done"' not in told:
        told = next(stream)
    name, data = told.decode().strip().rsplit("\n\n", 1)[-1].split("\n")
    assert name == "event: projection"
    assert json.loads(data.removeprefix("data: "))["state"] == "done"
    session.events.close()
    assert next(stream, None) is None


def test_questions_to_the_original_space(client: FlaskClient, dataset: str) -> None:
    path = f"/api/v1/datasets/{dataset}/nearest"
    asked = {"expression": "a - b + c", "column": 0, "k": 3}
    found = client.post(path, json=asked).get_json()
    assert len(found["indices"]) == 3
    assert [term["n_rows"] for term in found["terms"]] == [50, 50, 50]
    some = client.post(path, json={"points": [1, 7], "k": 5, "metric": "euclidean"}).get_json()
    assert len(some["indices"]) == 5
    assert not {1, 7} & set(some["indices"])
    wrong: list[dict[str, object]] = [
        {},
        {"points": []},
        {"points": ["1"]},
        {"expression": "a +"},
        {"points": [1], "k": "x"},
    ]
    for each in wrong:
        assert client.post(path, json=each).status_code == 400
    assert client.post(path, json={"expression": "zzz"}).status_code == 404


def test_a_projection_is_judged(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "pca", n_components=2)["id"]
    finish(client, key)
    path = f"/api/v1/projections/{key}/quality"
    assert client.get(f"{path}/overlap").status_code == 409
    assert client.post(f"{path}?k=10").get_json()["quality"]["k"] == 10
    end = time.monotonic() + 60
    while (now := get(client, f"/projections/{key}")["quality"])["state"] not in ("done", "failed"):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (
        now["summary"]["trustworthiness"] > now["summary"]["baselines"]["random"]["trustworthiness"]
    )
    rows = np.frombuffer(client.get(f"{path}/overlap").data, "<f4")
    assert rows.mean() == pytest.approx(now["summary"]["overlap"], abs=1e-4)
    assert client.get(f"{path}/nothing").status_code == 404
    assert client.post("/api/v1/projections/x/quality").status_code == 404


def test_a_picture_of_other_vectors_is_not_judged(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    key = start(client, dataset, "pca", n_components=2)["id"]
    finish(client, key)
    path = f"/api/v1/projections/{key}/quality"
    [file] = session.log.root.glob("*/default/tensors.tsv")
    before = file.read_text()

    def rewritten(text: str) -> dict[str, Any]:
        file.write_text(text)
        session.refresh()
        answer = client.post(path)
        assert answer.status_code == 200, "nothing that the browser's console complains of"
        found: dict[str, Any] = answer.get_json()["quality"]
        return found

    changed = rewritten(before.replace("1", "2"))
    assert changed["state"] == "failed"
    assert "have changed since" in changed["error"]["message"]
    assert client.get(f"{path}/overlap").status_code == 409
    assert get(client, f"/projections/{key}")["quality"] == changed
    # Another number of points would have been a defect.
    fewer = rewritten("\n".join(before.splitlines()[:20]))
    assert "have changed since" in fewer["error"]["message"]
    again = rewritten(before)
    assert again["error"] is None
    assert again["state"] in ("queued", "running", "done")
    shutil.rmtree(file.parent)
    (session.log.root / "projector_config.pbtxt").unlink()
    session.refresh()
    client.post(f"{path}?k=7")
    gone = get(client, f"/projections/{key}")["quality"]
    assert "not in the log any more" in gone["error"]["message"]


def test_a_projection_starts_from_and_is_laid_on_another(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "pca", n_components=2)["id"]
    finish(client, key)
    body = {"dataset": dataset, "method": "pca", "params": {"n_components": 2}, "align_to": key}
    other = client.post("/api/v1/projections", json=body).get_json()
    assert other["id"] != key
    alignment = finish(client, other["id"])["details"]["alignment"]
    assert alignment["residual"] < 1e-3
    assert client.post("/api/v1/projections", json={**body, "align_to": "x"}).status_code == 404
    assert client.post("/api/v1/projections", json={**body, "initial": 5}).status_code == 400


def test_live_parameters_can_be_changed_while_it_runs(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "umap", n_epochs=5000, random_state=3)["id"]
    path = f"/api/v1/projections/{key}"
    assert client.patch(path, json={"params": {"n_neighbors": 5}}).status_code == 400
    assert client.patch(path, json={}).status_code == 400
    end = time.monotonic() + 120
    while get(client, f"/projections/{key}")["phase"] != "layout":
        assert time.monotonic() < end
        time.sleep(0.01)
    turned = client.patch(path, json={"params": {"n_epochs": 1}}).get_json()
    assert turned["id"] != key
    assert turned["params"]["n_epochs"] == 1
    done = finish(client, turned["id"])
    assert done["state"] == "done"
    assert done["details"]["modified"] == {"n_epochs": 1}
    assert "changed during this run" in done["warnings"][-1]
    get(client, f"/projections/{key}", 404)
    again = start(client, dataset, "umap", n_epochs=5000, random_state=3)
    assert again["state"] != "done", "a modified projection does not answer its old parameters"
    client.delete(f"/api/v1/projections/{again['id']}")


def test_an_action_is_done_once_while_it_runs(client: FlaskClient, dataset: str) -> None:
    settings = {"n_iter": 20_000, "random_state": 7}
    key = start(client, dataset, "tsne", **settings)["id"]
    path = f"/api/v1/projections/{key}"
    assert client.post(f"{path}/actions/shake").status_code == 404
    assert client.post("/api/v1/projections/x/actions/perturb").status_code == 404
    end = time.monotonic() + 120
    while get(client, f"/projections/{key}")["phase"] != "layout":
        assert time.monotonic() < end
        time.sleep(0.01)
    modified = client.post(f"{path}/actions/perturb").get_json()
    assert modified["id"] != key
    assert "perturb" not in modified["params"]
    get(client, f"/projections/{key}", 404)
    path = f"/api/v1/projections/{modified['id']}"
    again = client.post(f"{path}/actions/perturb").get_json()
    assert again["id"] == modified["id"]
    client.patch(path, json={"params": {"n_iter": 1}})
    done = finish(client, modified["id"])
    assert done["details"]["modified"] == {"n_iter": 1}
    assert done["details"]["actions"] == ["perturb", "perturb"]
    assert "changed during this run" in done["warnings"][-1]
    refused = client.post(f"{path}/actions/perturb")
    assert refused.status_code == 409
    assert "not running" in refused.get_json()["error"]["message"]
    plain = start(client, dataset, "tsne", **settings)
    assert plain["state"] != "done", "a modified projection is not cached"
    client.delete(f"/api/v1/projections/{plain['id']}")


def test_an_action_alone_modifies_the_projection(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "tsne", n_iter=3000, random_state=8)["id"]
    end = time.monotonic() + 120
    while get(client, f"/projections/{key}")["phase"] != "layout":
        assert time.monotonic() < end
        time.sleep(0.01)
    key = client.post(f"/api/v1/projections/{key}/actions/perturb").get_json()["id"]
    done = finish(client, key)
    assert (done["details"]["modified"], done["details"]["actions"]) == ({}, ["perturb"])
    client.delete(f"/api/v1/projections/{key}")
