"""The scanner: which files are opened, and what is remembered of them."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File, Found
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.logdir import scanner as module
from projector.loaders.logdir.scanner import Scanner, is_candidate, list_named
from tests.loaders.writers import file_at, file_with, rested, write


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.npy", True),
        ("checkpoint", True),
        ("a.PNG", False),
        ("notes.md", False),
        ("graph.pb", True),
        ("events.out.tfevents.1.out", True),
        ("projector_config.pbtxt", False),
        ("config.json", True),
    ],
)
def test_candidates_are_chosen_by_name(tmp_path: Path, name: str, expected: bool) -> None:
    assert is_candidate(file_with(tmp_path / name, "{}")) is expected


def test_a_file_is_listed_once_until_it_changes(tmp_path: Path) -> None:
    scanner = Scanner()
    first = scanner.list(rested(file_with(tmp_path / "t.tsv", "1\t2\n")))
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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.jsonl", b'{"v": ['),
        ("bad.parquet", b"PAR1" + bytes(40) + b"PAR1"),
        ("bad.safetensors", b"\xff" * 100),
        ("bad.pt", b"PK\x03\x04" + bytes(100)),
        ("bad.npy", b"\x93NUMPY\x01\x00"),
        ("bad.h5", b"\x89HDF\r\n\x1a\n" + bytes(90)),
        ("bad.gguf", b"GGUF" + bytes(8)),
        ("bad.txt.gz", gzip.compress(b"a 1 2\n" * 100, mtime=0)[:30]),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_bad_file_is_not_read_again_for_what_appears_beside_it(
    tmp_path: Path, name: str, content: bytes
) -> None:
    scanner = Scanner()
    first = scanner.list(rested(file_with(tmp_path / name, content)))
    assert first is not None
    assert first.found.problems
    write(tmp_path / "new.npy", bytes(10))
    write(tmp_path / "notes.txt", b"hello")
    assert scanner.list(file_at(tmp_path / name)) is first


@pytest.mark.parametrize(
    ("name", "content", "missing"),
    [
        (
            "m.safetensors.index.json",
            json.dumps({"weight_map": {"w": "m-1.safetensors"}}).encode(),
            "m-1.safetensors",
        ),
        ("checkpoint", b'model_checkpoint_path: "model-7"\n', "model-7.index"),
        ("__0_0.distcp", b"x", ".metadata"),
        ("m.data-00000-of-00001", b"x", "m.index"),
    ],
)
def test_what_lacks_a_file_is_listed_again_when_that_appears(
    tmp_path: Path, name: str, content: bytes, missing: str
) -> None:
    scanner = Scanner()
    first = scanner.list(rested(file_with(tmp_path / name, content)))
    assert first is not None
    assert first.found.problems
    assert scanner.list(file_at(tmp_path / name)) is first
    write(tmp_path / missing, b"x")
    assert scanner.list(file_at(tmp_path / name)) is not first


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
    file = rested(file_with(tmp_path / "m.tsv", "a\n\nb"))
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
    file = rested(file_with(tmp_path / "t.tsv", "1\t2\n"))
    first = scanner.list(file)
    scanner.n_lines(file)
    scanner.forget({str(tmp_path / "t.tsv")})
    assert scanner.list(file) is first
    scanner.forget(set())
    assert scanner.list(file) is not first


def test_a_file_that_was_just_written_is_listed_again(tmp_path: Path) -> None:
    """It may be written once more within one tick of its file system's clock."""
    scanner = Scanner()
    file = file_with(tmp_path / "t.tsv", "1\t2\n")
    assert not file.is_settled
    first = scanner.list(file)
    assert first is not None
    assert not first.is_final
    second = scanner.list(rested(file))
    assert second is not None
    assert second.is_final
    assert scanner.list(file) is second


def test_a_file_that_is_being_written_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(tmp_path / "whole.npy", np.ones((9, 2), np.float32))
    content = (tmp_path / "whole.npy").read_bytes()
    written = [100, 140, len(content)]

    def write_on(seconds: float) -> None:
        (tmp_path / "v.npy").write_bytes(content[: written.pop(0)])

    monkeypatch.setattr(time, "sleep", write_on)
    listed = Scanner().list(file_with(tmp_path / "v.npy", content[:90]))
    assert written == []
    assert listed is not None
    assert listed.found.tensors[0].shape == (9, 2)


def test_a_file_that_is_never_complete_is_a_problem_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def write_on(seconds: float) -> None:
        slept.append(seconds)
        (tmp_path / "v.npy").write_bytes(b"x" * len(slept))
        clock[0] += seconds

    clock = [0.0]
    monkeypatch.setattr(time, "sleep", write_on)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    scanner = Scanner()
    for _ in range(9):
        listed = scanner.list(file_with(tmp_path / "v.npy", b""))
        assert listed is not None
        assert listed.found.problems
    assert sum(slept) < 3.5, "one listing has so much patience with all files together"


def test_a_bad_file_at_rest_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = rested(file_with(tmp_path / "v.npy", b"x"))
    monkeypatch.setattr(time, "sleep", lambda seconds: 1 / 0)
    listed = Scanner().list(file)
    assert listed is not None
    assert listed.found.problems


def test_a_file_that_is_rewritten_keeps_its_tensors_in_the_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = Scanner()
    first = scanner.list(rested(file_with(tmp_path / "v.npy", npy_bytes())))
    assert first is not None
    count = 0

    def write_on(seconds: float) -> None:
        nonlocal count
        count += 1
        clock[0] += seconds
        (tmp_path / "v.npy").write_bytes(npy_bytes()[: 90 + count])

    clock = [0.0]
    monkeypatch.setattr(time, "sleep", write_on)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    now = scanner.list(file_with(tmp_path / "v.npy", b""))
    monkeypatch.undo()
    assert count > 10
    assert now is not None
    assert now.found == first.found
    assert not now.is_final
    # Once it rests, it is what it is.
    last = scanner.list(rested(file_at(tmp_path / "v.npy")))
    assert last is not None
    assert "truncated" in last.found.problems[0].message


def npy_bytes() -> bytes:
    out = io.BytesIO()
    np.save(out, np.ones((9, 2), np.float32))
    return out.getvalue()
