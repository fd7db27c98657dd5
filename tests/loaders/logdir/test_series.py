"""Steps by series: siblings with the same tensors that differ only in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.loaders import load, open_logdir
from tests.loaders.writers import write


def saved(path: Path, value: int = 1, rows: int = 5, **more: Any) -> None:
    """Write a file with one matrix that says which file it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.full((rows, 3), value, np.float32)
    if path.suffix == ".npy":
        np.save(path, values)
        return
    with path.open("wb") as file:
        np.savez(file, **{"emb.weight": values, "emb.bias": np.ones(3, np.float32), **more})


def listed(root: Path) -> dict[tuple[str, str], list[int | None]]:
    """Return the steps of each run and name."""
    found: dict[tuple[str, str], list[int | None]] = {}
    for entry in open_logdir(root).entries:
        found.setdefault((entry.run, entry.name), []).append(entry.step)
    return found


@pytest.mark.parametrize(
    ("names", "steps"),
    [
        (("net_3", "net_20", "net_100"), [3, 20, 100]),
        (("0000100", "0000200"), [100, 200]),
        (("40_net_D", "200_net_D"), [40, 200]),
        (("w.03-0.411", "w.04-0.390", "w.11-0.127"), [3, 4, 11]),
        (("weights-improvement-05-0.83", "weights-improvement-17-0.91"), [5, 17]),
        (("epoch=1-step=50", "epoch=1-step=75", "epoch=3-step=200"), [50, 75, 200]),
        (("ckpt_1_640", "ckpt_1_1280", "ckpt_2_1920"), [640, 1280, 1920]),
        (("ep003-loss12.450-val_loss11.2", "ep010-loss3.20-val_loss9.9"), [3, 10]),
        (("5epoch", "60epoch"), [5, 60]),
        (("lora-000004", "lora-000012"), [4, 12]),
        (("ema_0.9999_020000", "ema_0.9999_040000"), [20000, 40000]),
        (("model020000", "model400000"), [20000, 400000]),
        (("snapshot_iter_5000", "snapshot_iter_700"), [700, 5000]),
        (("step_5k", "step_10k"), [5000, 10000]),
        (("m-epoch3-acc91", "m-epoch4-acc92"), [3, 4]),
        (("G_0", "G_2000"), [0, 2000]),
    ],
)
def test_whatever_the_naming_a_series_is_one(
    tmp_path: Path, names: tuple[str, ...], steps: list[int]
) -> None:
    for number, name in enumerate(names):
        saved(tmp_path / f"{name}.npz", number)
    found = listed(tmp_path)
    assert found == {(".", "emb.weight"): steps}


def test_the_values_are_at_their_steps(tmp_path: Path) -> None:
    for number in (7, 30, 200):
        saved(tmp_path / f"net_{number}.npz", number)
    log = open_logdir(tmp_path)
    assert [log.load(entry).vectors[0, 0] for entry in log.entries] == [7, 30, 200]


@pytest.mark.parametrize(
    ("folders", "inner"),
    [
        (("300", "1200"), "model.npz"),
        (("checkpoint-300", "checkpoint-1200"), "unet/weights.npz"),
        (("global_step300", "global_step1200"), "mp_rank_00_states.npz"),
        (("step300-unsharded", "step1200-unsharded"), "m.npz"),
        (("iter_0000300", "iter_0001200"), "mp_rank_00/m.npz"),
    ],
)
def test_steps_may_be_in_folders(tmp_path: Path, folders: tuple[str, ...], inner: str) -> None:
    for folder in folders:
        saved(tmp_path / "out" / folder / inner)
    assert listed(tmp_path) == {("out", "emb.weight"): [300, 1200]}


@pytest.mark.parametrize(
    "names",
    [
        ("m_seed3", "m_seed4"),
        ("fold_1", "fold_2", "fold_3"),
        ("m_rank0", "m_rank1"),
        ("emb_d16", "emb_d32"),
        ("m_v1", "m_v2"),
        ("lr0.1", "lr0.01"),
        ("layer_3", "layer_4"),
        ("tsne_perplexity_30", "tsne_perplexity_50"),
        ("resnet18", "resnet34"),
        ("emb_2024-03-01", "emb_2024-03-02"),
        ("a_7b1f3e9c02", "a_8b1f3e9c02"),
    ],
)
def test_seeds_sizes_versions_and_settings_are_no_steps(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    for name in names:
        saved(tmp_path / f"{name}.npz")
    found = listed(tmp_path)
    assert len(found) == len(names)
    assert {step for steps in found.values() for step in steps} == {None}


def test_runs_are_folders_and_stay_apart(tmp_path: Path) -> None:
    for run in ("run_1", "run_2", "mlp-16"):
        for step in (10, 20):
            saved(tmp_path / run / f"step={step}.npz")
    assert listed(tmp_path) == {
        (run, "emb.weight"): [10, 20] for run in ("run_1", "run_2", "mlp-16")
    }


def test_a_grid_of_numbers_is_a_series_for_each_outer_one(tmp_path: Path) -> None:
    for outer in ("1", "2"):
        for step in ("500", "1000"):
            saved(tmp_path / outer / step / "m.npz")
    assert listed(tmp_path) == {(outer, "emb.weight"): [500, 1000] for outer in ("1", "2")}


def test_best_and_last_are_names_of_their_own(tmp_path: Path) -> None:
    for name in ("ckpt1", "ckpt2", "ckpt30", "ckpt_best", "ckpt_last"):
        saved(tmp_path / f"{name}.npz")
    assert listed(tmp_path) == {
        (".", "emb.weight"): [1, 2, 30],
        (".", "ckpt_best/emb.weight"): [None],
        (".", "ckpt_last/emb.weight"): [None],
    }
    assert open_logdir(tmp_path).entries[0].name == "emb.weight"


def test_copies_of_one_epoch_do_not_break_the_series(tmp_path: Path) -> None:
    for name in ("e-epoch=2-loss=0.4", "e-epoch=5-loss=0.2", "e-epoch=5-loss=0.2-v1"):
        saved(tmp_path / f"{name}.npz")
    found = listed(tmp_path)
    assert found.pop((".", "emb.weight")) == [2, 5]
    assert list(found.values()) == [[5]]


def test_tensors_of_other_shapes_are_no_series(tmp_path: Path) -> None:
    for number, rows in ((1, 4), (2, 5), (9, 6)):
        saved(tmp_path / f"net_{number}.npz", rows=rows)
    found = listed(tmp_path)
    assert len(found) == 3
    assert {step for steps in found.values() for step in steps} == {None}


def test_steps_of_one_run_may_have_new_tensors_beside_the_same(tmp_path: Path) -> None:
    slots: dict[str, Any] = {"optimizer.state.0.exp_avg": np.ones((5, 3), np.float32)}
    saved(tmp_path / "net_1.npz")
    saved(tmp_path / "net_2.npz", **slots)
    assert listed(tmp_path)[".", "emb.weight"] == [1, 2]


def test_whole_files_are_called_by_what_they_share(tmp_path: Path) -> None:
    for number in (4, 5, 60):
        saved(tmp_path / f"codes_{number}.npy")
    assert listed(tmp_path) == {(".", "codes"): [4, 5, 60]}


def test_series_in_several_folders_of_a_run_stay_apart(tmp_path: Path) -> None:
    write(tmp_path / "events.out.tfevents.1.host")
    for part in ("encoder", "decoder"):
        for step in (1, 5):
            saved(tmp_path / part / f"net_{step}.npz")
    found = listed(tmp_path)
    assert found == {(".", f"{part}/net/emb.weight"): [1, 5] for part in ("decoder", "encoder")}


def test_a_trainer_says_the_step_of_its_folder(tmp_path: Path) -> None:
    saved(tmp_path / "best_model" / "m.npz")
    write(tmp_path / "best_model" / "trainer_state.json", '{"epoch": 2.0, "global_step": 870}')
    assert listed(tmp_path) == {("best_model", "emb.weight"): [870]}


def test_a_single_file_has_the_step_that_it_has_among_its_siblings(tmp_path: Path) -> None:
    for number in (7, 30, 200):
        saved(tmp_path / f"net_{number}.npz", number)
    assert open_logdir(tmp_path / "net_30.npz").entries[0].step == 30
    assert load(tmp_path / "net_30.npz", name="emb.weight").embedding.step == 30
