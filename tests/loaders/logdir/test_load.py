"""Loading one embedding by name, and what is asked back where the choice is ambiguous."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError, ParameterError, UnknownNameError
from projector.loaders import load
from projector.loaders.base import File
from projector.loaders.companions import label_files
from projector.loaders.formats.text.lines import count_lines
from tests.loaders.writers import checkpoint, tsv, write


def test_a_single_embedding_needs_no_name(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv", rows=5)
    assert load(tmp_path).n_points == 5
    assert load(str(tmp_path / "a.tsv")).n_dims == 3


def test_an_ambiguous_choice_lists_the_candidates(tmp_path: Path) -> None:
    tsv(tmp_path / "a.tsv")
    tsv(tmp_path / "b.tsv")
    with pytest.raises(ParameterError, match=r"2 embeddings.*'a' \(run '\.'\), 'b'"):
        load(tmp_path)
    assert load(tmp_path, name="b").n_points == 4
    tsv(tmp_path / "run" / "b.tsv", rows=7)
    with pytest.raises(ParameterError, match=r"'b' \(run '\.'\), 'b' \(run 'run'\)"):
        load(tmp_path, name="b")
    assert load(tmp_path, name="b", run="run").n_points == 7


def test_long_lists_of_candidates_are_shortened(tmp_path: Path) -> None:
    many: dict[str, Any] = {f"a{n}": np.ones((2, 2)) for n in range(12)}
    np.savez(tmp_path / "many.npz", **many)
    with pytest.raises(ParameterError, match=r"many\.npz contains 12 embeddings\..* …\.$"):
        load(tmp_path / "many.npz")


def test_steps_are_chosen_by_number_or_are_the_latest(tmp_path: Path) -> None:
    for step in (1, 20):
        checkpoint(tmp_path / f"m-{step}", {"emb": np.full((3, 2), step, np.float32)})
    assert load(tmp_path).vectors[0, 0] == 20
    assert load(tmp_path, step=1).vectors[0, 0] == 1
    with pytest.raises(UnknownNameError, match="Unknown step '3'"):
        load(tmp_path, step=3)


def test_a_tensor_of_a_file_is_chosen_by_name_or_alias(tmp_path: Path) -> None:
    checkpoint(tmp_path / "m-1", {name: np.ones((3, 2), np.float32) for name in ("emb", "w")})
    file = tmp_path / "m-1.index"
    assert load(file).embedding.name == "emb", "the only one that is called an embedding"
    assert load(file, name="w:0").embedding.name == "w"
    with pytest.raises(UnknownNameError, match="Unknown tensor 'x'"):
        load(file, name="x")


def test_tags_can_be_left_out(tmp_path: Path) -> None:
    from projector.loaders import open_logdir

    tsv(tmp_path / "a.tsv")
    log = open_logdir(tmp_path)
    log.tag(log.entries[0], [0], "kind", "odd")
    for path in (tmp_path, tmp_path / "a.tsv"):
        assert "kind" in load(path).metadata
        assert "kind" not in load(path, tags=False).metadata


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.tsv", None, r"c\.tsv: No such file or directory\. Give a path that exists"),
        ("x.weird", b"abc", r"not in a format that projector reads.*\.npy, \.npz"),
        ("x.npy", b"\x93NUMPY junk", r"x\.npy: has a damaged NumPy header"),
        ("x.npz", b"", r"x\.npz: is empty|not a complete zip"),
        (
            "folder/readme.md",
            b"text",
            r"folder: contains no embeddings: none of its files \(1\) has",
        ),
    ],
)
def test_what_cannot_be_loaded_says_why(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        write(tmp_path / name, content)
    with pytest.raises(LoadError, match=message):
        load(tmp_path / name.split("/")[0])


def test_a_log_of_problems_says_the_first_error(tmp_path: Path) -> None:
    write(tmp_path / "bad.npy", b"\x93NUMPY junk")
    with pytest.raises(LoadError, match="damaged NumPy header"):
        load(tmp_path)


def test_large_vectors_beside_a_file_are_not_read_to_be_its_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"word{number} 0.5 0.25 {number}.125 0.75\n" for number in range(2000)]
    (tmp_path / "glove.txt").write_text("".join(rows))
    vectors = [f"0.5\t0.25\t{number}.125\t0.{'7' * 300}\n" for number in range(6000)]
    (tmp_path / "vectors.tsv").write_text("".join(vectors))
    (tmp_path / "metadata.tsv").write_text("name\n" + "".join(f"n{row}\n" for row in range(2000)))
    counted: list[str] = []
    count = count_lines

    def counting(file: File, *, blank: bool) -> int:
        counted.append(file.name)
        return count(file, blank=blank)

    monkeypatch.setattr(label_files, "count_lines", counting)
    data = load(tmp_path / "glove.txt")
    assert data.vectors.shape == (2000, 4)
    assert "vectors.tsv" not in counted
    assert "metadata.tsv" in counted
