"""A pattern of file names is one embedding, wherever a path of data is taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import projector
from projector.errors import LoadError, ParameterError, UnknownNameError
from projector.loaders.logdir import drawn_sample
from projector.machine.memory import FreeMemory
from tests.loaders.partitioned.written import fixed, vectors_of, write_parts, write_table


@pytest.mark.parametrize("suffix", [".parquet", ".feather", ".npy"])
def test_a_pattern_is_one_embedding(tmp_path: Path, suffix: str) -> None:
    whole = write_parts(tmp_path, [20, 30], suffix, name="train-{:05}-of-00002")
    pattern = str(tmp_path / f"*{suffix}")
    log = projector.open_logdir(pattern)
    assert log.root == tmp_path.resolve()
    (entry,) = log.entries
    assert (entry.name, entry.shape, entry.n_parts) == ("train", (50, 8), 2)
    data = log.load(entry)
    np.testing.assert_array_equal(data.vectors, whole)
    assert projector.load(pattern).content_hash == data.content_hash
    # A log directory has the same vectors, and so the same results.
    assert projector.load(tmp_path).content_hash == data.content_hash
    assert data.metadata.names == (() if suffix == ".npy" else ("id", "text"))


def test_new_parts_are_found_by_a_refresh(tmp_path: Path) -> None:
    write_parts(tmp_path, [20, 30])
    log = projector.open_logdir(tmp_path / "*.parquet")
    whole = write_parts(tmp_path, [20, 30, 5])
    assert log.refresh()
    (entry,) = log.entries
    assert entry.shape == (55, 8)
    np.testing.assert_array_equal(log.load(entry).vectors, whole)
    for path in tmp_path.glob("*.parquet"):
        path.unlink()
    log.refresh()
    assert log.entries == ()
    assert "No file has such a name" in log.problems[0].message


def test_a_rewritten_part_is_read_as_it_is_now(tmp_path: Path) -> None:
    write_parts(tmp_path, [20, 30])
    log = projector.open_logdir(tmp_path / "*.parquet")
    whole = np.concatenate([write_parts(tmp_path / "n", [20]), np.zeros((0, 8), np.float32)])
    (tmp_path / "n" / "part-0.parquet").replace(tmp_path / "part-0.parquet")
    np.testing.assert_array_equal(log.load(log.entries[0]).vectors[:20], whole)


def test_what_is_no_part_is_a_problem_and_a_warning(tmp_path: Path) -> None:
    write_parts(tmp_path, [20, 30, 10])
    (tmp_path / "part-1.parquet").write_bytes(b"PAR1")
    log = projector.open_logdir(tmp_path / "*.parquet")
    assert [each.path for each in log.problems] == ["part-1.parquet"]
    (entry,) = log.entries
    assert entry.shape == (30, 8)
    assert any("part-1.parquet: " in each for each in log.load(entry).warnings)


def test_each_column_of_vectors_is_an_embedding(tmp_path: Path) -> None:
    for number in range(2):
        table = pa.table({"a": fixed(vectors_of(1, 9, 4)), "b": fixed(vectors_of(2, 9, 6))})
        write_table(tmp_path / f"p{number}.parquet", table)
    pattern = tmp_path / "*.parquet"
    log = projector.open_logdir(pattern)
    assert {entry.name: entry.shape for entry in log.entries} == {"a": (18, 4), "b": (18, 6)}
    assert log.problems == ()
    with pytest.raises(ParameterError, match="'a', 'b'"):
        projector.load(pattern)
    assert projector.load(pattern, name="b").n_dims == 6
    with pytest.raises(UnknownNameError):
        projector.load(pattern, name="c")


def test_folders_of_keys_are_columns(tmp_path: Path) -> None:
    write_parts(tmp_path / "lang=en", [4], name="x")
    write_parts(tmp_path / "lang=de", [3], name="x")
    data = projector.load(tmp_path / "*" / "*.parquet")
    assert data.metadata["lang"].text.to_list() == ["de"] * 3 + ["en"] * 4


def test_a_sample_of_a_pattern_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_parts(tmp_path, [300, 200])
    monkeypatch.setattr(drawn_sample, "free_memory", lambda: FreeMemory(20_000, "a test"))
    data = projector.load(tmp_path / "*.parquet")
    assert data.n_all == 500
    rows = data.metadata["index"].numbers
    assert rows is not None
    np.testing.assert_array_equal(data.vectors, whole[rows.astype(np.int64)])
    told = projector.project(data, "pca").details["warnings"]
    assert f"{data.n_points} of 500 points, drawn at random." in str(told)
    assert any("drawn at random" in each for each in projector.health(data).health.warnings)


def test_a_file_that_is_called_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    np.save(tmp_path / "[a].npy", vectors_of(1, 5))
    np.save(tmp_path / "a.npy", vectors_of(2, 5))
    np.testing.assert_array_equal(projector.load(tmp_path / "[a].npy").vectors, vectors_of(1, 5))


def test_no_match_is_one_clear_error(tmp_path: Path) -> None:
    for call in (projector.load, projector.open_logdir):
        with pytest.raises(LoadError, match="No file has such a name"):
            call(tmp_path / "*.parquet")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(LoadError, match=r"a\.txt.*no part"):
        projector.load(tmp_path / "*.txt")
