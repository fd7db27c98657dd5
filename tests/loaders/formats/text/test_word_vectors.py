"""Word vectors: text and binary, with and without a header, and damage with its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File, Loaded
from projector.loaders.formats.text.word_vectors import WordVectors
from projector.typing import Vectors
from tests.loaders.writers import file_with

WORDS = ["king", "queen", "man"]
VALUES: Vectors = np.arange(9, dtype=np.float32).reshape(3, 3) / np.float32(4)
LINES = "".join(
    f"{word} {' '.join(map(str, row.tolist()))}\n" for word, row in zip(WORDS, VALUES, strict=True)
)


def binary(words: list[bytes], values: Vectors, end: bytes = b"") -> bytes:
    rows = (word + b" " + row.tobytes() + end for word, row in zip(words, values, strict=True))
    return f"{len(words)} {values.shape[1]}\n".encode() + b"".join(rows)


def load(file: File) -> Loaded:
    (tensor,) = WordVectors().list(file).tensors
    loaded = WordVectors().load(file, tensor)
    assert loaded.values.shape == tensor.shape
    return loaded


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("glove.txt", LINES.encode()),
        ("w2v.txt", b"3 3\n" + LINES.encode()),
        ("w2v.vec", b"3 3\r\n" + LINES.replace("\n", "\r\n").encode()),
        ("fasttext.vec", b"3 3\n" + LINES.replace("\n", " \n").encode()),
        ("bom.txt", b"\xef\xbb\xbf" + LINES.encode()),
        ("open.txt", LINES.encode().rstrip(b"\n")),
        ("w2v.emb", b"3\t3\n" + LINES.replace(" ", "\t").encode()),
        ("mixed.txt", LINES.replace(" ", "\t", 1).encode()),
        ("gensim.bin", binary([w.encode() for w in WORDS], VALUES)),
        ("google.bin", binary([w.encode() for w in WORDS], VALUES, b"\n")),
        ("vectors", binary([w.encode() for w in WORDS], VALUES)),
    ],
)
def test_words_and_numbers_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    file = file_with(tmp_path / name, content)
    assert WordVectors().sniff(file)
    loaded = load(file)
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert loaded.columns[0].text.to_list() == WORDS
    assert loaded.warnings == ()


def test_words_may_contain_spaces_and_odd_bytes(tmp_path: Path) -> None:
    file = file_with(tmp_path / "glove.txt", b"at sign 1 2\nplain 3 4\nod\xff 5 6\n")
    loaded = load(file)
    assert loaded.columns[0].text.to_list() == ["at sign", "plain", "od\ufffd"]
    assert loaded.warnings[0].startswith("1 words are not UTF-8.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("matrix.txt", b"1 2\n3 4\n5 6\n"),
        ("notes.txt", b"some words of text\nand more of them\n"),
        ("words.tsv", LINES.encode()),
        ("raw.bin", bytes(range(256))),
        ("empty.txt", b""),
    ],
)
def test_other_files_are_not_word_vectors(tmp_path: Path, name: str, content: bytes) -> None:
    assert not WordVectors().sniff(file_with(tmp_path / name, content))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"4 3\n" + LINES.encode(), "the header says 4 words, but 3 follow"),
        ("a.txt", b"3 4\n" + LINES.encode(), "line 2: found 3 numbers, but the header says 4"),
        ("a.txt", b"0 3\n" + LINES.encode(), "expected positive counts"),
        ("a.txt", b"3 99999999\n" + LINES.encode(), "expected positive counts"),
        ("a.txt", LINES.encode() + b"boy 1 2\n", r"line 4: found 2 numbers, expected a word and 3"),
        ("a.txt", LINES.encode() + b"boy 1 2 x\n", r"line 4: found 'x', expected a word and 3"),
        ("a.bin", binary([b"a", b"b"], VALUES[:2])[:-1], "the file is truncated|is truncated"),
        ("a.bin", b"2 3\n" + b"\1x" * 20, "is truncated: the header says 2 words, but only 0"),
    ],
)
def test_damaged_files_say_where(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = file_with(tmp_path / name, content)
    with pytest.raises(LoadError, match=message):
        load(file)


@pytest.mark.parametrize("ids", [["7", "2", "5"], ["0", "1", "2"]])
def test_ids_below_a_header_are_words(tmp_path: Path, ids: list[str]) -> None:
    text = LINES
    for word, number in zip(WORDS, ids, strict=True):
        text = text.replace(word, number)
    file = file_with(tmp_path / "graph.txt", "3 3\n" + text)
    assert WordVectors().sniff(file)
    loaded = load(file)
    assert loaded.columns[0].text.to_list() == ids
    np.testing.assert_array_equal(loaded.values, VALUES)


def test_a_header_above_words_names_their_column(tmp_path: Path) -> None:
    text = "entity\tf1\tf2\tf3\n" + LINES.replace(" ", "\t")
    loaded = load(file_with(tmp_path / "e.tsv", text))
    assert loaded.columns[0].name == "entity"
    assert loaded.columns[0].text.to_list() == WORDS


def test_numbers_beyond_float32_are_counted(tmp_path: Path) -> None:
    loaded = load(file_with(tmp_path / "a.vec", "2 2\na 1e39 1\nb 2 inf\n"))
    assert loaded.warnings == ("1 numbers are beyond the range of float32 and became infinite.",)
