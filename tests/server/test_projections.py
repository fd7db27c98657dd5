from __future__ import annotations

import time

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from tests.server.client_calls import finish, get, read_frames, start


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


@pytest.mark.slow
def test_umap_streams_frames_and_ends_with_its_result(client: FlaskClient, dataset: str) -> None:
    asked = start(client, dataset, "umap", n_components=2, n_epochs=800)
    early = client.get(f"/api/v1/projections/{asked['id']}/positions")
    assert early.status_code in (200, 409)
    stream = client.get(f"/api/v1/projections/{asked['id']}/frames").data
    frames = list(read_frames(stream))
    assert frames[-1]["flags"] in (1, 5)
    moving = [frame for frame in frames if frame["flags"] == 0]
    assert len(moving) >= 3
    result = client.get(f"/api/v1/projections/{asked['id']}/positions").data
    shown = frames[-1] if frames[-1]["flags"] == 1 else moving[-1]
    assert shown["payload"] == result
    assert len(result) == 300 * 2 * 4


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_labels_take_part_in_the_work_of_another_process(
    client: FlaskClient, dataset: str, method: str
) -> None:
    few = {"n_iter": 10} if method == "tsne" else {"n_epochs": 10}
    labels = {"supervise_by": "label", "ignored_label": "b"}
    asked = start(client, dataset, method, **few, **labels)
    list(read_frames(client.get(f"/api/v1/projections/{asked['id']}/frames").data))
    done = client.get(f"/api/v1/projections/{asked['id']}").get_json()
    assert (done["state"], done["error"]) == ("done", None)
    assert done["params"]["supervise_by"] == "label"


def test_a_cancelled_projection(client: FlaskClient, dataset: str) -> None:
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
    ("body", "status", "message"),
    [
        ("{", 400, "JSON"),
        ("[]", 400, "JSON object"),
        ('{"method": "pca"}', 400, "'dataset'"),
        ('{"dataset": "x", "method": "pca"}', 404, "Unknown dataset 'x'"),
        ('{"dataset": "ID", "method": "pcs"}', 404, "Did you mean 'pca'"),
        ('{"dataset": "ID", "method": "pca", "params": 1}', 400, "'params'"),
        ('{"dataset": "ID", "method": "pca", "params": {"n_components": 9}}', 400, "n_components"),
        ('{"dataset": "ID", "method": "pca", "params": {"colour": 9}}', 404, "colour"),
    ],
)
def test_a_bad_request_says_what_is_wrong(
    client: FlaskClient, dataset: str, body: str, status: int, message: str
) -> None:
    answer = client.post(
        "/api/v1/projections", data=body.replace("ID", dataset), content_type="application/json"
    )
    assert answer.status_code == status
    assert message in answer.get_json()["error"]["message"]


def test_a_projection_is_aligned_to_another(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "pca", n_components=2)["id"]
    finish(client, key)
    body = {"dataset": dataset, "method": "pca", "params": {"n_components": 2}, "align_to": key}
    other = client.post("/api/v1/projections", json=body).get_json()
    assert other["id"] != key
    alignment = finish(client, other["id"])["details"]["alignment"]
    assert alignment["residual"] < 1e-3
    assert (other["aligned_to"], get(client, f"/projections/{key}")["aligned_to"]) == (key, None)
    assert client.post("/api/v1/projections", json={**body, "align_to": "x"}).status_code == 404
    assert client.post("/api/v1/projections", json={**body, "initial": 5}).status_code == 400


def test_frames_of_many_projections_come_in_one_answer(client: FlaskClient, dataset: str) -> None:
    keys = [start(client, dataset, "umap", n_epochs=60 + at)["id"] for at in range(3)]
    ids = ",".join([keys[0], "0" * 32, *keys])
    stream = client.get(f"/api/v1/projections/frames?ids={ids}&dims=2,2,2,3,2").data
    ended = {}
    while stream:
        number, size, flags = (
            int.from_bytes(stream[a:b], "little") for a, b in ((0, 4), (4, 8), (18, 20))
        )
        assert number not in ended, "nothing comes after the last frame"
        if flags & 1:
            ended[number] = flags
        stream = stream[20 + size :]
    assert ended[1] == 3
    assert sorted(ended) == [0, 1, 2, 3, 4]
    assert all(flags in (1, 5) for number, flags in ended.items() if number != 1)
    for key in keys:
        assert get(client, f"/projections/{key}")["state"] == "done"


@pytest.mark.parametrize(
    "query", ["", "?ids=", "?ids=a,,b", "?ids=a&dims=4", "?ids=a,b&dims=2", f"?ids={'a,' * 64}a"]
)
def test_a_joint_stream_is_asked_for_by_ids(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/projections/frames{query}").status_code == 400


def test_live_parameters_can_be_changed_while_it_runs(client: FlaskClient, dataset: str) -> None:
    key = start(client, dataset, "umap", n_epochs=5000, random_state=3)["id"]
    path = f"/api/v1/projections/{key}"
    assert client.patch(path, json={"params": {"n_neighbors": 5}}).status_code == 400
    assert client.patch(path, json={}).status_code == 400
    end = time.monotonic() + 120
    while get(client, f"/projections/{key}")["phase"] != "layout":
        assert time.monotonic() < end
        time.sleep(0.01)
    updated = client.patch(path, json={"params": {"n_epochs": 1}}).get_json()
    assert updated["id"] != key
    assert updated["params"]["n_epochs"] == 1
    done = finish(client, updated["id"])
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


def test_work_that_waits_tells_its_place_and_who_asked(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    path = "/api/v1/projections"
    body = {"dataset": dataset, "method": "umap"}
    for number in range(4):
        sent = {**body, "params": {"n_epochs": 5000, "random_state": number}}
        client.post(path, json=sent, headers={"Projector-Client": "many"})
    states = [each.snapshot() for each in session.projections._known.values()]
    assert [each.state for each in states] == ["running", "running", "queued", "queued"]
    assert [each.ahead for each in states] == [None, None, 0, 1]
    sent = {**body, "params": {"n_epochs": 5000, "random_state": 9}}
    other = client.post(path, json=sent, headers={"Projector-Client": "one"}).get_json()
    assert other["ahead"] in (None, 0), "another page does not wait for all of the first one's"
    last = get(client, f"/projections/{list(session.projections._known)[3]}")
    assert (last["state"], last["ahead"]) == ("queued", 1 if other["ahead"] is None else 2)
