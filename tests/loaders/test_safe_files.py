"""Opening files safely: nothing outside the log directory, and nothing but regular files."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.errors import FileChangedError, LoadError, OutsideLogdirError
from projector.loaders import safe_files
from projector.loaders.safe_files import (
    file_kind,
    is_unchanged,
    open_regular,
    printable,
    read_all,
    read_head,
    read_range,
    relative_path,
    resolve_inside,
)
from projector.machine.private_copy import is_same

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are POSIX")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a log directory with a file outside of it."""
    (tmp_path / "outside.tsv").write_text("secret")
    inside = tmp_path / "logs"
    (inside / "run").mkdir(parents=True)
    (inside / "run" / "a.tsv").write_text("0123456789")
    (inside / "run" / "link.tsv").symlink_to("a.tsv")
    (inside / "run" / "escape.tsv").symlink_to(tmp_path / "outside.tsv")
    (inside / "run" / "up").symlink_to(tmp_path)
    return inside.resolve()


def resolve(root: Path, named: str) -> Path:
    return resolve_inside(root, root / "run", named, by=root / "config.pbtxt")


@pytest.mark.parametrize(
    "named", ["a.tsv", "./a.tsv", "../run/a.tsv", "link.tsv", "up/logs/run/a.tsv"]
)
def test_paths_inside_are_resolved(root: Path, named: str) -> None:
    assert resolve(root, named) == root / "run" / "a.tsv"
    assert resolve(root, str(root / "run" / "a.tsv")) == root / "run" / "a.tsv"


@pytest.mark.parametrize(
    "named",
    [
        "../../outside.tsv",
        "/etc/passwd",
        "escape.tsv",
        "up/outside.tsv",
        "..",
        "https://example.org/a.tsv",
        "gs://bucket/a.tsv",
        "file:///etc/passwd",
        "C:/Windows/win.ini",
    ],
)
def test_paths_that_point_outside_are_refused(root: Path, named: str) -> None:
    expected = "is a URL" if ":" in named else "points outside the log directory"
    if named == "..":
        expected = "is a directory"  # the log directory itself
    with pytest.raises(LoadError, match=expected) as caught:
        resolve(root, named)
    assert isinstance(caught.value, OutsideLogdirError) == (named != "..")
    assert str(caught.value).startswith("config.pbtxt: ")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("", "is not a path"),
        ("  ", "is not a path"),
        ("a\0b", "is not a path"),
        ("nowhere.tsv", "does not exist"),
        ("~/a.tsv", "does not exist"),
        ("$HOME/a.tsv", "does not exist"),
        ("x" * 300, "cannot be opened"),
        (".", "is a directory"),
    ],
)
def test_paths_without_a_file_are_refused(root: Path, named: str, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        resolve(root, named)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain/ä.tsv", "plain/ä.tsv"),
        (os.fsdecode(b"bad\xff"), "bad\\xff"),
        ("lone \ud83d", "lone \\ud83d"),
    ],
)
def test_text_becomes_printable(text: str, expected: str) -> None:
    assert printable(text) == expected
    assert printable(text).encode("utf-8").decode("utf-8") == expected


def test_paths_are_relative_to_a_directory_above(root: Path) -> None:
    assert relative_path(root, root) == "."
    assert relative_path(root, root / "run" / "a.tsv") == "run/a.tsv"


def test_kinds_of_files_have_names() -> None:
    assert file_kind(stat.S_IFDIR) == "a directory"
    assert file_kind(stat.S_IFSOCK) == "a socket"
    assert file_kind(stat.S_IFREG) == "a regular file"


@posix
def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, kind in ((tmp_path / "pipe", "a pipe"), (tmp_path, "a directory")):
        with pytest.raises(LoadError, match=f"is {kind}, not a regular file"):
            open_regular(path)  # a pipe must not block
    with pytest.raises(LoadError, match="is a device"):
        open_regular(Path("/dev/zero"))
    with pytest.raises(LoadError, match="cannot be opened: No such file"):
        open_regular(tmp_path / "missing")


def test_parts_of_a_file_are_read(root: Path) -> None:
    path = root / "run" / "a.tsv"
    assert read_head(path, 4) == b"0123"
    assert read_head(path, 99) == b"0123456789"
    assert read_range(path, 3, 4) == b"3456"
    assert read_range(path, 10, 0) == b""
    assert read_all(path, limit=10, what="a table") == b"0123456789"
    with pytest.raises(LoadError, match="has 10 bytes, which is too large for a table: at most 9"):
        read_all(path, limit=9, what="a table")


@pytest.mark.parametrize(("offset", "count"), [(-1, 2), (0, -1), (8, 3), (11, 0), (0, 1 << 62)])
def test_ranges_beyond_the_file_are_refused(root: Path, offset: int, count: int) -> None:
    with pytest.raises(LoadError, match=r"a\.tsv, tensor 'x': bytes .* the file has only 10"):
        read_range(root / "run" / "a.tsv", offset, count, place="tensor 'x'")


def test_a_changed_file_is_noticed(root: Path) -> None:
    path = root / "run" / "a.tsv"
    status = path.stat()
    assert is_unchanged(path, status.st_size, status.st_mtime_ns)
    assert not is_unchanged(path, status.st_size + 1, status.st_mtime_ns)
    os.utime(path, ns=(1, 1))
    assert not is_unchanged(path, status.st_size, status.st_mtime_ns)
    assert not is_unchanged(root / "missing", 0, 0)


def test_a_file_that_changes_while_it_is_read_whole_is_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "run" / "a.tsv"
    texts = ["first", "second, and longer"]

    def changed(source: int, offset: int, copied: NDArray[np.uint8]) -> bool:
        if texts:
            path.write_text(texts.pop(0))
        return is_same(source, offset, copied)

    monkeypatch.setattr(safe_files, "is_same", changed)
    assert read_all(path, limit=100, what="a text") == b"second, and longer"
    assert texts == []


def test_a_file_that_is_rewritten_all_the_time_is_one_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "is_same", lambda *_: False)
    with pytest.raises(FileChangedError, match=r"a\.tsv: is being written: it changed each"):
        read_all(root / "run" / "a.tsv", limit=100, what="a text")


def test_a_range_that_is_cut_while_it_is_read_is_noticed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "check_range", lambda *_, **__: None)
    with pytest.raises(FileChangedError, match="was shortened while it was read"):
        read_range(root / "run" / "a.tsv", 5, 99)
