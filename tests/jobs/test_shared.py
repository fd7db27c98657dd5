"""A frame is read whole or not at all, and a memory map is shared where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from projector.jobs.shared import FrameFile, share


def frame(number: int) -> np.ndarray:
    return np.full((4, 2), number, np.float32)


def test_a_reader_gets_the_frame_that_it_asks_for(tmp_path: Path) -> None:
    writer, reader = FrameFile(tmp_path / "f"), FrameFile(tmp_path / "f")
    assert reader.read(0, (4, 2)) is None, "no frame was written yet"
    for number in range(3):
        writer.write(number, frame(number))
    for number in range(3):
        assert reader.read(number, (4, 2)) == frame(number).tobytes()


def test_an_overwritten_frame_is_none(tmp_path: Path) -> None:
    writer, reader = FrameFile(tmp_path / "f"), FrameFile(tmp_path / "f")
    for number in range(5):
        writer.write(number, frame(number))
    assert reader.read(1, (4, 2)) is None
    assert reader.read(7, (4, 2)) is None
    assert reader.read(4, (4, 2)) == frame(4).tobytes()


def test_a_frame_file_is_removed_when_it_is_closed(tmp_path: Path) -> None:
    frames = FrameFile(tmp_path / "f")
    frames.write(0, frame(0))
    frames.close()
    frames.close()
    assert not (tmp_path / "f").exists()


def test_an_array_is_written_once_and_a_map_not_at_all(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    first = share(array, tmp_path, "a")
    np.testing.assert_array_equal(first.open(), array)
    written = (tmp_path / "a.bin").stat().st_mtime_ns
    assert share(array, tmp_path, "a") == first
    assert (tmp_path / "a.bin").stat().st_mtime_ns == written
    mapped = np.memmap(tmp_path / "a.bin", np.float32, "r", shape=(3, 4))
    located = share(mapped[1:], tmp_path, "b")
    assert (located.path, located.offset) == (str(tmp_path / "a.bin"), 16)
    np.testing.assert_array_equal(located.open(), array[1:])
    np.testing.assert_array_equal(share(mapped[:, 1:], tmp_path, "c").open(), array[:, 1:])
    assert (tmp_path / "c.bin").exists(), "columns are no contiguous part of the file"
