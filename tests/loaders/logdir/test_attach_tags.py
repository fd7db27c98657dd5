"""Tags of files, attached to the tensors that they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from projector.loaders.logdir.attach_tags import attach_tags, tagged
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import walk
from projector.loaders.tags.sidecar import tags_bytes
from projector.model.dataset import Dataset
from projector.model.tags import Tags
from tests.loaders.logdir.reports import Reports
from tests.loaders.logdir.sources import source
from tests.loaders.writers import write


def attach(root: Path, *sources: Source, single_file: bool = False) -> Reports:
    reports = Reports()
    attach_tags(sources, walk(root)[0], Scanner(), reports, single_file=single_file)
    return reports


def write_tags(path: Path, tensor: str = "emb", n_points: int = 4) -> None:
    write(path, tags_bytes(Tags(tensor, n_points, {"kind": {3: "odd"}})))


def test_tags_belong_to_a_run_a_name_and_a_number_of_points(tmp_path: Path) -> None:
    write_tags(tmp_path / "run" / "a.projector-tags.tsv")
    right, short = source("emb", run="run"), source("emb", run="run", rows=3, step=5)
    others = [source("emb"), source("other", run="run")]
    assert attach(tmp_path, right, short, *others).messages == []
    assert right.tags is not None
    assert [each.tags for each in (short, *others)] == [None] * 3
    assert "tags for 4 points, but this step has 3" in short.tags_warning
    assert [each.tags_warning for each in (right, *others)] == [""] * 3


def test_a_step_with_tags_of_its_own_has_no_warning(tmp_path: Path) -> None:
    write_tags(tmp_path / "a.projector-tags.tsv")
    write_tags(tmp_path / "b.projector-tags.tsv", n_points=5)
    first, second = source("emb"), source("emb", rows=5, step=5)
    assert attach(tmp_path, first, second).messages == []
    assert (first.tags_warning, second.tags_warning) == ("", "")
    assert second.tags is not None


def test_a_second_file_is_ignored(tmp_path: Path) -> None:
    write_tags(tmp_path / "a.projector-tags.tsv")
    write_tags(tmp_path / "b.projector-tags.tsv")
    tensor = source("emb")
    reports = attach(tmp_path, tensor)
    assert tensor.tags is not None
    assert tensor.tags.file == tmp_path / "a.projector-tags.tsv"
    assert reports.paths == ["b.projector-tags.tsv"]
    assert "error: is a second file of tags for the same tensor" in reports.messages[0]


def test_tags_of_nothing_are_reported_unless_one_file_is_open(tmp_path: Path) -> None:
    write_tags(tmp_path / "a.projector-tags.tsv", "gone")
    write_tags(tmp_path / "b.projector-tags.tsv", "emb", 99)
    write(tmp_path / "c.projector-tags.tsv", b"no tags")
    reports = attach(tmp_path, source("emb"))
    assert "'gone' with 4 points, but this run has no such tensor" in reports.messages[0]
    assert "'emb' with 99 points, but this run has it with 4 points only" in reports.messages[1]
    assert "line 1 is not" in reports.messages[2]
    alone = attach(tmp_path, source("emb"), single_file=True)
    assert alone.paths == ["b.projector-tags.tsv"]


def test_tags_are_columns_of_the_metadata(tmp_path: Path) -> None:
    data = Dataset(np.zeros((4, 2), np.float32))
    write_tags(tmp_path / "a.projector-tags.tsv")
    tensor = source("emb")
    attach(tmp_path, tensor)
    assert tagged(data, tensor).metadata["kind"].text.to_list() == [None, None, None, "odd"]
    assert tagged(data, source("emb")) is data


def test_a_dataset_with_other_points_gets_no_tags(tmp_path: Path) -> None:
    write_tags(tmp_path / "a.projector-tags.tsv")
    tensor = source("emb")
    attach(tmp_path, tensor)
    shrunk = Dataset(np.zeros((3, 2), np.float32))
    assert tagged(shrunk, tensor).metadata.columns == ()
    tensor.tags_warning = "not applied"
    assert tagged(shrunk, tensor).warnings == ("not applied",)
