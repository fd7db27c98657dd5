"""Bytes of files are read by position, or copied; a file that changes is noticed."""

from __future__ import annotations

import gc
import io
import os
from pathlib import Path

import pytest

from projector.errors import FileChangedError, LoadError
from projector.loaders import file_bytes
from projector.loaders.file_bytes import FileBytes, private_bytes
from projector.machine.private_copy import NoRoomError, copy_range

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "x.bin").write_bytes(CONTENT)
    return tmp_path / "x.bin"


def test_private_bytes_end_where_the_file_does(path: Path) -> None:
    assert private_bytes(path).tobytes() == CONTENT
    assert private_bytes(path, 2, 5).tobytes() == CONTENT[2:7]
    assert private_bytes(path, len(CONTENT) - 3, 99).tobytes() == CONTENT[-3:]
    for offset in (len(CONTENT), len(CONTENT) + 1, -1):
        assert len(private_bytes(path, offset, 5)) == 0
    assert not private_bytes(path).flags.writeable


def test_slices_are_bytes(path: Path) -> None:
    raw = FileBytes(path)
    assert len(raw) == len(CONTENT)
    assert raw[7] == 7
    assert raw[3:6] == CONTENT[3:6]
    assert raw[200_000:] == CONTENT[200_000:]
    assert raw[5:5] == raw[9:2] == b""
    assert raw[-2:] == CONTENT[-2:]
    assert raw.array(10, 20).tobytes() == CONTENT[10:20]


def test_a_part_begins_and_ends_elsewhere(path: Path) -> None:
    raw = FileBytes(path, 100, 50)
    assert len(raw) == 50
    assert raw[:2] == CONTENT[100:102]
    assert raw[40:999] == CONTENT[140:150]
    assert raw.array(10, 20).tobytes() == CONTENT[110:120]
    assert len(FileBytes(path, len(CONTENT) + 5)) == 0


def test_a_range_can_be_read_like_a_file(path: Path) -> None:
    file = FileBytes(path).stream(5, 15)
    assert file.read(3) == CONTENT[5:8]
    assert file.seek(-2, io.SEEK_END) == 8
    assert file.read() == CONTENT[13:15]
    assert file.seek(-1, io.SEEK_CUR) == 9
    assert file.read(5) == CONTENT[14:15]
    assert file.tell() == 10
    assert file.readable()
    assert file.seekable()
    with pytest.raises(ValueError, match="before the start"):
        file.seek(-1)


def test_all_bytes_are_of_one_file_whatever_its_name_leads_to(path: Path) -> None:
    raw = FileBytes(path)
    path.with_name("new").write_bytes(b"other" * 1000)
    path.with_name("new").replace(path)
    assert raw[:4] == CONTENT[:4]
    assert raw.array(0, 8).tobytes() == CONTENT[:8]


def test_a_file_that_was_shortened_is_noticed_wherever_it_is_read(path: Path) -> None:
    raw = FileBytes(path)
    os.truncate(path, 1000)
    assert raw[10:20] == CONTENT[10:20]
    with pytest.raises(FileChangedError, match=r"x\.bin: changed while it was read"):
        _ = raw[990:1010]
    with pytest.raises(FileChangedError):
        raw.array(0, len(raw))
    assert raw.stream(990).read() == CONTENT[990:1000]


@pytest.mark.parametrize("settled", [True, False])
def test_a_copy_during_which_the_file_changes_is_worth_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, settled: bool
) -> None:

    def slow(source: int, offset: int, count: int) -> object:
        found = copy_range(source, offset, count)
        with path.open("r+b") as file:
            file.write(b"changed")
        if settled:  # as the times of a file do not change where a map is written to
            os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(file_bytes, "copy_range", slow)
    with pytest.raises(FileChangedError):
        private_bytes(path)


def test_what_is_written_through_a_map_is_noticed_by_a_second_look(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = os.stat(path)
    monkeypatch.setattr(os, "fstat", lambda handle: status)
    monkeypatch.setattr(file_bytes, "is_same", lambda source, offset, copied: False)
    with pytest.raises(FileChangedError):
        FileBytes(path).array(0, 10)


def test_no_room_is_a_load_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise NoRoomError("only 1.0 GB are free.")

    monkeypatch.setattr(file_bytes, "copy_range", refuse)
    with pytest.raises(LoadError, match=r"x\.bin: only 1\.0 GB are free\."):
        private_bytes(path)


def test_a_disk_that_fails_is_a_load_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(file_bytes, "read_at", refuse)
    with pytest.raises(LoadError, match=r"x\.bin: cannot be read: Input/output error"):
        _ = FileBytes(path)[:4]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
def test_the_file_is_closed_with_the_object(path: Path) -> None:
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    streams = [FileBytes(path).stream() for _ in range(5)]
    assert len(os.listdir("/proc/self/fd")) >= before + 5
    streams.clear()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before
