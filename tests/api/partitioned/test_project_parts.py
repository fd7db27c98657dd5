"""Projections of data in parts against those of the same data in memory."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import projector
from projector.api.partitioned import tasks
from projector.api.partitioned.part_file import part_path
from projector.api.partitioned.sources import even
from projector.errors import (
    Cancelled,
    ConflictError,
    LoadError,
    MemoryLimitError,
    ParameterError,
    SaveError,
    ShapeError,
)
from projector.model.partitioned import PartitionedDataset
from projector.model.progress import Progress
from projector.typing import AnyArray
from tests.api.partitioned.conftest import ENDS, EXECUTORS, write_parts

UMAP: dict[str, Any] = {"n_landmarks": 300, "n_epochs": 20, "random_state": 3}


def whole(found: projector.PartitionedProjection) -> AnyArray:
    read = list(found)
    index = np.concatenate([each[0] for each in read])
    np.testing.assert_array_equal(index, np.arange(found.n_points))
    return np.concatenate([each[1] for each in read])


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("n_components", [2, 3])
def test_pca_is_that_of_all_points(
    vectors: AnyArray,
    parts: PartitionedDataset,
    tmp_path: Path,
    executor: str | None,
    n_components: int,
) -> None:
    found = projector.project(
        parts, "pca", n_components=n_components, executor=executor, out=tmp_path / "out"
    )
    wide = vectors - vectors.mean(axis=0, dtype=np.float64)
    values, directions = np.linalg.eigh(wide.T @ wide / (len(wide) - 1))
    expected = wide @ directions[:, ::-1][:, :n_components]
    expected *= np.sign((expected * whole(found)).sum(axis=0))
    np.testing.assert_allclose(whole(found), expected, atol=1e-6 * np.abs(expected).max())
    shares = np.asarray(found.details["explained_variance_ratio"])
    np.testing.assert_allclose(shares, values[::-1] / values.sum(), rtol=1e-6)
    one = projector.project(vectors, "pca", n_components=n_components)
    np.testing.assert_allclose(whole(found), one.positions, atol=1e-5)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_landmarks_give_the_bytes_of_the_data_in_memory(
    vectors: AnyArray, parts: PartitionedDataset, tmp_path: Path, executor: str | None
) -> None:
    found = projector.project(parts, "umap", executor=executor, out=tmp_path / "out", **UMAP)
    one = projector.project(vectors, "umap", **UMAP)
    np.testing.assert_array_equal(whole(found), one.positions)
    assert found.landmarks is not None
    assert found.landmarks.n_points == 300
    np.testing.assert_array_equal(found.landmarks.positions, one.positions[found.landmark_rows])
    assert found.details["warnings"] == one.details["warnings"]


@pytest.mark.slow
def test_pieces_of_files_do_not_decide_the_bytes(vectors: AnyArray, tmp_path: Path) -> None:
    """A process of the pool reads smaller pieces than the reader process gives."""
    (tmp_path / "data").mkdir()
    for number, some in enumerate(np.split(vectors, [1100, 1111])):
        column = pa.FixedSizeListArray.from_arrays(pa.array(some.ravel()), 10)
        path = tmp_path / "data" / f"{number}.parquet"
        pq.write_table(pa.table({"vector": column}), path, row_group_size=137)
    data = projector.open_parts(tmp_path / "data")
    options: dict[str, Any] = {"memory_limit": 50_000}
    for method, params in (("pca", options), ("umap", UMAP)):
        here = projector.project(data, method, out=tmp_path / f"{method}-1", **params)
        there = projector.project(
            data, method, out=tmp_path / f"{method}-2", executor="processes", **params
        )
        np.testing.assert_array_equal(whole(here), whole(there))


@given(lengths=st.lists(st.integers(0, 9), max_size=12), most_rows=st.integers(9, 20))
def test_chunks_are_of_one_length_however_rows_come(lengths: list[int], most_rows: int) -> None:
    rows = np.arange(sum(lengths), dtype=np.float32)[:, None]
    ends = np.cumsum([0, *lengths])
    pieces = [(5 + int(a), rows[a:z]) for a, z in pairwise(ends)]
    found = list(even(pieces, most_rows))
    assert [len(each) for _, each in found[:-1]] == [most_rows] * (len(found) - 1)
    assert [first for first, _ in found] == [5 + most_rows * n for n in range(len(found))]
    together = np.concatenate([each for _, each in found]) if found else rows
    np.testing.assert_array_equal(together, rows)


def test_all_points_may_be_landmarks(
    vectors: AnyArray, parts: PartitionedDataset, tmp_path: Path
) -> None:
    params = {**UMAP, "n_landmarks": 5000}
    found = projector.project(parts, "umap", out=tmp_path / "out", **params)
    assert found.details["landmarks"] == 3000
    assert found.details["warnings"] == []
    np.testing.assert_array_equal(found.landmark_rows, np.arange(3000))


def test_landmarks_by_kmeans_are_spread_and_say_so(
    vectors: AnyArray, parts: PartitionedDataset, tmp_path: Path
) -> None:
    params = {**UMAP, "n_landmarks": 50}
    found = projector.project(parts, "umap", landmarks_by="kmeans++", out=tmp_path / "a", **params)
    again = projector.project(parts, "umap", landmarks_by="kmeans++", out=tmp_path / "b", **params)
    random = projector.project(parts, "umap", out=tmp_path / "c", **params)
    np.testing.assert_array_equal(found.landmark_rows, again.landmark_rows)
    assert "k-means++" in str(found.details["warnings"])
    assert found.details["landmarks_by"] == "kmeans++"

    def farthest(rows: AnyArray) -> float:
        apart = np.linalg.norm(vectors[:, None] - vectors[rows][None], axis=2)
        return float((apart.min(axis=1) ** 2).sum())

    assert farthest(found.landmark_rows) < farthest(random.landmark_rows)


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_rows_with_nan_have_no_position(vectors: AnyArray, tmp_path: Path, method: str) -> None:
    vectors[[0, 5, 2999]] = np.nan
    vectors[1500, 3] = np.inf
    parts = write_parts(vectors, tmp_path / "data")
    params = UMAP if method == "umap" else {}
    found = projector.project(parts, method, out=tmp_path / "out", **params)
    placed = np.isfinite(whole(found)).all(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(~placed), [0, 5, 1500, 2999])
    assert found.details["n_unplaced"] == 4
    assert "4 points with NaN or infinity have no position." in str(found.details["warnings"])
    if method == "pca":
        one = projector.project(vectors, "pca")
        np.testing.assert_allclose(whole(found), one.positions, atol=1e-5)


def test_only_nan_is_an_error(tmp_path: Path) -> None:
    parts = write_parts(np.full((3000, 4), np.nan, np.float32), tmp_path / "data")
    for method, params in (("pca", {}), ("umap", UMAP)):
        with pytest.raises(ShapeError, match="NaN or infinity"):
            projector.project(parts, method, out=tmp_path / method, **params)


def test_the_files_say_what_they_are(parts: PartitionedDataset, tmp_path: Path) -> None:
    found = projector.project(parts, "pca", out=tmp_path / "out")
    about = json.loads((tmp_path / "out" / "projection.json").read_text())
    assert about["is_complete"]
    assert about["method"] == "pca"
    assert about["n_points"] == 3000
    assert [each["first_row"] for each in about["parts"]] == ENDS[:-1]
    assert [each["file"] for each in about["parts"]] == [path.name for path in found.paths]
    table = pq.read_table(found.paths[2])
    assert table.column_names == ["index", "x", "y", "z"]
    assert [str(each) for each in table.schema.types] == ["int64", "float", "float", "float"]
    assert repr(found).count("part-") == 5  # paths, not arrays


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_a_call_goes_on_where_another_one_ended(
    parts: PartitionedDataset,
    tmp_path: Path,
    method: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    params = UMAP if method == "umap" else {}
    out, task = tmp_path / "out", "write_placed" if method == "umap" else "write_scores"
    write = getattr(tasks, task)
    written: list[int] = []

    def failing(watch: Any, part: Any, *args: Any) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        write(watch, part, *args)
        written.append(part.first_row)

    with monkeypatch.context() as patch:
        patch.setattr(tasks, task, failing)
        with pytest.raises(OSError, match="No space left"):
            projector.project(parts, method, out=out, **params)
    assert sorted(path.name for path in out.glob("part-*")) == [
        part_path(out, number).name for number in range(3)
    ]
    assert not json.loads((out / "projection.json").read_text())["is_complete"]
    before = {path: path.stat().st_mtime_ns for path in out.glob("part-*")}
    found = projector.project(parts, method, out=out, **params)
    assert found.details["n_kept_parts"] == 3
    assert {path: path.stat().st_mtime_ns for path in before} == before
    whole_call = projector.project(parts, method, out=tmp_path / "other", **params)
    np.testing.assert_array_equal(whole(found), whole(whole_call))


def test_damaged_files_are_written_again(parts: PartitionedDataset, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = projector.project(parts, "umap", out=out, **UMAP)
    good = whole(found)
    for name, damage in (
        ("part-000001.parquet", b"not parquet"),
        ("part-000002.parquet", None),
        ("landmarks.npz", b"PK\x03\x04 broken"),
    ):
        if damage is None:
            (out / name).unlink()
        else:
            (out / name).write_bytes(damage)
    os.replace(part_path(out, 3), part_path(out, 4))  # that of another part
    again = projector.project(parts, "umap", out=out, **UMAP)
    assert again.details["n_kept_parts"] == 1
    np.testing.assert_array_equal(whole(again), good)


def test_another_projection_is_not_replaced(
    vectors: AnyArray, parts: PartitionedDataset, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    projector.project(parts, "pca", out=out)
    before = files_of(out)
    with pytest.raises(ConflictError, match=r"pca with n_components=3.*n_components=2"):
        projector.project(parts, "pca", n_components=2, out=out)
    other = write_parts(vectors + 1, tmp_path / "others")
    with pytest.raises(ConflictError):
        projector.project(other, "pca", out=out)
    assert files_of(out) == before


@pytest.mark.parametrize("text", [b"{", b"[1]", b"\xff\xfe"])
def test_a_foreign_description_is_an_error(
    parts: PartitionedDataset, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "projection.json").write_bytes(text)
    with pytest.raises(LoadError, match=r"projection\.json"):
        projector.project(parts, "pca", out=tmp_path / "out")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_cancelling_leaves_whole_files_alone(
    parts: PartitionedDataset, tmp_path: Path, executor: str | None
) -> None:
    out = tmp_path / "out"

    def give_up(progress: Progress) -> None:
        if progress.phase == "placing":
            raise Cancelled

    with pytest.raises(Cancelled):
        projector.project(parts, "umap", out=out, executor=executor, progress=give_up, **UMAP)
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []
    found = projector.project(parts, "umap", out=out, executor=executor, **UMAP)
    assert "layout" not in str(found.details["seconds"])


def test_progress_is_in_rows(parts: PartitionedDataset, tmp_path: Path) -> None:
    seen: dict[str, list[int]] = {}

    def note(progress: Progress) -> None:
        assert progress.positions is None
        seen.setdefault(progress.phase, []).append(progress.done)

    projector.project(parts, "umap", out=tmp_path / "out", progress=note, **UMAP)
    assert {"drawing landmarks", "placing"} <= set(seen)
    for phase in ("drawing landmarks", "placing"):
        assert seen[phase][0] == 0
        assert seen[phase][-1] == 3000
        assert seen[phase] == sorted(seen[phase])


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("pca", {"out": None}, "Name a folder"),
        ("umap", {}, "n_landmarks=20000"),
        ("given", {}, "not available for data in parts"),
        ("umap", {"n_landmarks": 10, "unit_norm": True}, "'unit_norm' is not available"),
        ("umap", {"n_landmarks": 10, "supervise_by": "label"}, "'supervise_by' is not available"),
        ("umap", {"n_landmarks": 10, "landmarks_by": "grid"}, "random, kmeans"),
        ("umap", {"n_landmarks": 50_000, "landmarks_by": "kmeans++"}, "at most 20,000"),
        ("pca", {"initial": np.zeros((3000, 2))}, "'initial' is not available"),
        ("pca", {"memory_limit": 0}, "memory_limit"),
        ("pca", {"executor": "cluster"}, "'executor' must be"),
    ],
)
def test_what_is_not_possible_is_refused(
    parts: PartitionedDataset, tmp_path: Path, method: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        projector.project(parts, method, **{"out": tmp_path / "out", **options})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options", [{"executor": "processes"}, {"out": "x"}, {"landmarks_by": "random"}]
)
def test_data_in_memory_takes_none_of_it(vectors: AnyArray, options: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="is for data in parts"):
        projector.project(vectors, "pca", **options)


def test_a_limit_of_memory_decides_the_rows_of_a_chunk(
    vectors: AnyArray, parts: PartitionedDataset, tmp_path: Path
) -> None:
    found = projector.project(parts, "pca", out=tmp_path / "out", memory_limit=40_000)
    one = projector.project(vectors, "pca")
    np.testing.assert_allclose(whole(found), one.positions, atol=1e-5)
    with pytest.raises(MemoryLimitError, match="Raise memory_limit"):
        projector.project(parts, "pca", out=tmp_path / "small", memory_limit=10_000)


def test_a_folder_that_cannot_be_written_to_is_told(
    parts: PartitionedDataset, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises((SaveError, LoadError, projector.MachineError), match="file"):
        projector.project(parts, "pca", out=tmp_path / "file" / "out")
