"""What is said of folders that have nothing to show: what was seen, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders import load, open_logdir
from tests.loaders.writers import scalar_event, write


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a.jpg", "b.png"), ("2 pictures (a.jpg, b.png): compute their vectors",)),
        (("net.pdmodel",), ("1 exported models (net.pdmodel)",)),
        (("items.nms",), ("1 search indexes (items.nms): read the vectors back",)),
        (("sub/thing.qqq",), ("1 files of an unknown format (sub/thing.qqq)",)),
        (("book.xlsx", "readme.md"), ("save the sheet as CSV", "1 texts (readme.md)")),
        ((), ("it has no files",)),
    ],
)
def test_kinds_are_named_with_counts_and_advice(
    tmp_path: Path, names: tuple[str, ...], said: tuple[str, ...]
) -> None:
    for name in names:
        write(tmp_path / name, b"\xffsomething")
    (problem,) = open_logdir(tmp_path).problems
    assert problem.severity == "error"
    for text in said:
        assert text in problem.message
    with pytest.raises(LoadError, match="contains no embeddings"):
        load(tmp_path)


def test_many_files_are_counted_and_some_named(tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path / f"f{number}.wav", b"RIFF")
    (problem,) = open_logdir(tmp_path).problems
    assert "50 recordings (f0.wav, f1.wav, f2.wav …)" in problem.message


def test_files_with_a_problem_speak_for_themselves(tmp_path: Path) -> None:
    write(tmp_path / "bad.npy", b"\x93NUMPY junk")
    write(tmp_path / "net.pdmodel", b"\xff")
    first, second = open_logdir(tmp_path).problems
    assert (first.path, first.severity) == ("bad.npy", "error")
    assert second.severity == "warning"
    assert "net.pdmodel" in second.message
    assert "bad.npy" not in second.message
    with pytest.raises(LoadError, match="damaged NumPy header"):
        load(tmp_path)


def test_a_training_without_vectors_so_far_is_no_mistake(tmp_path: Path) -> None:
    write(tmp_path / "events.out.tfevents.1.host", scalar_event("loss", 1, 0.5))
    (problem,) = open_logdir(tmp_path).problems
    assert problem.severity == "warning"
