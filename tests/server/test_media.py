"""Images, sounds and scalars that belong to an embedding."""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from projector.api.session.session import Session
from projector.server.application import create_app
from tests.conftest import DEMO


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return out.getvalue()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    logs = tmp_path / "runs"
    (logs / "pictures").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n secret")
    Image.new("RGB", (3, 2), "red").save(logs / "pictures" / "a.png")
    (logs / "pictures" / "b.wav").write_bytes(wav())
    (logs / "pictures" / "c.png").write_text("<script>alert(1)</script>")
    os.symlink(tmp_path / "secret.png", logs / "pictures" / "d.png")
    names = ["a.png", "b.wav", "c.png", "d.png", "../secret.png", "/etc/passwd", "gone.png", ""]
    rows = "\n".join(
        f"{f'pictures/{n}' if n[:1].isalpha() else n}\t{i}" for i, n in enumerate(names)
    )
    (logs / "metadata.tsv").write_text(f"file\tn\n{rows}\n")
    np.savetxt(logs / "tensors.tsv", np.eye(8), delimiter="\t")
    session = Session(logs, watch=False)
    yield create_app(session).test_client()
    session.close()


def dataset(client: FlaskClient) -> str:
    key: str = client.get("/api/v1/log").get_json()["entries"][0]["id"]
    return key


@pytest.mark.parametrize(
    ("point", "status", "kind"),
    [(0, 200, "image/png"), (1, 200, "audio/wav"), (2, 400, ""), (3, 400, ""), (4, 400, ""),
     (5, 400, ""), (6, 400, ""), (7, 404, "")],
)  # fmt: skip
def test_only_images_and_sounds_inside_the_directory_are_sent(
    client: FlaskClient, point: int, status: int, kind: str
) -> None:
    answer = client.get(f"/api/v1/datasets/{dataset(client)}/points/{point}/media/0")
    assert answer.status_code == status
    assert b"secret" not in answer.data or status == 400
    if kind:
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_column_of_images_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "metadata.tsv").write_text("file\tword\na.png\tx\nb.jpg\ty\nc.webp\tz\n")
    np.savetxt(tmp_path / "tensors.tsv", np.eye(3), delimiter="\t")
    session = Session(tmp_path, watch=False)
    try:
        client = create_app(session).test_client()
        about = client.get(f"/api/v1/datasets/{dataset(client)}").get_json()
        assert [c["media"] for c in about["columns"]] == ["image", None]
    finally:
        session.close()


def test_the_scalars_of_the_run_come_by_step() -> None:
    session = Session(DEMO, watch=False)
    try:
        client = create_app(session).test_client()
        for entry in session.listing.entries[::8]:
            found = client.get(f"/api/v1/datasets/{entry.id}/scalars").get_json()
            tags = {one["tag"] for one in found["series"]}
            assert any("loss" in tag for tag in tags), tags
            assert any("accuracy" in tag for tag in tags), tags
            for one in found["series"]:
                assert one["steps"] == sorted(set(one["steps"]))
                assert len(one["steps"]) == len(one["values"]) >= 8
            assert found["warnings"] == []
    finally:
        session.close()
