"""Questions about change over HTTP: started, followed, cancelled, and their arrays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from tests.conftest import write_log
from tests.server.client_calls import get, read_frames

N = 300


@pytest.fixture
def session(tmp_path: Path, blobs: Any) -> Iterator[Session]:
    for step, x in ((0, blobs), (10, blobs * 2), (20, blobs[:, ::-1] + 1)):
        write_log(tmp_path / "runs", x, step=step)
    made = Session(tmp_path / "runs", watch=False)
    made.wait()
    yield made
    made.close()


@pytest.fixture
def steps(session: Session) -> list[str]:
    return [entry.id for entry in sorted(session.listing.entries, key=lambda e: e.step or 0)]


def ask(client: FlaskClient, kind: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{kind}", json=body)
    assert answer.status_code == status, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def answer_of(client: FlaskClient, kind: str, **body: Any) -> dict[str, Any]:
    key = ask(client, kind, **body)["id"]
    end = time.monotonic() + 120
    while time.monotonic() < end:
        now: dict[str, Any] = get(client, f"/{kind}/{key}")
        if now["state"] not in ("queued", "running"):
            assert now["state"] == "done", now
            return now
        time.sleep(0.02)
    raise AssertionError("not done")


def array(client: FlaskClient, found: dict[str, Any], name: str, dtype: str = "<f4") -> Any:
    answer = client.get(f"/api/v1/{found['kind']}/{found['id']}/arrays/{name}")
    assert answer.status_code == 200, answer.data
    return np.frombuffer(answer.data, dtype)


def test_a_comparison(client: FlaskClient, steps: list[str]) -> None:
    found = answer_of(client, "comparisons", a=steps[0], b=steps[1], k=10)
    result = found["result"]
    assert (result["n_points"], result["n_shared"], result["n_only_a"]) == (N, N, 0)
    assert result["summary"]["kept"] == 1
    assert result["summary"]["scale"] == pytest.approx(2, abs=1e-5)
    assert array(client, found, "kept").tolist() == [1.0] * N
    assert array(client, found, "shift").max() < 1e-5
    assert array(client, found, "state", "u1").tolist() == [0] * N
    path = f"/comparisons/{found['id']}"
    assert get(client, f"{path}/groups") == {"groups": []}
    near = get(client, f"{path}/neighbors/7")
    assert (len(near["kept"]), near["lost"], near["gained"]) == (10, [], [])
    far = np.array(near["kept_distances"])
    np.testing.assert_allclose(2 * far[:, 0], far[:, 1], rtol=1e-5)
    get(client, f"{path}/arrays/nope", 404)
    get(client, f"{path}/neighbors/300", 400)
    again = ask(client, "comparisons", a=steps[0], b=steps[1], k=10)
    assert (again["id"], again["state"]) == (found["id"], "done")
    by_label = ask(client, "comparisons", a=steps[0], b=steps[1], match="label")
    assert by_label["id"] != found["id"]
    assert answer_of(client, "comparisons", a=steps[0], b=steps[1], match="label")["result"][
        "summary"
    ]["warnings"]


def columns_of(client: FlaskClient, dataset: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(client, f"/datasets/{dataset}")["columns"]
    return [column for column in found if column["compares"] is not None]


def test_a_comparison_as_columns_of_both_datasets(client: FlaskClient, steps: list[str]) -> None:
    a, _, c = steps
    before = get(client, f"/datasets/{a}")
    answer_of(client, "comparisons", a=a, b=c, k=10)
    assert columns_of(client, a) == []  # nobody asked for columns
    found = answer_of(client, "comparisons", a=a, b=c, k=10, columns=True)
    for side in (a, c):
        made = columns_of(client, side)
        assert [column["name"] for column in made] == ["kept neighbors", "shift", "state"]
        assert {column["made_by"] for column in made} == {found["id"]}
        assert {tuple(column["compares"]) for column in made} == {(a, c)}
        assert [column["span"] for column in made] == [[0, 1], [0, 1], None]
        at = made[0]["index"]
        sent = client.get(f"/api/v1/datasets/{side}/columns/{at}/numbers")
        kept = np.frombuffer(sent.data, f"<f{made[0]['number_bytes']}")
        np.testing.assert_allclose(kept, array(client, found, "kept"), rtol=1e-6)
    after = get(client, f"/datasets/{a}")
    for what in ("label_column", "color_column"):
        assert after[what] == before[what]
    # They are columns like all others: of formulas, too.
    body = {"formula": "shift >= 0 and `kept neighbors` <= 1"}
    passing = client.post(f"/api/v1/datasets/{a}/where", json=body)
    assert np.unpackbits(np.frombuffer(passing.data, np.uint8)).sum() == N


def test_what_is_done_has_its_columns_before_pages_are_told(
    client: FlaskClient, session: Session, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the runner tells may be late; who asks and reads "done" goes on at once."""
    a, b, _ = steps
    monkeypatch.setattr(session.analyses, "_on_change", lambda analysis: None)
    found = answer_of(client, "comparisons", a=a, b=b, columns=True)
    assert {each["made_by"] for each in columns_of(client, b)} == {found["id"]}
    clusters = answer_of(client, "clusters", dataset=a)
    columns = get(client, f"/datasets/{a}")["columns"]
    assert clusters["id"] in {column["made_by"] for column in columns}


def test_what_was_asked_for_last_stays_whatever_is_told_late(
    client: FlaskClient, session: Session, steps: list[str]
) -> None:
    a, b, c = steps
    first = answer_of(client, "comparisons", a=a, b=b, columns=True)
    second = answer_of(client, "comparisons", a=b, b=c, columns=True)
    session.show_columns(session.analyses.get("comparisons", first["id"]))
    made = {side: {each["made_by"] for each in columns_of(client, side)} for side in steps}
    assert made == {a: set(), b: {second["id"]}, c: {second["id"]}}
    fine = answer_of(client, "clusters", dataset=a, min_cluster_size=5)
    coarse = answer_of(client, "clusters", dataset=a, min_cluster_size=60)
    assert fine["id"] != coarse["id"]
    session.show_columns(session.analyses.get("clusters", fine["id"]))
    columns = get(client, f"/datasets/{a}")["columns"]
    assert {each["made_by"] for each in columns if each["made_by"]} == {coarse["id"]}


def test_an_answer_that_is_read_again_makes_no_other_columns(
    client: FlaskClient, session: Session, steps: list[str]
) -> None:
    a, b, _ = steps
    for kind, body in (
        ("comparisons", {"a": a, "b": b, "columns": True}),
        ("clusters", {"dataset": a}),
    ):
        found = answer_of(client, kind, **body)
        before = session.dataset(a)
        get(client, f"/{kind}/{found['id']}")
        ask(client, kind, **body)
        assert session.dataset(a) is before


def test_a_dataset_has_the_columns_of_one_comparison(client: FlaskClient, steps: list[str]) -> None:
    a, b, c = steps
    first = answer_of(client, "comparisons", a=a, b=b, columns=True)
    second = answer_of(client, "comparisons", a=b, b=c, columns=True)
    made = {side: {each["made_by"] for each in columns_of(client, side)} for side in steps}
    assert made == {a: set(), b: {second["id"]}, c: {second["id"]}}
    again = ask(client, "comparisons", a=a, b=b, columns=True)
    assert (again["id"], again["state"]) == (first["id"], "done")
    made = {side: {each["made_by"] for each in columns_of(client, side)} for side in steps}
    assert made == {a: {first["id"]}, b: {first["id"]}, c: set()}
    answer_of(client, "comparisons", a=a, b=a, columns=True)  # nothing changed: no columns
    assert {each["made_by"] for each in columns_of(client, a)} == {first["id"]}
    assert "true or false" in str(ask(client, "comparisons", 400, a=a, b=b, columns=1))


def test_a_rewritten_file_loses_what_changed(
    tmp_path: Path, client: FlaskClient, session: Session, steps: list[str], blobs: Any
) -> None:
    a, _, c = steps
    answer_of(client, "comparisons", a=a, b=c, columns=True)
    vectors = tmp_path / "runs" / "00020" / "default" / "tensors.tsv"
    np.savetxt(vectors, blobs * 3 + 1, delimiter="\t", fmt="%.9g")
    session.refresh()
    assert columns_of(client, c) == []
    assert len(columns_of(client, a)) == 3


def test_a_similarity_of_all_steps(client: FlaskClient, steps: list[str]) -> None:
    found = answer_of(client, "similarities", run=".", name="default", figure="cka")
    assert found["datasets"] == steps
    matrix = array(client, found, "matrix").reshape(3, 3)
    assert matrix[0, 1] == pytest.approx(1, abs=1e-6)
    assert (matrix == matrix.T).all()
    assert array(client, found, "n_shared", "<u4").tolist() == [N] * 9


def test_health_of_all_steps(client: FlaskClient, steps: list[str]) -> None:
    found = answer_of(client, "health", datasets=steps, labels="label")
    result = found["result"]
    assert [each["step"] for each in result["steps"]] == [0, 10, 20]
    assert result["steps"][0]["figures"]["label_agreement"] > 0.9
    assert result["steps"][0]["dead"] == []
    titles = {each["name"]: each["title"] for each in result["figures"]}
    assert list(titles) == list(result["steps"][0]["figures"])
    assert titles["dead_dims"] == "Dead dimensions"
    assert found["so_far"] is None


def test_health_is_sent_step_by_step(
    client: FlaskClient, session: Session, steps: list[str]
) -> None:
    # Two steps are measured; the job of all three waits behind another one.
    answer_of(client, "health", datasets=steps[:2])
    busy = session.projections.runner.submit("busy", "tests.jobs.work:collect", {})
    asked = ask(client, "health", datasets=steps, background=True)
    assert asked["state"] == "queued"
    path = f"/health/{asked['id']}"
    now = get(client, path)
    assert (now["result"], [each["step"] for each in now["so_far"]["steps"]]) == (None, [0, 10])
    session.projections.runner.cancel(busy)
    found = answer_of(client, "health", datasets=steps, background=True)
    assert found["result"]["steps"][:2] == now["so_far"]["steps"]
    assert get(client, path)["so_far"] is None


def test_health_is_cancelled_and_keeps_what_is_measured(
    client: FlaskClient, session: Session, steps: list[str]
) -> None:
    answer_of(client, "health", datasets=steps[:1])
    busy = session.projections.runner.submit("busy", "tests.jobs.work:collect", {})
    asked = ask(client, "health", datasets=steps, background=True)
    assert client.delete(f"/api/v1/health/{asked['id']}").get_json()["state"] == "cancelled"
    session.projections.runner.cancel(busy)
    again = ask(client, "health", datasets=steps)
    assert again["id"] == asked["id"]
    assert answer_of(client, "health", datasets=steps)["state"] == "done"


def test_a_series_is_streamed_and_sent_by_step(client: FlaskClient, steps: list[str]) -> None:
    params = {"n_epochs": 60, "n_neighbors": 10}
    asked = ask(client, "series", datasets=steps, method="umap", params=params)
    key = asked["id"]
    assert client.post(f"/api/v1/series/{key}/look?step=0").status_code == 200
    frames = read_frames(client.get(f"/api/v1/series/{key}/frames").data)
    found = answer_of(client, "series", datasets=steps, method="umap", params=params)
    assert found["id"] == key
    assert found["shown"] == 0
    result = found["result"]
    assert (len(result["motion"]), result["n_points"]) == (2, [N, N, N])
    assert result["line"].startswith("Points that stayed move by")
    first = client.get(f"/api/v1/series/{key}/positions?step=0").data
    assert np.isfinite(np.frombuffer(first, "<f4").reshape(N, 2)).all()
    last = client.get(f"/api/v1/series/{key}/positions").data
    assert frames[-1]["flags"] & 1
    assert frames[-1]["payload"] in (first, b"")
    assert first != last
    points = client.get(f"/api/v1/series/{key}/points?step=1").data
    assert np.frombuffer(points, "<u4").tolist() == list(range(N))
    assert client.get(f"/api/v1/series/{key}/positions?step=3").status_code == 400
    assert client.post(f"/api/v1/series/{key}/look?step=3").status_code == 400


def together(client: FlaskClient, dataset: str, ids: list[str], **asked: Any) -> dict[str, Any]:
    """Ask for one step of all, wait until it is done, and return it."""
    body = {"dataset": dataset, "together": ids, **asked}
    found: dict[str, Any] = client.post("/api/v1/projections", json=body).get_json()
    read_frames(client.get(f"/api/v1/projections/{found['id']}/frames").data)
    found = get(client, f"/projections/{found['id']}")
    assert found["state"] == "done"
    return found


QUICK = {"method": "umap", "params": {"n_epochs": 40, "n_neighbors": 10}}


def test_a_step_is_the_same_however_one_came_to_it(client: FlaskClient, steps: list[str]) -> None:
    def positions(order: list[str]) -> dict[str, bytes]:
        found = {}
        for each in order:
            key = together(client, each, steps, **QUICK)["id"]
            found[each] = client.get(f"/api/v1/projections/{key}/positions").data
        return found

    there, back = positions(steps), positions(steps[::-1])
    assert there == back
    assert len({*there.values()}) == 3
    first = together(client, steps[0], steps, **QUICK)
    key = first["series"]["id"]
    assert first["series"]["datasets"] == steps
    assert client.get(f"/api/v1/series/{key}/positions?step=0").data == there[steps[0]]
    places = np.concatenate([np.frombuffer(each, "<f4").reshape(N, 2) for each in there.values()])
    result = first["series"]["result"]
    frame = result["frame"]
    np.testing.assert_allclose(frame["center"], (places.min(0) + places.max(0)) / 2, atol=1e-5)
    far = np.linalg.norm(places - frame["center"], axis=1).max()
    assert frame["radius"] == pytest.approx(far, rel=1e-5)
    assert (len(result["motion"]), result["share"]) == (2, None)
    quality = client.post(f"/api/v1/projections/{first['id']}/quality", json={"k": 10})
    assert quality.status_code == 200, "a step of a series is a projection like any other"


def test_pca_together_says_what_its_axes_show(client: FlaskClient, steps: list[str]) -> None:
    found = together(client, steps[1], steps, method="pca", params={"n_components": 2})
    assert (found["n_components"], found["n_kept"], found["series"]["step"]) == (2, 0, 1)
    assert 0 < found["series"]["result"]["share"] <= 1
    assert len(found["series"]["result"]["motion"]) == 2


def test_what_changed_has_trails_and_points_have_paths(
    client: FlaskClient, steps: list[str]
) -> None:
    found = together(client, steps[2], steps, **QUICK)
    key = found["series"]["id"]
    places = [
        np.frombuffer(client.get(f"/api/v1/series/{key}/positions?step={t}").data, "<f4").reshape(
            N, 2
        )
        for t in range(3)
    ]
    for t in range(3):
        sent = client.get(f"/api/v1/series/{key}/trails?step={t}").data
        n = len(sent) // 12
        rows = np.frombuffer(sent[: 4 * n], "<u4")
        n_changed = 0 if t == 0 else found["series"]["result"]["motion"][t - 1]["n_changed"]
        assert n == n_changed, "fewer than 2,000"
        before = np.frombuffer(sent[4 * n :], "<f4").reshape(n, 2)
        np.testing.assert_array_equal(before, places[max(0, t - 1)][rows])
    sent = client.get(f"/api/v1/series/{key}/paths?step=2&rows=3,7").data
    paths = np.frombuffer(sent, "<f4").reshape(3, 2, 2)
    np.testing.assert_array_equal(paths, np.stack(places)[:, [3, 7]])
    for wrong in ("", str(N), ",".join(map(str, range(51)))):
        query = f"step=2&rows={wrong}"
        assert client.get(f"/api/v1/series/{key}/paths?{query}").status_code == 400


def test_what_is_laid_out_together_is_refused_in_words(
    client: FlaskClient, steps: list[str]
) -> None:
    def refused(status: int = 400, **body: Any) -> str:
        asked = {"dataset": steps[0], "together": steps, **QUICK, **body}
        answer = client.post("/api/v1/projections", json=asked)
        assert answer.status_code == status
        return str(answer.get_json()["error"]["message"])

    assert "'together' must be a list of ids" in refused(together=[])
    assert "'together' must have the dataset itself" in refused(together=steps[1:])
    assert "starts from no other projection" in refused(label_column=0)
    assert "A series is laid out by" in refused(method="given", params={})
    assert "without 'n_landmarks', 'standardize'" in refused(
        params={"standardize": True, "n_landmarks": 50, "n_neighbors": 5}
    )
    key = together(client, steps[0], steps, **QUICK)["id"]
    answer = client.patch(f"/api/v1/projections/{key}", json={"params": {"min_dist": 0.2}})
    assert answer.status_code == 409
    assert "together with others" in answer.get_json()["error"]["message"]


def test_a_new_step_is_laid_beside_a_series(client: FlaskClient, steps: list[str]) -> None:
    params = {"n_epochs": 30, "n_neighbors": 10}
    old = answer_of(client, "series", datasets=steps[:2], params=params)
    found = answer_of(client, "series", datasets=steps, beside=old["id"])
    assert found["result"]["beside"] == [2]
    for step in (0, 1):
        before = client.get(f"/api/v1/series/{old['id']}/positions?step={step}").data
        assert client.get(f"/api/v1/series/{found['id']}/positions?step={step}").data == before
    assert ask(client, "series", datasets=steps, beside=old["id"])["id"] == found["id"]
    wrong = ask(client, "series", 400, datasets=steps[1:], beside=old["id"])
    assert "in their order: 2 of them" in wrong["error"]["message"]
    ask(client, "series", 404, datasets=steps, beside="x")


def state_of(client: FlaskClient, key: str, *states: str) -> dict[str, Any]:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        now: dict[str, Any] = get(client, f"/series/{key}")
        if now["state"] in states:
            return now
        time.sleep(0.02)
    raise AssertionError(f"it is {now['state']}, not {states}")


@pytest.mark.slow
def test_the_whole_series_replaces_a_step_that_was_laid_beside_it(
    client: FlaskClient, steps: list[str]
) -> None:
    params = {"n_epochs": 30, "n_neighbors": 10}
    old = answer_of(client, "series", datasets=steps[:2], params=params, tether=0.5)
    assert old["successor"] is None
    beside = answer_of(client, "series", datasets=steps, beside=old["id"])
    assert beside["successor"] not in (None, beside["id"], old["id"])
    whole = state_of(client, beside["successor"], "done")
    assert whole["datasets"] == steps
    assert (whole["result"]["beside"], whole["successor"]) == ([], None)
    assert whole["result"]["tether"] == 0.5
    asked = ask(client, "series", datasets=steps, params=params, tether=0.5)
    assert (asked["id"], asked["state"]) == (whole["id"], "done")


@pytest.mark.slow
def test_a_series_that_lacks_a_newer_step_is_not_laid_out_again(
    client: FlaskClient, session: Session, steps: list[str]
) -> None:
    params = {"n_epochs": 30, "n_neighbors": 10}
    old = answer_of(client, "series", datasets=steps[:1], params=params)
    # While anything else runs, nothing in the background does.
    runner = session.projections.runner
    busy = runner.submit("busy", "tests.jobs.work:collect", {})
    second = answer_of(client, "series", datasets=steps[:2], beside=old["id"])
    assert get(client, f"/series/{second['successor']}")["state"] == "queued"
    third = answer_of(client, "series", datasets=steps, beside=second["id"])
    assert third["result"]["beside"] == [1, 2]
    assert get(client, f"/series/{second['successor']}")["state"] == "cancelled"
    assert get(client, f"/series/{third['successor']}")["state"] == "queued"
    client.delete(f"/api/v1/series/{third['successor']}")
    again = ask(client, "series", datasets=steps, beside=second["id"])
    assert again["successor"] == third["successor"]
    assert get(client, f"/series/{again['successor']}")["state"] == "queued", "asked for again"
    # What is asked for is in the background no more.
    job = session.analyses.get("series", third["successor"]).job
    assert runner.is_background(job)
    assert ask(client, "series", datasets=steps, params=params)["id"] == third["successor"]
    assert not runner.is_background(job)
    state_of(client, third["successor"], "done")
    runner.cancel(busy)


def test_distributions(client: FlaskClient, steps: list[str]) -> None:
    found = answer_of(client, "distributions", datasets=steps)
    assert found["result"]["shape"] == [3, 12, 7]
    assert len(array(client, found, "values")) == 3 * 12 * 7
    deviations = array(client, found, "deviations").reshape(3, 12)
    np.testing.assert_allclose(deviations[1], 2 * deviations[0], rtol=1e-5)
    assert len(array(client, found, "means")) == 3 * 12
    lengths = array(client, found, "lengths").reshape(3, 7)
    np.testing.assert_allclose(lengths[1], 2 * lengths[0], rtol=1e-5)


def test_work_is_paused_and_cancelled_at_once(client: FlaskClient, steps: list[str]) -> None:
    params = {"n_epochs": 20_000}
    key = ask(client, "series", datasets=steps, params=params)["id"]
    assert client.get(f"/api/v1/series/{key}/positions").status_code == 409
    assert client.post(f"/api/v1/series/{key}/pause").status_code == 200
    assert client.post(f"/api/v1/series/{key}/resume").status_code == 200
    assert client.delete(f"/api/v1/series/{key}").get_json()["state"] == "cancelled"
    assert ask(client, "series", datasets=steps, params=params)["state"] in ("queued", "running")
    client.delete(f"/api/v1/series/{key}")


def test_bad_requests_are_one_sentence(client: FlaskClient, steps: list[str]) -> None:
    a, b = steps[:2]
    cases: list[tuple[str, dict[str, Any], int, str]] = [
        ("comparisons", {"a": a}, 400, "'a' and 'b'"),
        ("comparisons", {"a": a, "b": "0" * 16}, 404, "dataset"),
        ("comparisons", {"a": a, "b": b, "k": 0}, 400, "'k'"),
        ("comparisons", {"a": a, "b": b, "k": True}, 400, "'k'"),
        ("comparisons", {"a": a, "b": b, "metric": 7}, 400, "metric"),
        ("comparisons", {"a": a, "b": b, "metric": ["cosine", "euclidean"]}, 400, "one metric"),
        ("comparisons", {"a": a, "b": b, "match": "nope"}, 404, "nope"),
        ("comparisons", {"a": a, "b": b, "match": {}}, 400, "match"),
        ("similarities", {"datasets": []}, 400, "from 1 to 200"),
        ("similarities", {"datasets": "x"}, 400, "'datasets'"),
        ("similarities", {"datasets": [a], "figure": []}, 400, "'figure'"),
        ("health", {}, 400, "'run'"),
        ("health", {"run": "x", "name": "y"}, 404, "x: y"),
        ("health", {"datasets": steps, "labels": 3}, 400, "'labels'"),
        ("series", {"datasets": steps, "method": 3}, 400, "'method'"),
        ("series", {"datasets": steps, "params": []}, 400, "'params'"),
        ("series", {"datasets": steps, "tether": "x"}, 400, "'tether'"),
        ("series", {"datasets": steps, "same_size": 1}, 400, "'same_size'"),
        ("series", {"datasets": steps, "params": {"n_epochs": 0}}, 400, "n_epochs"),
        ("nothing", {"datasets": steps}, 404, ""),
    ]
    for kind, body, status, words in cases:
        answer = client.post(f"/api/v1/{kind}", json=body)
        assert answer.status_code == status, (kind, body, answer.data)
        assert words in answer.get_json()["error"]["message"], answer.data
    for path in ("comparisons/x", "series/x/positions", "comparisons/x/groups"):
        assert client.get(f"/api/v1/{path}").status_code == 404


def test_progress_is_published(client: FlaskClient, session: Session, steps: list[str]) -> None:
    subscription = session.events.subscribe()
    answer_of(client, "health", datasets=steps)
    end = time.monotonic() + 60
    states: set[str] = set()
    while "done" not in states and time.monotonic() < end:
        events = subscription.wait(1) or []
        states |= {each.content.snapshot().state for each in events if each.name == "analysis"}
    assert "done" in states


def test_nearness(client: FlaskClient, steps: list[str]) -> None:
    found = answer_of(client, "nearness", datasets=steps[:1], k=5, metric="cosine")
    about = found["result"]
    distance = array(client, found, "distance")
    assert (about["k"], about["metric"], about["n_points"]) == (5, "cosine", N)
    assert about["outliers"][0] == [int(distance.argmax()), pytest.approx(distance.max())]
    nearest = array(client, found, "nearest", "<u4")
    row, other, _ = about["pairs"][0]
    assert nearest[row] == other
    assert len(array(client, found, "nearest_distance")) == N
    refused = ask(client, "nearness", 400, datasets=steps[:2])
    assert "1 dataset" in refused["error"]["message"]
