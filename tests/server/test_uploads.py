"""Files that are dropped on the page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.model.listing import Entry


def drop(client: FlaskClient, batch: str, name: str, content: bytes) -> list[str]:
    answer = client.post(
        f"/api/v1/uploads?batch={batch}&name={name}",
        data=content,
        content_type="application/octet-stream",
    )
    assert answer.status_code == 200, answer.data
    found: list[str] = answer.get_json()["entries"]
    return found


def npy(vectors: object) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(vectors, np.float32))
    return out.getvalue()


def test_a_dropped_file_is_listed_first_and_can_be_looked_at(
    client: FlaskClient, session: Session
) -> None:
    (key,) = drop(client, "a-1", "mine.npy", npy(np.eye(6)))
    log = client.get("/api/v1/log").get_json()
    assert log["entries"][0]["id"] == key
    assert log["entries"][0]["run"] == "dropped/a-1"
    assert len(log["entries"]) == 2
    about = client.get(f"/api/v1/datasets/{key}").get_json()
    assert (about["n_points"], about["n_dims"]) == (6, 6)
    started = client.post("/api/v1/projections", json={"dataset": key, "method": "pca"})
    assert started.status_code == 200


def test_vectors_and_labels_dropped_together_belong_together(client: FlaskClient) -> None:
    drop(client, "b", "tensors.tsv", b"1\t2\n3\t4\n5\t6\n")
    (key,) = drop(client, "b", "metadata.tsv", b"one\ntwo\nthree\n")
    point = client.get(f"/api/v1/datasets/{key}/points/1").get_json()
    assert point["values"] == ["two"]


def test_a_file_that_is_none_of_ours_is_a_problem_not_a_crash(client: FlaskClient) -> None:
    assert drop(client, "c", "notes.npy", b"no numbers") == []
    problems = client.get("/api/v1/log").get_json()["problems"]
    assert [p["path"] for p in problems] == ["dropped/c/notes.npy"]


@pytest.mark.parametrize(
    ("batch", "name"),
    [("x", "../evil"), ("x", ".hidden"), ("x", ""), ("x", "a/b.npy"), ("..", "a.npy"),
     ("X", "a.npy"), ("", "a.npy"), ("x", "a%00b"), ("x", "n" * 300)],
)  # fmt: skip
def test_a_name_is_never_a_path(client: FlaskClient, batch: str, name: str) -> None:
    answer = client.post(f"/api/v1/uploads?batch={batch}&name={name}", data=b"x")
    assert answer.status_code == 400
    assert "Got" in answer.get_json()["error"]["message"]


def test_nothing_is_left_when_the_session_ends(client: FlaskClient, session: Session) -> None:
    drop(client, "d", "mine.npy", npy(np.eye(3)))
    dropped = session._uploads.catalog
    assert dropped is not None
    root = Path(dropped.root)
    assert root.exists()
    session.close()
    assert not root.exists()


def test_several_files_are_shown_as_one_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    np.save(tmp_path / "a" / "vectors.npy", np.eye(4, dtype=np.float32))
    (tmp_path / "b" / "labels.tsv").write_text("one\ntwo\nthree\nfour\n")
    session = Session([tmp_path / "a" / "vectors.npy", tmp_path / "b" / "labels.tsv"], watch=False)
    folder = session.catalog.root
    try:
        (entry,) = [e for e in session.listing.entries if e.format == "npy"]
        data = session.dataset(entry.id).data
        assert data.metadata.columns[0].text.to_list() == ["one", "two", "three", "four"]
    finally:
        session.close()
    assert not folder.exists()
    assert (tmp_path / "a" / "vectors.npy").exists()
    (tmp_path / "b" / "vectors.npy").write_bytes(b"")
    with pytest.raises(ParameterError, match="have the name 'vectors"):
        Session([tmp_path / "a" / "vectors.npy", tmp_path / "b" / "vectors.npy"])


def test_the_demo_is_listed_on_request(client: FlaskClient, session: Session) -> None:
    (own,) = session.listing.entries
    found = client.post("/api/v1/demo").get_json()["entries"]
    assert len(found) >= 16
    assert client.post("/api/v1/demo").get_json()["entries"] == found, "once is enough"
    listed = [entry["id"] for entry in client.get("/api/v1/log").get_json()["entries"]]
    assert listed == [*found, own.id]
    assert client.get(f"/api/v1/datasets/{found[0]}").get_json()["n_points"] == 1797
    assert client.get(f"/api/v1/datasets/{own.id}").get_json()["n_points"] == 300


def test_data_that_changes_during_a_request_is_sent_as_it_is_now(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = drop(client, "a-1", "vectors.npy", npy(np.eye(6)))
    find_catalog = session._catalog_of

    def change_first(entry: Entry) -> object:
        """Add the labels after the listing and before the reading."""
        monkeypatch.setattr(session, "_catalog_of", find_catalog)
        drop(client, "a-1", "metadata.tsv", b"a\nb\nc\nd\ne\nf\n")
        return find_catalog(entry)

    monkeypatch.setattr(session, "_catalog_of", change_first)
    found = client.get(f"/api/v1/datasets/{key}")
    assert found.status_code == 200
    assert [column["name"] for column in found.get_json()["columns"]] == ["label"]
