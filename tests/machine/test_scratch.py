"""A copy of a large memory map is in a file, too, and every other one in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from projector.machine import scratch
from projector.machine.scratch import is_mapped, scratch_like


@pytest.fixture
def mapped(tmp_path: Path) -> np.ndarray:
    np.save(tmp_path / "vectors.npy", np.ones((5, 2), np.float32))
    found: np.ndarray = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    return found


def test_views_of_a_map_are_maps(mapped: np.ndarray) -> None:
    assert is_mapped(mapped)
    assert is_mapped(np.asarray(mapped)[1:].T)
    assert not is_mapped(mapped.copy() + 0)
    assert not is_mapped(np.ones((5, 2)))


def test_small_maps_are_copied_into_memory(mapped: np.ndarray) -> None:
    assert not is_mapped(scratch_like(mapped, (5, 2)))


def test_a_scratch_file_can_be_written_and_leaves_nothing_behind(
    mapped: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", 9)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = scratch_like(mapped, (4, 3))
    assert is_mapped(found)
    assert found.shape == (4, 3)
    assert found.dtype == np.float32
    found[:] = 7
    assert (found == 7).all()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_arrays_in_memory_and_empty_ones_stay_there(
    mapped: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    assert not is_mapped(scratch_like(np.ones((5, 2)), (5, 2)))
    assert scratch_like(mapped, (0, 3)).shape == (0, 3)
