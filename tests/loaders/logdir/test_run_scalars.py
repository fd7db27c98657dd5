"""The scalars of a run, joined from its event files."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.formats.tensorflow.events import read_scalars
from projector.loaders.logdir import run_scalars as run_scalars_module
from projector.loaders.logdir.run_scalars import run_scalars
from tests.loaders.writers import scalar_event, write


def test_files_of_one_folder_are_one_series(tmp_path: Path) -> None:
    first = scalar_event("loss", 1, 0.5, 10.0) + scalar_event("loss", 2, 0.4, 20.0)
    # A training that continued from a checkpoint writes step 2 again.
    second = scalar_event("loss", 2, 0.3, 30.0) + scalar_event("loss", 3, 0.2, 40.0)
    write(tmp_path / "run" / "events.out.tfevents.1.a", first)
    write(tmp_path / "run" / "events.out.tfevents.2.a", second)
    found, warnings = run_scalars(tmp_path, "run")
    assert warnings == []
    series = found["loss"]
    assert series.steps.tolist() == [1, 2, 3]
    assert series.values.tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert series.wall_times.tolist() == [10.0, 30.0, 40.0]


def test_folders_below_are_part_of_the_tag(tmp_path: Path) -> None:
    for folder in ("train", "validation/deep"):
        write(tmp_path / folder / "tfevents", scalar_event("acc", 1, 0.5))
    write(tmp_path / "tfevents", scalar_event("lr", 1, 0.1))
    write(tmp_path / "train" / "notes.txt", "no events")
    found, _ = run_scalars(tmp_path, ".")
    assert list(found) == ["lr", "train/acc", "validation/deep/acc"]


def test_a_damaged_file_keeps_what_was_read(tmp_path: Path) -> None:
    event = scalar_event("loss", 1, 0.5)
    write(tmp_path / "tfevents", event + b"\xff" * 40)
    found, (warning,) = run_scalars(tmp_path, ".")
    assert found["loss"].steps.tolist() == [1]
    assert warning.startswith(
        f"tfevents: has a damaged record: the checksum of the length at byte {len(event)}"
    )


@pytest.mark.parametrize("run", ["../outside", "/etc", "none", "tfevents"])
def test_only_folders_below_the_root_are_read(tmp_path: Path, run: str) -> None:
    write(tmp_path / "outside" / "tfevents", scalar_event("loss", 1, 0.5))
    write(tmp_path / "logs" / "tfevents", scalar_event("loss", 1, 0.5))
    assert run_scalars(tmp_path / "logs", run) == ({}, [])


@pytest.mark.parametrize(
    ("change", "steps"), [("grows", [1, 2]), ("is rewritten", [5]), ("is cut", [1])]
)
def test_an_event_file_that_changes_while_it_is_read_gives_one_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, steps: list[int]
) -> None:
    first, second = scalar_event("loss", 1, 0.5), scalar_event("loss", 2, 0.4)
    path = write(tmp_path / "tfevents", first + second)
    later = {"grows": first + second * 2, "is rewritten": scalar_event("loss", 5, 0.1)}
    reads = 0

    def read(at: Path) -> object:
        nonlocal reads
        reads += 1
        found = read_scalars(at)
        if reads == 1:
            path.write_bytes(later.get(change, first))
        return found

    monkeypatch.setattr(run_scalars_module, "read_scalars", read)
    found, warnings = run_scalars(tmp_path, ".")
    assert found["loss"].steps.tolist() == steps
    assert warnings == []
    assert reads == (1 if change == "grows" else 2)


def test_an_event_file_that_never_rests_is_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "tfevents", scalar_event("loss", 1, 0.5) * 40)
    count = 0

    def read(at: Path) -> object:
        nonlocal count
        count += 1
        found = read_scalars(at)
        path.write_bytes(b"x" * (1000 - count))
        return found

    monkeypatch.setattr(run_scalars_module, "read_scalars", read)
    found, (warning,) = run_scalars(tmp_path, ".")
    assert found == {}
    assert warning.startswith("tfevents: is being written: it changed each of the")
