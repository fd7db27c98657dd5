"""Commands take patterns and folders of parts where they take a path."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import projector
from projector.cli import main
from projector.loaders.logdir import drawn_sample
from projector.machine.memory import FreeMemory
from tests.loaders.partitioned.written import fixed, vectors_of, write_parts, write_table


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    write_parts(tmp_path / "d", [60, 50, 40], name="train-{:05}-of-00003")
    return tmp_path / "d" / "*.parquet"


@pytest.mark.parametrize("given", ["pattern", "folder"])
def test_list_shows_the_size_and_the_number_of_parts(parts: Path, given: str) -> None:
    found = run("list", parts if given == "pattern" else parts.parent)
    assert found.exit_code == 0, found.output
    (line,) = [line for line in found.output.splitlines() if "3 parts" in line]
    assert {"150", "8", "float32", "parquet", "metadata,"} <= set(line.split())
    found = run("list", parts, "--json")
    (entry,) = json.loads(found.output)["entries"]
    assert (entry["shape"], entry["n_parts"]) == ([150, 8], 3)


def test_list_names_what_is_no_part(parts: Path) -> None:
    (parts.parent / "train-00001-of-00003.parquet").write_bytes(b"PAR1")
    found = run("list", parts)
    assert found.exit_code == 0
    assert "error: train-00001-of-00003.parquet: " in found.output
    assert "2 parts" in found.output


def outputs_of_commands(parts: Path, folder: Path) -> list[str]:
    """Return what reduce, neighbors, health and compare print about a pattern."""
    outputs = []
    for words in (
        ("reduce", parts, "--method", "pca", "-o", folder / "p.npz"),
        ("neighbors", parts, "-k", 5, "-o", folder / "n.npz"),
        ("health", parts),
        ("compare", parts, parts.parent),
    ):
        found = run(*words)
        assert found.exit_code == 0, found.output
        outputs.append(found.output)
    return outputs


def test_reduce_neighbors_health_and_compare_take_patterns(parts: Path, tmp_path: Path) -> None:
    outputs_of_commands(parts, tmp_path)
    assert np.load(tmp_path / "p.npz")["positions"].shape == (150, 3)
    assert np.load(tmp_path / "n.npz")["indices"].shape == (150, 5)


def test_a_sample_is_said_by_every_command(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_sample, "free_memory", lambda: FreeMemory(6_000, "a test"))
    for output in outputs_of_commands(parts, tmp_path):
        assert "31 of 150 points, drawn at random." in output


def test_patterns_without_files_are_one_line(tmp_path: Path) -> None:
    for command in ("list", "health"):
        found = run(command, tmp_path / "*.parquet")
        assert found.exit_code == 1
        assert found.output == "projector: *.parquet: No file has such a name. Check the pattern.\n"
    assert run("list", tmp_path / "gone").exit_code == 2


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".parquet"])
def test_neighbors_of_some_rows_are_exact_over_all_parts(
    parts: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"n{suffix}"
    found = run("neighbors", parts, "--rows", "149,0, 60-61", "-k", 4, "-o", out)
    assert found.exit_code == 0, found.output
    vectors = projector.load(parts).vectors.astype(np.float64)
    rows = [149, 0, 60, 61]
    far = np.linalg.norm(vectors[rows][:, None] - vectors[None], axis=2)
    far[range(4), rows] = np.inf
    nearest = np.argsort(far, axis=1)[:, :4]
    if suffix == ".npz":
        with np.load(out) as stored:
            assert stored["rows"].tolist() == rows
            np.testing.assert_array_equal(stored["indices"], nearest)
            expected = np.take_along_axis(far, nearest, 1)
            np.testing.assert_allclose(stored["distances"], expected, rtol=1e-5)
    elif suffix == ".csv":
        lines = out.read_text().splitlines()
        assert lines[0] == '"index","rank","neighbor","distance"'
        assert lines[1].startswith(f"149,0,{nearest[0, 0]},")
        assert len(lines) == 17
    else:
        table = pq.read_table(out)
        assert table["index"].to_pylist() == [row for row in rows for _ in range(4)]
        assert table["neighbor"].to_pylist() == nearest.ravel().tolist()


@pytest.mark.parametrize("rows", ["150", "-1", "1-", "5-3", "", "x", "1;2", "9" * 30])
def test_rows_that_do_not_exist_are_usage_errors(parts: Path, tmp_path: Path, rows: str) -> None:
    found = run("neighbors", parts, f"--rows={rows}", "-o", tmp_path / "n.npz")
    assert found.exit_code == 2, found.output
    assert "0 to 149" in found.output


def test_the_column_of_vectors_is_chosen_by_name(tmp_path: Path) -> None:
    for number in range(2):
        table = pa.table({"a": fixed(vectors_of(1, 30, 4)), "b": fixed(vectors_of(2, 30, 6))})
        write_table(tmp_path / f"p{number}.parquet", table)
    pattern, out = tmp_path / "*.parquet", tmp_path / "out"
    found = run("reduce", pattern, "--method", "pca", "-o", f"{out}/")
    assert found.exit_code == 2
    assert "'a', 'b'" in found.output
    found = run("reduce", pattern, "--name", "b", "--method", "pca", "-o", f"{out}/")
    assert found.exit_code == 0, found.output
    assert projector.load(out).n_points == 60
    found = run("neighbors", pattern, "--name", "b", "--rows", "0", "-o", tmp_path / "n.npz")
    assert found.exit_code == 0, found.output
