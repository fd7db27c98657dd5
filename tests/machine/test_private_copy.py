"""A private copy is what the file was, wherever it is kept, and nobody else can harm it."""

from __future__ import annotations

import errno
import gc
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from projector.machine import private_copy
from projector.machine.free_space import FreeSpace
from projector.machine.memory import FreeMemory
from projector.machine.positioned import allocate
from projector.machine.private_copy import NoRoomError, copy_of, copy_range, is_same
from projector.machine.private_map import open_place, owner_of, place_of
from projector.machine.scratch import is_mapped
from projector.typing import AnyArray

posix = pytest.mark.skipif(os.name != "posix", reason="unnamed files are POSIX")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
CONTENT = np.random.default_rng(0).integers(0, 256, 300_000, np.uint8)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(CONTENT.tobytes())
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep everything in files, in a folder that the test can look at."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(private_copy, "IN_MEMORY", 100)
    return folder


def copied(path: Path, offset: int = 0, count: int = len(CONTENT)) -> AnyArray:
    handle = os.open(path, os.O_RDONLY)
    try:
        return copy_range(handle, offset, count)
    finally:
        os.close(handle)


def test_small_ranges_are_in_memory_and_cannot_be_changed(source: Path) -> None:
    found = copied(source, 5, 1000)
    assert not is_mapped(found)
    assert not found.flags.writeable
    np.testing.assert_array_equal(found, CONTENT[5:1005])
    assert len(copied(source, len(CONTENT) - 3, 10)) == 3
    assert len(copied(source, len(CONTENT) + 3, 10)) == 0


@posix
@pytest.mark.parametrize("offset", [0, 5, 65536 + 24, len(CONTENT) - 101])
def test_large_ranges_are_in_a_file_without_a_name(
    source: Path, temporary: Path, offset: int
) -> None:
    found = copied(source, offset, len(CONTENT) - offset)
    assert is_mapped(found)
    assert found.ctypes.data % 8 == 0
    assert list(temporary.iterdir()) == []
    np.testing.assert_array_equal(found, CONTENT[offset:])
    np.testing.assert_array_equal(copied(source, offset, 1 << 20), CONTENT[offset:])


@linux
@pytest.mark.parametrize("at_once", [7_000, 1 << 26])
@pytest.mark.parametrize("refused", [False, True])
def test_without_the_system_s_help_the_copy_is_the_same(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, refused: bool
) -> None:
    def refuse(*_: int) -> int:
        raise OSError(errno.EINVAL, "not this file system")

    monkeypatch.setattr(private_copy, "_AT_ONCE", at_once)
    if refused:
        monkeypatch.setattr(os, "sendfile", refuse)
    np.testing.assert_array_equal(copied(source, 11, 200_000), CONTENT[11:200_011])
    np.testing.assert_array_equal(copied(source, 11, 1 << 20), CONTENT[11:])


@linux
def test_a_disk_that_fills_while_the_system_copies_is_no_error(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = os.sendfile

    def fill(target: int, given: int, offset: int, count: int) -> int:
        if offset >= 20_000:
            raise OSError(errno.ENOSPC, "full")
        return copy(target, given, offset, min(count, 10_000))

    monkeypatch.setattr(os, "sendfile", fill)
    found = copied(source)
    assert not is_mapped(found)
    np.testing.assert_array_equal(found, CONTENT)


@posix
@pytest.mark.parametrize("harm", [lambda p: os.truncate(p, 0), lambda p: p.write_bytes(b"new")])
def test_what_happens_to_the_file_later_does_not_matter(
    source: Path, temporary: Path, harm: Callable[[Path], object]
) -> None:
    found = copied(source)
    harm(source)
    np.testing.assert_array_equal(found, CONTENT)


@posix
def test_a_folder_that_was_removed_is_made_again(source: Path, temporary: Path) -> None:
    temporary.rmdir()
    np.testing.assert_array_equal(copied(source), CONTENT)


def n_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@linux
def test_the_copy_is_released_with_the_last_view(source: Path, temporary: Path) -> None:
    gc.collect()
    before = n_descriptors()
    views = [copied(source)[10:20] for _ in range(20)]
    assert n_descriptors() >= before + 20
    views.clear()
    gc.collect()
    assert n_descriptors() == before


@posix
def test_a_full_disk_is_no_error_while_there_is_memory(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(private_copy, "allocate", refuse)
    found = copied(source)
    assert not is_mapped(found)
    np.testing.assert_array_equal(found, CONTENT)


@posix
def test_without_room_the_error_names_both_places(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_copy, "free_space", lambda folder: FreeSpace(folder, 1000))
    monkeypatch.setattr(private_copy, "free_memory", lambda: FreeMemory(2000, "ulimit -v"))
    expected = (
        f"only 1.0 kB are free in the folder {temporary}, and 2.0 kB are free under ulimit -v. "
        "Free space there, set TMPDIR to a folder with more, or raise that limit."
    )
    with pytest.raises(NoRoomError, match=re.escape(expected)):
        copied(source)


@posix
def test_a_limit_of_address_space_is_told_as_that(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.ENOMEM, "no")

    monkeypatch.setattr(private_copy, "map_file", refuse)
    monkeypatch.setattr(private_copy, "free_memory", lambda: FreeMemory(2000, "ulimit -v"))
    with pytest.raises(NoRoomError, match=r"only 2\.0 kB are free under ulimit -v\. Raise"):
        copied(source)


@pytest.mark.parametrize("small", [True, False])
def test_a_second_look_sees_any_change(
    source: Path, temporary: Path, small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_copy, "_BUFFER", 1000)
    found = copied(source, 100, 50 if small else 200_000)
    with source.open("r+b") as file:
        assert is_same(file.fileno(), 100, found)
        file.seek(99 + len(found))
        file.write(bytes([found[-1] ^ 1]))
        file.flush()
        assert not is_same(file.fileno(), 100, found)
        file.truncate(99 + len(found))
        assert not is_same(file.fileno(), 100, found)


@posix
def test_a_foreign_map_is_copied_without_touching_what_is_gone(tmp_path: Path) -> None:
    np.arange(5000, dtype=np.float32).tofile(tmp_path / "x")
    mapped = np.memmap(tmp_path / "x", np.float32, "r", shape=(1000, 5))
    found = copy_of(mapped[10:, 1:])
    np.testing.assert_array_equal(found, mapped[10:, 1:])
    assert found.dtype == np.float32
    os.truncate(tmp_path / "x", 4096)
    with pytest.raises(OSError, match="Bad address"):
        copy_of(mapped)


@linux
def test_on_a_full_disk_a_copy_is_in_memory_that_others_find(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: list[bool] = []

    def refuse(target: int, count: int) -> None:
        if full.pop():
            raise OSError(errno.ENOSPC, "full")
        allocate(target, count)

    monkeypatch.setattr(private_copy, "allocate", refuse)
    full[:] = [False, True]
    found = copy_of(CONTENT)
    np.testing.assert_array_equal(found, CONTENT)
    place = place_of(found)
    assert place is not None
    np.testing.assert_array_equal(open_place(place, 50), CONTENT[:50])
    monkeypatch.setattr(private_copy, "free_memory", lambda: FreeMemory(100))
    full[:] = [True]
    with pytest.raises(OSError, match="full"):
        copy_of(CONTENT)


@linux
def test_another_process_finds_a_copy(source: Path, temporary: Path) -> None:
    found = copied(source)
    place = place_of(found[1000:])
    assert place is not None
    code = (
        "import sys; from projector.machine.private_map import Place, open_place\n"
        "found = open_place(Place(sys.argv[1], *map(int, sys.argv[2:5])), 50)\n"
        "sys.stdout.buffer.write(found.tobytes())"
    )
    arguments = [place.path, str(place.device), str(place.inode), str(place.offset)]
    told = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True)
    assert told.stdout == CONTENT[1000:1050].tobytes()


@linux
def test_a_place_leads_nowhere_once_the_copy_is_gone(source: Path, temporary: Path) -> None:
    found = copied(source)
    place = place_of(found)
    assert place is not None
    del found
    gc.collect()
    others = [os.open(source, os.O_RDONLY) for _ in range(8)]  # one has the old number
    with pytest.raises(FileNotFoundError):
        open_place(place, 50)
    for handle in others:
        os.close(handle)


def test_what_is_no_part_of_a_copy_has_no_place(source: Path, temporary: Path) -> None:
    assert place_of(np.ones(3)) is None
    assert owner_of(np.ones(3)) is None
    found = copied(source).reshape(500, 600)
    assert place_of(found[:, 1:]) is None


@posix
def test_blocks_are_not_shared_with_a_file_that_was_just_written(
    source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def clone(target: int, request: int, about: bytes) -> None:
        asked.append(about)
        raise OSError(errno.EOPNOTSUPP, "no")

    import fcntl

    monkeypatch.setattr(fcntl, "ioctl", clone)
    np.testing.assert_array_equal(copied(source), CONTENT)
    assert asked == []
    monkeypatch.setattr(private_copy, "_RECENT", 0)
    time.sleep(0.01)
    np.testing.assert_array_equal(copied(source, 8, 200_000), CONTENT[8:200_008])
    assert len(asked) == sys.platform.startswith("linux")
