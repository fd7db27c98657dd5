from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import projector
from projector.cli import main
from tests.conftest import write_log

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def logdir(tmp_path: Path, blobs: Array) -> Path:
    write_log(tmp_path / "runs" / "a", blobs)
    write_log(tmp_path / "runs" / "a", blobs * 2, step=10)
    (tmp_path / "runs" / "b").mkdir()
    (tmp_path / "runs" / "b" / "projector_config.pbtxt").write_text('embeddings { tensor_path: "x')
    return tmp_path / "runs"


#: Never written: each of these commands is wrong.
OUT = ("--out", "/nothing/x.npy")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_list_shows_entries_on_output_and_problems_on_error(logdir: Path) -> None:
    found = run("list", logdir)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0].split()[:3] == ["RUN", "TENSOR", "STEP"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["a", "default", "0"],
        ["a", "default", "10"],
    ]
    assert "b/projector_config.pbtxt" in found.stderr
    listed = json.loads(run("list", logdir, "--json").stdout)
    assert [entry["step"] for entry in listed["entries"]] == [0, 10]
    assert len(listed["problems"]) == 1


def test_reduce_takes_every_parameter_of_the_method(logdir: Path, tmp_path: Path) -> None:
    out = tmp_path / "map.parquet"
    found = run("reduce", logdir, "--run", "a", "--method", "pca", "--n-components=2", "--out", out)
    assert found.exit_code == 0, found.output
    table = pq.read_table(out)
    assert table.column_names == ["x", "y", "label", "value"]
    assert table.num_rows == 300


def test_neighbors_are_written(logdir: Path, tmp_path: Path) -> None:
    out = tmp_path / "n.npz"
    found = run("neighbors", logdir, "--run", "a", "--step", "0", "--k", "4", "--out", out)
    assert found.exit_code == 0, found.output
    with np.load(out) as archive:
        assert archive["indices"].shape == (300, 4)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["reduce", "LOG", "--method", "pcaa", *OUT], 1, "Did you mean 'pca'"),
        (["reduce", "LOG", "--method", "pca", "--n-components", "9", *OUT], 2, "n_components"),
        (["reduce", "LOG", "--method", "pca", "--out", "x.xlsx"], 2, ".parquet"),
        (["reduce", "LOG", "--method", "pca", *OUT, "--n-components"], 2, "requires an argument"),
        (["reduce", "LOG", "--name", "nothing", *OUT], 1, "nothing"),
        (["neighbors", "LOG", "--k", "0", "--out", "x.npz"], 2, "'k'"),
        (["list", "/nothing/here"], 2, "does not exist"),
        (["--port", "99999"], 2, "99999"),
        (["--allow-host", "*"], 2, "--allow-host takes a host name"),
        (["--allow-frame", "https://hub.example/x"], 2, "--allow-frame takes an origin"),
        (["--public-url", "https://u:p@hub.example"], 2, "--public-url takes an http"),
    ],
)  # fmt: skip
def test_an_error_is_one_message_and_an_exit_code(
    logdir: Path, words: list[str], code: int, message: str
) -> None:
    found = run(*[str(logdir / "a") if word == "LOG" else word for word in words])
    assert found.exit_code == code, found.output
    assert message in found.stderr
    assert "Traceback" not in found.output


def test_every_parameter_of_every_method_is_an_option() -> None:
    text = run("reduce", "--help").output
    for method in projector.METHODS.values():
        for parameter in method.parameters:
            assert f"--{parameter.name.replace('_', '-')}" in text


def test_the_cache_is_shown_and_cleared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    assert "0 results" in run("cache").output
    projector.project(np.eye(5), "pca")
    assert "1 result," in run("cache").output
    assert "Deleted 1 result." in run("cache", "--clear").output
    assert "0 results" in run("cache").output


@pytest.mark.parametrize("suffix", [".parquet", ".npy", ".npz", ".csv", ".tsv", ".arrow"])
def test_the_quality_of_a_saved_projection(logdir: Path, tmp_path: Path, suffix: str) -> None:
    positions, out = tmp_path / f"map{suffix}", tmp_path / "scores.parquet"
    reduce = ("reduce", logdir, "--run", "a", "--method", "pca", "--n-components", 2)
    assert run(*reduce, "--out", positions).exit_code == 0
    found = run("quality", logdir, "--run", "a", "--positions", positions, "--out", out)
    assert found.exit_code == 0, found.output
    rows = {line.split()[0]: line.split()[1:] for line in found.stdout.splitlines()}
    assert rows["score"] == ["this", "pca", "random"]
    assert 0.5 < float(rows["trustworthiness"][0]) <= 1
    table = pq.read_table(out)
    assert table.num_rows == 300
    assert "overlap" in table.column_names


def test_a_file_without_positions_says_so(logdir: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "a.csv"
    wrong.write_text("a,b\n1,2\n")
    found = run("quality", logdir, "--run", "a", "--positions", wrong)
    assert found.exit_code == 1
    assert "contains no positions" in found.stderr
