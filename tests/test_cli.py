from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import projector
from projector.api.result_store import default_cache
from projector.cli import main
from projector.jobs.cache import DEFAULT_BYTES
from tests.conftest import write_log
from tests.plugins.installing import serving

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


@pytest.mark.parametrize("given", ["", "²", "٣", "1e9", "-1", "4 GB", "1_000", "9" * 5000, " 5"])
def test_a_size_of_the_cache_is_a_number(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_BYTES", given)
    found = run("cache")
    assert found.exit_code == 2
    assert found.stderr.startswith("projector: PROJECTOR_CACHE_BYTES must be a number of bytes")
    assert len(found.stderr) < 200


def test_an_empty_folder_of_the_cache_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", "")
    cache = default_cache()
    assert cache.max_bytes == DEFAULT_BYTES
    assert cache.folder.is_absolute()
    assert cache.folder.parent.name == "projector"
    projector.project(np.eye(5), "pca")
    assert [each.name for each in tmp_path.iterdir()] in ([], ["home"])


def test_the_folder_of_the_cache_is_the_same_wherever_the_program_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for given, place in (("mine", "mine"), ("~/mine", "home/mine")):
        monkeypatch.setenv("PROJECTOR_CACHE_DIR", given)
        assert default_cache().folder == tmp_path / place / "results"


def test_a_cache_that_cannot_be_used_costs_time_and_no_result(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for given in (file, file / "below"):
        monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(given))
        found = run("cache", "--clear")
        assert found.exit_code == 0
        assert "0 results" in found.stdout
        assert f"Nothing can be stored, because {file} is not a folder." in found.stderr
        assert projector.project(np.eye(5), "pca").positions.shape == (5, 3)
    assert file.read_text() == "x"


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_what_killed_processes_left_is_counted_and_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert "Left behind" not in run("cache").output
    folder = tmp_path / "projector-x"
    folder.mkdir()
    (folder / ".projector-owner").write_text('{"locked": true}')
    (folder / "vectors").write_bytes(b"x" * 3_000_000)
    (tmp_path / "cache" / "results").mkdir(parents=True)
    for name in (".part-x", ".projector-part-y"):
        (tmp_path / "cache" / "results" / name).write_bytes(b"x" * 1_000_000)
    assert (
        "Left behind by killed processes: 1 temporary folder and 2 unfinished results, 5.0 MB."
    ) in run("cache").stdout
    assert "Deleted what was left behind." in run("cache", "--clear").stdout
    assert not folder.exists()
    assert list((tmp_path / "cache" / "results").iterdir()) == []


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


def test_several_directories_are_named_groups(logdir: Path, tmp_path: Path) -> None:
    words = ["--logdir", str(logdir / "a"), "--logdir", f"other={logdir / 'b'}"]
    with serving(*words, plugins=()) as url, urllib.request.urlopen(f"{url}api/v1/log") as answer:
        listed = json.load(answer)
    assert {entry["run"] for entry in listed["entries"]} == {"a"}
    assert [problem["run"] for problem in listed["problems"]] == ["other"]
    assert run("--logdir", f"x={tmp_path / 'gone'}").exit_code == 2


def test_the_cache_of_what_is_elsewhere_is_shown_and_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projector.loaders.remote.block_cache import default_block_cache
    from projector.loaders.remote.remote_object import RemoteObject

    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PROJECTOR_REMOTE_CACHE_BYTES", "5000000")
    item = RemoteObject("a", "/b/a", 70_000, "1", True, 0)
    blocks = default_block_cache().open("s3://b", item)
    blocks.ensure(0, 70_000, lambda start, stop: (start, b"x" * (stop - start)))
    shown = run("cache").stdout.splitlines()[1]
    assert shown.startswith(f"{tmp_path / 'remote'}: 1 remote object in part, ")
    assert shown.endswith(" of at most 5.0 MB")
    assert "Deleted what was kept of 1 remote object." in run("cache", "--clear").stdout
    assert default_block_cache().size() == (0, 0)
    monkeypatch.setenv("PROJECTOR_REMOTE_CACHE_BYTES", "much")
    assert run("cache").exit_code == 2
