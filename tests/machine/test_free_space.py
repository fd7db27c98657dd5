"""What may be written leaves a reserve, and a folder in memory has no more than there is memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from projector.machine import free_space as space
from projector.machine.free_space import _is_in_memory, free_space, temporary_folder

GB = 1 << 30


def disk(monkeypatch: pytest.MonkeyPatch, *, total: int, free: int) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda folder: SimpleNamespace(total=total, free=free)
    )


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [(500 * GB, 20 * GB, 19 * GB), (500 * GB, GB // 2, 0), (20 << 20, 10 << 20, 9 << 20)],
)
def test_a_reserve_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: int, free: int, expected: int
) -> None:
    disk(monkeypatch, total=total, free=free)
    monkeypatch.setattr(space, "_is_in_memory", lambda folder: False)
    assert free_space(tmp_path).n_bytes == expected
    assert str(free_space(tmp_path)).endswith(f"are free in the folder {tmp_path}")


def test_files_in_memory_need_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk(monkeypatch, total=500 * GB, free=400 * GB)
    monkeypatch.setattr(space, "_is_in_memory", lambda folder: True)
    monkeypatch.setattr(space, "available_memory", lambda: 6 * GB)
    assert free_space(tmp_path).n_bytes == 3 * GB


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert free_space(tmp_path / "gone").n_bytes == 0


@pytest.mark.skipif(os.name != "posix", reason="devices are POSIX")
def test_the_kind_of_a_file_system_is_that_of_its_device(tmp_path: Path) -> None:
    device = os.stat(tmp_path).st_dev
    table = tmp_path / "mountinfo"
    line = f"22 1 {os.major(device)}:{os.minor(device)} / / rw - {{kind}} x rw\n"
    for kind, expected in (("tmpfs", True), ("ext4", False)):
        table.write_text("short\n21 1 999:9 / /x rw - tmpfs x rw\n" + line.format(kind=kind))
        assert _is_in_memory(tmp_path, table) is expected
    assert not _is_in_memory(tmp_path, tmp_path / "missing")
    assert not _is_in_memory(tmp_path / "missing")


def test_without_a_folder_that_can_be_written_to_there_is_no_space(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setenv("TMPDIR", "/nowhere")
    assert temporary_folder() == Path("/nowhere")
    assert free_space(temporary_folder()).n_bytes == 0


def test_a_folder_that_was_removed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone" / "too"))
    assert temporary_folder().is_dir()


def test_a_folder_that_is_read_only_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda folder, mode: False)
    assert free_space(tmp_path).n_bytes == 0
