"""Companions that no config names: guessed by name and by rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders.base import File
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.unnamed_companions import guess_companions
from projector.loaders.logdir.walk import walk
from tests.loaders.logdir.sources import source
from tests.loaders.writers import file_at, write


def guess(root: Path, *names: str, used: tuple[str, ...] = (), rows: int = 3) -> list[Source]:
    """Return the sources of some files of a folder with what is guessed for them."""
    sources = []
    for name in names:
        found = source(name.split(".")[0], rows=rows)
        found.file = file_at(root / name)
        sources.append(found)
    folders = walk(root)[0]
    guess_companions(sources, folders, Scanner(), {root / name for name in used})
    return sources


def test_the_only_table_that_fits_is_used(tmp_path: Path) -> None:
    write(tmp_path / "v.npy")
    write(tmp_path / "a.tsv", "x\ny\nz\n")
    write(tmp_path / "b.tsv", "x\n" * 9)
    (found,) = guess(tmp_path, "v.npy")
    assert found.metadata is not None
    assert found.metadata.name == "a.tsv"
    assert found.guessed.startswith("a.tsv: not named by a config")


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"a.tsv": 3, "b.tsv": 3}, None),
        ({"a.tsv": 3, "labels.tsv": 3}, "labels.tsv"),
        ({"labels.tsv": 3, "metadata.tsv": 3}, None),
        ({"a.tsv": 4}, "a.tsv"),
        ({"a.tsv": 5}, None),
        ({"a.csv": 3}, None),
        ({}, None),
    ],
)
def test_tables_are_chosen_by_rows_and_then_by_name(
    tmp_path: Path, files: dict[str, int], chosen: str | None
) -> None:
    write(tmp_path / "v.npy")
    for name, n_lines in files.items():
        write(tmp_path / name, "x\n" * n_lines)
    (found,) = guess(tmp_path, "v.npy")
    assert (found.metadata.name if found.metadata else None) == chosen


def test_a_table_that_is_something_else_is_not_used(tmp_path: Path) -> None:
    write(tmp_path / "v.npy")
    write(tmp_path / "a.tsv", "x\ny\nz\n")
    (found,) = guess(tmp_path, "v.npy", used=("a.tsv",))
    assert found.metadata is None


def test_one_point_is_not_enough_to_guess(tmp_path: Path) -> None:
    write(tmp_path / "v.npy")
    write(tmp_path / "a.tsv", "x\n")
    (found,) = guess(tmp_path, "v.npy", rows=1)
    assert found.metadata is None


def test_the_files_of_add_embedding_belong_together(tmp_path: Path) -> None:
    write(tmp_path / "tensors.tsv", "1\t2\n" * 3)
    write(tmp_path / "metadata.tsv", "x\ny\nz\n")
    write(tmp_path / "sprite.png", b"\x89PNG")
    (found,) = guess(tmp_path, "tensors.tsv")
    assert found.metadata is not None
    assert found.sprite is not None
    assert found.tile == ()
    assert "add_embedding" in found.guessed


def test_metadata_with_other_rows_is_not_of_add_embedding(tmp_path: Path) -> None:
    write(tmp_path / "tensors.tsv", "1\t2\n" * 3)
    write(tmp_path / "metadata.tsv", "x\n")
    (found,) = guess(tmp_path, "tensors.tsv")
    assert found.metadata is None


def test_a_tensor_that_a_config_names_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "v.npy")
    write(tmp_path / "a.tsv", "x\ny\nz\n")
    found = source("v", rows=3, named=True)
    found.file = file_at(tmp_path / "v.npy")
    guess_companions([found], walk(tmp_path)[0], Scanner(), set())
    assert found.metadata is None


def test_a_table_of_another_size_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(tmp_path / "v.npy", np.ones((3, 2), np.float32))
    write(tmp_path / "a.tsv", "a long line of text\n" * 5000)

    def count(scanner: Scanner, file: File) -> int:
        raise AssertionError(f"{file.name} was counted")

    monkeypatch.setattr(Scanner, "n_lines", count)
    (found,) = guess(tmp_path, "v.npy")
    assert found.metadata is None
