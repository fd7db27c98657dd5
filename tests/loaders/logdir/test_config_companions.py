"""Companions that a config names: found, checked, and reported where they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.logdir.config_file import Config, Info
from tests.loaders.logdir.reports import Reports, companions_below
from tests.loaders.logdir.sources import source
from tests.loaders.writers import file_with, write

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def config_in(root: Path) -> Config:
    return Config(file_with(root / "run" / "projector_config.pbtxt", "", root=root), ())


def test_companions_are_attached_relative_to_the_config(tmp_path: Path) -> None:
    for name in ("m.tsv", "s.png", "b.txt"):
        write(tmp_path / "run" / name, {"m.tsv": b"a\n", "s.png": PNG, "b.txt": b"[]"}[name])
    reports = Reports()
    companions = companions_below(tmp_path, reports)
    tensor = source("emb")
    info = Info(metadata_path="m.tsv", image_path="s.png", bookmarks_path="b.txt", tile=(2, 3))
    companions.attach(tensor, config_in(tmp_path), info, "run")
    files = (tensor.metadata, tensor.sprite, tensor.bookmarks)
    assert [each.name for each in files if each] == ["m.tsv", "s.png", "b.txt"]
    assert (tensor.tile, tensor.named) == ((2, 3), True)
    assert reports.messages == []


def test_a_sprite_without_a_tile_size_says_so_later(tmp_path: Path) -> None:
    write(tmp_path / "run" / "s.png", PNG)
    tensor = source("emb")
    companions = companions_below(tmp_path, Reports())
    companions.attach(tensor, config_in(tmp_path), Info(image_path="s.png"), "run")
    assert tensor.tile == (0, 0)


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (
            Info(metadata_path="none.tsv", place="line 3", tensor_name="e"),
            "warning: line 3, tensor",
        ),
        (Info(metadata_path="../../up.tsv"), "points outside the log directory"),
        (Info(bookmarks_path="none.txt"), "'none.txt' does not exist"),
        (Info(bookmarks_path="bad.txt"), "error: line 1, column 1: is not JSON"),
        (Info(image_path="none.png"), "'none.png' does not exist"),
        (Info(image_path="empty.png"), "error: is empty"),
        (Info(image_path="huge.png"), "error: claims to have 100,000 x 100,000 pixels"),
    ],
)
def test_a_companion_that_cannot_be_used_is_reported(
    tmp_path: Path, info: Info, message: str
) -> None:
    size = (100_000).to_bytes(4, "big")
    for name, content in (("bad.txt", b"no"), ("empty.png", b""), ("huge.png", PNG + size * 2)):
        write(tmp_path / "run" / name, content)
    reports = Reports()
    tensor = source("emb")
    companions_below(tmp_path, reports).attach(tensor, config_in(tmp_path), info, "run")
    assert len(reports.messages) == 1
    assert message in reports.messages[0]
    assert tensor.metadata is None
    assert tensor.bookmarks is None


def test_a_hidden_file_can_be_named(tmp_path: Path) -> None:
    write(tmp_path / "run" / ".m.tsv", b"a\n")
    tensor = source("emb")
    info = Info(metadata_path=".m.tsv")
    companions_below(tmp_path, Reports()).attach(tensor, config_in(tmp_path), info, "run")
    assert tensor.metadata is not None
    assert tensor.metadata.size == 2


@pytest.mark.parametrize(
    "named",
    [
        "/data/else/where/run/labels.tsv",
        "C:\\work\\run\\labels.tsv",
        "run/labels.tsv",
        "./labels.tsv",
        "../gone/labels.tsv",
        "gs://bucket/run/labels.tsv",
        "deep/labels.tsv",
    ],
)
def test_a_path_of_another_place_is_found_by_its_last_parts(tmp_path: Path, named: str) -> None:
    write(tmp_path / "run" / "labels.tsv", "a\n")
    write(tmp_path / "other" / "labels.tsv", "b\n")
    reports = Reports()
    companions = companions_below(tmp_path, reports)
    tensor = source("emb")
    companions.attach(tensor, config_in(tmp_path), Info(metadata_path=named), "run")
    assert tensor.metadata is not None
    assert tensor.metadata.path == tmp_path / "run" / "labels.tsv"
    is_exact = named == "./labels.tsv"
    assert [("run/labels.tsv is used instead" in m) for m in reports.messages] == [True] * (
        not is_exact
    )


def test_a_longer_match_of_a_path_counts_before_a_nearer_one(tmp_path: Path) -> None:
    write(tmp_path / "run" / "labels.tsv", "a\n")
    write(tmp_path / "run" / "deep" / "labels.tsv", "b\n")
    companions = companions_below(tmp_path, Reports())
    tensor = source("emb")
    companions.attach(tensor, config_in(tmp_path), Info(metadata_path="/x/deep/labels.tsv"), "run")
    assert tensor.metadata is not None
    assert tensor.metadata.path.parent.name == "deep"


def test_what_lies_beside_is_named_where_nothing_is_alike(tmp_path: Path) -> None:
    write(tmp_path / "run" / "names.txt", "a\n")
    write(tmp_path / "labels.tsv", "a\n")
    reports = Reports()
    tensor = source("emb")
    info = Info(metadata_path="/x/labels.tsv")
    companions_below(tmp_path, reports).attach(tensor, config_in(tmp_path), info, "run")
    assert tensor.metadata is None
    assert tensor.lost_metadata
    assert reports.messages[0].endswith("Beside the config there are names.txt.")
