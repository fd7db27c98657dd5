"""Event files of the writer, as TensorBoard's own protocol buffers would have them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from projector.errors import ParameterError
from projector.loaders.base import FileProblem
from projector.loaders.decoders.protobuf import as_bytes, as_int, fields
from projector.loaders.formats.tensorflow.events import records
from projector.loaders.formats.tensorflow.run_events import read_run_events
from projector.writer.event_log import EventLog
from projector.writer.event_records import (
    end_event,
    first_event,
    hparams_event,
    record,
    scalars_event,
)


def test_the_file_begins_as_tensorboard_expects(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.add(scalars_event({"loss": 0.5}, 7, 3.25))
    log.close()
    (path,) = tmp_path.iterdir()
    assert path.name.startswith("events.out.tfevents.")
    problems: list[FileProblem] = []
    first, second = (data for _, data in records(path, problems))
    assert [(number, value) for number, _, value in fields(first)][1] == (3, b"brain.Event:2")
    found = {number: value for number, _, value in fields(second)}
    assert (struct.unpack("<d", as_bytes(found[1]))[0], as_int(found[2])) == (3.25, 7)
    assert problems == []


def test_large_steps_and_tags_of_any_text(tmp_path: Path) -> None:
    path = tmp_path / "events.tfevents.1"
    tags = {"é/ü": 1.5, "x" * 5000: -2.0, "nan": float("nan")}
    path.write_bytes(record(first_event(1.0)) + record(scalars_event(tags, 2**62, 1.0)))
    found = read_run_events(path)
    assert (set(found.scalars), found.warnings) == (set(tags), [])
    assert found.scalars["é/ü"].steps.tolist() == [2**62]


def test_hyperparameters_of_every_kind(tmp_path: Path) -> None:
    values = {"a": {"b": [1, "two", None, True]}, "n": -1, "empty": [], "text": "é"}
    path = tmp_path / "events.tfevents.1"
    path.write_bytes(record(hparams_event(values, "g", 5.0)) + record(end_event("failure", 9.0)))
    session = read_run_events(path).session
    assert session.hparams == {
        "a": {"b": [1.0, "two", None, True]},
        "n": -1,
        "empty": [],
        "text": "é",
    }
    assert (session.group, session.status) == ("g", "failure")
    assert (session.start_time, session.end_time) == (5.0, 9.0)


def test_values_without_end_are_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ParameterError, match="'deep'"):
        hparams_event({"deep": endless}, "", 1.0)
