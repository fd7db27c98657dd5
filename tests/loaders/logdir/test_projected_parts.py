"""A folder that `projector.project` writes for data in parts is one entry."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from projector.loaders.logdir import projected_parts
from tests.loaders.logdir.projected import write_projection
from tests.loaders.partitioned.written import write_parts


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("where", ["umap", "."])
def test_a_folder_is_one_entry(tmp_path: Path, dims: int, where: str) -> None:
    whole = write_projection(tmp_path / where, [30, 0, 20], dims)
    log = open_logdir(tmp_path)
    assert [each.message for each in log.problems] == []
    (entry,) = log.entries
    assert (entry.shape, entry.role, entry.n_parts) == ((50, dims), "embedding", 2)
    assert entry.name == ("umap" if where == "umap" else tmp_path.name)
    data = log.load(entry)
    np.testing.assert_array_equal(data.vectors, whole)
    assert data.n_all is None
    assert data.metadata["index"].numbers is not None
    assert data.metadata["index"].numbers.tolist() == list(range(50))
    assert "umap of 50 x 64, in 2 parts." in data.warnings


def test_many_positions_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projected_parts, "MOST_POSITIONS", 40)
    whole = write_projection(tmp_path / "umap", [30, 20])
    data = open_logdir(tmp_path).load(open_logdir(tmp_path).entries[0])
    assert (data.n_points, data.n_all) == (25, 50)
    assert data.metadata.names == ("index",)
    rows = data.metadata["index"].numbers
    assert rows is not None
    np.testing.assert_array_equal(data.vectors, whole[rows.astype(np.int64)])
    assert "At most 40 positions are shown as points." in data.warnings[1]


def test_what_lies_beside_stays_what_it_is(tmp_path: Path) -> None:
    write_projection(tmp_path / "umap", [30, 20])
    np.save(tmp_path / "umap" / "other.npy", np.ones((9, 4), np.float32))
    write_parts(tmp_path / "data", [5, 6])
    shapes = sorted(entry.shape for entry in open_logdir(tmp_path).entries)
    assert shapes == [(9, 4), (11, 8), (50, 2)]


def test_an_incomplete_projection_says_so(tmp_path: Path) -> None:
    write_projection(tmp_path / "umap", [30, 20], is_complete=False)
    (tmp_path / "umap" / "part-000001.parquet").unlink()
    log = open_logdir(tmp_path)
    assert log.entries == ()
    (message,) = [each.message for each in log.problems if each.path == "umap/projection.json"]
    assert "1 of 2 parts" in message


@pytest.mark.parametrize("wrong", ["rows", "columns", "damaged"])
def test_a_wrong_part_is_named(tmp_path: Path, wrong: str) -> None:
    write_projection(tmp_path / "umap", [30, 20])
    part = tmp_path / "umap" / "part-000001.parquet"
    if wrong == "damaged":
        part.write_bytes(b"PAR1")
    elif wrong == "rows":
        (tmp_path / "umap" / "part-000000.parquet").rename(part)
        write_projection(tmp_path / "new", [30, 30])
        (tmp_path / "new" / "part-000000.parquet").rename(tmp_path / "umap" / "part-000000.parquet")
    else:
        write_parts(tmp_path / "new", [20], name="part-00000{}")
        (tmp_path / "new" / "part-000000.parquet").rename(part)
    log = open_logdir(tmp_path)
    (message,) = [each.message for each in log.problems if each.path == "umap/projection.json"]
    assert "part-000001.parquet" in message


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"projector": "partitioned projection"}',
        '{"projector": "partitioned projection", "parts": 7}',
        '{"projector": "partitioned projection", "parts": [{"file": 3, "n_rows": 1}]}',
        '{"projector": "partitioned projection", "parts": [{"file": "../x", "n_rows": 1}]}',
        '{"projector": "partitioned projection", "is_complete": true, "parts": []}',
        '{"projector": "partitioned projection", "is_complete": true, '
        '"parts": [{"file": "part-0.parquet", "n_rows": 0}]}',
    ],
)
def test_damaged_descriptions_hide_nothing_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "projection.json").write_text(text)
    np.save(tmp_path / "d" / "x.npy", np.ones((9, 4), np.float32))
    assert (9, 4) in [entry.shape for entry in open_logdir(tmp_path).entries]


def test_other_json_of_this_name_is_read_as_json(tmp_path: Path) -> None:
    rows = [{"vector": [float(n), 1.0, 2.0], "text": "a"} for n in range(9)]
    (tmp_path / "projection.json").write_text(json.dumps(rows))
    (entry,) = open_logdir(tmp_path).entries
    assert entry.shape == (9, 3)
