"""The store of tags: sidecar files, memory, and which tags may replace which."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import ConflictError, ParameterError, SaveError
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.tag_store import TagStore
from projector.loaders.logdir.walk import read_folder, walk
from projector.loaders.tags.sidecar import Sidecar
from projector.model.tags import Tags
from tests.loaders.logdir.sources import source

ODD = Tags("emb", 4, {"kind": {3: "odd"}})


def store_of(root: Path, *sources: Source, save_sidecars: bool = True) -> TagStore:
    store = TagStore(root, Scanner(), save_sidecars=save_sidecars)
    store.update(sources, walk(root)[0])
    return store


def test_tags_are_saved_for_all_steps_with_as_many_points(tmp_path: Path) -> None:
    steps = [source("emb", step=step) for step in (1, 2)]
    others = [source("emb", rows=9), source("other"), source("emb", run="run")]
    store = store_of(tmp_path, *steps, *others)
    assert store.tags(steps[0]) == Tags("emb", 4)
    path = tmp_path / "emb.projector-tags.tsv"
    assert store.sidecar(steps[0]).file == path
    saved = store.save(steps[0], ODD)
    assert saved.file == path
    assert path.read_text().endswith("row\tkind\n3\todd\n")
    assert [store.tags(each) for each in steps] == [ODD, ODD]
    assert [each.tags for each in others] == [None] * 3
    assert store.sidecar(steps[1]) == saved


def test_without_columns_the_file_is_removed(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor)
    store.save(tensor, ODD)
    store.save(tensor, Tags("emb", 4))
    assert list(tmp_path.iterdir()) == []
    assert tensor.tags is None
    store.save(tensor, ODD)
    assert len(list(tmp_path.iterdir())) == 1


def test_tags_in_memory_survive_a_refresh_and_replace_those_of_a_file(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor)
    on_disk = store.save(tensor, ODD)
    even = ODD.with_values([2], "kind", "even")
    kept = store.save(tensor, even, to_file=False)
    assert (kept.file, kept.replaced) == (None, on_disk)
    refreshed = source("emb")
    refreshed.tags = on_disk
    store.update([refreshed], walk(tmp_path)[0])
    assert store.tags(refreshed) == even
    saved = store.save(refreshed, even)
    assert saved.file == on_disk.file
    later = source("emb")
    later.tags = saved
    store.update([later], walk(tmp_path)[0])
    assert store.sidecar(later) == saved, "what is saved is no longer in memory"


def test_without_sidecars_nothing_is_written(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor, save_sidecars=False)
    assert store.sidecar(tensor) == Sidecar(None, None, "")
    assert store.save(tensor, ODD).file is None
    assert store.tags(tensor) == ODD
    assert list(tmp_path.iterdir()) == []


def test_only_the_revision_that_was_read_is_replaced(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor)
    with pytest.raises(ConflictError, match="have been changed since"):
        store.save(tensor, ODD, expected="0" * 16)
    first = store.save(tensor, ODD, expected="")
    with pytest.raises(ConflictError):
        store.save(tensor, ODD, expected="")
    store.save(tensor, ODD.with_values([1], "kind", "x"), expected=first.revision)


def test_tags_of_another_tensor_are_refused(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor)
    for wrong in (Tags("other", 4, {"a": {0: "b"}}), Tags("emb", 5, {"a": {0: "b"}})):
        with pytest.raises(ParameterError, match="Expected 'emb' with 4 points"):
            store.save(tensor, wrong)


def test_a_file_with_mistakes_is_not_written_to(tmp_path: Path) -> None:
    tensor = source("emb")
    store = store_of(tmp_path, tensor)
    tensor.tags = Sidecar(tmp_path / "t.tsv", ODD, "r", ("line 3: bad",))
    with pytest.raises(SaveError, match="line 3: bad"):
        store.save(tensor, ODD)
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_folder_keeps_its_tags_in_memory_only(tmp_path: Path) -> None:
    tensor = source("emb", run="gone")
    store = store_of(tmp_path, tensor)
    with pytest.raises(SaveError, match="its run has no folder"):
        store.save(tensor, ODD)
    assert store.save(tensor, ODD, to_file=False).tags == ODD


def test_a_file_that_was_just_written_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = Scanner()
    store = TagStore(tmp_path, scanner, save_sidecars=True)
    tensor = source("emb")
    store.update([tensor], walk(tmp_path)[0])
    saved = store.save(tensor, ODD)
    monkeypatch.setattr("projector.loaders.logdir.scanner.read_sidecar", lambda file: 1 / 0)
    (file,) = read_folder(tmp_path).tags
    assert scanner.tags(file) is saved
