from __future__ import annotations

import contextlib
import os
import random
import struct
import time
from pathlib import Path

import numpy as np
import pytest

from projector.jobs import cache_entry
from projector.jobs.cache import ResultCache
from projector.machine.hashing import checksum
from projector.typing import AnyArray


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


def test_an_entry_is_an_archive_that_any_program_reads(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    arrays: dict[str, AnyArray] = {
        "a": np.arange(7, dtype=np.int32),
        "much longer": np.eye(3),
        "none": np.zeros((0, 2)),
    }
    assert cache.put("k", arrays, {})
    with np.load(tmp_path / "k.npz") as archive:
        assert set(archive.files) == set(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(archive[name], array)


def test_arrays_can_be_used_where_they_are(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    arrays = {f"{'x' * n}": np.arange(n, dtype=np.float64) for n in range(1, 40)}
    arrays["turned"] = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    cache.put("k", arrays, {})
    stored = cache.get("k")
    assert stored is not None
    for name, array in arrays.items():
        assert stored.arrays[name].flags.aligned
        assert stored.arrays[name].flags.writeable
        np.testing.assert_array_equal(stored.arrays[name], array)


def test_the_entry_of_another_key_is_none(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    for key in ("a", "b"):
        cache.put(key, {"x": np.full(3, ord(key))}, {})
    (tmp_path / "a.npz").replace(tmp_path / "b.npz")
    assert cache.get("b") is None
    assert cache.size() == (0, 0)


@pytest.mark.parametrize("size", [0, 10_000])
def test_whatever_is_damaged_is_computed_again(tmp_path: Path, size: int) -> None:
    """Each damage is noticed, or the entry is what it was."""
    rng = random.Random(7)
    cache = ResultCache(tmp_path)
    numbers = np.random.default_rng(1).normal(size=(size, 2)).astype(np.float32)
    arrays: dict[str, AnyArray] = {"positions": numbers, "scores": np.arange(12).reshape(3, 4)}
    about = {"method": "pca", "params": {"n": 1, "text": "ä"}, "details": {"warnings": []}}
    cache.put("k", arrays, about)
    cache.put("other", {"positions": numbers + 1}, {})
    path = tmp_path / "k.npz"
    whole, other = path.read_bytes(), (tmp_path / "other.npz").read_bytes()
    noticed = 0
    for _ in range(1500):
        path.write_bytes(damaged(whole, other, rng))
        stored = cache.get("k")
        if stored is None:
            noticed += 1
            continue
        assert path.read_bytes() == whole
        assert stored.about == about
        for name, array in arrays.items():
            assert stored.arrays[name].dtype == array.dtype
            np.testing.assert_array_equal(stored.arrays[name], array)
    assert noticed > 1400


def damaged(whole: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return bytes with one damage; rarely one that changes nothing."""
    content = bytearray(whole)
    at = rng.randrange(len(content))
    length = rng.choice((1, 2, 30, 500, 5000))
    match rng.randrange(8):
        case 0:
            content[at] ^= 1 << rng.randrange(8)
        case 1:
            content[at : at + length] = rng.randbytes(len(content[at : at + length]))
        case 2:
            content[at : at + length] = bytes(len(content[at : at + length]))
        case 3:
            del content[at:]
        case 4:
            del content[at : at + length]
        case 5:
            content[at:at] = rng.randbytes(length)
        case 6:
            content[at:] = other[at:]
        case _:
            to = rng.randrange(len(content))
            content[at : at + length], content[to : to + length] = (
                content[to : to + length],
                content[at : at + length],
            )
    return bytes(content)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "7",
        '{"key": "k"}',
        '{"key": "k", "arrays": {}, "about": []}',
        '{"key": "k", "arrays": {"x": 5}, "about": {}}',
        '{"key": "k", "arrays": {"x": [0, "|O", [1]]}, "about": {}}',
        '{"key": "k", "arrays": {"x": [0, "<f4", [9999]]}, "about": {}}',
        '{"key": "k", "arrays": {"x": [-4, "<f4", [1]]}, "about": {}}',
        '{"key": "k", "arrays": {"x": [0, "<f4", "1"]}, "about": {}}',
        '{"key": "j", "arrays": {}, "about": {}}',
        "no json",
    ],
)
def test_an_entry_that_another_program_sealed_is_none(tmp_path: Path, text: str) -> None:
    body = bytes(64) + text.encode() + struct.pack("<8sQ", b"sealed 1", len(text))
    total = checksum(np.frombuffer(body + b"k", np.uint8))
    (tmp_path / "k.npz").write_bytes(body + struct.pack("<Q", total))
    assert ResultCache(tmp_path).get("k") is None


def test_an_entry_of_an_earlier_version_is_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "k.npz", a=np.eye(3))
    assert ResultCache(tmp_path).get("k") is None
    assert not (tmp_path / "k.npz").exists()


def test_an_entry_that_does_not_fit_into_memory_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ResultCache(tmp_path)
    cache.put("k", {"x": np.zeros(100)}, {})
    monkeypatch.setattr(cache_entry, "_LARGE", 10)
    monkeypatch.setattr(cache_entry, "available_memory", lambda: 1000)
    assert cache.get("k") is None
    assert cache.size()[0] == 1
