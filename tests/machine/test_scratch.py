"""A copy of a large memory map is in a file, too, and every other one in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from projector.errors import MemoryLimitError
from projector.machine import scratch
from projector.machine.free_space import FreeSpace
from projector.machine.memory import FreeMemory
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


def test_a_full_disk_is_a_sentence_or_memory_never_a_signal(
    mapped: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    monkeypatch.setattr(scratch, "free_space", lambda folder: FreeSpace(folder, 10))
    found = scratch_like(mapped, (5, 2))
    assert not is_mapped(found)
    monkeypatch.setattr(scratch, "free_memory", lambda: FreeMemory(20))
    with pytest.raises(MemoryLimitError, match=r"only 10 bytes are free in the folder .* TMPDIR"):
        scratch_like(mapped, (5, 2))


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="allocates by writing zeros")
def test_the_space_is_taken_at_once(mapped: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    taken: list[int] = []
    really = os.posix_fallocate

    def allocate(handle: int, start: int, count: int) -> None:
        taken.append(count)
        really(handle, start, count)

    monkeypatch.setattr(os, "posix_fallocate", allocate)
    scratch_like(mapped, (5, 2))
    assert taken == [40]
