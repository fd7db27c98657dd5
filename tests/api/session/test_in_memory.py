"""Datasets in memory are shown as they are, and no file is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.session.in_memory import is_in_memory, open_in_memory
from projector.api.session.session import Session
from projector.errors import ConflictError, ParameterError, UnknownNameError

VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3)


def names(source: Any) -> list[tuple[str, str, int | None]]:
    return [(e.run, e.name, e.step) for e in open_in_memory(source).entries]


def test_everything_that_a_notebook_has_gets_a_name() -> None:
    data = projector.Dataset(VECTORS, name="hidden", run="mlp", step=3)
    assert names(VECTORS) == [(".", "vectors", None)]
    assert names(data) == [("mlp", "hidden", 3)]
    assert names([VECTORS, VECTORS * 2]) == [(".", "vectors 1", None), (".", "vectors 2", None)]
    assert names([data, VECTORS]) == [("mlp", "hidden", 3), (".", "vectors 2", None)]
    assert names({"before": VECTORS, "after": data}) == [
        (".", "before", None),
        ("mlp", "after", 3),
    ]
    assert names(projector.project(VECTORS, "pca", n_components=2)) == [(".", "pca", None)]


def test_only_an_array_that_can_be_changed_is_copied() -> None:
    fixed = VECTORS.copy()
    fixed.flags.writeable = False
    log = open_in_memory({"a": fixed, "b": VECTORS, "c": VECTORS[:]})
    shared = [np.shares_memory(log.load(each).vectors, fixed) for each in log.entries]
    assert shared == [True, False, False]
    assert not np.shares_memory(log.load(log.entries[2]).vectors, VECTORS)


def test_a_map_of_a_file_is_copied_because_others_may_shorten_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", VECTORS)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    data = projector.Dataset(mapped, {"label": list("abcd")}, name="b", warnings=["w"])
    log = open_in_memory([mapped, data])
    os.truncate(tmp_path / "x.npy", 0)
    first, second = (log.load(entry) for entry in log.entries)
    np.testing.assert_array_equal(first.vectors, VECTORS)
    np.testing.assert_array_equal(second.vectors, VECTORS)
    assert (second.metadata.names, second.warnings) == (("label",), ("w",))


def test_a_map_whose_file_was_shortened_is_one_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((5000, 3), np.float32))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    os.truncate(tmp_path / "x.npy", 4096)
    with pytest.raises(ParameterError, match=r"map of 60\.0 kB cannot be copied .* was shortened"):
        open_in_memory(mapped)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([], "nothing to show"),
        ({}, "nothing to show"),
        (42, "Got int"),
        ([[1.0, 2.0]], "Got list"),
        ([VECTORS, "runs"], "Got str"),
        ({"runs": Path("runs")}, "Do not mix paths"),
        ([projector.Dataset(VECTORS, name="a")] * 2, "2 datasets have the name 'a'"),
    ],
)
def test_what_cannot_be_shown_is_refused(source: Any, message: str) -> None:
    assert is_in_memory(source)
    with pytest.raises(ParameterError, match=message):
        open_in_memory(source)


def test_paths_are_not_in_memory() -> None:
    assert not is_in_memory("runs")
    assert not is_in_memory(Path("runs"))
    assert not is_in_memory(["a.npy", "b.tsv"])


def test_a_session_shows_datasets_in_memory_and_reads_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    data = projector.Dataset(VECTORS, metadata={"picture": ["x.png"] * 4}, name="a")
    session = Session(data)
    try:
        opened = session.dataset(session.listing.entries[0].id)
        assert opened.data is data
        assert session.scalars(opened) == ({}, [])
        with pytest.raises(UnknownNameError):
            session.media(opened, 0, 0)
        session.refresh()
        assert session.dataset(opened.id).data is data
    finally:
        session.close()
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


def test_a_dataset_in_memory_can_be_tagged_and_stays_as_it_is() -> None:
    data = projector.Dataset(VECTORS, metadata={"label": list("abcd")})
    session = Session({"a": data, "b": VECTORS[:2]})
    try:
        first, second = session.listing.entries
        opened = session.dataset(first.id)
        tags = session.tags(opened).with_values([1], "kind", "odd").with_values([2], "label", "x")
        session.save_tags(opened, tags, "", to_file=True)
        again = session.dataset(first.id)
        assert again.data.metadata.row(1) == ["b", "odd"]
        assert again.data.metadata.row(2) == ["x", None]
        assert again.data.vectors is opened.data.vectors
        assert again.entry.tags != ""
        assert data.metadata.row(2) == ["c"]
        assert session.dataset(second.id).data.metadata.names == ()
        with pytest.raises(ConflictError):
            session.save_tags(again, tags, "", to_file=True)
        with pytest.raises(ParameterError, match="Expected 'b' with 2"):
            session.save_tags(session.dataset(second.id), tags, "", to_file=True)
    finally:
        session.close()
