"""The walk: which files are found, skipped and reported."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from projector.loaders.logdir.walk import Walk, read_folder, walk
from projector.machine.no_links import ListedFolder, list_folder
from tests.loaders.writers import write


def paths(root: Path) -> list[str]:
    folders, problems = walk(root)
    assert problems == []
    return [str(f.path.relative_to(root)) for each in folders for f in each.files.values()]


def test_files_are_found_in_natural_order(tmp_path: Path) -> None:
    for name in ("b/ckpt-10", "b/ckpt-9", "a10/x", "a9/x", "z"):
        write(tmp_path / name, b"")
    assert paths(tmp_path) == ["z", "a9/x", "a10/x", "b/ckpt-9", "b/ckpt-10"]


def test_what_is_hidden_or_being_written_is_skipped(tmp_path: Path) -> None:
    for name in (
        ".hidden", ".git/config", "__pycache__/x.pyc", "node_modules/x/y", "m_temp/part",
        "a.tmp", "a.part", "m.index.tempstate123", "a~", "a.crdownload",
        "kept", ".metadata",
    ):  # fmt: skip
        write(tmp_path / name, b"")
    assert paths(tmp_path) == [".metadata", "kept"]


def test_files_of_tags_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path / "a.projector-tags.tsv", b"")
    write(tmp_path / "a.tsv", b"")
    folder = read_folder(tmp_path)
    assert list(folder.files) == ["a.tsv"]
    assert [file.name for file in folder.tags] == ["a.projector-tags.tsv"]


def test_a_file_knows_its_folder_and_its_size(tmp_path: Path) -> None:
    write(tmp_path / "a", b"12345")
    write(tmp_path / "b", b"")
    file = walk(tmp_path)[0][0].files["a"]
    assert (file.size, file.root, file.real) == (5, tmp_path, tmp_path / "a")
    assert sorted(file.folder) == ["a", "b"]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every change of a folder show, as those of last week do."""
    monkeypatch.setattr("projector.loaders.logdir.walk._SETTLED", -1)


@pytest.mark.usefixtures("settled")
def test_unchanged_files_are_used_again(tmp_path: Path) -> None:
    write(tmp_path / "kept", b"1")
    write(tmp_path / "changed", b"1")
    again = Walk(tmp_path)
    before = again.again()[0][0].files
    write(tmp_path / "changed", b"22")
    folders, _, is_same = again.again()
    files = folders[0].files
    assert not is_same
    assert files["kept"] is before["kept"]
    assert files["changed"] is not before["changed"]
    assert files["changed"].size == 2
    assert dict(files["kept"].folder) == files


@pytest.mark.usefixtures("settled")
def test_nothing_is_read_where_nothing_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/x", "a/b/y", "c/z"):
        write(tmp_path / name, b"1")
    again = Walk(tmp_path)
    before, _, is_same = again.again()
    assert not is_same
    monkeypatch.setattr(os, "scandir", None)
    folders, _, is_same = again.again()
    assert is_same
    assert all(now is then for now, then in zip(folders, before, strict=True))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", ["rewrite", "add", "remove", "rename", "folder", "fewer"])
def test_every_change_shows(tmp_path: Path, change: str) -> None:
    for name in ("a/x", "a/y", "b/z"):
        write(tmp_path / name, b"1")
    again = Walk(tmp_path)
    again.again()
    if change == "rewrite":
        write(tmp_path / "a" / "x", b"2")
    elif change == "add":
        write(tmp_path / "a" / "new", b"2")
    elif change == "remove":
        (tmp_path / "a" / "x").unlink()
    elif change == "rename":
        (tmp_path / "a" / "x").rename(tmp_path / "a" / "w")
    elif change == "folder":
        (tmp_path / "b" / "inner").mkdir()
    else:
        (tmp_path / "b" / "z").unlink()
        (tmp_path / "b").rmdir()
    folders, _, is_same = again.again()
    assert not is_same
    there = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    found = {
        file.path.relative_to(tmp_path).as_posix() for f in folders for file in f.files.values()
    }
    assert found == there


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", ["rewrite", "add", "remove", "folder", "gone"])
def test_where_changes_are_reported_nothing_else_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    for number in range(20):
        write(tmp_path / f"run{number}" / "inner" / "x.npy", b"1")
    again = Walk(tmp_path)
    before, _, _ = again.again()
    place = tmp_path / "run7" / "inner"
    touched = place / "x.npy"
    if change == "rewrite":
        write(touched, b"22")
    elif change == "add":
        touched = write(place / "new.npy", b"1")
    elif change == "remove":
        touched.unlink()
    elif change == "folder":
        touched = place / "more"
        write(touched / "y.npy", b"1")
    else:
        touched.unlink()
        place.rmdir()
    looked: list[str] = []
    original = os.stat

    def stat(path: str | Path, **how: Any) -> os.stat_result:
        looked.append(str(path))
        return original(path, **how)

    monkeypatch.setattr(os, "stat", stat)
    reported = [str(touched), str(place)] if change == "gone" else [str(touched)]
    parts = list(again.parts(reported))
    monkeypatch.undo()
    found = [folder for part in parts for folder in part]
    assert not again.is_same
    assert {Path(path).relative_to(tmp_path).parts[0] for path in looked if "run" in path} == {
        "run7"
    }
    expected = [(f.where, sorted(f.files)) for f in Walk(tmp_path).again()[0]]
    assert [(f.where, sorted(f.files)) for f in found] == expected
    kept = {id(folder) for folder in before}
    assert sum(id(folder) in kept for folder in found) >= len(found) - 3


def test_a_folder_that_changed_a_moment_ago_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", b"1")
    changed = tmp_path.stat().st_mtime_ns
    again = Walk(tmp_path)
    read: list[str] = []
    original = list_folder

    def counted(path: str) -> ListedFolder:
        read.append(path)
        return original(path)

    monkeypatch.setattr("projector.loaders.logdir.walk.list_folder", counted)
    # Within one tick of the clock another entry may come without a trace.
    folder = None
    for age, times in ((10**9, 1), (3 * 10**9, 2), (3 * 10**9, 2)):
        monkeypatch.setattr(time, "time_ns", lambda age=age: changed + age)
        (found,), _, is_same = again.again()
        assert (len(read), is_same) == (times, folder is not None)
        assert folder is None or found is folder
        folder = found


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX")
def test_links_are_followed_to_files_inside_only(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "logs"
    write(outside / "secret.tsv", b"")
    write(root / "data" / "a.tsv", b"123")
    (root / "a.tsv").symlink_to("data/a.tsv")
    (root / "again").symlink_to("data")
    (root / "escape").symlink_to(outside)
    (root / "escape.tsv").symlink_to(outside / "secret.tsv")
    (root / "gone.tsv").symlink_to("nowhere")
    (root / "a.projector-tags.tsv").symlink_to("data/a.tsv")
    os.mkfifo(root / "pipe.tsv")
    folders, problems = walk(root)
    found = {str(f.path.relative_to(root)): f for each in folders for f in each.files.values()}
    assert set(found) == {"a.tsv", "data/a.tsv"}
    assert found["a.tsv"].real == root / "data" / "a.tsv"
    assert found["a.tsv"].size == 3
    reported = {each.path.name: each.message for each in problems if each.path}
    assert set(reported) == {
        "escape", "escape.tsv", "gone.tsv", "pipe.tsv", "a.projector-tags.tsv",
    }  # fmt: skip
    assert "is a link that points outside the log directory" in reported["escape"]
    assert "points outside the log directory" in reported["escape.tsv"]
    assert "'nowhere' does not exist" in reported["gone.tsv"]
    assert "is a pipe" in reported["pipe.tsv"]
    assert "is a link" in reported["a.projector-tags.tsv"]
    assert all(each.severity == "warning" for each in problems)


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "closed" / "a", b"")
    write(tmp_path / "open" / "b", b"")

    def refusing(path: str) -> ListedFolder:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return list_folder(path)

    monkeypatch.setattr("projector.loaders.logdir.walk.list_folder", refusing)
    folders, problems = walk(tmp_path)
    assert [folder.relative for folder in folders] == [".", "open"]
    assert [problem.message for problem in problems] == [
        "cannot be listed: Permission denied. Check its permissions."
    ]
