"""Ranges of files are read and written by position, whole or up to where the file ends."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from projector.machine import positioned
from projector.machine.positioned import allocate, in_pieces, read_at, write_at


@pytest.fixture(params=[True, False], ids=["positions", "seeking"])
def handle(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    monkeypatch.setattr(positioned, "_HAS_POSITIONS", request.param)
    opened = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield opened
    os.close(opened)


def test_what_was_written_is_read(handle: int) -> None:
    write_at(handle, memoryview(b"0123456789"), 3)
    buffer = bytearray(4)
    assert read_at(handle, memoryview(buffer), 5) == 4
    assert buffer == b"2345"
    assert read_at(handle, memoryview(buffer), 11) == 2
    assert read_at(handle, memoryview(buffer), 99) == 0


def test_allocated_space_is_there(handle: int) -> None:
    allocate(handle, 0)
    assert os.fstat(handle).st_size == 0
    allocate(handle, 5000)
    assert os.fstat(handle).st_size == 5000


def test_a_file_system_that_cannot_allocate_gets_zeros(
    handle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.EOPNOTSUPP, "no")

    monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    monkeypatch.setattr(positioned, "PIECE", 64)
    allocate(handle, 200)
    assert os.pread(handle, 300, 0) == bytes(200)


def test_a_full_disk_is_an_error(handle: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    with pytest.raises(OSError, match="full"):
        allocate(handle, 200)


def test_pieces_cover_everything_up_to_the_first_gap(
    handle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positioned, "PIECE", 10)
    done: list[tuple[int, int]] = []

    def work(start: int, stop: int) -> int:
        done.append((start, stop))
        return min(stop, 17) if start < 20 else stop

    assert in_pieces(25, work) == 17
    assert sorted(done) == [(0, 10), (10, 20), (20, 25)]
    assert in_pieces(10, work) == 10
    assert in_pieces(0, work) == 0
