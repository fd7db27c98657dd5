"""Parts in folders ``key=value`` are one embedding; runs and steps in such folders are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from tests.loaders.partitioned.written import write_parts

UUID = "3f0c1a52-8c1d-4e7f-9a53-0b2b6d1f7c11"


@pytest.mark.parametrize("below", ["table", "."])
@pytest.mark.parametrize(
    "name", ["part-0000{}", "data_{}", "part.{}", "0000{}", f"part-0000{{}}-{UUID}", f"{UUID}-{{}}"]
)
def test_folders_of_keys_are_one_embedding(tmp_path: Path, below: str, name: str) -> None:
    first = write_parts(tmp_path / below / "year=2024" / "lang=en", [3, 2], name=name)
    other = write_parts(tmp_path / below / "year=2023" / "lang=de", [4], name=name)
    (tmp_path / below / "_SUCCESS").touch()
    log = open_logdir(tmp_path)
    assert [each.message for each in log.problems] == []
    (entry,) = log.entries
    assert entry.shape == (9, 8)
    data = log.load(entry)
    np.testing.assert_array_equal(data.vectors, np.concatenate([other, first]))
    assert data.metadata["lang"].text.to_list() == ["de"] * 4 + ["en"] * 5
    assert data.metadata["year"].numbers is not None
    assert data.metadata["year"].numbers.tolist() == [2023] * 4 + [2024] * 5
    assert data.metadata["text"].text[4] == "text 0"
    assert any("3 parts in 2 folders" in each for each in data.warnings)


@pytest.mark.parametrize("key", ["lr", "seed", "epoch", "step", "fold", "hidden_dim", "layer"])
def test_runs_and_steps_are_not_joined(tmp_path: Path, key: str) -> None:
    for value in (1, 2):
        write_parts(tmp_path / f"{key}={value}", [5], name="part-0000{}")
    log = open_logdir(tmp_path)
    assert [entry.shape for entry in log.entries] == [(5, 8)] * 2


def test_files_that_a_person_named_are_not_joined(tmp_path: Path) -> None:
    for value in ("a", "b"):
        write_parts(tmp_path / f"data={value}", [5], name="embedding")
    assert len(open_logdir(tmp_path).entries) == 2


def test_parts_of_other_lengths_are_not_joined(tmp_path: Path) -> None:
    write_parts(tmp_path / "lang=a", [5], name="part-0")
    write_parts(tmp_path / "lang=b", [5], name="part-0")
    np.save(tmp_path / "lang=b" / "part-1.npy", np.ones((4, 3), np.float32))
    log = open_logdir(tmp_path)
    assert sorted(entry.shape for entry in log.entries) == [(4, 3), (10, 8)]
