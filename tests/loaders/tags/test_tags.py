"""Tags through a log: read as metadata, saved atomically, never over others' changes."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import ConflictError, ParameterError, SaveError, UnknownNameError
from projector.loaders.logdir.log import Log
from tests.conftest import write_log
from tests.loaders.tags.hostile import HEADER, HOSTILE

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@pytest.fixture
def runs(tmp_path: Path, blobs: Vectors) -> Path:
    write_log(tmp_path / "runs", blobs, step=0)
    return write_log(tmp_path / "runs", blobs, step=10)


@pytest.fixture
def log(runs: Path) -> Log:
    return projector.open_logdir(runs)


def the_file(runs: Path) -> Path:
    (found,) = runs.rglob("*.projector-tags.tsv")
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_tags_are_columns_of_every_step_and_the_source_stays(runs: Path, log: Log) -> None:
    before = contents(runs)
    entry = log.entries[0]
    plain = log.load(entry)
    log.tag(entry, [3, 17], "kind", "odd")
    log.tag(entry, np.array([3]), "label", "mine")
    assert the_file(runs).read_bytes() == HEADER + b"row\tkind\tlabel\n3\todd\tmine\n17\todd\t\n"
    assert {k: v for k, v in contents(runs).items() if k in before} == before
    for each in log.entries:
        data = log.load(each)
        assert data.metadata.names == ("label", "value", "kind")
        label, kind = data.metadata["label"], data.metadata["kind"]
        assert [kind.text[i] for i in (3, 4, 17)] == ["odd", None, "odd"]
        assert kind.tagged is not None
        assert kind.tagged.nonzero()[0].tolist() == [3, 17]
        assert kind.source is None
        assert [label.text[i] for i in (2, 3, 4)] == ["c", "mine", "e"]
        assert label.source is not None
        assert label.source.text[3] == plain.metadata["label"].text[3]
        assert data.metadata["value"].tagged is None
        assert data.content_hash == plain.content_hash
        assert log.load(each, tags=False).metadata.names == ("label", "value")


def test_what_was_written_is_found_again_and_is_no_embedding(runs: Path, log: Log) -> None:
    # As many lines as there are points, and a header: just what a table of metadata has.
    log.tag(log.entries[0], range(299), "kind", "odd")
    assert not log.refresh(), "its own writing is not a change"
    again = projector.open_logdir(runs)
    assert again.entries == log.entries
    assert again.problems == ()
    assert again.tags(again.entries[0]) == log.tags(log.entries[0])
    assert projector.load(runs).metadata["kind"].text[298] == "odd"
    assert "kind" not in projector.load(runs, tags=False).metadata


def test_a_single_file_has_its_tags_too(tmp_path: Path, blobs: Vectors) -> None:
    np.save(tmp_path / "vectors.npy", blobs)
    log = projector.open_logdir(tmp_path / "vectors.npy")
    log.tag(log.entries[0], [5], "kind", "odd")
    assert projector.load(tmp_path / "vectors.npy").metadata["kind"].text[5] == "odd"
    assert projector.load(tmp_path).metadata["kind"].text[5] == "odd"
    np.save(tmp_path / "other.npy", blobs[:9])
    assert projector.open_logdir(tmp_path / "other.npy").problems == ()


def test_columns_are_renamed_cleared_and_deleted(runs: Path, log: Log) -> None:
    entry = log.entries[0]
    log.tag(entry, [3, 4], "kind", "odd")
    log.save_tags(entry, log.tags(entry).renamed("kind", "sort"))
    log.tag(entry, [3], "sort", None)
    assert log.load(log.entries[0]).metadata["sort"].n_missing == 299
    with pytest.raises(UnknownNameError, match="kind"):
        log.tags(entry).without("kind")
    log.save_tags(entry, log.tags(entry).without("sort"))
    assert not list(runs.rglob("*projector-tags*")), "a file without tags is none"
    assert log.entries[0].tags == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_problem_and_stays_as_it_is(name: str, runs: Path) -> None:
    raw, message = HOSTILE[name]
    file = runs / "default.projector-tags.tsv"
    file.write_bytes(raw)
    log = projector.open_logdir(runs)
    (problem,) = log.problems
    assert problem.path == file.name
    assert message in problem.message
    assert log.load(log.entries[0]).n_points == 300
    with contextlib.suppress(SaveError):  # where some of its lines could be read
        log.tag(log.entries[0], [7], "mine", "yes")
    assert file.read_bytes() == raw, "what could not be read is never written over"


def test_good_lines_of_a_bad_file_are_read(runs: Path) -> None:
    lines = b"row\tkind\n3\todd\n-1\tx\n999\tx\n4\teven\n3\tx\n4\tx\n\n5\t=cmd()|'<script>'\r\n"
    (runs / "default.projector-tags.tsv").write_bytes(HEADER + lines)
    log = projector.open_logdir(runs)
    (problem,) = log.problems
    assert "and 1 more line." in problem.message
    kind = log.load(log.entries[0]).metadata["kind"]
    assert [kind.text[i] for i in (3, 4, 5)] == ["odd", "even", "=cmd()|'<script>'"]
    with pytest.raises(SaveError, match="no tags are saved to the file until they are corrected"):
        log.tag(log.entries[0], [7], "kind", "odd")


def test_a_huge_file_is_refused_unread(runs: Path) -> None:
    with (runs / "default.projector-tags.tsv").open("wb") as file:
        file.truncate(65 << 20)
    (problem,) = projector.open_logdir(runs).problems
    assert "at most 67,108,864 are read" in problem.message


def test_another_number_of_points_is_a_warning_with_counts(runs: Path, blobs: Vectors) -> None:
    write_log(runs, blobs[:200], step=20)
    log = projector.open_logdir(runs)
    first, last = log.entries[0], log.entries[-1]
    log.tag(first, [3], "kind", "odd")
    log.refresh()
    assert log.problems == ()
    short = log.load(log.entries[-1])
    assert "kind" not in short.metadata
    assert any("tags for 300 points, but this step has 200" in each for each in short.warnings)
    # They have tags of their own, in a file of their own.
    log.tag(last, [4], "kind", "even")
    log.refresh()
    assert len(list(runs.glob("*.projector-tags.tsv"))) == 2
    assert log.load(log.entries[0]).metadata["kind"].text[3] == "odd"
    short = log.load(log.entries[-1])
    assert short.metadata["kind"].text[4] == "even"
    assert not any("tags for" in each for each in short.warnings)


def test_tags_of_nothing_and_second_files_are_problems(runs: Path) -> None:
    (runs / "default.projector-tags.tsv").write_bytes(HEADER + b"row\tkind\n3\todd\n")
    (runs / "x.projector-tags.tsv").write_bytes(HEADER + b"row\tkind\n3\teven\n")
    gone = HEADER.replace(b'"default"', b'"gone"') + b"row\tkind\n"
    (runs / "y.projector-tags.tsv").write_bytes(gone)
    fewer = HEADER.replace(b"300", b"20") + b"row\tkind\n"
    (runs / "z.projector-tags.tsv").write_bytes(fewer)
    log = projector.open_logdir(runs)
    messages = {problem.path: problem.message for problem in log.problems}
    second, unmatched, fewer_points = (messages[f"{name}.projector-tags.tsv"] for name in "xyz")
    assert "second file of tags for the same tensor" in second
    assert "default.projector-tags.tsv is used" in second
    assert "'gone' with 300 points, but this run has no such tensor" in unmatched
    assert "with 20 points, but this run has it with 300 points only" in fewer_points
    assert log.load(log.entries[0]).metadata["kind"].text[3] == "odd"


def test_a_name_that_no_file_can_have(tmp_path: Path, blobs: Vectors) -> None:
    vectors: dict[str, Any] = {"../../up/ÄÖ:x": blobs, "..-..-up-x": blobs}
    np.savez(tmp_path / "a.npz", **vectors)
    log = projector.open_logdir(tmp_path)
    for at, entry in enumerate(log.entries):
        log.tag(entry, [at], "kind", entry.name)
    files = list(tmp_path.rglob("*.projector-tags.tsv"))
    assert len(files) == 2
    assert {file.parent for file in files} == {tmp_path}
    again = projector.open_logdir(tmp_path)
    for at, entry in enumerate(again.entries):
        assert again.load(entry).metadata["kind"].text[at] == entry.name


def test_what_another_program_changed_is_not_overwritten(runs: Path, log: Log) -> None:
    entry = log.entries[0]
    log.tag(entry, [3], "kind", "odd")
    file = the_file(runs)
    file.write_bytes(file.read_bytes() + b"9\ttheirs\n")
    with pytest.raises(ConflictError, match="changed by another program"):
        log.tag(entry, [4], "kind", "mine")
    assert file.read_bytes().endswith(b"3\todd\n9\ttheirs\n")
    assert log.refresh()
    log.tag(entry, [4], "kind", "mine")
    assert file.read_bytes().endswith(b"3\todd\n4\tmine\n9\ttheirs\n")
    file.unlink()
    with pytest.raises(ConflictError, match="removed by another program"):
        log.tag(entry, [5], "kind", "mine")
    assert not file.exists()
    log.refresh()
    other = projector.open_logdir(runs)
    other.tag(entry, [1], "kind", "theirs")
    with pytest.raises(ConflictError):
        log.tag(entry, [5], "kind", "mine")


def test_two_logs_that_start_at_once_do_not_share_a_file_unseen(runs: Path) -> None:
    first, second = projector.open_logdir(runs), projector.open_logdir(runs)
    first.tag(first.entries[0], [1], "kind", "odd")
    with pytest.raises((ConflictError, SaveError)):
        second.tag(second.entries[0], [2], "kind", "even")
    assert b"even" not in b"".join(contents(runs).values())


def test_half_a_file_is_never_seen(runs: Path, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = log.entries[0]
    log.tag(entry, [3], "kind", "odd")
    before = contents(runs)

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(SaveError, match=r"No space left on device. Free some space"):
            log.tag(entry, [4], "kind", "odd")
    assert contents(runs) == before, "the old file stands, and no part of a new one"
    log.tag(entry, [4], "kind", "odd")


def test_another_writer_at_work_is_waited_for_and_a_dead_one_is_not(runs: Path, log: Log) -> None:
    part = runs / ".default.projector-tags.tsv.part"
    part.write_bytes(b"half")
    with pytest.raises(ConflictError, match="Try again"):
        log.tag(log.entries[0], [3], "kind", "odd")
    assert part.read_bytes() == b"half"
    os.utime(part, (time.time() - 60,) * 2)
    log.tag(log.entries[0], [3], "kind", "odd")
    assert not part.exists()


def test_no_link_is_followed(runs: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.tsv"
    outside.write_bytes(HEADER + b"row\tkind\n3\tsecret\n")
    link = runs / "default.projector-tags.tsv"
    link.symlink_to(outside)
    log = projector.open_logdir(runs)
    assert ["is a link" in problem.message for problem in log.problems] == [True]
    assert "kind" not in log.load(log.entries[0]).metadata
    log.tag(log.entries[0], [3], "kind", "odd")
    assert link.is_symlink()
    assert outside.read_bytes().endswith(b"secret\n")


def test_a_folder_that_became_a_link_is_not_written_to(tmp_path: Path, blobs: Vectors) -> None:
    run = write_log(tmp_path / "runs" / "a", blobs)
    (tmp_path / "elsewhere").mkdir()
    log = projector.open_logdir(tmp_path / "runs")
    run.rename(tmp_path / "old")
    run.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(SaveError, match="points outside the log directory"):
        log.tag(log.entries[0], [3], "kind", "odd")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not hold back the superuser")
def test_a_folder_without_the_right_to_write(runs: Path, log: Log) -> None:
    runs.chmod(0o555)
    try:
        with pytest.raises(SaveError, match="cannot be written to"):
            log.tag(log.entries[0], [3], "kind", "odd")
    finally:
        runs.chmod(0o755)


def test_tags_in_memory_take_the_place_of_a_file_until_they_are_saved(runs: Path, log: Log) -> None:
    entry = log.entries[0]
    log.tag(entry, [3], "kind", "odd")
    before = contents(runs)
    log.save_tags(entry, log.tags(entry).with_values([4], "kind", "even"), to_file=False)
    log.refresh()
    assert contents(runs) == before
    assert log.load(log.entries[0]).metadata["kind"].text[4] == "even"
    assert log.sidecar(entry).file is None
    log.save_tags(entry, log.tags(entry))
    assert the_file(runs).read_bytes().endswith(b"3\todd\n4\teven\n")


def test_a_file_keeps_its_permissions(runs: Path, log: Log) -> None:
    log.tag(log.entries[0], [3], "kind", "odd")
    the_file(runs).chmod(0o640)
    log.tag(log.entries[0], [4], "kind", "odd")
    assert the_file(runs).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("rows", "column", "value"),
    [([300], "kind", "odd"), ([-1], "kind", "odd"), ([3], "", "odd"), ([3], "kind", "a\tb"),
     ([3], "kind", ""), ([3], "a\nb", "odd"), ([3], "kind", "x" * 1001), ([3], "kind", "\ud800")],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(
    rows: list[int], column: str, value: str, runs: Path, log: Log
) -> None:
    with pytest.raises(ParameterError):
        log.tag(log.entries[0], rows, column, value)
    assert not list(runs.rglob("*projector-tags*"))
