"""Numbered parts of one table or array are one embedding, with their tables joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from projector.loaders import open_logdir
from projector.model.dataset import Dataset


def numbers(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(shape).normal(size=shape).astype(np.float32)


def table(path: Path, values: NDArray[np.float32] | None, texts: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {"caption": pa.array(texts)}
    if values is not None:
        columns["vector"] = pa.array(list(values))
    pq.write_table(pa.table(columns), path)


def only(root: Path) -> Dataset:
    log = open_logdir(root)
    assert [p.message for p in log.problems] == []
    assert len(log.entries) == 1
    data = log.load(log.entries[0])
    assert data.vectors.shape == log.entries[0].shape
    return data


@pytest.mark.parametrize(
    "names",
    [
        ("part-00000-9b1c.snappy", "part-00001-9b1c.snappy", "part-00002-0d2e.snappy"),
        ("train-00000-of-00003", "train-00001-of-00003", "train-00002-of-00003"),
        ("chunk_0", "chunk_1", "chunk_2"),
        ("embeddings_1", "embeddings_2", "embeddings_3"),
    ],
)
def test_tables_in_parts_are_one(tmp_path: Path, names: tuple[str, ...]) -> None:
    values, texts = numbers(12, 5), [f"text {n}" for n in range(12)]
    for number, name in enumerate(names):
        piece = slice(4 * number, 4 * number + 4)
        table(tmp_path / "out.parquet" / f"{name}.parquet", values[piece], texts[piece])
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values)
    assert data.metadata["caption"].text.to_list() == texts
    assert any("3 parts" in warning for warning in data.warnings)


def test_a_tenth_part_comes_after_the_ninth(tmp_path: Path) -> None:
    values = numbers(22, 3)
    for number in range(11):
        np.save(tmp_path / f"shard_{number}.npy", values[2 * number : 2 * number + 2])
    np.testing.assert_array_equal(only(tmp_path).vectors, values)


@pytest.mark.parametrize(("there", "missing"), [((0, 1, 3), "number 2"), ((0, 1), "2 of 4 parts")])
def test_missing_parts_are_said(tmp_path: Path, there: tuple[int, ...], missing: str) -> None:
    for number in there:
        np.save(tmp_path / f"x-{number:05d}-of-00004.npy", numbers(4, 3))
    data = only(tmp_path)
    assert data.n_points == 4 * len(there)
    assert any(missing in warning or "1 of 4 parts" in warning for warning in data.warnings)


def test_splits_of_a_data_set_stay_apart(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for number in range(2):
            name = f"{split}-{number:05d}-of-00002.parquet"
            table(tmp_path / name, numbers(4, 3), ["a", "b", "c", "d"])
    assert [entry.shape for entry in open_logdir(tmp_path).entries] == [(8, 3), (8, 3)]


@pytest.mark.parametrize("folder", ["captions", "."])
def test_numbered_tables_with_other_rows_make_parts_of_arrays(tmp_path: Path, folder: str) -> None:
    values, texts = numbers(12, 5), [f"text {n}" for n in range(12)]
    (tmp_path / "vectors").mkdir()
    home = tmp_path / "vectors" / folder if folder == "." else tmp_path / folder
    for number, piece in enumerate((slice(0, 5), slice(5, 10), slice(10, 12))):
        np.save(tmp_path / "vectors" / f"clip_{number}.npy", values[piece])
        table(home / f"meta_{number}.parquet", None, texts[piece])
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values)
    assert data.metadata["caption"].text.to_list() == texts


def test_numbered_tables_of_equal_rows_are_steps(tmp_path: Path) -> None:
    texts = ["a", "b", "c", "d"]
    for number in range(3):
        np.save(tmp_path / f"codes_{number}.npy", numbers(4, 3))
        table(tmp_path / f"meta_{number}.parquet", None, texts)
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.step) for entry in log.entries] == [("codes", n) for n in range(3)]
    for entry in log.entries:
        assert log.load(entry).metadata["caption"].text.to_list() == texts


@pytest.mark.parametrize(
    ("names", "shapes"),
    [
        (("x_1", "x_5", "x_9"), [(4, 3)] * 3),
        (("step_0", "step_1"), [(4, 3)] * 2),
        (("x_seed0", "x_seed1"), [(4, 3)] * 2),
        (("x_0", "x_1"), [(4, 3)] * 2),
    ],
)
def test_other_numbers_make_no_parts(
    tmp_path: Path, names: tuple[str, ...], shapes: list[tuple[int, int]]
) -> None:
    for name in names:
        np.save(tmp_path / f"{name}.npy", numbers(4, 3))
    assert [entry.shape for entry in open_logdir(tmp_path).entries] == shapes


def test_batches_of_one_size_and_a_rest_are_parts(tmp_path: Path) -> None:
    for number, rows in enumerate((8, 8, 8, 3)):
        np.save(tmp_path / f"feats_{number}.npy", numbers(rows, 3))
    assert only(tmp_path).n_points == 27


def test_slices_of_a_state_dict_are_not_put_below_each_other(tmp_path: Path) -> None:
    for number in range(2):
        state = {"tok.weight": numbers(8, 3), "fc.bias": numbers(3)}
        np.savez(tmp_path / f"consolidated.part{number}.npz", **state)  # type: ignore[arg-type]
    assert all(entry.shape == (8, 3) for entry in open_logdir(tmp_path).entries)


def test_arrays_in_each_part_are_joined(tmp_path: Path) -> None:
    values, texts = numbers(12, 5), [f"text {n}" for n in range(12)]
    for number in range(3):
        piece = slice(4 * number, 4 * number + 4)
        arrays: dict[str, Any] = {"emb": values[piece], "title": texts[piece], "n": [1, 2, 3]}
        np.savez(tmp_path / f"chunk_{number}.npz", **arrays)
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values)
    assert data.metadata.names == ("title",)
    assert data.metadata["title"].text.to_list() == texts


def test_splits_of_one_folder_are_called_as_their_parts(tmp_path: Path) -> None:
    for split, rows in (("train", 4), ("test", 2)):
        for number in range(2):
            name = f"{split}-{number:05}-of-00002.parquet"
            table(tmp_path / "data" / name, numbers(rows, 5), ["x"] * rows)
    entries = open_logdir(tmp_path).entries
    shapes = {entry.name: entry.shape for entry in entries}
    assert shapes == {"train/vector": (8, 5), "test/vector": (4, 5)}
    assert [entry.n_parts for entry in entries] == [2, 2]
