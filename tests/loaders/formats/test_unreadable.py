"""Files that are recognized, but never read: what they are and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders import load, open_logdir
from projector.loaders.base import Tensor
from projector.loaders.formats.convertible import CONVERTIBLE, Convertible, find_convertible
from projector.loaders.formats.registry import find_loader
from projector.loaders.formats.unreadable import Recognized
from tests.loaders.writers import file_with, write


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("v.npy", b"", "is empty. Save or copy it again"),
        ("v.gguf", b"", "is empty. Save or copy it again"),
        (
            "v.npy",
            b"version https://git-lfs.github.com/spec/v1",
            "is a Git LFS pointer.*git lfs pull",
        ),
    ],
)
def test_files_say_what_they_are(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = file_with(tmp_path / name, content)
    assert Recognized().sniff(file)
    with pytest.raises(LoadError, match=message):
        Recognized().list(file)


def sample(kind: Convertible) -> bytes:
    """Return the beginning of a file of a format."""
    if not kind.marks:
        return b"\x01\x00\x02binary" * 20
    at, mark = kind.marks[0]
    return (bytes(at) + mark).ljust(64, b"\1")


@pytest.mark.parametrize("kind", CONVERTIBLE, ids=lambda kind: kind.title)
def test_every_format_is_named_with_what_converts_it(kind: Convertible, tmp_path: Path) -> None:
    for suffix in kind.suffixes or (".bin",):
        file = file_with(tmp_path / f"some{suffix}", sample(kind))
        loader = find_loader(file)
        assert loader is not None
        assert loader.name == "recognized"
        (problem,) = loader.list(file).problems
        assert problem.severity == "warning"
        assert problem.message.startswith(f"is {kind.title}. ")
        assert "{" not in problem.message
        assert len(problem.message) < 500
        file.path.unlink()


def test_texts_with_such_a_suffix_are_something_else(tmp_path: Path) -> None:
    for name, content in (
        ("notes.ann", b"T1\tPerson 0 5\tWilma\n"),
        ("train.plan", b"step one\n"),
        ("table.db", b"any text"),
        ("sheet.xlsx", b"a,b\n1,2\n"),
        ("data.sav", b"\x80\x04}."),
    ):
        assert find_convertible(file_with(tmp_path / name, content)) is None


def test_a_single_file_gives_the_sentence_as_its_error(tmp_path: Path) -> None:
    path = write(tmp_path / "encoder.tflite", b"\x1c\0\0\0TFL3" + bytes(50))
    with pytest.raises(LoadError, match=r"is a TensorFlow Lite model\. Convert it: python -c"):
        load(path)


def test_companions_of_vectors_do_not_hide_them(tmp_path: Path) -> None:
    write(tmp_path / "vectors.tsv", "1\t2\n3\t4\n5\t6\n")
    for name in ("results.xlsx", "more.xlsx", "third.xlsx", "model.mar"):
        write(tmp_path / name, b"PK\x03\x04" + bytes(60))
    log = open_logdir(tmp_path)
    assert len(log.entries) == 1
    assert all(problem.severity == "warning" for problem in log.problems)


@pytest.mark.parametrize("name", ["v.txt", "notes", "link_lists.bin"])
def test_other_empty_files_are_left_alone(tmp_path: Path, name: str) -> None:
    for other in ("header.bin", "data_level0.bin", "length.bin"):
        write(tmp_path / other, b"x")
    assert not Recognized().sniff(file_with(tmp_path / name, b""))


def test_there_is_nothing_to_load(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        Recognized().load(file_with(tmp_path / "v.rds", b""), Tensor("", "v", (1, 1), "float32"))
