"""The density of all points behind a sample: counted once, sent by levels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session import densities
from projector.api.session.session import Session
from projector.loaders.logdir import projected_parts
from projector.server.application import create_app
from tests.loaders.logdir.projected import write_projection
from tests.server.client_calls import get


@pytest.fixture
def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(projected_parts, "MOST_POSITIONS", 1000)
    write_projection(tmp_path / "umap", [1500, 700])
    write_projection(tmp_path / "small", [50])
    write_projection(tmp_path / "solid", [1500], dims=3)
    made = Session(tmp_path, watch=False)
    made.wait()
    yield made
    made.close()


def dataset_of(session: Session, name: str) -> str:
    return next(each.id for each in session.listing.entries if each.name == name)


def counted(client: FlaskClient, dataset: str) -> Any:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = get(client, f"/datasets/{dataset}/density")
        if found["state"] == "done":
            return found
        assert 0 <= found["done"] <= 1
        time.sleep(0.05)
    raise AssertionError("the density was not counted")


def test_all_points_are_counted(big: Session, tmp_path: Path) -> None:
    client = create_app(big).test_client()
    dataset = dataset_of(big, "umap")
    about = get(client, f"/datasets/{dataset}")
    assert (about["n_points"], about["n_all"]) == (1100, 2200)
    found = counted(client, dataset)
    assert (found["n_points"], found["n_placed"]) == (2200, 2200)
    assert found["sides"] == [128, 256, 512, 1024]
    whole = write_projection(tmp_path / "again", [1500, 700]).astype(np.float64)
    low_x, high_x, low_y, high_y = found["bounds"]
    for side in found["sides"]:
        answer = client.get(f"/api/v1/datasets/{dataset}/density/{side}")
        grid = np.frombuffer(answer.data, "<u4").reshape(side, side)
        y_x = [[low_y, high_y], [low_x, high_x]]
        expected = np.histogram2d(whole[:, 1], whole[:, 0], bins=side, range=y_x)[0]
        np.testing.assert_array_equal(grid, expected)
    get(client, f"/datasets/{dataset}/density/100", 404)
    get(client, f"/datasets/{dataset}/density/2048", 404)


def test_it_is_stored_and_not_counted_twice(
    big: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(big).test_client()
    first = counted(client, dataset_of(big, "umap"))

    def fail(*_: object) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(densities, "count_density", fail)
    other = Session(tmp_path, watch=False)
    other.wait()
    again = get(create_app(other).test_client(), f"/datasets/{dataset_of(other, 'umap')}/density")
    other.close()
    assert again == first


@pytest.mark.parametrize("name", ["small", "solid"])
def test_what_is_shown_whole_or_solid_has_none(big: Session, name: str) -> None:
    client = create_app(big).test_client()
    get(client, f"/datasets/{dataset_of(big, name)}/density", 404)
    get(client, f"/datasets/{dataset_of(big, name)}/density/128", 404)


def test_a_part_that_is_gone_is_one_error(big: Session, tmp_path: Path) -> None:
    client = create_app(big).test_client()
    dataset = dataset_of(big, "umap")
    get(client, f"/datasets/{dataset}")
    (tmp_path / "umap" / "part-000001.parquet").unlink()
    assert "part-000001" in str(get(client, f"/datasets/{dataset}/density", 400))
