"""Small data in parts, as files and in memory."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

import projector
from projector.model.partitioned import PartitionedDataset
from projector.typing import AnyArray

#: Where the parts begin and end: of one row, and of many.
ENDS = [0, 1, 700, 1500, 1501, 3000]
#: Starting processes takes seconds.
EXECUTORS = [None, pytest.param("processes", marks=pytest.mark.slow)]


@pytest.fixture
def vectors(rng: np.random.Generator) -> AnyArray:
    centers = rng.normal(size=(8, 10)) * 3
    return (centers[np.arange(3000) % 8] + rng.normal(size=(3000, 10))).astype(np.float32)


@pytest.fixture
def parts(vectors: AnyArray, tmp_path: Path) -> PartitionedDataset:
    return write_parts(vectors, tmp_path / "data")


def write_parts(vectors: AnyArray, folder: Path) -> PartitionedDataset:
    folder.mkdir()
    for number, (first, last) in enumerate(itertools.pairwise(ENDS)):
        np.save(folder / f"part-{number}.npy", vectors[first:last])
    return projector.open_parts(folder)
