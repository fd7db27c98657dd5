"""Requests that many tests of the server make."""

from __future__ import annotations

import struct
import time
from typing import Any

from flask.testing import FlaskClient


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
