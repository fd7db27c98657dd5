"""How texts are laid out, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders.formats.text.layout import Layout, layout_of
from tests.loaders.writers import file_with

VALUES = np.random.default_rng(2).integers(-90, 90, (12, 5)) / 16
ROWS = [[f"{value:.4f}" for value in row] for row in VALUES.tolist()]
WORDS = [f"river{i}" for i in range(12)]


def lines(separator: str, *, words: bool = False, end: str = "\n") -> str:
    rows = [[word, *row] for word, row in zip(WORDS, ROWS, strict=True)] if words else ROWS
    return "".join(separator.join(row) + end for row in rows)


def layout(tmp_path: Path, content: str | bytes, name: str = "a") -> Layout:
    found = layout_of(file_with(tmp_path / name, content))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "kind", "separator", "n_numbers"),
    [
        (lines("\t"), "matrix", "\t", 5),
        (lines(" "), "matrix", " ", 5),
        (lines("   "), "matrix", " ", 5),
        (lines("\t", end="\t\n"), "matrix", "\t", 5),
        (lines(" ", end=" \r\n"), "matrix", " ", 5),
        (lines("\t").replace("\n", "\r"), "matrix", "\t", 5),
        (lines(","), "table", ",", 5),
        (lines(";"), "table", ";", 5),
        (lines(" ", words=True), "words", " ", 5),
        (lines("\t", words=True), "words", "\t", 5),
        (lines("  ", words=True), "words", " ", 5),
        (lines(" ", words=True).replace(" ", "\t", 1), "words", " ", 5),
        (lines(" ", words=True).replace("river", "New river"), "words", " ", 5),
        (lines(",", words=True), "table", ",", 6),
        (lines(", ", words=True), "table", ",", 6),
        (lines("\t", words=True).replace("river", "7\tx y"), "table", "\t", 7),
        ("\n\n" + lines("\t"), "matrix", "\t", 5),
        ("\ufeff" + lines("\t", words=True), "words", "\t", 5),
    ],
)
def test_content_decides(
    tmp_path: Path, content: str, kind: str, separator: str, n_numbers: int
) -> None:
    found = layout(tmp_path, content)
    assert (found.kind, found.separator, found.n_numbers) == (kind, separator, n_numbers)
    assert found.header == ()


@pytest.mark.parametrize("separator", [" ", "\t", "  "])
def test_two_counts_before_words_are_sizes(tmp_path: Path, separator: str) -> None:
    found = layout(tmp_path, f"12{separator}5\n" + lines(separator, words=True))
    assert (found.kind, found.sizes, found.skip, found.n_skipped) == ("words", (12, 5), 1, 1)


@pytest.mark.parametrize("shuffled", [True, False])
def test_words_may_be_numbers_below_two_counts(tmp_path: Path, shuffled: bool) -> None:
    ids = np.random.default_rng(1).permutation(12) if shuffled else np.arange(12)
    text = "".join(f"{i} {line}\n" for i, line in zip(ids, lines(" ").split("\n"), strict=False))
    found = layout(tmp_path, "12 5\n" + text)
    assert (found.kind, found.n_numbers, found.sizes) == ("words", 5, (12, 5))


def test_a_matrix_may_state_its_sizes_too(tmp_path: Path) -> None:
    found = layout(tmp_path, "12 5\n" + lines(" "))
    assert (found.kind, found.n_numbers, found.sizes, found.skip) == ("matrix", 5, (12, 5), 1)


def test_two_columns_of_numbers_are_no_sizes(tmp_path: Path) -> None:
    found = layout(tmp_path, "10 2\n0.5 1.5\n2.5 3.5\n")
    assert (found.kind, found.n_numbers, found.sizes) == ("matrix", 2, None)


@pytest.mark.parametrize(
    ("comment", "header"),
    [
        ("# a b c d e\n", ("a", "b", "c", "d", "e")),
        ("# made by a program\n", ()),
        ("% first\n% a b c d e\n", ("a", "b", "c", "d", "e")),
    ],
)
def test_comments_are_skipped_and_may_name_columns(
    tmp_path: Path, comment: str, header: tuple[str, ...]
) -> None:
    found = layout(tmp_path, comment + lines(" "))
    assert (found.header, found.skip) == (header, comment.count("\n"))
    assert found.n_skipped == found.skip


def test_the_word_of_a_hash_is_no_comment(tmp_path: Path) -> None:
    text = "# " + " ".join(ROWS[0]) + "\n" + lines(" ", words=True)
    found = layout(tmp_path, text)
    assert (found.kind, found.skip, found.rows[0][0]) == ("words", 0, "#")


@pytest.mark.parametrize("start", [0, 1])
def test_a_first_column_that_counts_is_the_row_number(tmp_path: Path, start: int) -> None:
    text = "".join(f"{i} {line}\n" for i, line in enumerate(lines(" ").split("\n")[:-1], start))
    found = layout(tmp_path, text)
    assert (found.kind, found.n_numbers) == ("words", 5)
    assert f"counts from {start}" in found.notes[0]


def test_a_first_column_of_whole_numbers_among_fractions_is_no_dimension(tmp_path: Path) -> None:
    rows = lines(" ").split("\n")[:-1]
    found = layout(tmp_path, "".join(f"{i * 7 % 5} {row}\n" for i, row in enumerate(rows)))
    assert (found.kind, found.n_numbers) == ("words", 5)
    assert "labels" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "0.0 1.5\n1.0 2.5\n2.0 3.5\n",
        "0 1 5\n1 2 6\n2 3 7\n",
        "".join(f"1 {i} 0.5\n" for i in range(9)),
        "3 0.5 1.5\n9 2.5 3.5\n4 1.5 0.5\n",
        "".join(f"0.5\t0.25\t{i}\n" for i in range(20)),
    ],
)
def test_matrices_keep_all_their_columns(tmp_path: Path, text: str) -> None:
    found = layout(tmp_path, text)
    assert (found.kind, found.n_numbers) == ("matrix", len(text.split("\n")[0].split()))


def test_a_header_above_words_is_no_word(tmp_path: Path) -> None:
    found = layout(tmp_path, "word d1 d2 d3 d4 d5\n" + lines(" ", words=True))
    assert (found.kind, found.skip, found.header[0], found.notes) == ("words", 1, "word", ())


@pytest.mark.parametrize("n_dims", [700, 3000])
def test_lines_longer_than_the_head_are_read(tmp_path: Path, n_dims: int) -> None:
    row = " ".join(["-0.125"] * n_dims)
    found = layout(tmp_path, "".join(f"{word} {row}\n" for word in WORDS))
    assert (found.kind, found.n_numbers) == ("words", n_dims)


@pytest.mark.parametrize(
    "content", [b"", b"\0\1", "prose\nand more\n", "numpy==1.26\ntorch>=2\n", "a: b\n- c\n"]
)
def test_other_texts_have_no_layout(tmp_path: Path, content: str | bytes) -> None:
    assert layout_of(file_with(tmp_path / "a", content)) is None
