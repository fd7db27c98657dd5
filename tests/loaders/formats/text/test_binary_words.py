"""word2vec's binary form: words with blanks are found, and nothing is read from between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders.formats.text.binary_words import Records, read_records
from projector.typing import Vectors

P = Path("w.bin")


def packed(words: list[bytes], values: Vectors, end: bytes = b"") -> Records:
    rows = (word + b" " + row.tobytes() + end for word, row in zip(words, values, strict=True))
    return Records(b"".join(rows), 0, *values.shape)


def numbers(n_words: int, n_dims: int = 8, seed: int = 0) -> Vectors:
    values = np.random.default_rng(seed).normal(size=(n_words, n_dims))
    return np.round(values * 16).astype(np.float32) / np.float32(16)


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize(
    "words",
    [
        [b"one", b"two", b"three"],
        [b"Buenos Aires", b"Lima", b"Santiago de Chile", b"Quito"],
        [b"plain", b" ", b"after"],
        [b"a  b", b" lead", b"trail ", b"x"],
        ["naïve café".encode(), "東京 都".encode(), b"z"],
        [b"1 000", b"3.14", b"7"],
        [b" "],
    ],
)
def test_every_word_is_found_at_its_place(words: list[bytes], end: bytes) -> None:
    values = numbers(len(words))
    found, read, warnings = read_records(P, packed(words, values, end))
    assert found == words
    np.testing.assert_array_equal(read, values)
    assert warnings == []


def test_a_word_may_be_a_line_feed(tmp_path: Path) -> None:
    words, values = [b"a", b"\n", b"b\nc", b"d e"], numbers(4)
    found, read, _ = read_records(P, packed(words, values))
    assert found == words
    np.testing.assert_array_equal(read, values)


def test_words_cut_inside_a_letter_are_read() -> None:
    words, values = [b"caf\xc3", b"plain"], numbers(2)
    found, read, _ = read_records(P, packed(words, values))
    assert found == words
    np.testing.assert_array_equal(read, values)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.text("abcdefgh 1é", min_size=1, max_size=12).filter(lambda word: word.strip()),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 99),
)
def test_numbers_are_right_or_refused_whatever_the_words(words: list[str], seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(len(words), 12)).astype(np.float32)
    try:
        found, read, _ = read_records(P, packed([w.encode() for w in words], values))
    except LoadError:
        return
    assert [word.decode() for word in found] == words
    np.testing.assert_array_equal(read, values)


def test_a_reading_that_cannot_be_right_is_refused() -> None:
    values = numbers(3)
    data = packed([b"a", b"b", b"c"], values).data
    slipped = data[:30] + b"\x01\x02\x03" + data[30:]
    with pytest.raises(LoadError, match=r"byte \d+: a word here is no text"):
        read_records(P, Records(slipped, 0, 3, 8))


def test_numbers_of_an_impossible_size_are_refused() -> None:
    values = numbers(2)
    values[1] = 2.9e26
    with pytest.raises(LoadError, match="no text"):
        read_records(P, packed([b"a", b"b"], values))


def test_bytes_after_the_last_word_are_counted() -> None:
    records = packed([b"a", b"b"], numbers(2))
    longer = Records(records.data + b"\1\2\3", 0, 2, 8)
    assert read_records(P, longer)[2] == ["3 bytes after the last word are ignored."]


def test_an_adversary_cannot_make_the_search_endless() -> None:
    # Every word has many blanks at which it may end, and the last one fits nowhere.
    row = np.full(8, np.frombuffer(b"    ", "<f4")[0], np.float32)
    data = b"".join(b"a b c d e " + row.tobytes() for _ in range(400)) + b"x"
    with pytest.raises(LoadError):
        read_records(P, Records(data, 0, 401, 8))
