"""Files of other tools: TensorBoard's projector and Embedding Atlas's table, and both read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import projector
from projector.cli import main
from projector.errors import ParameterError, ShapeError, UnknownNameError
from projector.model.export_tensorboard import (
    ConfigEntry,
    config_text,
    metadata_tsv,
    vectors_raw,
    vectors_tsv,
)
from projector.model.metadata import Metadata

VECTORS = np.random.default_rng(5).normal(size=(12, 4)).astype(np.float32)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Return a log of two runs, two embeddings and three steps, as a training writes it."""
    home = tmp_path / "runs"
    for name in ("one", "two/deep"):
        with projector.Writer(home / name) as writer:
            writer.hparams({"lr": 0.5, "net": name})
            for step in (0, 50, 100):
                about = {"label": list("ab" * 6), "n": range(12)}
                images = np.arange(12 * 4, dtype=np.uint8).reshape(12, 2, 2)
                writer.add("encoder/out", VECTORS + step, step, metadata=about, images=images)
                writer.scalars({"loss": 1 / (step + 1)}, step)
            writer.add("final", VECTORS * 2, ids=[f"p{i}" for i in range(12)])
    return home


@pytest.mark.parametrize("binary", [False, True])
def test_a_log_for_tensorboard_reads_back_as_it_was(
    logdir: Path, tmp_path: Path, binary: bool
) -> None:
    out = tmp_path / "out"
    found = run("export", logdir, "--to", "tensorboard", "--out", out, *["--binary"] * binary)
    assert found.exit_code == 0, found.output
    assert "8 tensors of 2 runs" in found.output
    assert "the only column, 'id', lost its name" in found.output
    before, after = projector.open_logdir(logdir), projector.open_logdir(out)
    assert after.problems == ()
    assert [(e.run, e.name, e.step, e.shape) for e in after.entries] == [
        (e.run, e.name, e.step, e.shape) for e in before.entries
    ]
    for one, other in zip(before.entries, after.entries, strict=True):
        was, now = before.load(one), after.load(other)
        np.testing.assert_array_equal(now.vectors, was.vectors)
        if one.name == "final":
            assert now.metadata.columns[0].text.to_list() == was.metadata["id"].text.to_list()
            continue
        assert now.metadata.names == was.metadata.names
        assert [c.text.to_list() for c in now.metadata.columns] == [
            c.text.to_list() for c in was.metadata.columns
        ]
        assert (now.sprite, was.sprite) == (was.sprite, now.sprite)
    for was_run, now_run in zip(before.runs, after.runs, strict=True):
        assert (now_run.name, now_run.hparams) == (was_run.name, was_run.hparams)
        assert now_run.scalar_tags == ("loss",)
        one_series, other_series = was_run.scalars("loss"), now_run.scalars("loss")
        np.testing.assert_array_equal(one_series.values, other_series.values)
        np.testing.assert_array_equal(one_series.wall_times, other_series.wall_times)
    assert len(list(out.rglob("metadata-*.tsv"))) == 4, "one for each different table of a run"
    assert len(list(out.rglob("sprite-*.png"))) == 2
    assert len(list(out.rglob("tensors.bytes" if binary else "tensors.tsv"))) == 8


def test_only_what_is_chosen_is_exported(logdir: Path, tmp_path: Path) -> None:
    done = projector.export_tensorboard(
        logdir, tmp_path / "out", run="one", name="encoder/out", step=50
    )
    (entry,) = projector.open_logdir(done.folder).entries
    assert (entry.run, entry.name, entry.step, done.n_tensors) == ("one", "encoder/out", 50, 1)
    with pytest.raises(UnknownNameError, match="decoder"):
        projector.export_tensorboard(logdir, tmp_path / "none", name="decoder")
    assert not (tmp_path / "none").exists()


def test_a_folder_with_files_is_refused(logdir: Path) -> None:
    with pytest.raises(ParameterError, match="is not empty"):
        projector.export_tensorboard(logdir, logdir)
    assert run("export", logdir, "--to", "tensorboard", "--out", logdir).exit_code == 2


def test_a_single_file_is_exported(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", VECTORS)
    done = projector.export_tensorboard(tmp_path / "x.npy", tmp_path / "out")
    assert done.configs == (tmp_path / "out" / "projector_config.pbtxt",)
    np.testing.assert_array_equal(projector.load(tmp_path / "out").vectors, VECTORS)


def test_text_of_vectors_reads_back_to_the_bit() -> None:
    hard = np.array(
        [[1e-45, 3.4028235e38], [0.1, -0.0], [np.nan, np.inf], [16777216, -1 / 3]], np.float32
    )
    rows = [line.split("\t") for line in vectors_tsv(hard).decode().splitlines()]
    read = np.array([[float(cell) for cell in row] for row in rows], np.float32)
    np.testing.assert_array_equal(read, hard)


def test_bytes_that_are_text_are_not_written_as_bytes() -> None:
    assert vectors_raw(np.zeros((3, 3), np.float32)) is None
    assert vectors_raw(VECTORS) == VECTORS.tobytes()


def test_cells_that_a_table_cannot_hold_are_counted() -> None:
    table = Metadata.from_mapping({"a\tb": ["x\ty", "z", "u\nv"], "c": [1, None, 3]})
    content, notes = metadata_tsv(table)
    assert content == b"a b\tc\nx y\t1\nz\t\nu v\t3\n"
    assert notes == ["2 cells have a tab or a line end, which became spaces: the table holds none."]


def test_names_in_a_config_are_quoted() -> None:
    entry = ConfigEntry('a"b\\c\n', "t.tsv", (2, 3))
    assert '\n  tensor_name: "a\\"b\\\\c\\012"\n' in config_text([entry])


def atlas(path: Path) -> dict[str, Any]:
    table = pq.read_table(path)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def test_a_table_for_embedding_atlas(logdir: Path, tmp_path: Path) -> None:
    out = tmp_path / "map.parquet"
    words = ("--run", "one", "--name", "encoder/out", "--method", "pca", "--k", 3)
    found = run("export", logdir, "--to", "atlas", "--out", out, *words)
    assert found.exit_code == 0, found.output
    table = atlas(out)
    assert list(table) == ["x", "y", "neighbors", "label", "n"]
    near = projector.neighbors(projector.load(logdir, run="one", name="encoder/out"), 3)
    assert [row["ids"][0] for row in table["neighbors"]] == list(range(12)), "first itself"
    assert [row["ids"][1:] for row in table["neighbors"]] == near.indices.tolist()
    distances = np.array([row["distances"] for row in table["neighbors"]])
    np.testing.assert_array_equal(distances, np.hstack([np.zeros((12, 1)), near.distances]))
    read = projector.open_logdir(out)
    assert not any("neighbors" in entry.name for entry in read.entries)
    data = read.load(read.find(name="x, y"))
    np.testing.assert_array_equal(data.vectors[:, 0], table["x"])
    assert data.metadata.names == ("label", "n")
    assert data.metadata["label"].text.to_list() == list("ab" * 6)
    assert any("neighbors of each point" in warning for warning in data.warnings)


def test_positions_that_were_computed_before_are_taken(logdir: Path, tmp_path: Path) -> None:
    chosen = ("--run", "one", "--name", "final")
    npy, out = tmp_path / "p.npy", tmp_path / "map.arrow"
    np.save(npy, VECTORS[:, :2])
    words = ("--positions", npy, "--k", 2)
    found = run("export", logdir, "--to", "atlas", "--out", out, *chosen, *words)
    assert found.exit_code == 0, found.output
    np.testing.assert_array_equal(projector.load(out).vectors, VECTORS[:, :2])


def test_what_cannot_be_an_atlas_is_refused(logdir: Path, tmp_path: Path) -> None:
    found = run("export", logdir, "--to", "atlas", "--out", tmp_path / "map.csv")
    assert found.exit_code == 2
    assert "must end in one of" in found.output
    placed = projector.Projection(VECTORS[:, :2], "given", {})
    near = projector.neighbors(VECTORS, 2)
    with pytest.raises(ParameterError, match="needs one of"):
        placed.save(tmp_path / "map.csv", neighbors=near)
    with pytest.raises(ShapeError, match="12 points"):
        projector.Projection(VECTORS[:5, :2], "given", {}).save(
            tmp_path / "map.parquet", neighbors=near
        )


def test_points_without_neighbors_have_themselves(tmp_path: Path) -> None:
    vectors = VECTORS.copy()
    vectors[3] = np.nan
    near = projector.neighbors(vectors, 2)
    placed = projector.Projection(vectors[:, :2], "given", {})
    table = atlas(placed.save(tmp_path / "map.parquet", neighbors=near))
    assert table["neighbors"][3] == {"ids": [3, 3, 3], "distances": [0.0, 0.0, 0.0]}
    assert len(table["neighbors"][4]["ids"]) == 3
