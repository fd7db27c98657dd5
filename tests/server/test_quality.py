from __future__ import annotations

import shutil
import time
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from tests.server.client_calls import finish, get, start


def test_quality_is_measured_on_request(client: FlaskClient, dataset: str) -> None:
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


def test_quality_is_refused_for_other_vectors(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    key = start(client, dataset, "pca", n_components=2)["id"]
    finish(client, key)
    path = f"/api/v1/projections/{key}/quality"
    [file] = session.catalog.root.glob("*/default/tensors.tsv")
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
    assert "has changed since" in changed["error"]["message"]
    assert client.get(f"{path}/overlap").status_code == 409
    assert get(client, f"/projections/{key}")["quality"] == changed
    # Another number of points would have been a defect.
    fewer = rewritten("\n".join(before.splitlines()[:20]))
    assert "has changed since" in fewer["error"]["message"]
    again = rewritten(before)
    assert again["error"] is None
    assert again["state"] in ("queued", "running", "done")
    shutil.rmtree(file.parent)
    (session.catalog.root / "projector_config.pbtxt").unlink()
    session.refresh()
    client.post(f"{path}?k=7")
    gone = get(client, f"/projections/{key}")["quality"]
    assert "was deleted" in gone["error"]["message"]
