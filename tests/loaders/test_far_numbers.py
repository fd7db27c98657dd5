"""Numbers far from 0 keep their differences, whatever the file that they are in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from numpy.typing import NDArray

import projector

Numbers = NDArray[np.float64]


def as_table(numbers: Numbers) -> pa.Table:
    return pa.table({f"v{at}": column for at, column in enumerate(numbers.T)})


def as_lists(numbers: Numbers) -> pa.Table:
    return pa.table({"vector": numbers.tolist()})


WRITERS: dict[str, Callable[[Path, Numbers], object]] = {
    "x.npy": np.save,
    "x.tsv": lambda path, numbers: np.savetxt(path, numbers, "%.6f", delimiter="\t"),
    "x.csv": lambda path, numbers: pyarrow.csv.write_csv(as_table(numbers), path),
    "x.parquet": lambda path, numbers: pyarrow.parquet.write_table(as_table(numbers), path),
    "lists.parquet": lambda path, numbers: pyarrow.parquet.write_table(as_lists(numbers), path),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_of_times_keeps_its_differences(tmp_path: Path, name: str) -> None:
    plain = np.round(np.random.default_rng(0).normal(size=(200, 4)), 5)
    WRITERS[name](tmp_path / name, plain + 1.7e9)
    data = projector.load(tmp_path / name)
    found = data.vectors_under("euclidean").astype(np.float64)
    np.testing.assert_allclose(found - found[0], plain - plain[0], atol=1e-4)
    assert any("float32 rounds" in each for each in data.warnings)


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_of_ordinary_numbers_has_no_warning(tmp_path: Path, name: str) -> None:
    plain = np.round(np.random.default_rng(0).normal(size=(200, 4)), 5)
    WRITERS[name](tmp_path / name, plain)
    data = projector.load(tmp_path / name)
    assert data.embedding.centered is None
    assert not any("float32" in each for each in data.warnings)
