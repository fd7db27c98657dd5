"""A frame is read whole or not at all, and a private copy is shared where it is."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from projector.errors import JobError, SaveError
from projector.jobs import shared as jobs_shared
from projector.jobs.shared import FrameFile, MappedArray, SharedArrays, share
from projector.machine.private_copy import copy_of
from projector.machine.private_map import place_of

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")


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


def test_a_frame_file_that_is_shortened_or_removed_costs_frames_only(tmp_path: Path) -> None:
    path = tmp_path / "work" / "f"
    writer, reader = FrameFile(path), FrameFile(path)
    assert writer.write(0, frame(0))
    harms: list[Callable[[], None]] = [lambda: os.truncate(path, 70), path.unlink]
    for number, harm in enumerate(harms, 1):
        harm()
        assert reader.read(number - 1, (4, 2)) is None
        assert writer.write(number, frame(number))
        assert reader.read(number, (4, 2)) == frame(number).tobytes()
    shutil.rmtree(path.parent)
    assert reader.read(2, (4, 2)) is None
    assert writer.write(3, frame(3))
    assert reader.read(3, (4, 2)) == frame(3).tobytes()


def test_a_frame_that_cannot_be_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert not FrameFile(tmp_path / "file" / "f").write(0, frame(0))


def test_a_frame_file_is_removed_when_it_is_closed(tmp_path: Path) -> None:
    frames = FrameFile(tmp_path / "f")
    frames.write(0, frame(0))
    frames.close()
    frames.close()
    assert not (tmp_path / "f").exists()


ARRAY = np.arange(12, dtype=np.float32).reshape(3, 4)


def test_an_array_is_copied_once_for_as_long_as_it_lives(tmp_path: Path) -> None:
    shared, array = SharedArrays(tmp_path), ARRAY.copy()
    first = shared.share(array, "a")
    np.testing.assert_array_equal(first.open(), array)
    assert shared.share(array, "a") is first
    assert list(tmp_path.iterdir()) == [], "nothing is left when a process is killed"
    place = first.place
    del first, array
    gc.collect()
    with pytest.raises(JobError, match="is gone"):
        MappedArray(place, "<f4", (3, 4)).open()


@linux
def test_a_private_copy_is_found_where_it_is(tmp_path: Path) -> None:
    private = copy_of(ARRAY)
    located = share(private[1:], tmp_path, "b")
    whole = place_of(private)
    assert whole is not None
    assert located.place == replace(whole, offset=16)
    np.testing.assert_array_equal(located.open(), ARRAY[1:])
    columns = share(private[:, 1:], tmp_path, "c")
    assert columns.place.inode != located.place.inode, "columns are no contiguous part of a file"
    np.testing.assert_array_equal(columns.open(), ARRAY[:, 1:])


def test_a_shared_array_holds_what_it_leads_to_until_it_is_sent(tmp_path: Path) -> None:
    located = share(ARRAY.copy(), tmp_path, "a")
    gc.collect()
    sent = pickle.loads(pickle.dumps(located))
    assert sent == located
    assert sent.held is None
    np.testing.assert_array_equal(sent.open(), ARRAY)


def test_another_file_at_the_same_place_is_not_mistaken_for_it(tmp_path: Path) -> None:
    located = share(ARRAY, tmp_path, "a")
    other = replace(located.place, inode=located.place.inode + 1)
    with pytest.raises(JobError, match=r"is gone .* Start it again\."):
        replace(located, place=other).open()
    longer = replace(located, shape=(4, 4))
    with pytest.raises(JobError, match="is gone"):
        longer.open()


def test_where_unnamed_files_cannot_be_found_there_is_a_named_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_shared, "place_of", lambda array: None)
    located = share(ARRAY, tmp_path / "new", "a")
    np.testing.assert_array_equal(located.open(), ARRAY)
    (file,) = (tmp_path / "new").iterdir()
    assert file == Path(located.place.path)
    del located
    gc.collect()
    assert not file.exists()


def test_a_map_of_a_file_that_was_shortened_is_an_error_and_no_signal(tmp_path: Path) -> None:
    np.zeros(1 << 16, np.float32).tofile(tmp_path / "x")
    mapped = np.memmap(tmp_path / "x", np.float32, "r")
    os.truncate(tmp_path / "x", 4096)
    with pytest.raises(SaveError, match=r"262\.1 kB .* cannot be written .* are free in"):
        share(mapped, tmp_path / "work", "a")


def test_the_folder_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "gone" / "too"
    np.testing.assert_array_equal(share(ARRAY, folder, "a").open(), ARRAY)
