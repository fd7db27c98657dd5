"""The log directory as users open it: finding entries, refreshing, and tags through a log."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError, UnknownNameError
from projector.loaders import open_logdir, safe_files
from projector.loaders.logdir.existing_path import existing
from projector.model.listing import Entry
from tests.loaders.writers import checkpoint, tsv, write


def test_find_takes_the_latest_step_and_every_name_of_a_tensor(tmp_path: Path) -> None:
    for step in (2, 10):
        checkpoint(tmp_path / f"m-{step}", {"emb": np.full((3, 2), step, np.float32)})
    log = open_logdir(tmp_path)
    assert log.find(name="emb").step == 10
    assert log.find(name="emb:0", step=2).step == 2
    assert log.find().name == "emb"
    with pytest.raises(UnknownNameError, match="Did you mean 'emb'"):
        log.find(name="embb")
    with pytest.raises(UnknownNameError, match="step"):
        log.find(name="emb", step=3)


def test_find_can_be_narrowed_to_a_run(tmp_path: Path) -> None:
    tsv(tmp_path / "a" / "emb.tsv")
    tsv(tmp_path / "b" / "emb.tsv")
    log = open_logdir(tmp_path)
    assert log.find(run="b").path == "b/emb.tsv"
    with pytest.raises(UnknownNameError, match="Unknown run 'c'"):
        log.find(run="c")
    with pytest.raises(UnknownNameError):
        open_logdir(tmp_path / "a" / "..").find(name="other")


def test_an_empty_log_has_nothing_to_find(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        open_logdir(tmp_path).find()


def test_a_refresh_sees_what_changed_and_only_that(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    log = open_logdir(tmp_path)
    before = log.listing
    assert not log.refresh()
    assert log.listing == before
    tsv(tmp_path / "run" / "b.tsv")
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["a", "b"]
    tsv(tmp_path / "a.tsv", rows=9)
    os.utime(tmp_path / "a.tsv", ns=(1, 1))
    assert log.refresh()
    assert log.find(name="a").shape == (9, 3)
    (tmp_path / "run" / "b.tsv").unlink()
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["a"]


def test_a_single_file_is_a_log_of_its_own(tmp_path: Path) -> None:
    tsv(tmp_path / "f.tsv")
    tsv(tmp_path / "g.tsv")
    write(tmp_path / "labels.tsv", "a\nb\nc\nd\n")
    log = open_logdir(tmp_path / "f.tsv")
    assert [entry.name for entry in log.entries] == ["f"]
    assert log.root == tmp_path
    assert log.load(log.entries[0]).metadata.n_rows == 4
    tsv(tmp_path / "f.tsv", rows=7)
    assert log.refresh()
    assert log.entries[0].n_points == 7
    (tmp_path / "f.tsv").unlink()
    assert log.refresh()
    assert "was removed" in log.problems[0].message
    states = [log.listing.is_missing]
    tsv(tmp_path / "f.tsv", rows=3)
    assert log.refresh()
    assert log.entries[0].n_points == 3
    assert [*states, log.listing.is_missing] == [True, False]
    config = tmp_path / "projector_config.json"
    config.write_text('{"embeddings": [{"tensorName": "both", "tensorPath": "g.tsv"}]}')
    assert [entry.name for entry in open_logdir(config).entries] == ["both"]


def test_an_entry_of_another_log_is_unknown(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    log = open_logdir(tmp_path)
    foreign = Entry("run", "b", None, (4, 3), "float32", "npy", "b.npy")
    for use in (log.load, log.tags, log.sidecar, log.bookmarks):
        with pytest.raises(UnknownNameError, match="Unknown embedding 'b'"):
            use(foreign)
    with pytest.raises(UnknownNameError, match="bookmarks"):
        log.bookmarks(log.entries[0])


def test_tags_are_part_of_the_listing_at_once(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    log = open_logdir(tmp_path)
    before = log.entries[0]
    (after,) = log.tag(before, [1], "kind", "odd")
    assert before.tags == ""
    assert after.tags != ""
    assert after.untagged == before
    assert log.entries == (after,)
    plain = log.load(after, tags=False)
    assert "kind" not in plain.metadata
    assert log.tagged(after, plain).metadata["kind"].text.to_list() == [None, "odd", None, None]


def test_a_log_without_sidecars_writes_nothing(tmp_path: Path) -> None:
    from projector.loaders.logdir.log import Log

    tsv(tmp_path / "a.tsv")
    log = Log(tmp_path, save_sidecars=False)
    log.tag(log.entries[0], [1], "kind", "odd")
    assert not log.save_sidecars
    assert [path.name for path in tmp_path.iterdir()] == ["a.tsv"]
    log.refresh()
    assert log.load(log.entries[0]).metadata["kind"].text[1] == "odd"


def test_readers_always_see_a_whole_listing(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    log = open_logdir(tmp_path)
    stop, errors = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            try:
                for entry in log.listing.entries:
                    log.load(entry)
            except Exception as error:  # noqa: BLE001  any error at all is what the test looks for
                errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for rows in range(5, 15):
        tsv(tmp_path / f"b{rows}.tsv", rows=rows)
        log.refresh()
    stop.set()
    thread.join()
    assert errors == []
    assert len(log.entries) == 11


@pytest.mark.parametrize("path", ["none", "a.tsv/none"])
def test_a_path_must_exist(tmp_path: Path, path: str) -> None:
    tsv(tmp_path / "a.tsv")
    with pytest.raises(LoadError, match="Give a path that exists"):
        open_logdir(tmp_path / path)
    assert existing(str(tmp_path / "." / "a.tsv")) == tmp_path / "a.tsv"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO, errno.EACCES, errno.ESTALE])
def test_what_the_machine_refused_once_is_read_when_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    tsv(tmp_path / "a.tsv")
    os.utime(tmp_path / "a.tsv", (1e9, 1e9))

    def refuse(path: str, *given: object) -> int:
        raise OSError(number, os.strerror(number), path)

    with monkeypatch.context() as refusing:
        refusing.setattr(safe_files, "open_without_links", refuse)
        log = open_logdir(tmp_path)
        assert list(log.entries) == []
        assert os.strerror(number) in log.problems[0].message
        assert "ulimit -n" in log.problems[0].message or number != errno.EMFILE
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["a"]
