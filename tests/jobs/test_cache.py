from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import numpy as np

from projector.jobs.cache import ResultCache


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path / "new")
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert cache.get("k") is None
    assert cache.put("k", {"a": array}, {"method": "pca", "n": 1})
    stored = cache.get("k")
    assert stored is not None
    assert stored.about == {"method": "pca", "n": 1}
    assert stored.arrays["a"].dtype == np.float32
    assert (stored.arrays["a"] == array).all()


def test_a_damaged_entry_is_none_and_is_removed(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.put("k", {"a": np.arange(1000)}, {})
    path = tmp_path / "k.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert cache.get("k") is None
    assert not path.exists()
    path.write_bytes(b"")
    assert cache.get("k") is None
    path.write_bytes(b"no archive at all")
    assert cache.get("k") is None


def test_the_least_recently_used_is_thrown_out(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, max_bytes=25_000)
    for name in ("a", "b"):
        cache.put(name, {"x": np.zeros(10_000, np.uint8)}, {})
        os.utime(tmp_path / f"{name}.npz", (time.time() - 100, time.time() - 100))
    assert cache.get("a") is not None  # now "b" is the older one
    cache.put("c", {"x": np.zeros(10_000, np.uint8)}, {})
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert cache.get("c") is not None
    assert cache.size()[0] == 2


def test_nothing_larger_than_the_bound_is_stored(tmp_path: Path) -> None:
    assert not ResultCache(tmp_path, max_bytes=10).put("a", {"x": np.zeros(100)}, {})
    assert not ResultCache(tmp_path, max_bytes=0).put("a", {"x": np.zeros(1)}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_costs_nothing_but_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    cache = ResultCache(blocked)
    assert not cache.put("a", {"x": np.zeros(3)}, {})
    assert cache.get("a") is None


def test_clear_removes_everything(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.put("a", {"x": np.zeros(3)}, {})
    cache.put("b", {"x": np.zeros(3)}, {})
    assert cache.clear() == 2
    assert cache.size() == (0, 0)


def test_no_half_entry_is_left_when_writing_fails(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    with contextlib.suppress(TypeError):
        cache.put("a", {"x": np.zeros(3)}, {"not json": object()})
    assert list(tmp_path.iterdir()) == []
