"""One embedding of many vectors: one per key of a file, or one per file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from projector.loaders import load, open_logdir
from projector.loaders.base import File
from projector.loaders.decoders.zip_archive import Archive, open_archive
from projector.model.dataset import Dataset

NAMES = ["kiwi", "lime", "mango", "nectarine", "olive", "papaya"]


def rows(count: int, length: int = 9) -> NDArray[np.float32]:
    return np.random.default_rng(count).normal(size=(count, length)).astype(np.float32)


def savez(path: Path, *arrays: dict[str, NDArray[Any]]) -> None:
    """Save arrays by names that only data can have."""
    together: dict[str, Any] = {name: each for some in arrays for name, each in some.items()}
    np.savez(path, **together)


def only(root: Path) -> Dataset:
    """Return the one dataset of a log, in which there is no problem."""
    log = open_logdir(root)
    assert [problem.message for problem in log.problems] == []
    assert len(log.entries) == 1
    data = log.load(log.entries[0])
    assert log.entries[0].shape == data.vectors.shape
    assert log.entries[0].role == "embedding"
    return data


def column(data: Dataset, name: str) -> list[str | None]:
    return data.metadata[name].text.to_list()


def test_the_keys_of_an_archive_are_points(tmp_path: Path) -> None:
    values = rows(6)
    savez(tmp_path / "fruit.npz", dict(zip(NAMES, values, strict=True)))
    for data in (only(tmp_path), load(tmp_path / "fruit.npz")):
        np.testing.assert_array_equal(data.vectors, values)
        assert column(data, "name") == NAMES
        assert data.embedding.name == "fruit"


def test_datasets_in_groups_keep_their_groups(tmp_path: Path) -> None:
    values = rows(4)
    with h5py.File(tmp_path / "p.h5", "w") as file:
        for number, row in enumerate(values):
            file[f"set{number % 2}/id{number}/embedding"] = row
    data = only(tmp_path)
    assert column(data, "name") == ["id0", "id2", "id1", "id3"]
    assert column(data, "folder") == ["set0", "set0", "set1", "set1"]
    np.testing.assert_array_equal(data.vectors, values[[0, 2, 1, 3]])


def test_many_keys_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"w{number}": row for number, row in enumerate(rows(300))}
    savez(tmp_path / "many.npz", many)
    log = open_logdir(tmp_path)
    opened: list[File] = []

    def counting(file: File) -> Archive:
        opened.append(file)
        return open_archive(file)

    monkeypatch.setattr("projector.loaders.formats.arrays.npy.open_archive", counting)
    assert log.load(log.entries[0]).n_points == 300
    assert len(opened) == 1


@pytest.mark.parametrize("shape", [(9,), (1, 9), (1, 9, 1, 1), (1, 1, 9)])
def test_files_of_one_vector_are_points(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = rows(6)
    for name, row in zip(NAMES, values, strict=True):
        np.save(tmp_path / f"{name}.npy", row.reshape(shape))
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values)
    assert column(data, "name") == NAMES


def test_folders_beside_each_other_become_a_column(tmp_path: Path) -> None:
    values = iter(rows(6))
    for group in ("healthy", "ill"):
        for number in (1, 2, 10):
            path = tmp_path / "scans" / group / f"s{number}.npy"
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, next(values))
    data = only(tmp_path)
    assert column(data, "name") == ["s1", "s2", "s10"] * 2
    assert column(data, "folder") == ["healthy"] * 3 + ["ill"] * 3
    assert data.embedding.run == "scans"


def test_folders_with_one_file_each_name_the_points(tmp_path: Path) -> None:
    values = rows(5)
    for number, row in enumerate(values):
        (tmp_path / f"subject-{number}").mkdir()
        np.save(tmp_path / f"subject-{number}" / "mean.npy", row)
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values)
    assert column(data, "name") == [f"subject-{number}" for number in range(5)]


def test_one_vector_at_several_steps_is_labeled_by_its_step(tmp_path: Path) -> None:
    for step in (900, 30, 200):
        np.savez(tmp_path / f"token_step_{step}.npz", v=np.full(9, step, np.float32))
    data = only(tmp_path)
    assert column(data, "step") == ["30", "200", "900"]
    assert data.vectors[:, 0].tolist() == [30, 200, 900]


def test_two_summaries_per_file_are_two_embeddings(tmp_path: Path) -> None:
    for name in NAMES:
        means = {f"mean_representations.{layer}": rows(1)[0] for layer in (6, 12)}
        savez(tmp_path / f"{name}.npz", means, {"tokens": rows(len(name), 5)})
    log = open_logdir(tmp_path)
    together = [entry for entry in log.entries if entry.shape == (6, 9)]
    assert sorted(entry.name for entry in together) == [
        "mean_representations.12",
        "mean_representations.6",
    ]
    assert column(log.load(together[0]), "name") == NAMES


def test_arrays_of_other_lengths_are_left_out_with_a_warning(tmp_path: Path) -> None:
    known = dict(zip(NAMES, rows(6), strict=True))
    savez(tmp_path / "fruit.npz", known, {"unknown": np.ones(4, np.float32)})
    data = only(tmp_path)
    assert data.vectors.shape == (6, 9)
    assert any("1 other arrays" in warning and "unknown" in warning for warning in data.warnings)


@pytest.mark.parametrize(
    "names",
    [
        ("x", "y", "z"),
        ("train_loss", "val_loss", "lr"),
        ("mean", "std"),
        ("fc1.bias", "fc2.bias", "norm.weight"),
        ("layers/0/bias:0", "layers/1/bias:0"),
        ("bn.running_mean", "bn.running_var"),
        ("optimizer.state.0.exp_avg", "optimizer.state.1.exp_avg"),
        ("labels", "ages", "scores"),
    ],
)
def test_columns_and_parameters_are_no_points(tmp_path: Path, names: tuple[str, ...]) -> None:
    arrays = dict(zip(names, rows(len(names), 30), strict=True))
    savez(tmp_path / "a.npz", arrays)
    for name, row in arrays.items():
        (tmp_path / "files").mkdir(exist_ok=True)
        np.save(tmp_path / "files" / f"{name.rpartition('/')[2].replace(':0', '')}.npy", row)
    assert open_logdir(tmp_path).entries == ()


def test_norms_beside_matrices_are_no_points(tmp_path: Path) -> None:
    state = {f"block.{n}.norm.{part}": rows(1)[0] for n in range(5) for part in ("weight", "bias")}
    savez(tmp_path / "m.npz", state, {"tok.weight": rows(20)})
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.shape) for entry in log.entries] == [("tok.weight", (20, 9))]


def test_whole_numbers_are_labels_unless_there_are_many(tmp_path: Path) -> None:
    few = {name: np.arange(9) for name in ("kiwi", "lime", "mango")}
    savez(tmp_path / "few.npz", few)
    assert open_logdir(tmp_path).entries == ()
    many = {f"document {number}": np.arange(9) + number for number in range(20)}
    savez(tmp_path / "many.npz", many)
    assert [entry.shape for entry in open_logdir(tmp_path).entries] == [(20, 9)]


def test_a_rewritten_file_changes_the_revision(tmp_path: Path) -> None:
    for name in NAMES:
        np.save(tmp_path / f"{name}.npy", rows(1)[0])
    log = open_logdir(tmp_path)
    (before,) = log.entries
    np.save(tmp_path / "mango.npy", rows(1)[0].astype(np.float64))
    assert log.refresh()
    assert log.entries[0].revision != before.revision


def test_a_vector_of_another_length_is_set_aside(tmp_path: Path) -> None:
    for name in NAMES:
        np.save(tmp_path / f"{name}.npy", rows(1)[0])
    np.save(tmp_path / "zucchini.npy", rows(1, 4)[0])
    log = open_logdir(tmp_path)
    assert [entry.shape for entry in log.entries] == [(6, 9)]
    (problem,) = log.problems
    assert (problem.path, problem.severity) == ("zucchini.npy", "warning")
    assert "4 numbers" in problem.message


@pytest.mark.parametrize("shape", [(7, 9, 1, 1), (7, 1, 9), (1, 7, 9)])
def test_axes_of_one_are_dropped_with_a_warning(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = rows(7).reshape(shape)
    np.save(tmp_path / "pooled.npy", values)
    data = only(tmp_path)
    np.testing.assert_array_equal(data.vectors, values.reshape(7, 9))
    assert any(" x ".join(map(str, shape)) in warning for warning in data.warnings)


def test_a_tensor_of_rank_three_says_its_sizes(tmp_path: Path) -> None:
    np.save(tmp_path / "states.npy", rows(24).reshape(4, 6, 9))
    log = open_logdir(tmp_path)
    assert log.entries == ()
    assert "4 x 6 x 9" in log.problems[0].message


def test_kernels_of_a_model_stay_what_they_are(tmp_path: Path) -> None:
    state = {"conv.weight": rows(7).reshape(7, 9, 1, 1), "emb.weight": rows(5)}
    savez(tmp_path / "m.npz", state)
    assert [entry.name for entry in open_logdir(tmp_path).entries] == ["emb.weight"]
