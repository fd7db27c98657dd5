"""Commands take patterns and folders of parts where they take a path."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from projector.cli import main
from projector.loaders.logdir import drawn_sample
from projector.machine.memory import FreeMemory
from tests.loaders.partitioned.written import write_parts


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


def test_reduce_neighbors_health_and_compare_take_patterns(parts: Path, tmp_path: Path) -> None:
    for words in (
        ("reduce", parts, "--method", "pca", "-o", tmp_path / "p.npz"),
        ("neighbors", parts, "-k", 5, "-o", tmp_path / "n.npz"),
        ("health", parts),
        ("compare", parts, parts.parent),
    ):
        found = run(*words)
        assert found.exit_code == 0, found.output
    assert np.load(tmp_path / "p.npz")["positions"].shape == (150, 3)
    assert np.load(tmp_path / "n.npz")["indices"].shape == (150, 5)


def test_a_sample_is_said_by_every_command(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_sample, "free_memory", lambda: FreeMemory(6_000, "a test"))
    for words in (
        ("reduce", parts, "--method", "pca", "-o", tmp_path / "p.npz"),
        ("neighbors", parts, "-k", 5, "-o", tmp_path / "n.npz"),
        ("health", parts),
        ("compare", parts, parts.parent),
    ):
        found = run(*words)
        assert found.exit_code == 0, found.output
        assert "31 of 150 points, drawn at random." in found.output


def test_patterns_without_files_are_one_line(tmp_path: Path) -> None:
    for command in ("list", "health"):
        found = run(command, tmp_path / "*.parquet")
        assert found.exit_code == 1
        assert found.output == "projector: *.parquet: No file has such a name. Check the pattern.\n"
    assert run("list", tmp_path / "gone").exit_code == 2
