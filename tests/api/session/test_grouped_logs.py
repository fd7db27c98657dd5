"""Several log directories in one server: named groups of runs, each entry read from its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from projector.api.session.grouped_logs import groups_of
from projector.api.session.session import Session
from projector.errors import LoadError, ParameterError
from projector.model.tags import Tags
from tests.conftest import DEMO, write_log

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@pytest.fixture
def folders(tmp_path: Path, blobs: Vectors) -> tuple[Path, Path]:
    one, two = tmp_path / "one" / "runs", tmp_path / "two" / "runs"
    write_log(one / "a", blobs, step=5)
    write_log(two / "a", blobs * 2, step=5)
    (two / "b").mkdir()
    (two / "b" / "projector_config.pbtxt").write_text("embeddings { broken")
    return one, two


@pytest.fixture
def session(folders: tuple[Path, Path]) -> Iterator[Session]:
    made = Session([folders[0], f"new={folders[1]}"], watch=False)
    made.wait()
    yield made
    made.close()


def test_each_directory_is_a_group_of_runs(session: Session, folders: tuple[Path, Path]) -> None:
    listing = session.listing
    assert [entry.run for entry in listing.entries] == ["runs/a", "new/a"]
    assert listing.runs == ("runs/a", "new/a")
    assert [problem.path for problem in listing.problems] == ["new/b/projector_config.pbtxt"]
    assert len(listing.by_id) == 2
    assert listing.root == folders[0].parent.parent
    assert session.listing is listing


def test_entries_are_read_from_their_own_directory(session: Session, blobs: Vectors) -> None:
    one, two = (session.dataset(entry.id).data for entry in session.listing.entries)
    np.testing.assert_allclose(two.vectors, one.vectors * 2, rtol=1e-6)
    assert len(one.metadata["label"].text) == len(blobs)


def test_tags_are_saved_beside_the_data_that_they_are_of(
    session: Session, folders: tuple[Path, Path]
) -> None:
    opened = session.dataset(session.listing.entries[1].id)
    sidecar, _ = session.sidecar(opened)
    tags = Tags("default", opened.data.n_points).with_values([0, 3], "kind", "odd")
    session.save_tags(opened, tags, sidecar.revision, to_file=True)
    sidecar, root = session.sidecar(opened)
    assert sidecar.file is not None
    assert sidecar.file.is_relative_to(folders[1])
    assert sidecar.file.is_relative_to(root)
    again = session.dataset(session.listing.entries[1].id).data
    assert again.metadata["kind"].text[3] == "odd"


def test_a_change_is_seen_in_its_group_alone(
    session: Session, folders: tuple[Path, Path], blobs: Vectors
) -> None:
    before = session.listing.entries[0]
    write_log(folders[1] / "a", blobs * 3, step=9)
    session.refresh()
    assert [(e.run, e.step) for e in session.listing.entries] == [
        ("runs/a", 5),
        ("new/a", 5),
        ("new/a", 9),
    ]
    assert session.listing.entries[0] == before


def test_scalars_and_runs_are_those_of_the_group() -> None:
    session = Session([f"x={DEMO}", f"y={DEMO.parent / 'demo_data' / 'mlp-relu-16'}"], watch=False)
    try:
        session.wait()
        runs = {run.name: run for run in session.catalog.runs}
        assert {"x/mlp-relu-16", "x/cnn-tanh-32", "y"} <= set(runs)
        assert {entry.run for entry in runs["y"].tensors} == {"y"}
        entry = next(each for each in session.listing.entries if each.run == "y")
        scalars, _ = session.catalog.scalars(entry)
        assert "loss/train" in scalars
        assert runs["y"].scalar_tags == runs["x/mlp-relu-16"].scalar_tags
    finally:
        session.close()


def test_names_are_as_long_as_they_need_to_be(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a/runs", "b/runs", "c/other", "x=y")]
    for place in places:
        place.mkdir(parents=True)
    found = groups_of([*places[:3], f"mine={tmp_path}", places[3]])
    assert found is not None
    assert list(found) == ["a/runs", "b/runs", "other", "mine", "x=y"]
    file = tmp_path / "v.npy"
    np.save(file, np.eye(3))
    assert groups_of([file, file]) is None
    assert groups_of([places[0], file]) == {"runs": places[0], "v.npy": file}


def test_what_is_ambiguous_or_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(ParameterError, match="is given twice"):
        groups_of([tmp_path / "a", tmp_path / "b" / ".." / "a"])
    with pytest.raises(ParameterError, match="have the name 'n'"):
        groups_of([f"n={tmp_path / 'a'}", f"n={tmp_path / 'b'}"])
    with pytest.raises(LoadError, match="Give a path that exists"):
        Session([tmp_path / "a", f"n={tmp_path / 'gone'}"])


def test_open_pages_hear_of_a_change_in_any_group(
    folders: tuple[Path, Path], blobs: Vectors
) -> None:
    session = Session([*folders])
    try:
        session.wait()
        write_log(folders[1] / "c", blobs, step=1)
        end = time.monotonic() + 60
        while "two/runs/c" not in session.listing.runs:
            assert time.monotonic() < end, "the new run is not listed"
            time.sleep(0.05)
    finally:
        session.close()
