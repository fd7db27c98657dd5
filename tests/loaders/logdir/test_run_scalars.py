"""The scalars of a run, joined from its event files."""

from __future__ import annotations

from pathlib import Path

import pytest

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
