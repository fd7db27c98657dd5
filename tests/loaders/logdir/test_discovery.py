"""Runs, names, steps and companions, in trees as people have them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders import load, open_logdir
from projector.loaders.versions import Version
from projector.machine.no_links import open_in, open_without_links
from tests.loaders.writers import checkpoint, scalar_event, tensor_event, tsv, write


def listed(root: Path) -> list[tuple[str, str, int | None]]:
    return [(entry.run, entry.name, entry.step) for entry in open_logdir(root).entries]


def test_folders_of_add_embedding_are_found_without_a_config(tmp_path: Path) -> None:
    for step in (0, 10, 200):
        tsv(tmp_path / "runs" / "a" / f"{step:05d}" / "enc%2flayer 1" / "tensors.tsv")
    assert listed(tmp_path) == [("runs/a", "enc/layer 1", step) for step in (0, 10, 200)]


def test_a_table_whose_rows_fit_is_used_with_a_warning(tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", np.ones((3, 2), np.float32))
    (tmp_path / "labels.tsv").write_text("a\nb\nc\n")
    (tmp_path / "others.tsv").write_text("a\nb\nc\nd\ne\n")
    data = load(tmp_path, name="vectors")
    assert data.metadata["label"].text.to_list() == ["a", "b", "c"]
    assert any("labels.tsv" in each and "not named by a config" in each for each in data.warnings)


def test_two_tables_that_fit_are_not_guessed_between(tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", np.ones((3, 2), np.float32))
    (tmp_path / "labels.tsv").write_text("a\nb\nc\n")
    (tmp_path / "labels2.tsv").write_text("a\nb\nc\n")
    assert not open_logdir(tmp_path).entries[0].has_metadata


def test_the_run_is_the_nearest_folder_with_events(tmp_path: Path) -> None:
    ones = np.ones((3, 2), np.float32)
    checkpoint(tmp_path / "exp" / "checkpoints" / "ckpt-7", {"emb": ones})
    assert listed(tmp_path) == [("exp/checkpoints", "emb", 7)]
    (tmp_path / "exp" / "events.out.tfevents.1.host").write_bytes(scalar_event("loss", 1, 0.5))
    assert listed(tmp_path) == [("exp", "emb", 7)]


def test_steps_are_read_off_file_and_folder_names(tmp_path: Path) -> None:
    ones = np.ones((3, 2), np.float32)
    for name in ("emb_step_10", "emb_step_9", "plain_2024", "epoch=3"):
        np.save(tmp_path / f"{name}.npy", ones)
    (tmp_path / "checkpoint-500").mkdir()
    np.savez(tmp_path / "checkpoint-500" / "w.npz", table=ones)
    assert listed(tmp_path) == [
        (".", "emb", 9),
        (".", "emb", 10),
        (".", "epoch", 3),
        (".", "plain_2024", None),
        (".", "table", 500),
    ]


def test_the_same_name_in_two_files_gets_the_names_of_the_files(tmp_path: Path) -> None:
    ones = np.ones((3, 2), np.float32)
    np.savez(tmp_path / "a.npz", emb=ones)
    np.savez(tmp_path / "b.npz", emb=ones * 2, other=ones)
    np.save(tmp_path / "v.npy", ones)
    tsv(tmp_path / "v.tsv")
    names = {entry.name for entry in open_logdir(tmp_path).entries}
    assert names == {"a/emb", "b/emb", "other", "v.npy", "v.tsv"}


def test_two_series_in_one_folder_stay_two(tmp_path: Path) -> None:
    for name in ("model.ckpt", "best.ckpt"):
        for step in (1, 2):
            checkpoint(tmp_path / f"{name}-{step}", {"emb": np.ones((3, 2), np.float32)})
    assert listed(tmp_path) == [
        (".", f"{name}/emb", step) for name in ("best", "model") for step in (1, 2)
    ]


def test_what_a_config_names_is_listed_first(tmp_path: Path) -> None:
    tensors = {name: np.ones((4, 2), np.float32) for name in ("aa", "emb", "kernel", "named")}
    checkpoint(tmp_path / "m", {**tensors, "emb/Adam": tensors["emb"]})
    (tmp_path / "labels.tsv").write_text("a\nb\nc\nd\n")
    (tmp_path / "projector_config.pbtxt").write_text(
        'embeddings { tensor_name: "named:0" metadata_path: "labels.tsv" }'
    )
    names = [entry.name for entry in open_logdir(tmp_path).entries]
    assert names == ["named", "emb", "aa", "kernel", "emb/Adam"]


def test_an_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tsv(tmp_path / "good.tsv")
    tsv(tmp_path / "closed.tsv")
    real_open = os.open

    def refusing(path: object, *rest: int, **more: int) -> int:
        if str(path).endswith("closed.tsv"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["good"]
    assert "Permission denied" in log.problems[0].message


def test_an_edited_config_counts(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    config = tmp_path / "projector_config.pbtxt"
    config.write_text('embeddings { tensor_name: "one" tensor_path: "a.tsv" }')
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["one"]
    config.write_text('embeddings { tensor_name: "other" tensor_path: "a.tsv" }')
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["other"]


def test_one_bad_file_hides_nothing(tmp_path: Path) -> None:
    tsv(tmp_path / "good.tsv")
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY junk")
    (tmp_path / "bad.safetensors").write_bytes(b"\xff" * 64)
    (tmp_path / "projector_config.pbtxt").write_text('embeddings { tensor_name: "x\n')
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["good"]
    assert {problem.path for problem in log.problems} == {
        "bad.npy",
        "bad.safetensors",
        "projector_config.pbtxt",
    }


def test_an_empty_directory_says_what_is_expected(tmp_path: Path) -> None:
    problem = open_logdir(tmp_path).problems[0]
    assert "docs/formats.md" in problem.message
    with pytest.raises(LoadError, match="exists"):
        open_logdir(tmp_path / "nowhere")


def test_matrices_in_event_files_are_embeddings_with_steps(tmp_path: Path) -> None:
    values = np.arange(60, dtype=np.float32).reshape(20, 3)
    events = b"".join(tensor_event("codes", step, values + step) for step in (5, 1, 9))
    # A histogram is a matrix too, and no embedding; its plugin may be named once only.
    events += tensor_event("weights", 1, values, plugin="histograms")
    events += tensor_event("weights", 2, values)
    (tmp_path / "events.out.tfevents.1.host").write_bytes(events + b"\1\2")
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.step) for entry in log.entries] == [("codes", s) for s in (1, 5, 9)]
    np.testing.assert_array_equal(log.load(log.find(step=9)).vectors, values + 9)


def test_names_that_are_not_utf8_stay_printable(tmp_path: Path) -> None:
    name = os.fsdecode(b"bad\xff.tsv")
    try:
        tsv(tmp_path / name)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    entry = open_logdir(tmp_path).entries[0]
    assert entry.name.encode() == b"bad\\xff"
    assert entry.path.encode() == b"bad\\xff.tsv"


def test_files_are_opened_once_and_not_at_all_by_a_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in range(10):
        for step in range(10):
            tsv(tmp_path / f"run{run}" / f"{step:05d}" / "h" / "tensors.tsv")
    # What was written in this very moment is read once more when it rests.
    monkeypatch.setattr(Version, "unsettled", lambda version, rest=0.0: 0.0)
    opened = _count_opened(monkeypatch)
    log = open_logdir(tmp_path)
    assert [entry.run for entry in log.entries[::10]] == [f"run{run}" for run in range(10)]
    assert opened == ["tensors.tsv"] * 100
    opened.clear()
    assert not log.refresh()
    assert opened == []


@pytest.mark.parametrize("changed", ["tensors.tsv", "metadata.tsv", "big.tsv"])
def test_a_changed_file_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    for run in range(10):
        folder = tmp_path / f"run{run}" / "00001" / "h"
        tsv(folder / "tensors.tsv", rows=4)
        tsv(folder / "big.tsv", rows=400, columns=4)
        write(folder / "metadata.tsv", b"a\nb\nc\nd\n")
    log = open_logdir(tmp_path)
    assert len(log.entries) == 20
    path = tmp_path / "run3" / "00001" / "h" / changed
    path.write_bytes(path.read_bytes() * 2)
    opened = _count_opened(monkeypatch)
    assert log.refresh()
    assert set(opened) == {changed}
    # Its first bytes, and all of it to count its lines where these are not all.
    assert len(opened) <= (2 if changed == "big.tsv" else 1)
    opened.clear()
    assert not log.refresh()
    assert opened == []


def _count_opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are opened from now on."""
    opened: list[str] = []

    def counting(path: str, flags: int) -> int:
        opened.append(Path(path).name)
        return open_without_links(path, flags)

    def counting_in(folder: int, name: str, flags: int) -> int:
        opened.append(name)
        return open_in(folder, name, flags)

    monkeypatch.setattr("projector.loaders.safe_files.open_without_links", counting)
    monkeypatch.setattr("projector.loaders.safe_files.open_in", counting_in)
    return opened


def test_entries_know_whether_their_run_has_scalars(tmp_path: Path) -> None:
    ones = np.ones((3, 2), np.float32)
    for run in ("with", "without", "empty"):
        (tmp_path / run / "train").mkdir(parents=True)
        np.save(tmp_path / run / "emb.npy", ones)
        (tmp_path / run / "events.out.tfevents.0.host").write_bytes(b"")
    (tmp_path / "with" / "train" / "events.out.tfevents.1.host").write_bytes(
        scalar_event("loss", 1, 0.5)
    )
    tensors = tensor_event("t", 1, np.ones((3, 2), np.float32))
    (tmp_path / "without" / "train" / "events.out.tfevents.1.host").write_bytes(tensors)
    log = open_logdir(tmp_path)
    found = {entry.run: entry.has_scalars for entry in log.entries if entry.name == "emb"}
    assert found == {"with": True, "without": False, "empty": False}
    (tmp_path / "empty" / "events.out.tfevents.0.host").write_bytes(scalar_event("loss", 1, 0.5))
    assert log.refresh()
    assert {entry.run for entry in log.entries if entry.has_scalars} == {"with", "empty"}
    single = open_logdir(tmp_path / "empty" / "emb.npy")
    assert single.entries[0].has_scalars
