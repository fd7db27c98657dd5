"""Event files: scalars as series, matrices as embeddings, and damage that ends the reading."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.tensorflow.events import EventFile, is_event_file, read_scalars
from tests.loaders.writers import file_with, number, record, scalar_event, tensor_event, write

VALUES = np.arange(60, dtype=np.float32).reshape(20, 3)


def test_event_files_are_recognized_by_name() -> None:
    assert is_event_file("events.out.tfevents.1700000000.host")
    assert not is_event_file("events.txt")


def test_scalars_are_sorted_by_step_and_the_last_one_written_counts(tmp_path: Path) -> None:
    events = [
        scalar_event("loss", 2, 0.4, 20.0),
        scalar_event("loss", 1, 0.5, 10.0),
        scalar_event("acc", 1, 0.9, 10.0),
        scalar_event("loss", 2, 0.3, 30.0),
        scalar_event("loss", 2, 0.2, 25.0),
    ]
    found, problems = read_scalars(write(tmp_path / "tfevents", b"".join(events)))
    assert problems == []
    assert list(found) == ["loss", "acc"]
    assert found["loss"].steps.tolist() == [1, 2]
    assert found["loss"].values.tolist() == pytest.approx([0.5, 0.3])
    assert found["loss"].wall_times.tolist() == [10.0, 30.0]


def test_scalars_as_tensors_are_scalars_too(tmp_path: Path) -> None:
    raw = tensor_event("loss", 3, np.array(0.25, np.float32))
    found, _ = read_scalars(write(tmp_path / "tfevents", raw))
    assert found["loss"].values.tolist() == [0.25]
    assert EventFile().list(file_with(tmp_path / "tfevents", raw)).has_scalars


def test_matrices_are_tensors_with_steps(tmp_path: Path) -> None:
    events = [tensor_event("codes", step, VALUES + step) for step in (5, 1, 5)]
    file = file_with(tmp_path / "tfevents", b"".join(events))
    found = EventFile().list(file)
    assert [(t.name, t.step, t.shape) for t in found.tensors] == [
        ("codes", 1, (20, 3)), ("codes", 5, (20, 3)),
    ]  # fmt: skip
    assert not found.has_scalars
    loaded = EventFile().load(file, found.tensors[0])
    np.testing.assert_array_equal(loaded.values, VALUES + 1)


@pytest.mark.parametrize("plugin", ["histograms", "images", "pr_curves"])
def test_tensors_of_other_plugins_are_not_embeddings(tmp_path: Path, plugin: str) -> None:
    # Some writers name the plugin with a tag's first value only.
    events = tensor_event("x", 1, VALUES, plugin=plugin) + tensor_event("x", 2, VALUES)
    assert EventFile().list(file_with(tmp_path / "tfevents", events)).tensors == ()


@pytest.mark.parametrize("cut", [1, 5, 11, 12, 20])
def test_an_incomplete_last_record_is_not_a_problem(tmp_path: Path, cut: int) -> None:
    raw = scalar_event("loss", 1, 0.5) + scalar_event("loss", 2, 0.4)[:cut]
    found, problems = read_scalars(write(tmp_path / "tfevents", raw))
    assert found["loss"].steps.tolist() == [1]
    assert problems == []


def test_a_damaged_record_is_ignored_and_the_next_ones_are_read(tmp_path: Path) -> None:
    first, second = scalar_event("loss", 1, 0.5), scalar_event("loss", 2, 0.4)
    damaged = bytearray(first)
    damaged[-6] ^= 1
    found, (problem,) = read_scalars(write(tmp_path / "tfevents", bytes(damaged) + second))
    assert found["loss"].steps.tolist() == [2]
    assert problem == "has a damaged record at byte 0, which is ignored. Copy it again."


def test_what_cannot_be_followed_ends_the_reading(tmp_path: Path) -> None:
    good = scalar_event("loss", 1, 0.5)
    for raw, expected in (
        (b"no event file at all", "is not an event file: the checksum of the length at byte 0"),
        (
            good + b"\xff" * 16,
            f"has a damaged record: the checksum of the length at byte {len(good)}",
        ),
        (
            good + record(b"\x0b" * 60),
            "an event cannot be read: field 1 has the unknown wire type 3",
        ),
        (good + huge(), f"claims a record of 2,147,483,648 bytes at byte {len(good)}"),
    ):
        found, (problem,) = read_scalars(write(tmp_path / "tfevents", raw))
        assert problem.startswith(expected)
        assert problem.endswith("The rest of the file is ignored; copy it again.")
        assert list(found) == ([] if "is not" in expected else ["loss"])
        listed = EventFile().list(file_with(tmp_path / "tfevents", raw))
        assert [each.message for each in listed.problems] == [problem]


def huge() -> bytes:
    """Return the start of a record that claims two gigabytes."""
    from projector.loaders.decoders.crc32c import masked_crc32c

    length = struct.pack("<Q", 1 << 31)
    return length + struct.pack("<I", masked_crc32c(length))


def test_a_record_that_changed_after_it_was_listed(tmp_path: Path) -> None:
    file = file_with(tmp_path / "tfevents", tensor_event("codes", 1, VALUES))
    (tensor,) = EventFile().list(file).tensors
    write(tmp_path / "tfevents", tensor_event("codes", 1, VALUES.reshape(30, 2)))
    with pytest.raises(LoadError, match=r"has changed since it was listed\. Refresh the listing"):
        EventFile().load(file, tensor)
    raw = bytearray(tensor_event("codes", 1, VALUES))
    raw[50] ^= 1
    write(tmp_path / "tfevents", bytes(raw))
    with pytest.raises(LoadError, match="checksum mismatch"):
        EventFile().load(file, tensor)


def test_an_event_without_values_is_nothing(tmp_path: Path) -> None:
    raw = record(number(2, 7)) * 3
    assert read_scalars(write(tmp_path / "tfevents", raw)) == ({}, [])
