"""Tensor files that configs name by path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.config_matching import ConfigReader
from projector.loaders.logdir.sources import Source
from tests.loaders.logdir.reports import Reports, companions_below
from tests.loaders.writers import file_with, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    ones = np.ones((4, 2), np.float32)
    np.save(tmp_path / "v.npy", ones)
    np.savez(tmp_path / "two.npz", a=ones, b=ones)
    save_file({"emb": ones}, tmp_path / "m.safetensors")
    write(tmp_path / "raw.bytes", ones.tobytes())
    write(tmp_path / "raw.weird", ones.tobytes())
    write(tmp_path / "t.tsv", "1\t2\n3\t4\n")
    return tmp_path


def read(root: Path, *infos: Info) -> tuple[list[Source], Reports, ConfigReader]:
    reports = Reports()
    companions = companions_below(root, reports)
    reader = ConfigReader(companions, companions.scanner, reports)
    config = Config(file_with(root / "projector_config.pbtxt", "", root=root), infos)
    return reader.named_files(config, "run"), reports, reader


@pytest.mark.parametrize(
    ("info", "name", "step", "shape"),
    [
        (Info("called", "v.npy"), "called", None, (4, 2)),
        (Info("", "v.npy"), "v", None, (4, 2)),
        (Info("tag:00010", "v.npy"), "tag", 10, (4, 2)),
        (Info("a", "two.npz"), "a", None, (4, 2)),
        (Info("raw", "raw.bytes", tensor_shape=(4, 2)), "raw", None, (4, 2)),
        (Info("raw", "raw.bytes", tensor_shape=(2, 4)), "raw", None, (2, 4)),
        (Info("raw", "raw.weird", tensor_shape=(4, 2)), "raw", None, (4, 2)),
        (Info("text", "t.tsv"), "text", None, (2, 2)),
    ],
)
def test_a_named_file_is_a_tensor(
    root: Path, info: Info, name: str, step: int | None, shape: tuple[int, int]
) -> None:
    (found,), reports, reader = read(root, info)
    assert (found.tensor.name, found.step, found.tensor.shape) == (name, step, shape)
    assert (found.run, found.named, found.role) == ("run", True, "embedding")
    assert reports.messages == []
    assert reader.used == {root / info.tensor_path}


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (Info("x", "none.npy"), "'none.npy' does not exist"),
        (Info("x", "../up.npy"), "points outside the log directory"),
        (Info("x", "two.npz"), "contains 2 matrices (a, b), and none is called 'x'"),
        (Info("x", "raw.bytes"), "Set tensor_shape in a projector config"),
        (Info("x", "raw.weird"), "is not a text file"),
        (Info("x", "raw.bytes", tensor_shape=(8,)), "tensor_shape is [8]; expected two"),
        (Info("x", "raw.bytes", tensor_shape=(400, 2)), "takes 3,200 bytes, but the file has 32"),
    ],
)
def test_a_file_that_is_not_a_tensor_is_reported(root: Path, info: Info, message: str) -> None:
    found, reports, _ = read(root, info)
    assert found == []
    assert len(reports.messages) == 1
    assert message in reports.messages[0]


@pytest.mark.parametrize("path", ["v.npy", "m.safetensors", "t.tsv"])
def test_a_shape_that_the_file_contradicts_is_reported(root: Path, path: str) -> None:
    (found,), reports, _ = read(root, Info("x", path, tensor_shape=(9, 9)))
    (message,) = reports.messages
    assert "tensor_shape is 9 x 9, but the file has" in message
    assert found.tensor.shape in ((4, 2), (2, 2))


def test_a_shape_that_fits_raw_numbers_roughly_is_used_with_a_warning(root: Path) -> None:
    (found,), reports, _ = read(root, Info("x", "raw.bytes", tensor_shape=(5, 2)))
    assert found.tensor.shape == (4, 2)
    (message,) = reports.messages
    assert "tensor_shape is 5 x 2, but the file has 32 bytes" in message


def test_an_entry_that_is_repeated_is_listed_once(root: Path) -> None:
    found, reports, _ = read(root, Info("x", "v.npy"), Info("x", "v.npy"))
    assert len(found) == 1
    assert reports.messages == []
    found, reports, _ = read(root, Info("x", "v.npy"), Info("x", "v.npy", image_path="v.npy"))
    assert len(found) == 1
    assert "'x' is listed twice" in reports.messages[-1]


def test_all_named_files_are_used_even_without_a_tensor(root: Path) -> None:
    info = Info("x", metadata_path="t.tsv", image_path="s.png", bookmarks_path="b.txt")
    assert read(root, info)[2].used == {root / name for name in ("t.tsv", "s.png", "b.txt")}
