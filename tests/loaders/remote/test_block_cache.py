from __future__ import annotations

import os
from pathlib import Path

import pytest

from projector.errors import ParameterError
from projector.loaders.remote.block_cache import BlockCache, default_block_cache, folder_key
from projector.loaders.remote.remote_object import RemoteObject

SIZE = 1 << 16


def item(name: str, tag: str = "1") -> RemoteObject:
    return RemoteObject(name, f"/b/{name}", SIZE, tag, True, 0)


def fill(cache: BlockCache, each: RemoteObject, *, used: int = 0) -> Path:
    blocks = cache.open("s3://b", each)
    blocks.ensure(0, SIZE, lambda start, stop: (start, os.urandom(stop - start)))
    os.utime(blocks.path, (used, used))
    return blocks.path


def test_each_version_of_each_object_has_its_own_blocks(tmp_path: Path) -> None:
    cache = BlockCache(tmp_path)
    found = {fill(cache, each) for each in (item("a"), item("a", "2"), item("b"))}
    assert len(found) == 3
    assert cache.open("s3://b", item("a")).path in found
    assert cache.open("s3://other", item("a")).path not in found
    assert all(path.is_relative_to(tmp_path) for path in found)


def test_the_least_recently_used_blocks_go_first(tmp_path: Path) -> None:
    cache = BlockCache(tmp_path, 2 * SIZE + SIZE // 2)
    paths = [fill(cache, item(name), used=at) for at, name in enumerate("cab")]
    cache.trim()
    assert [path.exists() for path in paths] == [False, True, True]
    count, size = cache.size()
    assert count == 2
    assert 2 * SIZE <= size <= cache.max_bytes


def test_what_is_in_use_stays_and_others_make_room(tmp_path: Path) -> None:
    cache = BlockCache(tmp_path, SIZE // 2)
    old, new = fill(cache, item("a")), fill(cache, item("b"))
    cache.took(SIZE, new)
    assert not old.exists()
    assert new.exists()


def test_clearing_removes_all(tmp_path: Path) -> None:
    cache = BlockCache(tmp_path)
    paths = [fill(cache, item(name)) for name in "ab"]
    assert cache.clear() == 2
    assert not any(path.exists() for path in paths)
    assert cache.size() == (0, 0)
    assert cache.clear() == 0


def test_blocks_that_are_removed_are_still_read_by_who_has_them_open(tmp_path: Path) -> None:
    cache = BlockCache(tmp_path)
    blocks = cache.open("s3://b", item("a"))
    blocks.ensure(0, SIZE, lambda start, stop: (start, b"x" * (stop - start)))
    cache.clear()
    assert os.pread(blocks.descriptor, 3, 0) == b"xxx"


def test_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PROJECTOR_REMOTE_CACHE_BYTES", "12345")
    cache = default_block_cache()
    assert (cache.folder, cache.max_bytes) == (tmp_path / "remote", 12345)
    monkeypatch.setenv("PROJECTOR_REMOTE_CACHE_BYTES", "12 GB")
    with pytest.raises(ParameterError, match="PROJECTOR_REMOTE_CACHE_BYTES must be a number"):
        default_block_cache()


def test_what_blocks_are_kept_under() -> None:
    assert folder_key("https://u:p@h/x/") == folder_key("https://h/x") == "https://h/x"
    assert folder_key("https://h/get?file=a") != folder_key("https://h/get?file=b")
