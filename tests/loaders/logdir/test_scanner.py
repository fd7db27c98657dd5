"""The scanner: which files are opened, and what is remembered of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.base import File, Found
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.logdir import scanner as module
from projector.loaders.logdir.scanner import Scanner, is_candidate, list_named
from tests.loaders.writers import file_at, file_with, write


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.npy", True),
        ("checkpoint", True),
        ("a.PNG", False),
        ("notes.md", False),
        ("graph.pb", False),
        ("events.out.tfevents.1.out", True),
        ("projector_config.pbtxt", False),
        ("config.json", True),
    ],
)
def test_candidates_are_chosen_by_name(tmp_path: Path, name: str, expected: bool) -> None:
    assert is_candidate(file_with(tmp_path / name, "{}")) is expected


def test_a_file_is_listed_once_until_it_changes(tmp_path: Path) -> None:
    scanner = Scanner()
    file = file_with(tmp_path / "t.tsv", "1\t2\n")
    first = scanner.list(file)
    assert first is not None
    assert scanner.list(file_at(tmp_path / "t.tsv")) is first
    second = scanner.list(file_with(tmp_path / "t.tsv", "1\t2\n3\t4\n"))
    assert second is not None
    assert second.found.tensors[0].shape == (2, 2)


def test_a_problem_is_looked_at_again_when_its_folder_changes(tmp_path: Path) -> None:
    scanner = Scanner()
    write(tmp_path / "m.data-00000-of-00001", b"x")
    first = scanner.list(file_at(tmp_path / "m.data-00000-of-00001"))
    assert first is not None
    assert "index file m.index is missing" in first.found.problems[0].message
    write(tmp_path / "m.index")
    second = scanner.list(file_at(tmp_path / "m.data-00000-of-00001"))
    assert second is not None
    assert second.found.problems == ()


def test_a_file_of_no_format_is_none(tmp_path: Path) -> None:
    assert Scanner().list(file_with(tmp_path / "x.weird", b"abc")) is None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LoadError("x", "is bad.", place="line 3"), "line 3: is bad."),
        (KeyError("defect"), "unexpected error (KeyError: 'defect')"),
        (MemoryError(), "does not fit in memory"),
        (RecursionError("deep"), "unexpected error"),
    ],
)
def test_an_error_becomes_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def fail(self: Npy, file: File) -> Found:
        raise error

    monkeypatch.setattr(Npy, "list", fail)
    listed = Scanner().list(file_with(tmp_path / "a.npy", b""))
    assert listed is not None
    assert message in listed.found.problems[0].message
    if not isinstance(error, LoadError):
        with pytest.raises(LoadError, match=r"a\.npy"):
            list_named(file_at(tmp_path / "a.npy"), ())


def test_lines_are_counted_once_and_are_none_of_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = Scanner()
    file = file_with(tmp_path / "m.tsv", "a\n\nb")
    assert scanner.n_lines(file) == 3
    monkeypatch.setattr(module, "count_lines", lambda *_, **__: 1 / 0)
    assert scanner.n_lines(file) == 3
    monkeypatch.undo()
    gone = file_with(tmp_path / "gone.tsv", "a\n")
    os.unlink(tmp_path / "gone.tsv")
    assert scanner.n_lines(gone) == 0


def test_an_error_about_bookmarks_is_remembered(tmp_path: Path) -> None:
    scanner = Scanner()
    file = file_with(tmp_path / "b.txt", "no")
    for _ in range(2):
        with pytest.raises(LoadError, match="is not JSON"):
            scanner.check_bookmarks(file)
        os.utime(tmp_path / "b.txt", ns=(1, 1))
    scanner.check_bookmarks(file_with(tmp_path / "b.txt", "[]"))


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    scanner = Scanner()
    file = file_with(tmp_path / "t.tsv", "1\t2\n")
    first = scanner.list(file)
    scanner.n_lines(file)
    scanner.forget({tmp_path / "t.tsv"})
    assert scanner.list(file) is first
    scanner.forget(set())
    assert scanner.list(file) is not first
