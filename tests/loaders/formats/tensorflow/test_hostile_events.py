"""Events with whole checksums and any content: what cannot be read is said, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projector.loaders.formats.tensorflow.events import EventFile, read_scalars
from projector.loaders.formats.tensorflow.run_events import read_histograms, read_run_events
from tests.loaders import writers as w

ROWS = np.array([[-1, 0, 2], [0, 1, 5], [1, 2, 1]], np.float64)
#: The payloads of good events: records without their 12 bytes before and 4 bytes after.
GOOD = [
    each[12:-4]
    for each in (
        w.scalar_event("h", 7, 0.5),
        w.tensor_event("h", 7, np.zeros((4, 3), np.float32)),
        w.histogram_event("h", 7, ROWS),
        w.old_histogram_event("h", 7, -1.5, 2.5, [-1, 0, 1.8e308], [2, 3, 0]),
        w.hparams_event(w.session_start({"lr": 0.5, "deep": {"on": [True, "x"]}}, at=7.0)),
        w.hparams_event(w.experiment([("g", "loss")]), "_hparams_/experiment"),
        w.summary_event(w.message(1, b"h") + w.message(8, b"\x08\x01\x12\x00\x2a\x04abcd"), 7),
    )
]
changes = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6)


def changed(payload: bytes, at_and_byte: list[tuple[int, int]], cut: int) -> bytes:
    found = bytearray(payload)
    for at, byte in at_and_byte:
        found[at % len(found)] = byte
    return bytes(found[: len(found) - cut % len(found)])


def read_all(path: Path) -> None:
    found = read_run_events(path)
    for tag in found.histogram_tags:
        read_histograms(path, tag)
    read_scalars(path)
    EventFile().list(w.file_at(path))


@given(st.sampled_from(GOOD), changes, st.integers(0, 8))
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_content_of_an_event_is_an_error(
    tmp_path: Path, payload: bytes, where: list[tuple[int, int]], cut: int
) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(w.record(changed(payload, where, cut)) + w.scalar_event("loss", 9, 0.25))
    read_all(path)


@pytest.mark.parametrize(
    "tensor",
    [
        b"\x08\x01\x12\x00\x22\x03abc",  # three bytes of content
        b"\x08\x01\x12\x00\x2a\x03abc",  # three bytes of floats
        b"\x08\x01\x12\x00\x28\xff\xff\xff\xff\xff\x7f",  # a float of 42 bits
        b"\x08\x63\x12\x00\x22\x04abcd",  # a type that there is not
        b"\x08\x01\x12\x00",  # no number
    ],
)
def test_a_tensor_that_is_no_number_hides_no_other(tmp_path: Path, tensor: bytes) -> None:
    bad = w.summary_event(w.message(1, b"loss") + w.message(8, tensor), 2)
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(w.scalar_event("loss", 1, 0.5) + bad + w.scalar_event("loss", 3, 0.25))
    assert read_run_events(path).scalars["loss"].steps.tolist() == [1, 3]
    read_all(path)
