"""What lies beside vectors and has none: state of trainings, logs, boxes in pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from projector.loaders.logdir.noise import is_log, is_state
from tests.loaders.writers import file_with, tsv, write


@pytest.mark.parametrize(
    "name",
    [
        "rng_state.pth",
        "rng_state_3.pth",
        "scheduler.pt",
        "scaler.pt",
        "random_states_0.pkl",
        "training_args.bin",
        "trainer_state.json",
        "tokenizer_config.json",
        "config.json",
        "special_tokens_map.json",
        "requirements.txt",
        "run-2f1.wandb",
    ],
)
def test_state_of_a_training_is_no_data(tmp_path: Path, name: str) -> None:
    assert is_state(file_with(tmp_path / name, b"x"))
    write(tmp_path / name, b"\x80\x04junk")
    tsv(tmp_path / "emb.tsv")
    assert open_logdir(tmp_path).problems == ()


@pytest.mark.parametrize(
    "name", ["optimizer.pt", "model.pth", "pytorch_model.bin", "states.npy", "embconfig.npz"]
)
def test_other_files_may_be_data(tmp_path: Path, name: str) -> None:
    assert not is_state(file_with(tmp_path / name, b"x"))


def test_values_of_mlflow_are_no_vectors(tmp_path: Path) -> None:
    run = tmp_path / "4" / "a1b2"
    write(run / "meta.yaml", "status: 3\n")
    write(run / "metrics" / "f1", "".join(f"17000{n} 0.{n} {n}\n" for n in range(8)))
    write(run / "params" / "lr", "0.1")
    (run / "artifacts").mkdir()
    np.save(run / "artifacts" / "codes.npy", np.ones((4, 3)))
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["codes"]
    assert log.problems == ()
    assert not is_state(file_with(tmp_path / "metrics" / "emb", b"x"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train_log", True),
        ("history", True),
        ("val-metrics", True),
        ("loss", True),
        ("catalog", False),
        ("glossary", False),
        ("login_embeddings", False),
    ],
)
def test_logs_are_recognized_by_whole_words(name: str, expected: bool) -> None:
    assert is_log(name) == expected


def test_a_log_of_losses_is_listed_last_and_is_no_embedding(tmp_path: Path) -> None:
    write(tmp_path / "a_log.tsv", "0.5\t0.25\t0.1\n" * 9)
    tsv(tmp_path / "zz.tsv")
    log = open_logdir(tmp_path)
    assert [(entry.name, entry.role) for entry in log.entries] == [
        ("zz", "embedding"),
        ("a_log", "weight"),
    ]


def boxes(root: Path, folder: str, count: int = 5) -> None:
    for number in range(count):
        lines = "".join(f"{n} 0.5 0.25 0.125 0.0{n}\n" for n in range(1 + number % 3))
        write(root / folder / f"im{number:03d}.txt", lines)


@pytest.mark.parametrize("folder", ["pics/labels", "pics/train"])
def test_boxes_in_pictures_are_no_embeddings_and_no_errors(tmp_path: Path, folder: str) -> None:
    boxes(tmp_path, folder)
    tsv(tmp_path / "emb.tsv")
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["emb"]
    assert len(log.problems) <= 1
    assert all(problem.severity == "warning" for problem in log.problems)


def test_other_small_matrices_are_listed(tmp_path: Path) -> None:
    for number, name in enumerate(("ant", "bee", "cow")):
        write(tmp_path / "out" / f"{name}.txt", f"{number}.5 7.5 3 0.5 2\n" * (number + 2))
    assert len(open_logdir(tmp_path).entries) == 3
