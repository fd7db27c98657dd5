"""The resource of tags: conditional, checked, heard of by everyone, and no part of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

import projector
from projector.api.session.session import Session
from projector.loaders.logdir import drawn_sample
from projector.loaders.tags import writing as tags_saving
from projector.machine.memory import FreeMemory
from projector.server.application import create_app
from tests.conftest import write_log
from tests.server.client_calls import finish, get, start

HEADER = '# projector-tags {"version": 1, "tensor": "default", "n_points": 300}\n'
ODD = HEADER + "row\tkind\n3\todd\n17\todd\n"


def put(
    client: FlaskClient,
    dataset: str,
    body: str,
    status: int = 200,
    *,
    match: str | None = None,
    query: str = "",
    **headers: str,
) -> Any:
    about = {"If-None-Match": "*"} if match is None else {"If-Match": f'"{match}"'}
    answer = client.put(
        f"/api/v1/datasets/{dataset}/tags{query}", data=body, headers={**about, **headers}
    )
    assert answer.status_code == status, answer.data
    return answer.get_json()


def test_tags_are_saved_and_read_again(client: FlaskClient, dataset: str, session: Session) -> None:
    empty = client.get(f"/api/v1/datasets/{dataset}/tags")
    assert empty.headers["ETag"] == '"none"'
    assert empty.text == HEADER + "row\n"
    place = get(client, f"/datasets/{dataset}")["tags"]
    assert place == {
        "revision": None,
        "file": "default.projector-tags.tsv",
        "beside": True,
        "problems": [],
    }
    saved = put(client, dataset, ODD)
    assert (session.catalog.root / saved["file"]).read_text("utf-8") == ODD
    again = client.get(f"/api/v1/datasets/{dataset}/tags")
    assert again.text == ODD
    assert again.headers["ETag"] == f'"{saved["revision"]}"'
    assert again.content_type == "text/tab-separated-values; charset=utf-8"
    assert get(client, f"/datasets/{dataset}")["tags"] == saved


def test_tags_are_columns_like_any_but_choose_nothing(client: FlaskClient, dataset: str) -> None:
    before = get(client, f"/datasets/{dataset}")
    put(client, dataset, HEADER + "row\tclass\tlabel\n3\todd\tmine\n17\todd\t\n")
    after = get(client, f"/datasets/{dataset}")
    for name in ("content", "label_column", "color_column", "warnings"):
        assert after[name] == before[name], name
    label, value, own = after["columns"]
    assert (label["name"], label["tags"]["edits"], label["tags"]["n_tagged"]) == ("label", True, 1)
    assert value["tags"] is None
    assert (own["name"], own["tags"]["edits"], own["tags"]["n_tagged"]) == ("class", False, 2)
    assert get(client, f"/datasets/{dataset}/points/3")["values"] == ["mine", "1.5", "odd"]
    found = get(client, f"/datasets/{dataset}/columns/2/categories")
    about = {"ranks": [0], "n_found": 1, "n_categories": 1}
    assert found == {"names": ["odd"], "counts": [2], **about}
    rows = client.get(f"/api/v1/datasets/{dataset}/search?text=ODD").data
    assert np.frombuffer(rows, "<u4").tolist() == [3, 17]


def test_a_column_of_tags_has_another_revision_when_a_text_changes(
    client: FlaskClient, dataset: str
) -> None:
    first = put(client, dataset, ODD)["revision"]
    before = get(client, f"/datasets/{dataset}")["columns"]
    put(client, dataset, ODD.replace("17\todd", "17\teven"), match=first)
    after = get(client, f"/datasets/{dataset}")["columns"]
    assert before[2]["tags"]["revision"] != after[2]["tags"]["revision"]


def test_a_late_change_is_a_conflict(client: FlaskClient, dataset: str, session: Session) -> None:
    first = put(client, dataset, ODD)["revision"]
    fault = put(client, dataset, ODD, 409)
    assert fault["error"]["type"] == "ConflictError"
    put(client, dataset, ODD, 409, match="0" * 16)
    file = session.catalog.root / "default.projector-tags.tsv"
    file.write_text(ODD + "20\ttheirs\n", "utf-8")
    put(client, dataset, ODD, 409, match=first)
    assert file.read_text("utf-8").endswith("theirs\n")
    # The refusal has looked at the disk: what is there now can be had and built upon.
    now = client.get(f"/api/v1/datasets/{dataset}/tags")
    assert now.text.endswith("theirs\n")
    put(client, dataset, now.text + "21\tmine\n", match=now.headers["ETag"].strip('"'))
    assert file.read_text("utf-8").endswith("20\ttheirs\n21\tmine\n")


def test_a_request_must_say_what_it_is_a_change_of(client: FlaskClient, dataset: str) -> None:
    answer = client.put(f"/api/v1/datasets/{dataset}/tags", data=ODD)
    assert answer.status_code == 428
    assert "If-Match" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "line 1 is not"),
        ("row\tkind\n", "line 1 is not"),
        (HEADER + "row\tkind\n999\todd\n", "not a row number from 0 to 299"),
        (ODD.replace("300", "299"), "Expected 'default' with 300"),
        (ODD.replace("default", "other"), "Expected 'default' with 300"),
    ],
)
def test_what_is_no_table_of_these_tags_is_refused(
    client: FlaskClient, dataset: str, session: Session, body: str, message: str
) -> None:
    assert message in put(client, dataset, body, 400)["error"]["message"]
    assert not list(session.catalog.root.rglob("*projector-tags*"))


def test_another_site_may_not_tag(client: FlaskClient, dataset: str, session: Session) -> None:
    put(client, dataset, ODD, 403, Origin="http://evil.example")
    put(client, dataset, ODD, 403, **{"Sec-Fetch-Site": "cross-site"})
    assert not list(session.catalog.root.rglob("*projector-tags*"))


def test_a_folder_that_refuses_and_the_memory_that_does_not(
    client: FlaskClient, dataset: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: object, part: str) -> None:
        raise PermissionError(13, "Permission denied", part)

    with monkeypatch.context() as patch:
        patch.setattr(tags_saving, "_only_writer", refuse)
        fault = put(client, dataset, ODD, 507)["error"]
        assert fault["type"] == "SaveError"
        assert str(session.catalog.root) in fault["message"]
        kept = put(client, dataset, ODD, query="?keep=session")
    assert (kept["file"], kept["beside"]) == (None, True)
    assert get(client, f"/datasets/{dataset}/points/3")["values"] == ["d", "1.5", "odd"]
    session.refresh()
    assert get(client, f"/datasets/{dataset}")["tags"] == kept
    saved = put(client, dataset, ODD, match=kept["revision"])
    assert (session.catalog.root / saved["file"]).read_text("utf-8") == ODD


def test_tags_of_what_has_no_folder_go_with_the_session(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    runs = write_log(tmp_path / "runs", rng.normal(size=(300, 4)).astype(np.float32))
    session = Session(runs, watch=False, save_sidecars=False)
    try:
        client = create_app(session).test_client()
        kept = put(client, session.listing.entries[0].id, ODD)
        assert (kept["file"], kept["beside"]) == (None, False)
        assert not list(runs.rglob("*projector-tags*"))
    finally:
        session.close()


def test_the_demo_data_is_not_written_to(session: Session) -> None:
    with projector.serve(None, port=0) as server:
        assert server.session.catalog.save_sidecars is False
    session.open_demo()
    opened = session.dataset(session.listing.entries[0].id)
    assert session.saves_sidecars(opened) is False
    assert session.saves_sidecars(session.dataset(session.listing.entries[-1].id)) is True


def test_everyone_hears_of_a_tag(client: FlaskClient, dataset: str, session: Session) -> None:
    listener = session.events.subscribe()
    before = get(client, "/log")
    put(client, dataset, ODD)
    events = listener.wait(5)
    assert events is not None
    assert [event.name for event in events] == ["log"]
    after = get(client, "/log")
    assert after["version"] != before["version"]
    (old,), (new,) = before["entries"], after["entries"]
    assert old["tags"] != new["tags"]
    assert {**old, "tags": ""} == {**new, "tags": ""}, "the data is as it was"
    listener.close()


def test_a_tag_costs_no_second_reading_and_no_second_projection(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    vectors = session.dataset(dataset).data.vectors
    plain = start(client, dataset, "pca")["id"]
    finish(client, plain)
    put(client, dataset, HEADER + "row\tlabel\n3\tb\n")
    assert session.dataset(dataset).data.vectors is vectors
    again = start(client, dataset, "pca")
    assert (again["id"], again["state"]) == (plain, "done")


def test_a_layout_by_a_tagged_column_is_another_one(client: FlaskClient, dataset: str) -> None:
    by = {"supervise_by": "label", "supervise_weight": 0.5, "n_epochs": 20}
    before = start(client, dataset, "umap", **by)["id"]
    plain = start(client, dataset, "umap", n_epochs=20)["id"]
    put(client, dataset, HEADER + "row\tlabel\n3\tb\n")
    assert start(client, dataset, "umap", **by)["id"] != before
    assert start(client, dataset, "umap", n_epochs=20)["id"] == plain


def test_a_hostile_file_is_a_problem_and_hides_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    runs = write_log(tmp_path / "runs", rng.normal(size=(300, 4)).astype(np.float32))
    (runs / "default.projector-tags.tsv").write_text(ODD + "3\t<script>\n", "utf-8")
    session = Session(runs, watch=False)
    try:
        client = create_app(session).test_client()
        log = get(client, "/log")
        assert "second time" in log["problems"][0]["message"]
        about = get(client, f"/datasets/{log['entries'][0]['id']}")
        assert "second time" in about["tags"]["problems"][0]
        fault = put(client, about["id"], ODD, 507, match=about["tags"]["revision"])
        assert "second time" in json.dumps(fault)
    finally:
        session.close()


def test_a_sample_has_no_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        np.save(tmp_path / f"part-{number}.npy", np.ones((100, 4), np.float32) * number)
    monkeypatch.setattr(drawn_sample, "free_memory", lambda: FreeMemory(4_000, "a test"))
    session = Session(tmp_path, watch=False)
    session.wait()
    client = create_app(session).test_client()
    dataset = session.listing.entries[0].id
    about = get(client, f"/datasets/{dataset}")
    assert (about["n_points"], about["n_all"]) == (41, 300)
    header = HEADER.replace("300", "41")
    error = put(client, dataset, header + "row\tkind\n3\todd\n", 409)
    assert "41 of 300 points" in json.dumps(error)
    assert not [*tmp_path.glob("*.tsv")]
    session.close()
