from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result

from projector.cli import main
from tests.conftest import DEMO


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_compare_prints_what_changed(tmp_path: Path) -> None:
    steps = ("--run-a", "mlp-relu-16", "--run-b", "mlp-relu-16", "--step-a", 100, "--step-b", 2000)
    out = tmp_path / "drift.csv"
    found = run("compare", DEMO, *steps, "--out", out)
    assert found.exit_code == 0, found.output
    assert "1,797 points compared; 0 only in A, 0 only in B" in found.output
    assert "scale                      2.25" in found.output
    lines = out.read_text().splitlines()
    assert lines[0].startswith("kept,shift,radius,state,label")
    assert len(lines) == 1798


def test_compare_matches_by_a_column_and_says_what_is_wrong(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name, n in (("a", 60), ("b", 50)):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "x.npy", rng.normal(size=(n, 4)).astype(np.float32))
        (tmp_path / name / "metadata.tsv").write_text("\n".join(f"w{i}" for i in range(n)) + "\n")
    sides = (tmp_path / "a" / "x.npy", tmp_path / "b" / "x.npy")
    found = run("compare", *sides)
    assert found.exit_code == 1
    assert "60 and 50 points cannot be matched by row" in found.output
    found = run("compare", *sides, "--by", "label")
    assert found.exit_code == 0, found.output
    assert "50 points compared; 10 only in A, 0 only in B" in found.output


def test_one_embedding_is_not_compared_with_itself(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    path = tmp_path / "x.npy"
    np.save(path, vectors)
    found = run("compare", path)
    assert found.exit_code == 2
    assert "A and B are both 'x' of the run '.'. Give B, or choose two steps" in found.output
    assert run("compare", path, path).exit_code == 0, "which was asked for"


def test_of_what_cannot_be_read_the_reason_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY garbage")
    for words in (("health",), ("reduce", "--series", "--out", tmp_path / "out.npz")):
        for path in (tmp_path, tmp_path / "bad.npy"):
            found = run(words[0], path, *words[1:])
            assert found.exit_code == 1
            assert "bad.npy: has a damaged NumPy header" in found.output
    (tmp_path / "bad.npy").unlink()
    assert "contains no embeddings: it has no files" in run("health", tmp_path).output


def test_health_is_for_a_training_s_ci(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for step in (1, 2):
        vectors = rng.normal(size=(300, 6)).astype(np.float32)
        vectors[:, : 2 * (step - 1)] = 0
        np.save(tmp_path / f"emb_step{step}.npy", vectors)
    found = run("health", tmp_path)
    assert found.exit_code == 0, found.output
    assert "2 of 6 dimensions are dead, with the same value for all points: 0, 1." in found.output
    strict = run("health", tmp_path, "--strict", "--json")
    assert strict.exit_code == 1
    content = json.loads(strict.stdout)
    (series,) = content["series"]
    assert [each["figures"]["dead_dims"] for each in series["steps"]] == [0, 2]
    assert content["n_alarms"] == len(series["steps"][1]["alarms"]) > 0
    np.save(tmp_path / "emb_step2.npy", rng.normal(size=(300, 6)).astype(np.float32))
    assert run("health", tmp_path, "--strict").exit_code == 0
    assert run("health", tmp_path, "--labels", "nope").exit_code == 1


def test_reduce_lays_out_all_steps_together(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(120, 6)).astype(np.float32)
    for step in (1, 2, 3):
        np.save(tmp_path / f"emb_step{step}.npy", vectors * step)
    out = tmp_path / "out" / "series.csv"
    out.parent.mkdir()
    options = ("--series", "--n-neighbors", 10, "--n-epochs", 20, "--out", out)
    found = run("reduce", tmp_path, *options)
    assert found.exit_code == 0, found.output
    assert "3 steps of .: emb. Points that stayed move by" in found.output
    lines = out.read_text().splitlines()
    assert lines[0] == "x,y,step,index,point"
    assert len(lines) == 361
    assert run("reduce", tmp_path, *options, "--step", 1).exit_code == 2
    assert run("reduce", tmp_path, *options, "--tether", -1).exit_code == 2


def test_options_that_do_not_go_together_are_refused_before_any_work(tmp_path: Path) -> None:
    cases = [
        (
            ("reduce", DEMO, "--tether", 1, "--out", tmp_path / "x.csv"),
            "--tether is about a series",
        ),
        (("reduce", DEMO, "--by", "row", "--out", tmp_path / "x.csv"), "--by is about a series"),
        (("reduce", DEMO, "--every", 2, "--out", tmp_path / "x.csv"), "--every is about a series"),
        (("reduce", DEMO, "--series", "--out", tmp_path / "x.xyz"), "'.xyz'. Use one of .parquet"),
        (("reduce", DEMO, "--out", tmp_path / "x"), "unknown file extension ''"),
        (("compare", DEMO, DEMO, "--out", tmp_path / "x.npy"), "unknown file extension '.npy'"),
        (("neighbors", DEMO, "--out", tmp_path / "x.txt"), "unknown file extension '.txt'"),
    ]
    for words, said in cases:
        found = run(*words)
        assert (found.exit_code, found.stdout) == (2, ""), found.output
        assert said in found.stderr
        assert list(tmp_path.iterdir()) == []


def test_health_says_why_figures_are_missing(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.ones((1, 5), np.float32))
    found = run("health", tmp_path / "x.npy")
    assert found.exit_code == 0
    assert ".: x: " in found.stderr
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(50, 5)) * 1e38)
    assert "Effective rank" in run("health", tmp_path / "x.npy").stdout


def test_one_step_is_a_series_of_one(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(50, 5)).astype(np.float32))
    out = tmp_path / "out.csv"
    found = run("reduce", tmp_path / "x.npy", "--series", "--method", "pca", "--out", out)
    assert found.stdout.startswith("1 step of .: x. ")
    assert len(out.read_text().splitlines()) == 51
