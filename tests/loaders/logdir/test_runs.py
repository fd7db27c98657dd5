"""Runs: the nearest directory upwards with event files or a config."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.logdir.config_file import Config
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.walk import walk
from tests.loaders.writers import file_with, write


def runs_of(root: Path, *files: str, configs: tuple[str, ...] = ()) -> Runs:
    """Write empty files, and return the runs of their directory."""
    for name in files:
        write(root / name)
    found = [Config(file_with(root / name, root=root), ()) for name in configs]
    return Runs(root, walk(root)[0], found)


def test_a_file_without_events_above_it_is_a_run_of_its_own_folder(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, "a/b/x.npy")
    assert runs.run_of(tmp_path / "a" / "b") == "a/b"
    assert runs.run_of(tmp_path) == "."


def test_events_make_a_run_of_everything_below(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, "a/events.out.tfevents.1", "a/b/c/x.npy", "d/x.npy")
    assert runs.run_of(tmp_path / "a" / "b" / "c") == "a"
    assert runs.run_of(tmp_path / "d") == "d"


def test_the_innermost_run_counts(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, "tfevents", "a/tfevents", "a/b/x.npy", "c/x.npy")
    assert runs.run_of(tmp_path / "a" / "b") == "a"
    assert runs.run_of(tmp_path / "c") == "."


def test_a_config_makes_a_run(tmp_path: Path) -> None:
    assets = "a/plugins/org_tensorflow_tensorboard_projector/projector_config.pbtxt"
    runs = runs_of(tmp_path, "a/b/x.npy", configs=(assets, "c/projector_config.pbtxt"))
    assert runs.run_of(tmp_path / "a" / "b") == "a"
    assert runs.run_of(tmp_path / "c" / "d") == "c"


@pytest.mark.parametrize("marker", ["saved_model.pb", "fingerprint.pb", None])
def test_variables_belong_to_their_saved_model(tmp_path: Path, marker: str | None) -> None:
    files = ["m/variables/variables.index", *([f"m/{marker}"] if marker else [])]
    runs = runs_of(tmp_path, *files)
    assert runs.run_of(tmp_path / "m" / "variables") == ("m" if marker else "m/variables")


def test_a_folder_outside_has_the_name_of_the_root(tmp_path: Path) -> None:
    assert runs_of(tmp_path / "logs").name(tmp_path) == "."
