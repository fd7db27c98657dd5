"""Writing sidecar files: atomic, and only over what was read."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from projector.errors import ConflictError, SaveError
from projector.loaders.tags import writing
from projector.loaders.tags.sidecar import revision_of, tags_bytes
from projector.loaders.tags.writing import check_new, file_for, save_tags_file
from projector.model.tags import Tags
from tests.loaders.writers import write

ODD = Tags("emb", 4, {"kind": {3: "odd"}})
NAME = "emb.projector-tags.tsv"


@pytest.mark.parametrize(
    ("tensor", "start"),
    [
        ("emb", "emb.projector-tags.tsv"),
        ("a.b-c_1", "a.b-c_1.projector-tags.tsv"),
        ("../../up", "up-"),
        ("", "tensor-"),
        ("ÄÖ", "tensor-"),
        ("x" * 500, "x" * 80 + "-"),
    ],
)
def test_new_files_have_safe_names(tmp_path: Path, tensor: str, start: str) -> None:
    path = file_for(tmp_path, tensor, 4)
    assert path.parent == tmp_path
    assert path.name.startswith(start)
    assert path.name.endswith(".projector-tags.tsv")
    assert path.name.isascii()
    assert len(path.name) < 120


def test_a_name_that_is_taken_gets_the_number_of_points(tmp_path: Path) -> None:
    first = write(file_for(tmp_path, "emb", 4))
    second = write(file_for(tmp_path, "emb", 4))
    assert [path.name for path in (first, second)] == [NAME, "emb.4.projector-tags.tsv"]
    assert file_for(tmp_path, "emb", 4) not in (first, second)
    assert file_for(tmp_path, "emb", 5).name == "emb.5.projector-tags.tsv"


def test_names_that_differ_only_in_unsafe_characters_have_files_of_their_own(
    tmp_path: Path,
) -> None:
    assert len({file_for(tmp_path, name, 4) for name in ("a/b", "a:b", "a-b", "a b")}) == 4


def test_a_file_is_written_replaced_and_removed(tmp_path: Path) -> None:
    path = tmp_path / NAME
    file = save_tags_file(tmp_path, path, ODD, "")
    assert file is not None
    assert path.read_bytes() == tags_bytes(ODD)
    assert (file.path, file.size) == (path, path.stat().st_size)
    path.chmod(0o640)
    more = ODD.with_values([1], "kind", "x")
    save_tags_file(tmp_path, path, more, revision_of(tags_bytes(ODD)))
    assert path.read_bytes() == tags_bytes(more)
    assert path.stat().st_mode & 0o777 == 0o640
    empty = Tags("emb", 4)
    assert save_tags_file(tmp_path, path, empty, revision_of(tags_bytes(more))) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "expected", "error", "message"),
    [
        (b"theirs", "", ConflictError, "was changed by another program"),
        (b"theirs", "0" * 16, ConflictError, "was changed by another program"),
        (None, "0" * 16, ConflictError, "was removed by another program"),
    ],
)
def test_only_what_was_read_is_replaced(
    tmp_path: Path, content: bytes | None, expected: str, error: type[Exception], message: str
) -> None:
    path = tmp_path / NAME
    if content is not None:
        write(path, content)
    with pytest.raises(error, match=message):
        save_tags_file(tmp_path, path, ODD, expected)
    assert [each.name for each in tmp_path.iterdir()] == ([NAME] if content else [])


def test_a_directory_or_link_in_its_place_is_left_alone(tmp_path: Path) -> None:
    folder, outside = tmp_path / "logs", write(tmp_path / "outside", b"x")
    folder.mkdir()
    (folder / NAME).symlink_to(outside)
    with pytest.raises(SaveError, match="is not a regular file and was not changed"):
        save_tags_file(folder, folder / NAME, ODD, revision_of(b"x"))
    assert outside.read_bytes() == b"x"
    assert (folder / NAME).is_symlink()


def test_a_folder_that_points_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    root = tmp_path / "logs"
    (tmp_path / "elsewhere").mkdir()
    root.mkdir()
    (root / "run").symlink_to(tmp_path / "elsewhere")
    for path in (root / "run" / NAME, tmp_path / "elsewhere" / NAME):
        with pytest.raises(SaveError, match="points outside the log directory"):
            save_tags_file(root, path, ODD, "")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device. Free some"),
        (PermissionError(errno.EACCES, "Permission denied"), "cannot be written to"),
        (OSError(errno.EROFS, "Read-only file system"), "Change its permissions"),
    ],
)
def test_a_failure_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    path = tmp_path / NAME
    save_tags_file(tmp_path, path, ODD, "")

    def fail(handle: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    more = ODD.with_values([1], "kind", "x")
    with pytest.raises(SaveError, match=message):
        save_tags_file(tmp_path, path, more, revision_of(tags_bytes(ODD)))
    assert path.read_bytes() == tags_bytes(ODD)
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_a_file_that_does_not_fit_leaves_nothing_that_keeps_others_out(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        for _ in range(2):
            with pytest.raises(SaveError, match="File too large"):
                save_tags_file(tmp_path, tmp_path / NAME, ODD, "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    assert save_tags_file(tmp_path, tmp_path / NAME, ODD, "") is not None


def test_a_living_writer_is_respected_and_a_dead_one_is_not(tmp_path: Path) -> None:
    part = write(tmp_path / f".{NAME}.part", b"half")
    with pytest.raises(ConflictError, match=r"right now \(\.emb.*Try again"):
        save_tags_file(tmp_path, tmp_path / NAME, ODD, "")
    assert part.read_bytes() == b"half"
    os.utime(part, (time.time() - 60,) * 2)
    assert save_tags_file(tmp_path, tmp_path / NAME, ODD, "") is not None
    assert not part.exists()


def test_tags_that_are_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LIMIT", 50)
    with pytest.raises(SaveError, match="but a file holds at most 50"):
        save_tags_file(tmp_path, tmp_path / NAME, ODD, "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appeared_unread_is_not_shadowed(tmp_path: Path) -> None:
    check_new(tmp_path, "emb", 4)
    path = write(tmp_path / NAME, tags_bytes(ODD))
    with pytest.raises(ConflictError, match="was written by another program"):
        check_new(tmp_path, "emb", 4)
    check_new(tmp_path, "emb", 5)
    write(path, tags_bytes(ODD).replace(b"row\t", b"line\t"))
    with pytest.raises(SaveError, match="first column is not called 'row'"):
        check_new(tmp_path, "emb", 4)
    write(path, b"something else")
    check_new(tmp_path, "emb", 4)
