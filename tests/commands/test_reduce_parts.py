"""`projector reduce` of data in parts, into a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import projector
from projector.cli import main
from projector.typing import AnyArray


@pytest.fixture
def folder(tmp_path: Path, blobs: AnyArray) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    for number in range(3):
        np.save(made / f"part-{number}.npy", blobs[100 * number : 100 * (number + 1)])
    return made


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["reduce", *map(str, words)])


def positions(out: Path) -> AnyArray:
    from projector.api.partitioned.part_file import read_positions

    return np.concatenate([read_positions(each)[1] for each in sorted(out.glob("part-*"))])


@pytest.mark.parametrize(
    "options",
    [[], ["--memory-limit", "100000"], pytest.param(["--processes"], marks=pytest.mark.slow)],
)
def test_a_folder_of_positions_is_written(
    folder: Path, tmp_path: Path, blobs: AnyArray, options: list[str]
) -> None:
    out = tmp_path / "out"
    result = run(folder / "*.npy", "--method", "pca", "--out", f"{out}/", *options)
    assert result.exit_code == 0, result.output
    np.testing.assert_allclose(positions(out), projector.project(blobs, "pca").positions, atol=1e-5)


def test_landmarks_are_those_of_the_api(folder: Path, tmp_path: Path, blobs: AnyArray) -> None:
    out = tmp_path / "out"
    out.mkdir()  # a folder needs no slash
    words = (folder, "--method", "umap", "--n-landmarks", 80, "--n-epochs", 10, "--out", out)
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert "80 of 300 points were laid out" in result.output
    one = projector.project(blobs, "umap", n_landmarks=80, n_epochs=10)
    np.testing.assert_array_equal(positions(out), one.positions)
    again = run(*words)
    assert again.exit_code == 0, again.output


def test_what_is_no_part_is_told(folder: Path, tmp_path: Path) -> None:
    np.save(folder / "part-9.npy", np.zeros((4, 3), np.float32))
    result = run(folder, "--method", "pca", "--out", f"{tmp_path}/out/")
    assert result.exit_code == 0, result.output
    assert "part-9.npy" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "out/"], "n_landmarks=20000"),
        (["--method", "pca", "--out", "out/", "--step", 3], "--step is for the tensors"),
        (["--method", "pca", "--out", "out/", "--series"], "--series is for the tensors"),
        (["--method", "pca", "--out", "out.npy", "--processes"], "--out out/"),
        (["--method", "pca", "--out", "out.npy", "--scheduler", "tcp://a:1"], "--scheduler is for"),
        (
            ["--method", "pca", "--out", "out/", "--processes", "--scheduler", "tcp://a:1"],
            "either --scheduler or --processes",
        ),
        (["--method", "pca", "--out", "out/", "--scheduler", "cluster"], "'executor' must be"),
        (["--method", "pca", "--out", "out/", "--memory-limit", 0], "--memory-limit"),
        (["--method", "pca", "--out", "out.xyz"], "xyz"),
    ],
)
def test_what_is_not_possible_is_a_usage_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(folder / "*.npy", *words)
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert not (tmp_path / "out").exists()
