"""Arrays of Python objects: texts are labels, and everything else is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.loaders.formats.arrays.npy import Npz
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import listed
from tests.loaders.writers import file_at


def objects(values: list[Any]) -> Any:
    made = np.empty(len(values), object)
    made[:] = values
    return made


def test_texts_in_an_archive_are_the_labels_of_its_vectors(tmp_path: Path) -> None:
    mixed = objects(["a", b"\xc3\xa9", None, 2, 2.5])
    np.savez(tmp_path / "v.npz", vectors=table(5, 3), names=objects(words(5)), mixed=mixed)
    log = open_logdir(tmp_path / "v.npz")
    (entry,) = log.entries
    data = log.load(entry)
    np.testing.assert_array_equal(data.vectors, table(5, 3))
    assert data.metadata["names"].text.to_list() == words(5)
    assert data.metadata["mixed"].text.to_list() == ["a", "é", "", "2", "2.5"]


class Runs:
    """Runs a command when a plain unpickler reads it."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (self.command,)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([{"a": 1}, 2], "contains pickled Python objects, which are no numbers"),
        ([[1.0], [2.0, 3.0]], "contains pickled Python objects, which are no numbers"),
        ([Runs("touch /tmp/fixtures/PWNED")], "is refused: it tries to run 'posix.system'"),
    ],
)
def test_other_objects_are_told_and_not_run(tmp_path: Path, values: list[Any], reason: str) -> None:
    np.savez(tmp_path / "v.npz", vectors=table(5, 3), other=objects(values))
    found = listed(file_at(tmp_path / "v.npz"))
    assert [each.name for each in found.tensors] == ["vectors"]
    (problem,) = found.problems
    assert problem.message.startswith("member 'other.npy': ")
    assert reason in problem.message


def test_a_table_of_objects_is_no_labels(tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", other=objects(words(4)).reshape(2, 2))
    assert "which are no numbers" in Npz().list(file_at(tmp_path / "v.npz")).problems[0].message
